//! The folder of `--data`: one process at a time uses it.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use crate::error::LocalError;

/// Held for as long as the process uses the folder; the system lets go of it however the process ends.
#[derive(Debug)]
pub(crate) struct DataFolder {
    folder: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Makes the folder if it is not there.
    pub(crate) fn take(folder: &Path) -> Result<DataFolder, LocalError> {
        let failed = |source| LocalError::Data { folder: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = File::create(folder.join("lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(DataFolder { folder: folder.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(LocalError::DataInUse(folder.to_owned())),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("dynamodb.sqlite")
    }

    pub(crate) fn mail(&self) -> PathBuf {
        self.folder.join("mail.jsonl")
    }

    pub(crate) fn clock(&self) -> PathBuf {
        self.folder.join("clock")
    }
}
