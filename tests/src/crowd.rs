//! Many members at once: the rows of a few, copied under other names past the wire.

use dynoxide::{
    ImportOptions,
    types::{AttributeValue, Item},
};
use rules::{ids::MemberId, message::Occasion};
use serde_json::json;

use crate::{Shop, payloads::email, shop::TABLE};

const MESSAGES: &str = "MSG#";
const DUE_PARTITION: &str = "gsi1pk";

/// Texts, and what stands in their place in a copy.
type Names = Vec<(String, String)>;

/// The rows of one member and of an order of theirs.
pub struct Pattern {
    rows: Vec<Named>,
    member: String,
    number: u64,
    order: String,
}

/// A row, and which of its attributes have a text that is another one in a copy.
struct Named {
    row: Item,
    attributes: Vec<String>,
}

impl Shop {
    /// The rows of that member, who has that number, and of that order, as the database keeps them.
    pub fn pattern(&self, member: &str, number: u64, order: u64) -> Pattern {
        let scan = serde_json::from_value(json!({"TableName": TABLE})).unwrap();
        let mut rows = self.database.scan(scan).unwrap().items.unwrap();
        let (partition, order) = (format!("MEM#{member}"), order.to_string());
        let is_of_order = |key: &str| key.starts_with("ORDER#") && key.ends_with(&order);
        rows.retain(|row| text(row, "pk") == partition || is_of_order(text(row, "pk")));
        let mut pattern = Pattern { rows: Vec::new(), member: member.to_owned(), number, order };
        let names = pattern.names(&rows, number + 1, 0);
        pattern.rows = rows.into_iter().map(|row| Named::of(row, &names)).collect();
        pattern
    }

    /// Puts rows into the table and its index, past the wire.
    pub fn import_rows(&self, rows: Vec<Item>) {
        self.database.import_items(TABLE, rows, ImportOptions::default()).unwrap();
    }
}

impl Pattern {
    /// Only the rows whose sort keys begin so, and of messages only those of a first step.
    #[must_use]
    pub fn only(mut self, begin: &[&str]) -> Pattern {
        let first = AttributeValue::N("1".to_owned());
        let is_later_step = |row: &Item| row.get("step").is_some_and(|step| *step != first);
        let is_wanted = |row: &Item| begin.iter().any(|begin| text(row, "sk").starts_with(begin));
        self.rows.retain(|named| is_wanted(&named.row) && !is_later_step(&named.row));
        self
    }

    /// The same of the member of that number with another order, in that shard of the index: who reads it reads all.
    pub fn copy(&self, number: u64, order: u64, shard: u8) -> Vec<Item> {
        let names = self.names(self.rows.iter().map(|named| &named.row), number, order);
        self.rows.iter().map(|named| in_shard(named.renamed(&names), shard)).collect()
    }

    fn names<'a>(&self, rows: impl IntoIterator<Item = &'a Item>, number: u64, order: u64) -> Names {
        let member = format!("mem_{number:032x}");
        let mut names = vec![
            (self.member.clone(), member.clone()),
            (email(self.number), email(number)),
            (self.order.clone(), order.to_string()),
        ];
        let messages: Names = rows.into_iter().filter_map(|row| message_ids(row, &member, &names)).collect();
        names.extend(messages);
        names
    }
}

impl Named {
    fn of(row: Item, names: &Names) -> Named {
        let differs = |value: &AttributeValue| renamed(value, names) != *value;
        let attributes = row.iter().filter(|(_, value)| differs(value)).map(|(name, _)| name.clone()).collect();
        Named { row, attributes }
    }

    fn renamed(&self, names: &Names) -> Item {
        let mut row = self.row.clone();
        for name in &self.attributes {
            let value = row.get_mut(name).unwrap();
            *value = renamed(value, names);
        }
        row
    }
}

/// The id of the message in that row, and the one that a copy of it has.
fn message_ids(row: &Item, member: &str, names: &Names) -> Option<(String, String)> {
    let id = text(row, "sk").strip_prefix(MESSAGES)?;
    let AttributeValue::N(step) = &row["step"] else { return None };
    let occasion = Occasion {
        member: &MemberId::parse(member).unwrap(),
        scenario: text(row, "scenario"),
        step: step.parse().unwrap(),
        subject: &replaced(text(row, "subject"), names),
    };
    Some((id.to_owned(), occasion.id().to_string()))
}

fn in_shard(mut row: Item, shard: u8) -> Item {
    if let Some(AttributeValue::S(place)) = row.get_mut(DUE_PARTITION) {
        place.pop();
        place.push_str(&shard.to_string());
    }
    row
}

fn renamed(value: &AttributeValue, names: &Names) -> AttributeValue {
    match value {
        AttributeValue::S(text) => AttributeValue::S(replaced(text, names)),
        AttributeValue::L(values) => AttributeValue::L(values.iter().map(|value| renamed(value, names)).collect()),
        AttributeValue::M(fields) => {
            AttributeValue::M(fields.iter().map(|(name, value)| (name.clone(), renamed(value, names))).collect())
        }
        other => other.clone(),
    }
}

fn replaced(text: &str, names: &Names) -> String {
    names.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn text<'a>(row: &'a Item, name: &str) -> &'a str {
    let Some(AttributeValue::S(text)) = row.get(name) else { panic!("no {name} in {row:?}") };
    text
}
