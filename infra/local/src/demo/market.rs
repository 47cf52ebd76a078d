//! Where the shop sells. All amounts are in minor units.

/// One storefront of the shop, with its currency and its tax.
#[derive(Debug)]
pub(super) struct Market {
    pub(super) domain: &'static str,
    pub(super) currency: &'static str,
    pub(super) locale: &'static str,
    pub(super) tax: &'static str,
    /// Hundredths of a percent.
    tax_rate: i64,
    pub(super) taxes_included: bool,
    pub(super) shipping: i64,
    pub(super) places: &'static [Place],
}

#[derive(Debug)]
pub(super) struct Place {
    pub(super) street: &'static str,
    pub(super) city: &'static str,
    pub(super) zip: &'static str,
    pub(super) province: Option<(&'static str, &'static str)>,
    pub(super) country: (&'static str, &'static str),
}

pub(super) static HOME: Market = Market {
    domain: "marlow-fern-example.myshopify.com",
    currency: "USD",
    locale: "en-US",
    tax: "State Tax",
    tax_rate: 662,
    taxes_included: false,
    shipping: 600,
    places: &[
        in_us("Juniper Lane", "Montclair", "07042", ("New Jersey", "NJ")),
        in_us("Wharf Road", "Providence", "02903", ("Rhode Island", "RI")),
        in_us("Harbor View", "Camden", "04843", ("Maine", "ME")),
        in_us("Larch Street", "Boulder", "80302", ("Colorado", "CO")),
        in_us("Mill Race", "Asheville", "28801", ("North Carolina", "NC")),
        in_us("Prospect Avenue", "Ithaca", "14850", ("New York", "NY")),
    ],
};

/// Another currency than the program's: its orders earn nothing, and say why.
pub(super) static ABROAD: Market = Market {
    domain: "marlow-fern-eu-example.myshopify.com",
    currency: "EUR",
    locale: "de-DE",
    tax: "MwSt.",
    tax_rate: 1900,
    taxes_included: true,
    shipping: 490,
    places: &[
        Place { street: "Lindenweg", city: "Freiburg", zip: "79098", province: None, country: ("Germany", "DE") },
        Place { street: "Gartengasse", city: "Graz", zip: "8010", province: None, country: ("Austria", "AT") },
    ],
};

const fn in_us(
    street: &'static str,
    city: &'static str,
    zip: &'static str,
    province: (&'static str, &'static str),
) -> Place {
    Place { street, city, zip, province: Some(province), country: ("United States", "US") }
}

impl Market {
    /// What of an amount is tax, or what tax comes on top of it; half a unit is a whole one.
    pub(super) fn tax_on(&self, amount: i64) -> i64 {
        let whole = if self.taxes_included { 10_000 + self.tax_rate } else { 10_000 };
        (amount * self.tax_rate + whole / 2) / whole
    }

    /// As Shopify writes it: `0.0662`.
    pub(super) fn rate(&self) -> String {
        format!("0.{:04}", self.tax_rate)
    }
}
