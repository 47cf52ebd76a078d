//! What every mail shows of the shop.

use mail::{
    letter::{Color, Shop},
    locale::Locale,
    web_link::WebLink,
};
use rules::program::Program;

/// As the program has it; `or_name` stands for a name that it lacks.
pub(crate) fn letterhead(program: &Program, or_name: &str) -> Shop {
    let shop = &program.mail.shop;
    Shop {
        name: shop.name.clone().unwrap_or_else(|| or_name.to_owned()),
        url: shop.url.clone().map(WebLink::from),
        account_url: shop.account_url.clone().map(WebLink::from),
        logo_url: shop.logo_url.clone().map(WebLink::from),
        postal_address: shop.postal_address.clone(),
        accent_color: shop.accent_color.as_deref().and_then(|color| Color::parse(color).ok()),
        zone: program.zone.clone(),
        locale: Locale::negotiate(None, Some(&program.mail.locale)),
    }
}
