//! SQLite inside the process: one file, write-ahead log, every commit on the disk before it is acknowledged.

mod dialect;
mod fault;
mod memory;
mod session;

use std::path::{Path, PathBuf};

pub(crate) use memory::Memory;
pub(crate) use session::SqliteSession;

use crate::{Error, Options};

/// Where a SQLite database lies.
pub(crate) struct Sqlite {
    pub(crate) path: PathBuf,
    pub(crate) options: Options,
    /// Keeps a database for tests until the last connection is gone.
    pub(crate) memory: Option<Memory>,
}

impl Sqlite {
    pub(crate) fn file(path: &Path, options: Options) -> Self {
        Self {
            path: path.to_owned(),
            options,
            memory: None,
        }
    }

    pub(crate) fn memory(options: Options) -> Result<Self, Error> {
        let memory = Memory::new()?;
        Ok(Self {
            path: memory.path(),
            options,
            memory: Some(memory),
        })
    }

    pub(crate) fn connect(&self, read_only: bool) -> Result<SqliteSession, Error> {
        SqliteSession::open(&self.path, &self.options, read_only, self.memory.is_some())
    }

    /// A compact copy of the database as it stands, on the disk when this returns.
    pub(crate) fn backup(&self, path: &Path) -> Result<(), Error> {
        let unavailable = |reason: String| Error::Unavailable {
            reason: format!("{}: {reason}", path.display()),
        };
        let name = path
            .to_str()
            .ok_or_else(|| unavailable("the name is not UTF-8".to_owned()))?;
        if path.exists() {
            return Err(unavailable("exists already; choose a new name".to_owned()));
        }
        create_private(path);
        let copied = self
            .connect(false)?
            .connection()
            .execute("vacuum into ?1", [name]);
        if let Err(error) = copied {
            // Half a copy must not be taken for one.
            let _ = std::fs::remove_file(path);
            return Err(unavailable(error.to_string()));
        }
        std::fs::File::open(path)
            .and_then(|file| file.sync_all())
            .map_err(|error| unavailable(error.to_string()))
    }
}

/// A database holds personal data: only its owner may read the file. Opening it reports what goes wrong.
fn create_private(path: &Path) {
    let mut open = std::fs::OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let _ = open.open(path);
}
