//! Ids that nobody else has.

use jiff::Timestamp;

/// A number in the order of creation.
pub(crate) fn new_uuid(now: Timestamp) -> u128 {
    let second = u64::try_from(now.as_second()).unwrap_or(0);
    let nanosecond = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
    let time = uuid::Timestamp::from_unix(uuid::NoContext, second, nanosecond);
    uuid::Uuid::new_v7(time).as_u128()
}

/// The same for what one member numbers: within a millisecond in the order of those numbers, of which
/// twelve bits count.
pub(crate) fn new_uuid_numbered(now: Timestamp, number: u64) -> u128 {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    let [.., high, low] = number.to_be_bytes();
    let [a, b, c, d, e, f, g, h] = fastrand::u64(..).to_be_bytes();
    uuid::Builder::from_unix_timestamp_millis(millis, &[high, low, a, b, c, d, e, f, g, h]).into_uuid().as_u128()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_ids_are_in_the_order_of_their_time_and_then_of_their_numbers() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let ids: Vec<u128> = [(1, 7), (1, 8), (1, 255), (1, 256), (1, 4_095), (2, 0), (2, 1)]
            .map(|(second, number)| new_uuid_numbered(at(second), number))
            .into();
        assert!(ids.is_sorted());
    }
}
