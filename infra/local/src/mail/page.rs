//! `GET /local/mail/{id}`: one mail as a page. What the mail brings is shown, and never runs.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
};
use http::{HeaderValue, header};

use super::{
    Mailbox,
    message::{Header, Mail},
};
use crate::problem::Problem;

/// Scripts, frames from elsewhere, forms and plugins are off, in the page and in the mail inside it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

pub(crate) async fn show(State(mailbox): State<Arc<Mailbox>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let mail = mailbox.get(&id).ok_or_else(|| Problem::not_found("no such mail"))?;
    let mut response = Html(page(&mail)).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

fn page(mail: &Mail) -> String {
    let letter = &mail.letter;
    let row = |header: &Header| {
        format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(&header.name), escaped(&header.value))
    };
    let html = letter.html.iter().map(|html| {
        format!("<h2>HTML</h2>\n<iframe sandbox title=\"The mail\" srcdoc=\"{}\"></iframe>\n", escaped(html))
    });
    let text = letter.text.iter().map(|text| format!("<h2>Text</h2>\n<pre>{}</pre>\n", escaped(text)));
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{subject}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
th {{ text-align: left; vertical-align: top; padding-right: 1rem; }}
td {{ overflow-wrap: anywhere; }}
iframe {{ width: 100%; height: 40rem; border: 1px solid #999; }}
pre {{ white-space: pre-wrap; }}
</style>
</head>
<body>
<h1>{subject}</h1>
<p>To {to}, on <time>{sent_at}</time>. <a href="/local/mail">All mail</a></p>
<table>
{headers}</table>
{html}{text}</body>
</html>
"#,
        subject = escaped(&letter.subject),
        to = escaped(&letter.to),
        sent_at = mail.sent_at,
        headers = letter.headers.iter().map(row).collect::<String>(),
        html = html.collect::<String>(),
        text = text.collect::<String>(),
    )
}

/// As text, or as the value of an attribute in quotes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
