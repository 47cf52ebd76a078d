//! The program that a new deployment starts with.

use serde::Deserialize;

use crate::{
    email::Email,
    mail_settings::{MailSettings, Mode, Sender, Shop},
    program::Program,
};

/// Its text, which `GET /v1/program` shows until the merchant puts their own.
const DEFAULT_PROGRAM: &str = include_str!("default_program.json");

/// Who writes on a developer's machine.
const LOCAL_MAIL: &str = r##"{
    "sender": { "name": "Regulars Local Shop", "address": "shop@regulars.example" },
    "staff": ["staff@regulars.example"],
    "shop": {
        "name": "Regulars Local Shop",
        "url": "https://shop.regulars.example",
        "account_url": "https://shop.regulars.example/account",
        "postal_address": "1 Market Street\nSpringfield",
        "accent_color": "#1f5c4a"
    }
}"##;

impl Program {
    /// # Errors
    /// Never for the text that we ship, as a test proves; whatever serde says otherwise.
    pub fn starting() -> Result<Program, serde_json::Error> {
        serde_json::from_str(DEFAULT_PROGRAM)
    }

    /// The same for a developer's machine, where all mail goes out and none leaves the machine.
    ///
    /// # Errors
    /// As `starting`.
    pub fn on_this_machine() -> Result<Program, serde_json::Error> {
        #[derive(Deserialize)]
        struct Own {
            sender: Sender,
            staff: Vec<Email>,
            shop: Shop,
        }
        let own: Own = serde_json::from_str(LOCAL_MAIL)?;
        let mut program = Program::starting()?;
        program.mail = MailSettings {
            mode: Mode::Live,
            sender: Some(own.sender),
            staff: own.staff,
            shop: own.shop,
            ..program.mail
        };
        Ok(program)
    }
}

/// What we ship of mail, for programs that say nothing of it.
pub(crate) fn mail() -> MailSettings {
    #[derive(Deserialize)]
    struct Shipped {
        mail: MailSettings,
    }
    serde_json::from_str(DEFAULT_PROGRAM).map_or_else(|_| MailSettings::silent(), |shipped: Shipped| shipped.mail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_that_we_ship_is_valid() {
        let program = Program::starting().unwrap();
        assert_eq!(program.problems(), vec![]);
        assert_eq!(program.tiers.levels.iter().count(), 4);
        assert_eq!(Program::on_this_machine().unwrap().problems(), vec![]);
    }
}
