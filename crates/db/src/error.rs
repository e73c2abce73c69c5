//! Driver errors of both engines, mapped to one enum.

use kernel::{Kind, Problem};

/// What a database may answer instead of doing what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A unique or primary key is taken already.
    #[error(
        "this exists already ({constraint}); look at the existing one instead of adding it again"
    )]
    Duplicate {
        /// The key or table, as far as the engine names it.
        constraint: String,
    },
    /// A foreign key, a check or NOT NULL refused the row.
    #[error("the row breaks a rule of the table ({constraint}); check what it refers to")]
    Constraint {
        /// The constraint, as far as the engine names it.
        constraint: String,
    },
    /// Two writers met; the lane repeats the command, a caller may too.
    #[error("another change came in between; try again")]
    Conflict,
    /// The database can't be reached, is full or shutting down.
    #[error("the database does not answer ({reason}); try again, and look at its log")]
    Unavailable {
        /// The driver's words.
        reason: String,
    },
    /// More work waits already than the queue may hold.
    #[error("the database has more to do than it can queue; try again in a moment")]
    Busy,
    /// A command or query panicked: a defect. What it did is rolled back.
    #[error("a command broke off ({message}) and was rolled back; report this as a defect")]
    Panicked {
        /// The panic's words.
        message: String,
    },
    /// A command waits for another command of its own lane: a defect, as both would wait for ever.
    #[error("a command may not wait for another; do it in the same transaction")]
    Nested,
    /// A row did not hold what the reading code expects.
    #[error(
        "column {column} of the answer is not {expected}; the database and this version differ, run `linli migrate`"
    )]
    Column {
        /// The column's number, from 0.
        column: usize,
        /// The type expected.
        expected: &'static str,
    },
    /// The statement itself is wrong: a defect, found by the test that prepares every statement.
    #[error("the statement was refused ({reason}): {sql}")]
    Statement {
        /// The driver's words.
        reason: String,
        /// The SQL text.
        sql: String,
    },
    /// A migration does not fit the database at hand.
    #[error("migration {module}/{version} can't run: {reason}")]
    Migration {
        /// The module.
        module: String,
        /// The number.
        version: u32,
        /// Why, and what to do.
        reason: String,
    },
    /// Where the address points there is no database, and none was to be made.
    #[error("there is no database {place}; check the address ({maker} makes a new one)")]
    Missing {
        /// Where, such as `at linli.db`.
        place: String,
        /// The command that makes one.
        maker: &'static str,
    },
    /// The file is something else than a SQLite database, or damaged.
    #[error(
        "this is no SQLite database, or a damaged one ({reason}); check the address, or restore a backup"
    )]
    NotADatabase {
        /// The file and the driver's words.
        reason: String,
    },
    /// The address of the database can't be understood.
    #[error("\"{url}\" is not a database address; use sqlite:PATH or postgres://USER@HOST/NAME")]
    Address {
        /// The address, its password removed.
        url: String,
    },
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Duplicate { .. } | Self::Conflict => Kind::Conflict,
            Self::Constraint { .. } => Kind::Invalid,
            Self::Unavailable { .. } | Self::Busy => Kind::Unavailable,
            Self::Panicked { .. }
            | Self::Nested
            | Self::Column { .. }
            | Self::Statement { .. }
            | Self::Migration { .. }
            | Self::Missing { .. }
            | Self::NotADatabase { .. }
            | Self::Address { .. } => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Duplicate { .. } => "error-duplicate",
            Self::Conflict => "error-conflict",
            Self::Constraint { .. } => "error-constraint",
            Self::Unavailable { .. } | Self::Busy => "error-unavailable",
            Self::Panicked { .. }
            | Self::Nested
            | Self::Column { .. }
            | Self::Statement { .. }
            | Self::Migration { .. }
            | Self::Missing { .. }
            | Self::NotADatabase { .. }
            | Self::Address { .. } => "error-internal",
        }
    }
}
