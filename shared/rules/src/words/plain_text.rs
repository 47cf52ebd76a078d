//! What people write, as it is kept: text and nothing that acts on what is around it. Markup stays, as text: who shows
//! it escapes it.

/// On one line: every run of blanks is one.
pub fn one_line(text: &str) -> String {
    let kept: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_active(*c)).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// On its own lines, of which no more than one in a row is empty.
pub fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let mut kept: Vec<String> = Vec::new();
    for line in text.split('\n').map(one_line) {
        if !(line.is_empty() && kept.last().is_none_or(String::is_empty)) {
            kept.push(line);
        }
    }
    kept.join("\n").trim_end().to_owned()
}

/// Characters that change how others are shown or read: embeddings, overrides and isolates of the bidirectional
/// algorithm (UAX 9, 2.1 to 2.4; its marks are harmless and stay), tags, and what no font shows. Joiners stay: emoji
/// and many languages need them.
fn is_active(c: char) -> bool {
    matches!(c,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{200B}' | '\u{2060}'..='\u{2064}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_stays_and_what_acts_goes() {
        let hostile = "safe\u{202E}gpj.exe\u{2066} \u{0}\u{7}\u{1b}[31m\u{feff}";
        assert_eq!(one_line(hostile), "safegpj.exe [31m");
        assert_eq!(one_line("  two\t\nwords\u{a0} "), "two words");
        assert_eq!(one_line("<script>alert(1)</script>"), "<script>alert(1)</script>");
        for kept in ["👩‍🚀", "می‌خواهم", "שלום\u{200f}", "日本語のレビュー"] {
            assert_eq!(one_line(kept), kept);
        }
    }

    #[test]
    fn paragraphs_stay_apart() {
        assert_eq!(paragraphs("\n\none \r\ntwo\n\n\n\nthree\u{2028}four\n \n"), "one\ntwo\n\nthree\nfour");
        assert_eq!(paragraphs(" \n\t\n"), "");
    }
}
