//! The program that a new deployment starts with.

use crate::program::Program;

/// Its text, which `GET /v1/program` shows until the merchant puts their own.
const DEFAULT_PROGRAM: &str = include_str!("default_program.json");

impl Program {
    /// # Errors
    /// Never for the text that we ship, as a test proves; whatever serde says otherwise.
    pub fn starting() -> Result<Program, serde_json::Error> {
        serde_json::from_str(DEFAULT_PROGRAM)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_that_we_ship_is_valid() {
        let program = Program::starting().unwrap();
        assert_eq!(program.problems(), vec![]);
        assert_eq!(program.tiers.levels.iter().count(), 4);
    }
}
