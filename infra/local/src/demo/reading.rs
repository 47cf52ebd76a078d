//! What people do with the mail that reaches them, by the links in it and the real pages behind these.

use http::StatusCode;
use serde_json::Value;

use super::{actor::Actor, play::DemoError};
use crate::client::{Answer, Page};

/// What people write, by their stars.
const WORDS: [&str; 5] = [
    "It broke on the first day, and nobody could tell me why.",
    "Not what the pictures show. I would not buy it again.",
    "It does what it should, and no more.",
    "Good, and well packed. It could be a little cheaper.",
    "Just what I had hoped for.",
];

impl Actor<'_> {
    /// Goes by the newest invitation, if one has come, and gives every product of the order as many stars.
    pub(super) async fn follow_invitation(&mut self, stars: u8) -> Result<(), DemoError> {
        let Some(link) = self.newest_link("review_invitation_", "/r/").await? else { return Ok(()) };
        let page = self.client.page(&format!("{link}?rating={stars}")).await?;
        // all of it went back meanwhile, or the order is not theirs any more
        if [StatusCode::NOT_FOUND, StatusCode::GONE].contains(&page.status) {
            return Ok(());
        }
        let products = products_asked_for(&page.accepted(&link)?);
        let words = WORDS.get(usize::from(stars).saturating_sub(1)).copied().unwrap_or_default();
        let typed = products.iter().enumerate().flat_map(|(place, product)| {
            let field = |name: &str, value: &str| (format!("{name}-{place}"), value.to_owned());
            [field("product", product), field("rating", &stars.to_string()), field("text", words)]
        });
        let form: Vec<(String, String)> = typed.collect();
        self.client.submit(&link, &form).await?.accepted(&link)?;
        self.memory.reviewed.extend(products);
        Ok(())
    }

    /// Confirms what a storefront abroad could not prove.
    pub(super) async fn confirm(&mut self) -> Result<(), DemoError> {
        let Some(link) = self.newest_link("confirm_subscription_", "/c/").await? else { return Ok(()) };
        self.client.submit(&link, &[]).await?.accepted(&link).map(drop)
    }

    /// By a button of the mail program (RFC 8058) or by the page's.
    pub(super) async fn leave_by_mail(&mut self) -> Result<(), DemoError> {
        let Some(link) = self.newest_link("", "/u/").await? else { return Ok(()) };
        let said = if self.person.number.is_multiple_of(2) {
            ("List-Unsubscribe", "One-Click")
        } else {
            ("action", "unsubscribe")
        };
        let form = [(said.0.to_owned(), said.1.to_owned())];
        self.client.submit(&link, &form).await?.accepted(&link)?;
        self.memory.left_by_mail = true;
        self.is_left_alone().await
    }

    /// Whatever is sent to them from now on should not have been.
    pub(super) async fn is_left_alone(&mut self) -> Result<(), DemoError> {
        let clock = self.client.get("/local/clock").await?.taken("GET /local/clock")?;
        let now = clock.get("now").and_then(Value::as_str).and_then(|now| now.parse().ok());
        self.memory.alone_since = self.memory.alone_since.or(now);
        Ok(())
    }

    /// The path of the newest link of its kind in mail of such a scenario, by now.
    async fn newest_link(&self, scenario: &str, page: &str) -> Result<Option<String>, DemoError> {
        let path = format!("/local/mail?to={}", self.person.email().replace('+', "%2B"));
        let got = self.client.get(&path).await?.taken(&path)?;
        let mail = got.get("mail").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let is_of = |mail: &&Value| text_of(mail, "scenario").starts_with(scenario);
        Ok(mail.iter().rev().filter(is_of).find_map(|mail| link_in(text_of(mail, "text"), page)))
    }
}

impl Page {
    fn accepted(self, path: &str) -> Result<String, DemoError> {
        if self.status == StatusCode::OK {
            return Ok(self.text);
        }
        Err(DemoError::refused(path, Answer { status: self.status, body: Value::String(self.text) }))
    }
}

fn text_of<'a>(mail: &'a Value, field: &str) -> &'a str {
    mail.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn link_in(text: &str, page: &str) -> Option<String> {
    let link = text.get(text.find(page)?..)?;
    let end = link.find(|char: char| char.is_whitespace() || char == '?').unwrap_or(link.len());
    link.get(..end).map(str::to_owned)
}

/// The numbers of the products in the form, in their order.
fn products_asked_for(page: &str) -> Vec<String> {
    let hidden = |place: usize| {
        let field = format!("name=\"product-{place}\" value=\"");
        let value = page.get(page.find(&field)? + field.len()..)?;
        value.split_once('"').map(|(value, _)| value.to_owned())
    };
    (0..).map_while(hidden).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_ends_where_the_text_or_its_query_goes_on() {
        let text = "- Soap\n  http://127.0.0.1:1/r/1Ab-_?product=7\nUnsubscribe: http://127.0.0.1:1/u/1Cd\n";
        assert_eq!(link_in(text, "/r/").as_deref(), Some("/r/1Ab-_"));
        assert_eq!(link_in(text, "/u/").as_deref(), Some("/u/1Cd"));
        assert_eq!(link_in(text, "/c/"), None);
    }

    #[test]
    fn every_product_of_a_form_is_found_once() {
        let page = r#"<input type="hidden" name="product-0" value="71"><input name="product-1" value="72">"#;
        assert_eq!(products_asked_for(page), ["71", "72"]);
    }
}
