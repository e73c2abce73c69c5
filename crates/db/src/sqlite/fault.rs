//! SQLite's result codes, as the errors of both engines.

use std::path::Path;

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::Error;

/// What an error on opening a file means.
pub(crate) fn of_file(error: &rusqlite::Error, path: &Path) -> Error {
    let reason = format!("{}: {error}", path.display());
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            Error::NotADatabase { reason }
        }
        _ => Error::Unavailable { reason },
    }
}

/// What an error of the driver means; `sql` is the statement at hand, if there is one.
pub(crate) fn error(error: &rusqlite::Error, sql: &str, contended_tables: &[&str]) -> Error {
    let statement = |reason: String| Error::Statement {
        reason,
        sql: sql.to_owned(),
    };
    let (code, message) = match error {
        rusqlite::Error::SqliteFailure(code, message) => {
            (code, message.clone().unwrap_or_else(|| code.to_string()))
        }
        rusqlite::Error::SqlInputError { error, msg, .. } => (error, msg.clone()),
        other => return statement(other.to_string()),
    };
    match code.code {
        ErrorCode::ConstraintViolation => {
            constraint(code.extended_code, &message, contended_tables)
        }
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::SchemaChanged
        | ErrorCode::FileLockingProtocolFailed => Error::Conflict,
        ErrorCode::TooBig | ErrorCode::TypeMismatch => Error::Constraint {
            constraint: message,
        },
        ErrorCode::Unknown | ErrorCode::ApiMisuse | ErrorCode::ParameterOutOfRange => {
            statement(message)
        }
        ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => {
            Error::NotADatabase { reason: message }
        }
        // A disk full or broken, no memory, a file that may not be written.
        _ => Error::Unavailable { reason: message },
    }
}

fn constraint(extended: i32, message: &str, contended_tables: &[&str]) -> Error {
    let constraint = message
        .split_once("constraint failed: ")
        .map_or(message, |(_, constraint)| constraint)
        .to_owned();
    let is_duplicate = [
        ffi::SQLITE_CONSTRAINT_UNIQUE,
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
        ffi::SQLITE_CONSTRAINT_ROWID,
    ]
    .contains(&extended);
    let table = constraint.split('.').next().unwrap_or_default();
    if !is_duplicate {
        Error::Constraint { constraint }
    } else if contended_tables.contains(&table) {
        Error::Conflict
    } else {
        Error::Duplicate { constraint }
    }
}
