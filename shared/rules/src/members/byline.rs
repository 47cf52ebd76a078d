//! The name that a review is shown under: who wrote it is known to others as they wish, and never by their whole name
//! unless they say so.

use crate::plain_text::one_line;

/// Of the name that it is shown under.
pub const MAX_AUTHOR_CHARS: usize = 60;
/// What stands for the rest of a name, as shops of East Asia write it.
const HIDDEN: &str = "＊＊";

#[derive(Clone, Default, PartialEq, Eq)]
pub enum Byline {
    /// `Jane D.`, of the name that the profile has.
    #[default]
    Initials,
    Chosen(String),
    Anonymous,
}

impl Byline {
    /// As it is shown of a member whose profile has that name.
    pub fn shown(&self, name: Option<&str>) -> Option<String> {
        match self {
            Byline::Initials => name.and_then(shortened),
            Byline::Chosen(name) => Some(name.clone()),
            Byline::Anonymous => None,
        }
    }
}

/// `Jane D.` of `Jane van Doe`; a name of one word stays. Where the family name comes first, and often without a space,
/// a first word can be all of it: of such names the first character is shown.
fn shortened(name: &str) -> Option<String> {
    let name = one_line(name);
    if name.chars().any(is_east_asian) {
        return name.chars().next().map(|first| format!("{first}{HIDDEN}"));
    }
    let mut words = name.split(' ').filter(|word| !word.is_empty());
    let first: String = words.next()?.chars().take(MAX_AUTHOR_CHARS - 3).collect();
    let initial = words.next_back().and_then(|last| last.chars().next());
    Some(initial.map_or_else(|| first.clone(), |initial| format!("{first} {}.", initial.to_uppercase())))
}

/// Han, kana, bopomofo and Hangul, by their blocks (Unicode 16, Blocks.txt).
fn is_east_asian(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FFDC}' | '\u{1B000}'..='\u{1B16F}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_without_the_family_s() {
        for (name, shown) in [
            ("Jane van Doe", "Jane D."),
            ("Åsa öberg", "Åsa Ö."),
            ("Cher", "Cher"),
            ("王小明", "王＊＊"),
            ("山田 太郎", "山＊＊"),
            ("山田\u{3000}太郎", "山＊＊"),
            ("やまだ たろう", "や＊＊"),
            ("ジョン・スミス", "ジ＊＊"),
            ("ﾔﾏﾀﾞ ﾀﾛｳ", "ﾔ＊＊"),
            ("김철수", "김＊＊"),
            ("𠮷田 太郎", "𠮷＊＊"),
            ("David 王", "D＊＊"),
            ("Ирина Попова", "Ирина П."),
        ] {
            assert_eq!(Byline::Initials.shown(Some(name)).as_deref(), Some(shown), "{name}");
        }
        for nothing in [None, Some(""), Some(" \u{3000}")] {
            assert_eq!(Byline::Initials.shown(nothing), None);
        }
        assert_eq!(Byline::Anonymous.shown(Some("Jane Doe")), None);
    }
}
