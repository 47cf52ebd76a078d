//! The section `mail` of the merchant's document, as it is described: `rules/src/programs/mail_settings.rs` reads it.
#![expect(dead_code, reason = "what is here describes a document that the rules read")]

use std::collections::BTreeMap;

use utoipa::ToSchema;

/// Who writes to whom, about what, and when
#[derive(ToSchema)]
pub(crate) struct ProgramMail {
    mode: ProgramMailMode,
    /// To whom mail goes in the mode `allow_list`: addresses, or `@` and a domain
    allow_list: Option<Vec<String>>,
    /// Nothing is planned or sent before there is one
    sender: Option<ProgramSender>,
    /// Who at the shop is told of cases
    staff: Option<Vec<String>>,
    shop: Option<ProgramMailShop>,
    /// The language of who has none, or one that we do not speak; BCP 47
    #[schema(example = "en")]
    locale: Option<String>,
    /// Who has to confirm a consent by a link in a mail
    double_opt_in: Option<ProgramDoubleOptIn>,
    /// Countries whose law lets a shop write to its buyers until they object; ISO 3166-1 alpha-2
    soft_opt_in: Option<Vec<String>>,
    quiet_hours: Option<ProgramQuietHours>,
    caps: Option<ProgramMailCaps>,
    /// From the last parcel to its arrival, where nobody reports a delivery
    transit_days: Option<u16>,
    /// By their names; what is not named is off
    scenarios: Option<BTreeMap<String, ProgramScenario>>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ProgramMailMode {
    Off,
    AllowList,
    Live,
}

#[derive(ToSchema)]
struct ProgramSender {
    name: String,
    /// Of a domain that SES has verified
    #[schema(format = "email")]
    address: String,
    #[schema(format = "email")]
    reply_to: Option<String>,
}

/// What a mail shows of the shop
#[derive(ToSchema)]
struct ProgramMailShop {
    name: Option<String>,
    #[schema(format = "uri")]
    url: Option<String>,
    /// Where members see their orders, points and tier; mail about those leads there, else to `url`
    #[schema(format = "uri")]
    account_url: Option<String>,
    #[schema(format = "uri")]
    logo_url: Option<String>,
    /// Linked on the pages that ask for consent
    #[schema(format = "uri")]
    privacy_url: Option<String>,
    /// With line breaks. The mode `live` needs it, and a sender, while a scenario that needs consent is on
    #[schema(example = "Leaf & Pot Ltd\n12 Harbour Row\nDublin")]
    postal_address: Option<String>,
    #[schema(pattern = "^#[0-9A-Fa-f]{6}$")]
    accent_color: Option<String>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ProgramDoubleOptIn {
    EuUk,
    Always,
    Never,
}

/// Between these times of the member's day nothing is sent that can wait
#[derive(ToSchema)]
struct ProgramQuietHours {
    #[schema(example = "21:00:00")]
    from: String,
    #[schema(example = "08:00:00")]
    to: String,
}

/// How much of what is not transactional one member gets
#[derive(ToSchema)]
struct ProgramMailCaps {
    hours_between: u16,
    per_7_days: u16,
}

#[derive(ToSchema)]
struct ProgramScenario {
    on: bool,
    /// How long after its occasion each step is due or, with a minus, before it: ISO 8601 days, hours and minutes
    #[schema(example = json!(["P4D", "P11D"]))]
    steps: Vec<String>,
    /// Only for orders with a product of one of them; all, unless there are any
    only_categories: Option<Vec<String>>,
    /// The share of members who deliberately do not get it; a decimal from 0 to 1
    #[schema(example = "0.10")]
    control: Option<String>,
    /// How long it can wait after it is due
    #[schema(example = "P7D")]
    deadline: String,
}
