//! The due index: what falls due in which hour, spread over shards so that no hour is one hot key.

use std::fmt;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use jiff::Timestamp;
use rules::ids::MemberId;

use crate::{
    error::StoreError,
    keys::{self, DUE_INDEX, DUE_PK, DUE_SK, Key},
    row::{Item, RowError},
    table::Store,
};

/// The shards of each hour, from 0.
pub const SHARDS: u8 = 8;

const SECONDS_PER_HOUR: i64 = 3_600;

/// When a scenario has work for a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueAt {
    pub scenario: &'static str,
    /// The hour in which the job looks for it: of `at` or, if that has passed, of now; a scenario that
    /// runs daily may take the first hour of the day.
    pub hour: DueHour,
    pub at: Timestamp,
}

/// One hour of UTC, shown as `2026-06-18T10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DueHour(Timestamp);

impl DueHour {
    /// The hour that an instant is in.
    pub fn of(at: Timestamp) -> DueHour {
        let second = at.as_second();
        DueHour(Timestamp::from_second(second - second.rem_euclid(SECONDS_PER_HOUR)).unwrap_or(Timestamp::MIN))
    }

    pub fn start(self) -> Timestamp {
        self.0
    }

    /// Its end, which is the start of the next one.
    pub fn end(self) -> Timestamp {
        Timestamp::from_second(self.0.as_second() + SECONDS_PER_HOUR).unwrap_or(Timestamp::MAX)
    }

    #[must_use]
    pub fn next(self) -> DueHour {
        DueHour(self.end())
    }
}

impl fmt::Display for DueHour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.strftime("%Y-%m-%dT%H").fmt(f)
    }
}

impl DueAt {
    /// What puts a member's row into the index.
    pub(crate) fn attributes(self, member: &MemberId) -> Item {
        let shard = shard_of(member);
        let hour = partition(self.scenario, self.hour, shard);
        let place = format!("{:.0}#{member}", self.at);
        [(DUE_PK, hour), (DUE_SK, place)].map(|(name, value)| (name.to_owned(), AttributeValue::S(value))).into()
    }
}

fn partition(scenario: &str, hour: DueHour, shard: u8) -> String {
    format!("DUE#{scenario}#{hour}#{shard}")
}

/// By the id's FNV-1a hash, both halves of it, which stays what it is in every version of Rust.
fn shard_of(member: &MemberId) -> u8 {
    let hash = member
        .as_str()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let folded = hash ^ (hash >> 32);
    u8::try_from(folded % u64::from(SHARDS)).unwrap_or(0)
}

impl Store {
    /// Up to `limit` members for whom the scenario has work in that hour, the earliest first. The
    /// index lags behind the rows by moments.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn due(&self, scenario: &str, hour: DueHour, shard: u8, limit: u32) -> Result<Vec<MemberId>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(DUE_INDEX)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", DUE_PK)
            .expression_attribute_values(":pk", AttributeValue::S(partition(scenario, hour, shard)))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX).max(1));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.query_while("read due", query, limit, |item| member_in(&item), |_| true).await
    }
}

/// An index row has keys alone, and so no format.
fn member_in(item: &Item) -> Result<MemberId, RowError> {
    Key::of(item).and_then(|key| keys::member_of(&key.pk)).ok_or_else(|| RowError::malformed::<MemberId>(item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_named_by_its_start() {
        let hour = DueHour::of("2026-06-18T10:59:59.9Z".parse().unwrap());
        assert_eq!(hour.to_string(), "2026-06-18T10");
        assert_eq!(hour.next().to_string(), "2026-06-18T11");
        assert_eq!(DueHour::of(hour.end()), hour.next());
        assert_eq!(DueHour::of("1969-12-31T23:30:00Z".parse().unwrap()).to_string(), "1969-12-31T23");
    }

    #[test]
    fn members_spread_over_all_shards_and_stay_in_theirs() {
        let mut counts = [0; SHARDS as usize];
        for number in 0..8_000 {
            counts[usize::from(shard_of(&MemberId::parse(&format!("mem_{number:08x}")).unwrap()))] += 1;
        }
        assert!(counts.iter().all(|count| (850..1_150).contains(count)), "{counts:?}");
        let known = ["mem_1", "mem_2"].map(|id| shard_of(&MemberId::parse(id).unwrap()));
        assert_eq!(known, [1, 4]);
    }
}
