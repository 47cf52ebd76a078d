//! What campaigns ask of the member who buys.

use jiff::civil::Date;

use crate::{account::Account, birthday::Birthday, country_zone::zone_of_country, profile::Profile, zone::Zone};

/// A member as campaigns see them; the default is somebody of whom nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Buyer {
    /// Their own, else that of their country; the program's where neither is known.
    pub zone: Option<Zone>,
    pub birthday: Option<Birthday>,
    /// The first day of the last birthday window that priced an order of theirs.
    pub last_window: Option<Date>,
}

impl Buyer {
    /// `shop` is the program's zone. An erased member has no profile.
    pub fn of(profile: Option<&Profile>, account: &Account, shop: &Zone) -> Buyer {
        Buyer {
            zone: profile.and_then(zone_of),
            birthday: profile.and_then(|profile| profile.dated_birthday(shop)),
            last_window: account.birthday_window,
        }
    }
}

fn zone_of(profile: &Profile) -> Option<Zone> {
    let own = profile.time_zone.as_ref().and_then(|zone| Zone::parse(zone).ok());
    own.or_else(|| zone_of_country(profile.country.as_ref()?))
}
