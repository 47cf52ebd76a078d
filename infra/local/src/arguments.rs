//! The command line.

use std::{ffi::OsString, path::PathBuf};

use lexopt::{Arg, Parser, ValueExt};

use crate::machine::Options;

pub const HELP: &str = "\
Regulars on one machine: every function behind one gateway, an embedded DynamoDB, captured mail, a clock to move.

Usage: local [--port <port>] [--dynamodb-port <port>] [--ses-port <port>] [--data <dir>] [--demo]

  --port <port>            of the gateway; 8787 if left out, 0 for any that is free
  --dynamodb-port <port>   of the embedded DynamoDB; 8000 if left out
  --ses-port <port>        of the mail capture; 8005 if left out
  --data <dir>             keep everything in that folder; in memory if left out
  --demo                   play a year of an invented shop first
  --help                   print this
";

/// What to do.
#[derive(Debug)]
pub enum Command {
    Run { options: Options, demo: bool },
    Help,
}

impl Command {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    /// Names the argument that is not understood.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
        let mut parser = Parser::from_args(arguments);
        let (mut options, mut demo) = (Options::default(), false);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("port") => options.port = parser.value()?.parse()?,
                Arg::Long("dynamodb-port") => options.dynamodb_port = parser.value()?.parse()?,
                Arg::Long("ses-port") => options.ses_port = parser.value()?.parse()?,
                Arg::Long("data") => options.data = Some(PathBuf::from(parser.value()?)),
                Arg::Long("demo") => demo = true,
                Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Command::Run { options, demo })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Command, String> {
        Command::parse(arguments.iter().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn without_flags_the_ports_are_the_known_ones_and_nothing_is_kept() {
        let Ok(Command::Run { options, demo }) = parse(&[]) else { panic!() };
        assert_eq!((options.port, options.dynamodb_port, options.ses_port), (8787, 8000, 8005));
        assert_eq!((options.data, demo), (None, false));
    }

    #[test]
    fn every_flag_is_understood() {
        let flags = ["--port", "0", "--dynamodb-port=1", "--ses-port", "2", "--data", "somewhere", "--demo"];
        let Ok(Command::Run { options, demo }) = parse(&flags) else { panic!() };
        assert_eq!((options.port, options.dynamodb_port, options.ses_port), (0, 1, 2));
        assert_eq!((options.data, demo), (Some(PathBuf::from("somewhere")), true));
        assert!(matches!(parse(&["--port", "0", "--help"]), Ok(Command::Help)));
    }

    #[test]
    fn a_bad_flag_is_named() {
        assert!(parse(&["--ports", "1"]).unwrap_err().contains("--ports"));
        assert!(parse(&["--port", "70000"]).unwrap_err().contains("70000"));
        assert!(parse(&["--data"]).unwrap_err().contains("--data"));
        assert!(parse(&["demo"]).unwrap_err().contains("demo"));
    }
}
