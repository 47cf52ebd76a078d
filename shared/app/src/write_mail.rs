//! From what is known to the mail itself: whose language, what is shown, where its links lead.

use jiff::{Timestamp, civil::Date};
use mail::{
    letter::{Addressee, Basis, CaseView, Content, Letter, Links, Missing, ProductView, ReviewView, TierView},
    locale::Locale,
    mime::{self, Envelope, NotAMail, Unsubscribe},
    render::{self, RenderError},
    web_link::WebLink,
};
use rules::{
    clearance::{is_soft_opt_in, zone_of},
    email::Email,
    ids::TierId,
    mail_settings::Sender,
    message::Message,
    money::Money,
    order::Order,
    points::Points,
    product::Product,
    program::{Basis as Counted, Program},
    scenario::{Kind, LeadsTo, Scenario},
    zone::Zone,
};

use crate::{
    App,
    letterhead::letterhead,
    links::{Link, Mailbox, Purpose},
    load_for_mail::{Loaded, address_of},
    post_office::PostOffice,
    shown_order::order_view,
    shown_products::{nameless_view, product_view},
};

/// A mail that can be handed over.
pub(crate) struct Written {
    pub(crate) raw: Vec<u8>,
    pub(crate) from: Email,
    pub(crate) to: Email,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Unwritable {
    #[error("the program names no sender")]
    NoSender,
    #[error("there is nobody to write to")]
    NoReader,
    #[error("there is no link to unsubscribe")]
    NoWayOut,
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error(transparent)]
    Mime(#[from] NotAMail),
}

/// Everything that one mail is written from.
struct Writing<'a> {
    scenario: &'a Scenario,
    message: &'a Message,
    loaded: &'a Loaded,
    office: &'a PostOffice,
    /// Where the member reads it.
    mailbox: Option<Mailbox>,
    now: Timestamp,
}

impl App {
    /// Writes the mail in the reader's language, with links that are theirs alone.
    pub(crate) fn write_mail(
        &self,
        scenario: &Scenario,
        message: &Message,
        loaded: &Loaded,
        office: &PostOffice,
        now: Timestamp,
    ) -> Result<Written, Unwritable> {
        let address = loaded.profile.as_ref().and_then(|profile| profile.email.as_ref());
        let mailbox = address.map(|address| Mailbox::of(&self.email_keys.key(address)));
        let writing = Writing { scenario, message, loaded, office, mailbox, now };
        let sender = writing.program().mail.sender.as_ref().ok_or(Unwritable::NoSender)?;
        let to = writing.reader().ok_or(Unwritable::NoReader)?;
        let letter = writing.letter(sender);
        if matches!(writing.kind(), Kind::Marketing(_)) && letter.links.unsubscribe.is_none() {
            return Err(Unwritable::NoWayOut);
        }
        let rendered = render::render(&letter)?;
        let unsubscribe = letter.links.unsubscribe.as_ref();
        let mailbox = Some(sender.mailbox());
        let envelope = Envelope {
            from_name: &sender.name,
            from: &sender.address,
            to: &to,
            reply_to: sender.reply_to.as_ref(),
            unsubscribe: unsubscribe.map(|link| Unsubscribe { link, mailbox }),
        };
        let raw = mime::message(&rendered, &envelope)?;
        Ok(Written { raw, from: sender.address.clone(), to })
    }
}

impl Writing<'_> {
    fn program(&self) -> &Program {
        &self.loaded.programs.at(self.now).program
    }

    fn kind(&self) -> Kind {
        self.scenario.kind_of(self.message.step)
    }

    fn reader(&self) -> Option<Email> {
        address_of(self.scenario, self.message, self.loaded.profile.as_ref(), self.program()).cloned()
    }

    fn letter(&self, sender: &Sender) -> Letter {
        let mail = &self.program().mail;
        let locale = match self.kind() {
            Kind::Staff => Locale::negotiate(None, Some(&mail.locale)),
            Kind::Transactional | Kind::Marketing(_) => self.loaded.locale(self.now),
        };
        Letter {
            scenario: self.scenario.name.to_owned(),
            step: self.message.step,
            locale,
            shop: letterhead(self.program(), &sender.name),
            addressee: self.addressee(),
            links: self.links(sender),
            content: self.content(locale),
        }
    }

    fn addressee(&self) -> Addressee {
        if self.kind() == Kind::Staff {
            return Addressee::default();
        }
        let (profile, account) = (self.loaded.profile.as_ref(), &self.loaded.account);
        let is_soft = profile.is_some_and(|profile| is_soft_opt_in(profile, account, &self.program().mail));
        Addressee {
            name: profile.and_then(|profile| profile.name.clone()),
            points: self.balance(),
            tier: Some(title_of(&account.standing.tier)),
            basis: if is_soft { Basis::SoftOptIn } else { Basis::Consent },
        }
    }

    /// In which the reader's days begin and end.
    fn readers_zone(&self) -> Zone {
        zone_of(self.loaded.profile.as_ref(), &self.loaded.account, &self.program().zone)
    }

    /// Counted when the mail goes out, because the cap and quiet hours let it wait. A day of the shop can last longer
    /// than the reader's.
    fn days_until(&self, on: Date) -> i64 {
        let days = (on - self.readers_zone().date(self.now)).get_days();
        i64::from(days.max(0))
    }

    fn balance(&self) -> Option<Points> {
        let balance = self.loaded.account.balance(self.program().zone.date(self.now), self.now);
        balance.ok().map(|balance| balance.available)
    }

    fn links(&self, sender: &Sender) -> Links {
        let is_marketing = matches!(self.kind(), Kind::Marketing(_));
        let own = |purpose| self.link(purpose).filter(|_| is_marketing);
        let is_confirmation = self.scenario.leads_to == LeadsTo::Confirmation;
        Links {
            unsubscribe: own(Purpose::Unsubscribe),
            preferences: own(Purpose::Preferences),
            confirm: if is_confirmation { self.link(Purpose::Confirm) } else { None },
            reply_to: (self.kind() != Kind::Staff).then(|| sender.mailbox().clone()),
        }
    }

    /// A page for this reader, of this message.
    fn link(&self, purpose: Purpose) -> Option<WebLink> {
        let order = self.loaded.order.as_ref().filter(|_| purpose == Purpose::Review);
        if purpose == Purpose::Review && order.is_none() {
            return None;
        }
        let link = Link::new(purpose, self.loaded.member.clone(), self.now).in_message(self.message.id.clone());
        let link = match (order, self.mailbox) {
            (Some(order), _) => link.about(order.key.clone()),
            (None, Some(mailbox)) => link.to(mailbox),
            (None, None) => link,
        };
        let path = self.office.links.path(&link)?;
        WebLink::parse(&format!("{}{path}", self.office.pages_url)).ok()
    }

    fn content(&self, locale: Locale) -> Content {
        let about = (self.scenario.about)(&self.loaded.facts(self.message, self.now));
        let order = self.loaded.order.as_ref();
        Content {
            products: self.products(locale),
            order: order.and_then(|order| order_view(order, self.message, &self.program().zone, &self.readers_zone())),
            points: about.points,
            on: about.on,
            days_left: about.on.map(|on| self.days_until(on)),
            missing: about.missing.and_then(|missing| self.missing(missing)),
            tier: about.tier.as_ref().map(|tier| self.tier(tier)),
            lower_tier: about.lower_tier.as_ref().map(|tier| self.tier(tier)),
            balance: self.balance().filter(|_| self.kind() != Kind::Staff),
            review: self.review(),
            offer: None,
            case: self.case(),
            due_at: self.loaded.case.as_ref().and_then(|case| case.due_at),
        }
    }

    fn tier(&self, tier: &TierId) -> TierView {
        let level = self.program().tiers.levels.iter().find(|level| level.id == *tier);
        let benefits = level.map(|level| level.benefits.clone()).unwrap_or_default();
        TierView { id: tier.clone(), title: title_of(tier), benefits }
    }

    fn missing(&self, missing: i64) -> Option<Missing> {
        let program = self.program();
        Some(match program.tiers.basis {
            Counted::Spend => Missing::Spend(Money { minor: missing, currency: program.currency }),
            Counted::Points => Missing::Points(Points::new(missing)),
            Counted::Orders => Missing::Orders(u32::try_from(missing).ok()?),
        })
    }

    /// What of the order the shop has told us the names of; where a review is asked for, the rest too. A receipt lists
    /// all of the order or nothing.
    fn products(&self, locale: Locale) -> Vec<ProductView> {
        let review = self.link(Purpose::Review);
        let order = self.loaded.order.as_ref();
        let told = self.loaded.products.iter();
        let mut products: Vec<ProductView> =
            told.filter_map(|product| product_view(product, order, review.as_ref(), locale)).collect();
        let bought = order.map(Order::kept_products).unwrap_or_default();
        let is_all = products.len() >= bought.len() && !order.is_some_and(Order::keeps_what_has_no_id);
        if self.kind() == Kind::Transactional && !is_all {
            products.clear();
        }
        if self.scenario.leads_to == LeadsTo::Review {
            let nameless = bought.into_iter().filter(|id| products.iter().all(|product| product.id != *id));
            let nameless: Vec<_> = nameless.map(|id| nameless_view(id, review.as_ref())).collect();
            products.extend(nameless);
        }
        products
    }

    fn review(&self) -> Option<ReviewView> {
        let review = self.loaded.review.as_ref()?;
        let listing =
            self.loaded.products.iter().find(|product| product.id == review.product).and_then(Product::listing);
        Some(ReviewView {
            rating: review.rating.get(),
            title: review.title.clone(),
            text: review.text.clone(),
            product_title: listing
                .map_or_else(|| review.product.to_string(), |listing| listing.title.as_str().to_owned()),
        })
    }

    fn case(&self) -> Option<CaseView> {
        let case = self.loaded.case.as_ref().filter(|_| self.kind() == Kind::Staff)?;
        let mut about = case.about.numbers();
        let member = self.loaded.profile.as_ref().map(|_| self.loaded.member.to_string());
        about.extend(member.filter(|member| !about.contains(member)));
        let (id, kind) = (case.id.to_string(), case.about.kind().to_owned());
        Some(CaseView { id, kind, opened_at: case.opened_at, about })
    }
}

/// Tiers have ids alone; a mail begins them with a capital.
fn title_of(tier: &TierId) -> String {
    let mut letters = tier.as_str().chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
