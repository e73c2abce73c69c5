//! What can be wrong with a log.

/// Why a log can't be read or analysed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The source gave out: a disk, a truncated or damaged gzip file.
    #[error("the log can't be read to its end ({0}); check that the file is whole")]
    Read(std::io::Error),
    /// Not well-formed XML.
    #[error("byte {offset}: this is no well-formed XES: {reason}; export the log again")]
    Xml {
        /// Where, in bytes from the start of the unpacked file.
        offset: u64,
        /// What the parser says.
        reason: String,
    },
    /// An element or row that never ends.
    #[error(
        "byte {offset}: one element or row is longer than {most} bytes; the file is damaged or no event log"
    )]
    TooLong {
        /// Where it began.
        offset: u64,
        /// The limit.
        most: u64,
    },
    /// A column that the file doesn't have.
    #[error("there is no column `{column}` for the {role}; the file has: {known}")]
    NoColumn {
        /// What was asked for.
        column: String,
        /// What it was wanted for.
        role: &'static str,
        /// The columns of the file.
        known: String,
    },
    /// A column that was neither named nor found under a usual name.
    #[error("which column holds the {role}? Name it with --{role} COLUMN; the file has: {known}")]
    WhichColumn {
        /// What it is wanted for.
        role: &'static str,
        /// The columns of the file.
        known: String,
    },
    /// A row that can't be read.
    #[error("line {line}: {reason}")]
    Row {
        /// Line in the file, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// More than any log of a process has.
    #[error("the log has more than {most} {what}; is another column meant?")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        most: usize,
    },
    /// Nothing in it.
    #[error(
        "the log has no event with a case and an activity; check the columns, or whether this is an event log"
    )]
    Empty,
    /// A name that no file ending tells.
    #[error("`{name}` is neither .xes, .xes.gz nor .csv; rename the file or convert it")]
    UnknownKind {
        /// The file's name.
        name: String,
    },
    /// Durations beyond what 64 bits of microseconds hold.
    #[error("times in the log lie too far apart to be added up; check the time column")]
    Overflow,
}

/// Not as a source: the sentence tells it already.
impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Read(error)
    }
}
