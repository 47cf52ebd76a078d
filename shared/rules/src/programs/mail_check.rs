//! What the program's mail must hold beyond its shape.

use crate::{
    decimal::Decimal,
    mail_settings::{MailSettings, Mode, ScenarioSettings},
    program::Program,
    program_check::{Found, at_most, is_words},
    scenario::{Kind, Starts},
    scenarios,
};

const MAX_LISTED: usize = 200;
const MAX_STAFF: usize = 20;
const MAX_COUNTRIES: usize = 60;
const MAX_CATEGORIES: usize = 100;
const MAX_TRANSIT_DAYS: u16 = 120;
const MAX_HOURS_BETWEEN: u16 = 168;
const MAX_PER_WEEK: u16 = 50;

impl Program {
    pub(crate) fn check_mail(&self, found: &mut Found) {
        let mail = &self.mail;
        mail.check_addresses(found);
        mail.check_shop(found);
        mail.check_imprint(found);
        let at_least_two = mail.locale.len() >= 2 && mail.locale.len() <= 35;
        let is_tag = mail.locale.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        found.unless(at_least_two && is_tag, "/mail/locale", "must be a language tag such as `en` or `de-AT`");
        let transit = format!("must be at most {MAX_TRANSIT_DAYS}");
        found.unless(mail.transit_days <= MAX_TRANSIT_DAYS, "/mail/transit_days", &transit);
        let caps = mail.caps;
        let between = format!("must be at most {MAX_HOURS_BETWEEN}");
        found.unless(caps.hours_between <= MAX_HOURS_BETWEEN, "/mail/caps/hours_between", &between);
        let per_week = format!("must be 1 to {MAX_PER_WEEK}");
        found.unless((1..=MAX_PER_WEEK).contains(&caps.per_7_days), "/mail/caps/per_7_days", &per_week);
        found.unless(mail.quiet_hours.leaves_time(), "/mail/quiet_hours", "must leave at least an hour of the day");
        for (name, settings) in &mail.scenarios {
            settings.check(name, found);
        }
    }
}

impl MailSettings {
    fn check_addresses(&self, found: &mut Found) {
        let few = |count: usize, most: usize| (count <= most, format!("must be at most {most}"));
        let (holds, reason) = few(self.allow_list.len(), MAX_LISTED);
        found.unless(holds, "/mail/allow_list", &reason);
        for (index, listed) in self.allow_list.iter().enumerate() {
            let address = listed.strip_prefix('@').map_or_else(|| listed.clone(), |domain| format!("anyone@{domain}"));
            let holds = crate::email::Email::parse(&address).is_ok();
            found.unless(holds, &format!("/mail/allow_list/{index}"), "must be an address, or `@` and a domain");
        }
        let (holds, reason) = few(self.staff.len(), MAX_STAFF);
        found.unless(holds, "/mail/staff", &reason);
        let (holds, reason) = few(self.soft_opt_in.len(), MAX_COUNTRIES);
        found.unless(holds, "/mail/soft_opt_in", &reason);
        for (index, country) in self.soft_opt_in.iter().enumerate() {
            let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
            found.unless(is_code, &format!("/mail/soft_opt_in/{index}"), "must be a code of ISO 3166-1 such as `US`");
        }
        if let Some(sender) = &self.sender {
            found.unless(is_words(&sender.name), "/mail/sender/name", "must be 1 to 200 characters without controls");
        }
    }

    fn check_shop(&self, found: &mut Found) {
        let holds = self.shop.name.as_ref().is_none_or(|name| is_words(name));
        found.unless(holds, "/mail/shop/name", "must be 1 to 200 characters without controls");
        let on_one_line = |address: &String| is_words(&address.replace("\r\n", " ").replace('\n', " "));
        let holds = self.shop.postal_address.as_ref().is_none_or(on_one_line);
        let reason = "must be 1 to 200 characters without controls but line breaks";
        found.unless(holds, "/mail/shop/postal_address", reason);
        let is_color = |text: &String| {
            text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
        };
        let holds = self.shop.accent_color.as_ref().is_none_or(is_color);
        found.unless(holds, "/mail/shop/accent_color", "must be a colour such as `#1a6b54`");
    }

    /// Mail that sells says who sends it and where they are, by law: 15 U.S.C. 7704(a)(5) among others.
    fn check_imprint(&self, found: &mut Found) {
        let sells =
            |name: &String| scenarios::named(name).is_some_and(|scenario| matches!(scenario.kind, Kind::Marketing(_)));
        let is_on = self.scenarios.iter().any(|(name, settings)| settings.on && sells(name));
        if self.mode != Mode::Live || !is_on {
            return;
        }
        let reason = "must be set before mail that needs consent is `live`";
        found.unless(self.sender.is_some(), "/mail/sender", reason);
        found.unless(self.shop.postal_address.is_some(), "/mail/shop/postal_address", reason);
    }
}

impl ScenarioSettings {
    fn check(&self, name: &str, found: &mut Found) {
        let at = |field: &str| format!("/mail/scenarios/{name}{field}");
        let Some(scenario) = scenarios::named(name) else {
            return found.add(&at(""), "is not a scenario");
        };
        let most = usize::from(scenario.steps);
        let few = (1..=most).contains(&self.steps.len());
        found.unless(few, &at("/steps"), &format!("must be 1 to {most} steps"));
        let is_before = matches!(scenario.starts, Starts::Account);
        for (index, offset) in self.steps.iter().enumerate() {
            let holds = offset.is_negative() == is_before || offset.is_zero();
            let reason = if is_before { "must be before its day, like `-P7D`" } else { "must not be negative" };
            found.unless(holds, &at(&format!("/steps/{index}")), reason);
        }
        let waits = !self.deadline.is_negative() && !self.deadline.is_zero();
        found.unless(waits, &at("/deadline"), "must be a time after it is due, like `P3D`");
        found.unless(at_most(self.control, 1), &at("/control"), "must be a share of 0 to 1");
        let few = self.only_categories.len() <= MAX_CATEGORIES;
        found.unless(few, &at("/only_categories"), &format!("must be at most {MAX_CATEGORIES}"));
        let is_of_products = matches!(scenario.starts, Starts::Order(_) | Starts::Review);
        let means_something = self.only_categories.is_empty() || is_of_products;
        found.unless(means_something, &at("/only_categories"), "must be empty: the scenario is about no product");
        let serves = self.control == Decimal::ZERO || matches!(scenario.kind, Kind::Marketing(_));
        found.unless(serves, &at("/control"), "must be 0: nobody goes without what is part of an order");
    }
}
