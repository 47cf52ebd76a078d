//! `multipart/form-data` (RFC 7578) as far as a mail program may send one click in it (RFC 8058, 3.1): fields of text.

/// Its fields in their order; none of what is no such body.
pub(super) fn fields(content_type: &str, body: &[u8]) -> Vec<(String, String)> {
    let Some(boundary) = boundary(content_type) else { return Vec::new() };
    let text = format!("\n{}", String::from_utf8_lossy(body).replace("\r\n", "\n"));
    let delimiter = format!("\n--{boundary}");
    // what is before the first delimiter is of nobody, and `--` after one is the end
    let parts = text.split(&delimiter).skip(1).take_while(|part| !part.starts_with("--"));
    parts.filter_map(field).collect()
}

fn boundary(content_type: &str) -> Option<&str> {
    let mut parts = content_type.split(';').map(str::trim);
    let is_form = parts.next()?.eq_ignore_ascii_case("multipart/form-data");
    parts.find_map(|part| parameter(part, "boundary")).filter(|boundary| is_form && !boundary.is_empty())
}

fn field(part: &str) -> Option<(String, String)> {
    let (head, value) = part.split_once("\n\n")?;
    let disposition = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let name = disposition.split(';').find_map(|part| parameter(part.trim(), "name"))?;
    Some((name.to_owned(), value.to_owned()))
}

/// The value of a parameter such as `name="x"`.
fn parameter<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (known, value) = text.split_once('=')?;
    known.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_however_a_mail_program_writes_them() {
        let one = vec![("List-Unsubscribe".to_owned(), "One-Click".to_owned())];
        for (kind, body) in [
            (
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n",
            ),
            (
                "Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"",
                "hello\r\n--a b\r\ncontent-type: text/plain\r\nCONTENT-DISPOSITION: form-data;name=List-Unsubscribe\r\n\r\nOne-Click\r\n--a b--",
            ),
            (
                "multipart/form-data; boundary=b",
                "--b\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\n\nOne-Click\n--b--\nmore",
            ),
        ] {
            assert_eq!(fields(kind, body.as_bytes()), one, "{kind}");
        }
    }

    #[test]
    fn what_is_no_form_has_no_fields() {
        for (kind, body) in [
            ("multipart/form-data", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--"),
            ("multipart/form-data; boundary=", "--\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--"),
            ("multipart/mixed; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--"),
            (
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\nx\r\n--b--",
            ),
            ("multipart/form-data; boundary=b", "--b\r\n--b\r\n\r\n\r\n--b"),
            (
                "multipart/form-data; boundary=b",
                "--b--\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--",
            ),
        ] {
            assert_eq!(fields(kind, body.as_bytes()), Vec::new(), "{kind} {body}");
        }
    }
}
