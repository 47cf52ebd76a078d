//! Whose a page is that a mail leads to.

use rules::{program::Program, web_address::HttpsAddress};

/// Who asks, and what they tell of privacy.
#[derive(Clone, Debug, Default)]
pub struct ShopFace {
    pub name: Option<String>,
    pub privacy_url: Option<HttpsAddress>,
    /// BCP 47.
    pub locale: Option<String>,
}

impl ShopFace {
    pub(crate) fn of(program: &Program) -> ShopFace {
        let mail = &program.mail;
        let sender = mail.sender.as_ref().map(|sender| &sender.name);
        ShopFace {
            name: mail.shop.name.as_ref().or(sender).cloned(),
            privacy_url: mail.shop.privacy_url.clone(),
            locale: Some(mail.locale.clone()),
        }
    }
}
