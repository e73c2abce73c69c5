//! What an installation may set about its database.

use std::time::Duration;

use crate::FaultPlan;

/// How a database is opened; the default suits one machine.
#[derive(Clone, Debug)]
pub struct Options {
    /// Write lanes on PostgreSQL, one connection each; SQLite always has one.
    pub lanes: usize,
    /// Connections that only read.
    pub readers: usize,
    /// Commands that one commit takes at most.
    pub batch_max: usize,
    /// Commands that may wait for one lane, and reads that may wait for all readers; beyond is [`crate::Error::Busy`].
    pub queue_max: usize,
    /// How long to wait for another process's lock before the lane tries again.
    pub lock_timeout: Duration,
    /// How long one statement may run on PostgreSQL.
    pub statement_timeout: Duration,
    /// Tables in which a taken key only says that another process came first, such as a journal numbered by
    /// position: the lane forgets what it remembers and repeats the command instead of answering
    /// [`crate::Error::Duplicate`].
    pub contended_tables: &'static [&'static str],
    /// Whether a SQLite file that is missing is an error instead of being made. PostgreSQL never makes a database.
    pub must_exist: bool,
    /// Faults to inject into the write lanes; for tests.
    pub faults: Option<FaultPlan>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lanes: 4,
            readers: 4,
            batch_max: 1_024,
            queue_max: 8_192,
            lock_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_mins(1),
            contended_tables: &[],
            must_exist: false,
            faults: None,
        }
    }
}
