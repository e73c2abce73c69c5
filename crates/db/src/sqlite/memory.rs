//! A SQLite database for tests: a file in memory-backed storage, removed with its last connection.
//!
//! SQLite's own in-memory databases know no write-ahead log, so readers and the writer would shut each other out as
//! they don't on a disk; this is the real thing without the disk.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Once};

use crate::Error;

const PREFIX: &str = "linli-memory-";

/// Clones share one database.
#[derive(Clone)]
pub(crate) struct Memory(Arc<Folder>);

struct Folder(PathBuf);

impl Memory {
    pub(crate) fn new() -> Result<Self, Error> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        static SWEEP: Once = Once::new();
        let parent = parent();
        SWEEP.call_once(|| sweep(&parent));
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = parent.join(format!("{PREFIX}{}-{number}", std::process::id()));
        std::fs::create_dir(&folder).map_err(|error| Error::Unavailable {
            reason: format!("{}: {error}", folder.display()),
        })?;
        Ok(Self(Arc::new(Folder(folder))))
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.0.join("linli.sqlite")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What can't be removed is swept by a later process.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn parent() -> PathBuf {
    let shared = Path::new("/dev/shm");
    if shared.is_dir() {
        shared.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// Removes what processes left that were killed.
fn sweep(parent: &Path) {
    if !Path::new("/proc/self").exists() {
        return;
    }
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix(PREFIX))
            .and_then(|rest| rest.split('-').next())
            .and_then(|owner| owner.parse::<u32>().ok());
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner.to_string()).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
