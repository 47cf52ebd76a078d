//! The versions of the program, and what each changed.

use jiff::Timestamp;
use rules::program::{Program, ProgramVersion};
use serde_json::Value;

use crate::{App, error::AppError};

/// One version, without its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionSummary {
    pub version: u64,
    pub effective_at: Timestamp,
    /// The sections that differ from the version before; none for the first.
    pub changed: Vec<String>,
}

impl App {
    /// At most `limit` versions, the newest first, those before the given number.
    ///
    /// # Errors
    /// Whatever the database fails with.
    pub async fn program_versions(
        &self,
        before: Option<u64>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<VersionSummary>, AppError> {
        let programs = self.programs(now).await?;
        let all: Vec<&ProgramVersion> = programs.iter().collect();
        let wanted = |version: &&ProgramVersion| before.is_none_or(|before| version.version < before);
        let former = std::iter::once(None).chain(all.iter().copied().map(Some));
        let mut summaries: Vec<VersionSummary> =
            all.iter().copied().zip(former).filter(|(version, _)| wanted(version)).map(summary).collect();
        summaries.reverse();
        summaries.truncate(limit);
        Ok(summaries)
    }

    /// One version as it was put in force.
    ///
    /// # Errors
    /// `UnknownVersion`.
    pub async fn program_version(&self, version: u64, now: Timestamp) -> Result<ProgramVersion, AppError> {
        self.programs(now).await?.version(version).cloned().ok_or(AppError::UnknownVersion)
    }
}

fn summary((version, former): (&ProgramVersion, Option<&ProgramVersion>)) -> VersionSummary {
    VersionSummary {
        version: version.version,
        effective_at: version.effective_at,
        changed: former.map_or_else(Vec::new, |former| changed(&former.program, &version.program)),
    }
}

fn changed(former: &Program, program: &Program) -> Vec<String> {
    let sections = |program| serde_json::to_value(program).unwrap_or(Value::Null);
    let (former, program) = (sections(former), sections(program));
    let names = program.as_object().into_iter().flat_map(serde_json::Map::keys);
    names.filter(|name| former.get(name.as_str()) != program.get(name.as_str())).cloned().collect()
}
