//! Programs to test with.

use jiff::Timestamp;
use rules::{
    campaign::Campaign,
    program::{Basis, Level, Levels, Period, Program, ProgramVersion, Programs},
    zone::Zone,
};

use super::at;

/// The default program.
pub(crate) fn starting() -> Program {
    Program::starting().unwrap()
}

/// That program as the only version.
pub(crate) fn one(program: Program) -> Programs {
    Programs::new(version(1, at("2020-01-01T00:00:00Z"), program), Vec::new())
}

pub(crate) fn version(version: u64, effective_at: Timestamp, program: Program) -> ProgramVersion {
    ProgramVersion { version, effective_at, program }
}

/// Levels by id, threshold and multiplier.
pub(crate) fn levels(of: &[(&str, &str, &str)]) -> Levels {
    let level = |(id, threshold, multiplier): &(&str, &str, &str)| Level {
        id: (*id).to_owned().try_into().unwrap(),
        threshold: threshold.parse().unwrap(),
        multiplier: multiplier.parse().unwrap(),
        benefits: Vec::new(),
    };
    of.iter().map(level).collect::<Vec<_>>().try_into().unwrap()
}

/// Bronze, silver (x2) from the second order of 100.00 on, gold (x3) from the fourth one that earned
/// as bronze: the same lines whatever the basis. No campaigns.
pub(crate) fn by(basis: Basis, period: Period) -> Program {
    let mut program = Program { campaigns: Vec::new(), ..starting() };
    program.tiers.basis = basis;
    program.tiers.period = period;
    program.tiers.levels = match basis {
        Basis::Spend => levels(&[("bronze", "0", "1"), ("silver", "200.00", "2"), ("gold", "400.00", "3")]),
        Basis::Points => levels(&[("bronze", "0", "1"), ("silver", "200", "2"), ("gold", "600", "3")]),
        Basis::Orders => levels(&[("bronze", "0", "1"), ("silver", "2", "2"), ("gold", "4", "3")]),
    };
    program
}

pub(crate) fn in_zone(name: &str, program: Program) -> Program {
    Program { zone: Zone::parse(name).unwrap(), ..program }
}

/// A campaign whose `when` is that JSON.
pub(crate) fn campaign(id: &str, multiplier: &str, stacks: bool, when: &str) -> Campaign {
    Campaign {
        id: id.to_owned().try_into().unwrap(),
        multiplier: multiplier.parse().unwrap(),
        stacks,
        when: serde_json::from_str(when).unwrap(),
    }
}
