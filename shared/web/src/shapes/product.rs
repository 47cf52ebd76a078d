//! A product, and the guides that the merchant puts to it.

use jiff::Timestamp;
use rules::{
    product::{Guide, Label, MAX_GUIDES, MAX_LABEL_CHARS, Product},
    web_address::HttpsAddress,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    problem::{FieldError, Problem},
    shapes::{enrolment::locale, money::MoneyShape},
};

#[derive(Serialize, ToSchema)]
pub struct ProductShape {
    id: String,
    /// The storefront that last told of it; none while only the merchant has
    source: Option<String>,
    title: Option<String>,
    url: Option<String>,
    image_url: Option<String>,
    /// Where the storefront names a currency
    price: Option<MoneyShape>,
    category: Option<String>,
    vendor: Option<String>,
    tags: Vec<String>,
    guides: Vec<GuideShape>,
    /// When a storefront last changed it, by its own time
    #[schema(value_type = Option<String>, format = "date-time")]
    updated_at: Option<Timestamp>,
    /// Sold no more
    deleted: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuidesShape {
    guides: Vec<GuideShape>,
}

/// Something to read about the product's use
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuideShape {
    title: String,
    /// `https://`
    url: String,
    /// BCP 47; for every locale without one
    locale: Option<String>,
}

impl From<Product> for ProductShape {
    fn from(product: Product) -> ProductShape {
        let (deleted, updated_at) = (product.is_deleted(), product.updated_at());
        let (source, listing) = product.listed.map(|listed| (listed.value.source, listed.value.listing)).unzip();
        let listing = listing.as_ref();
        ProductShape {
            id: product.id.into(),
            source: source.map(String::from),
            title: listing.map(|listing| listing.title.clone().into()),
            url: listing.and_then(|listing| listing.url.clone()).map(String::from),
            image_url: listing.and_then(|listing| listing.image_url.clone()).map(String::from),
            price: listing.and_then(|listing| listing.price).map(MoneyShape::from),
            category: listing.and_then(|listing| listing.category.clone()).map(String::from),
            vendor: listing.and_then(|listing| listing.vendor.clone()).map(String::from),
            tags: listing.iter().flat_map(|listing| listing.tags.iter().cloned().map(String::from)).collect(),
            guides: product.guides.into_iter().map(GuideShape::from).collect(),
            updated_at,
            deleted,
        }
    }
}

impl From<Guide> for GuideShape {
    fn from(guide: Guide) -> GuideShape {
        GuideShape { title: guide.title.into(), url: guide.url.into(), locale: guide.locale }
    }
}

impl GuidesShape {
    pub(crate) fn parse(self) -> Result<Vec<Guide>, Problem> {
        let mut errors = Vec::new();
        let mut add = |pointer: String, reason: String| errors.push(FieldError { pointer, reason });
        if self.guides.len() > MAX_GUIDES {
            return Err(Problem::field("/guides", format!("must be at most {MAX_GUIDES}")));
        }
        let mut guides = Vec::new();
        for (index, guide) in self.guides.into_iter().enumerate() {
            let title = title(&guide.title).map_err(|reason| add(format!("/guides/{index}/title"), reason));
            let url =
                HttpsAddress::parse(&guide.url).map_err(|error| add(format!("/guides/{index}/url"), error.to_string()));
            let locale = guide.locale.map(locale).transpose();
            let locale = locale.map_err(|reason| add(format!("/guides/{index}/locale"), reason));
            if let (Ok(title), Ok(url), Ok(locale)) = (title, url, locale) {
                guides.push(Guide { title, url, locale });
            }
        }
        if errors.is_empty() { Ok(guides) } else { Err(Problem::fields(errors)) }
    }
}

fn title(text: &str) -> Result<Label, String> {
    let fits = text.chars().count() <= MAX_LABEL_CHARS && !text.chars().any(char::is_control);
    let label = if fits { Label::of(text) } else { None };
    label.ok_or_else(|| format!("must be 1 to {MAX_LABEL_CHARS} characters without controls"))
}
