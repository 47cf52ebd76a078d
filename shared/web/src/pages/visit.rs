//! Who follows a link: checked before anything else is done.

use app::{
    AppError,
    choose_mail::MailChoice,
    links::{BadLink, Link, Purpose},
    shop_face::ShopFace,
    state_consent::ConsentStatement,
};
use axum::response::Response;
use http::HeaderMap;
use jiff::Timestamp;
use mail::locale::Locale;
use rules::consent::ConsentState;

use super::{
    document::{busy, expired, nobody, unknown},
    form::address_of,
    language::of_visitor,
    words::{Agreement, Words},
};
use crate::state::AppState;

/// A visit by a link that is good.
pub(super) struct Visit<'a> {
    pub(super) state: &'a AppState,
    pub(super) headers: &'a HeaderMap,
    pub(super) link: Link,
    pub(super) now: Timestamp,
}

impl<'a> Visit<'a> {
    /// # Errors
    /// The page that says what is wrong with the link.
    pub(super) fn by(
        state: &'a AppState,
        headers: &'a HeaderMap,
        token: &str,
        purposes: &[Purpose],
    ) -> Result<Visit<'a>, Response> {
        let now = state.clock.now();
        let link = state.app.links.open(token, purposes, now).map_err(|bad| {
            let language = of_visitor(None, None, headers);
            match bad {
                BadLink::Unknown => unknown(language),
                BadLink::Expired => expired(language),
            }
        })?;
        Ok(Visit { state, headers, link, now })
    }

    pub(super) fn language(&self, locale: Option<&str>, shop: &ShopFace) -> Locale {
        of_visitor(locale, shop.locale.as_deref(), self.headers)
    }

    /// Where nothing is known of them.
    pub(super) fn browsers(&self) -> Locale {
        of_visitor(None, None, self.headers)
    }

    /// # Errors
    /// The page that says why not.
    pub(super) async fn choice(&self) -> Result<MailChoice, Response> {
        let choice = self.state.app.mail_choice(&self.link, self.now).await;
        choice.map_err(|error| self.refused(&error))
    }

    /// Who agrees to those words of a page in that language.
    pub(super) fn agreeing(&self, choice: &MailChoice, to: fn(&Words) -> &Agreement) -> ConsentStatement {
        let version = to(Words::of(self.language(choice.locale.as_deref(), &choice.shop))).version;
        let marketing = Some(ConsentState::Granted);
        ConsentStatement { marketing, text_version: Some(version.to_owned()), ..ConsentStatement::default() }
    }

    /// Says it for the member, who holds the mailbox that the link was sent to.
    ///
    /// # Errors
    /// The page that says why not: from a mailbox that is theirs no longer, a link grants as little as an expired one.
    pub(super) async fn say(&self, source: &str, said: ConsentStatement) -> Result<MailChoice, Response> {
        let (source, ip) = (Some(source.to_owned()), address_of(self.headers));
        let said = ConsentStatement { confirmed: true, source, ip, ..said };
        let choice = self.state.app.choose_mail(&self.link, &said, self.now).await;
        choice.map_err(|error| self.refused(&error))?.ok_or_else(|| expired(self.browsers()))
    }

    /// Who was erased is told so; what is a fault of ours is logged where all faults are.
    pub(super) fn refused(&self, error: &AppError) -> Response {
        let language = self.browsers();
        match error {
            AppError::UnknownMember(_) => nobody(language),
            error => {
                tracing::warn!(error = error as &dyn std::error::Error, "page could not be served now");
                busy(language)
            }
        }
    }
}
