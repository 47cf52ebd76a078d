//! The due index: what falls due in which hour, spread over shards so that no hour is one hot key.

use std::fmt;

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnConsumedCapacity},
};
use jiff::Timestamp;
use rules::ids::{EventId, MemberId, MessageId};

use crate::{
    error::StoreError,
    keys::{self, DUE_INDEX, DUE_PK, DUE_SK, Key, MESSAGES},
    row::{Item, RowError},
    table::Store,
};

/// The shards of each hour, from 0.
pub const SHARDS: u8 = 8;

const SECONDS_PER_HOUR: i64 = 3_600;

/// When a scenario has work for a row.
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
    /// What puts the row of that member or event into the index.
    pub(crate) fn attributes(self, id: &str) -> Item {
        self.attributes_of(id, id)
    }

    /// The same for one of many rows of a member, who decides the shard.
    pub(crate) fn attributes_of(self, member: &str, id: &str) -> Item {
        let place = format!("{:.0}#{id}", self.at);
        [(DUE_PK, self.partition(member)), (DUE_SK, place)]
            .map(|(name, value)| (name.to_owned(), AttributeValue::S(value)))
            .into()
    }

    fn partition(self, member: &str) -> String {
        partition(self.scenario, self.hour, shard_of(member))
    }
}

fn partition(scenario: &str, hour: DueHour, shard: u8) -> String {
    format!("DUE#{scenario}#{hour}#{shard}")
}

pub(crate) fn shard_of(id: &str) -> u8 {
    u8::try_from(keys::hash_of(id) % u64::from(SHARDS)).unwrap_or(0)
}

/// A row that is due, with its place in its bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub row: DueRow,
    place: String,
}

impl Due {
    /// How often its row has been put off since it was last written.
    pub fn times_put_off(&self) -> usize {
        self.parts().2.and_then(|times| times.parse().ok()).unwrap_or(0)
    }

    /// Of its place: the instant, the id, and how often it was put off.
    fn parts(&self) -> (&str, &str, Option<&str>) {
        let mut parts = self.place.splitn(3, '#');
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next())
    }
}

impl DueRow {
    fn key(&self) -> Key {
        match self {
            DueRow::Account(member) => keys::account(member),
            DueRow::Message(member, message) => keys::message(member, message),
            DueRow::Event(event) => keys::event(event),
        }
    }

    /// Who decides its shard.
    fn sharded_by(&self) -> &str {
        match self {
            DueRow::Account(member) | DueRow::Message(member, _) => member.as_str(),
            DueRow::Event(event) => event.as_str(),
        }
    }
}

/// What the due index leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueRow {
    Account(MemberId),
    Message(MemberId, MessageId),
    Event(EventId),
}

/// A part of a bucket: what is due by an instant, after another row, and no more than so many.
#[derive(Clone, Copy, Debug)]
pub struct DuePage<'a> {
    pub until: Timestamp,
    pub after: Option<&'a Due>,
    pub limit: usize,
}

impl Store {
    /// What the scenario has to do in that bucket, the earliest first. The index lags behind the rows
    /// by moments.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn due(
        &self,
        scenario: &str,
        hour: DueHour,
        shard: u8,
        page: DuePage<'_>,
    ) -> Result<Vec<Due>, StoreError> {
        // `#` follows the instant in a place; `$` is the character after it
        let (first, last) = (page.after.map_or("", |due| &due.place), format!("{:.0}$", page.until));
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let wanted = page.limit + usize::from(page.after.is_some());
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(DUE_INDEX)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :first AND :last")
            .expression_attribute_names("#pk", DUE_PK)
            .expression_attribute_names("#sk", DUE_SK)
            .expression_attribute_values(":pk", AttributeValue::S(partition(scenario, hour, shard)))
            .expression_attribute_values(":first", text(if first.is_empty() { " " } else { first }))
            .expression_attribute_values(":last", text(&last))
            .limit(i32::try_from(wanted).unwrap_or(i32::MAX).max(1));
        let mut due = self.query_while("read due", query, wanted, |item| due_in(&item), |_| true).await?;
        due.retain(|due| page.after != Some(due));
        due.truncate(page.limit);
        Ok(due)
    }
}

impl Store {
    /// Moves the row to a later place in the index, and changes nothing else of it: whoever writes it next puts it where
    /// it belongs. One that has moved by itself stays there.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be written.
    pub async fn put_off(&self, due: &Due, to: DueAt) -> Result<(), StoreError> {
        let place = format!("{:.0}#{}#{}", to.at, due.parts().1, due.times_put_off() + 1);
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(due.row.key().attributes()))
            .update_expression("SET #pk = :pk, #sk = :sk")
            .condition_expression("#sk = :was")
            .expression_attribute_names("#pk", DUE_PK)
            .expression_attribute_names("#sk", DUE_SK)
            .expression_attribute_values(":pk", AttributeValue::S(to.partition(due.row.sharded_by())))
            .expression_attribute_values(":sk", AttributeValue::S(place))
            .expression_attribute_values(":was", AttributeValue::S(due.place.clone()))
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes);
        let has_moved = UpdateItemError::is_conditional_check_failed_exception;
        match update.send().await {
            Err(error) if !error.as_service_error().is_some_and(has_moved) => {
                Err(StoreError::of_call("put off what is due", error))
            }
            _ => Ok(()),
        }
    }
}

/// An index row has keys alone, and so no format.
fn due_in(item: &Item) -> Result<Due, RowError> {
    let place = item.get(DUE_SK).and_then(|place| place.as_s().ok().cloned());
    let row = Key::of(item).and_then(|key| match keys::member_of(&key.pk) {
        Some(member) => match key.sk.strip_prefix(MESSAGES) {
            Some(id) => MessageId::parse(id).ok().map(|id| DueRow::Message(member, id)),
            None => Some(DueRow::Account(member)),
        },
        None => EventId::parse(&key.sk).ok().filter(|id| keys::event(id) == key).map(DueRow::Event),
    });
    let due = row.zip(place).map(|(row, place)| Due { row, place });
    due.ok_or_else(|| RowError::malformed::<Due>(item))
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
            counts[usize::from(shard_of(&format!("mem_{number:08x}")))] += 1;
        }
        assert!(counts.iter().all(|count| (850..1_150).contains(count)), "{counts:?}");
        let known = ["mem_1", "mem_2"].map(shard_of);
        assert_eq!(known, [1, 4]);
    }
}
