//! PostgreSQL's SQLSTATE codes, as the errors of both engines.

use std::error::Error as StdError;

use tokio_postgres::error::DbError;

use super::codec::Mismatch;
use crate::Error;

/// What an error of the driver means; `sql` is the statement at hand.
pub(crate) fn error(error: &tokio_postgres::Error, sql: &str, contended_tables: &[&str]) -> Error {
    if let Some(raised) = error.as_db_error() {
        return raised_by_server(raised, sql, contended_tables);
    }
    let source = error.source();
    if let Some(mismatch) = source.and_then(|source| source.downcast_ref::<Mismatch>()) {
        return Error::Constraint {
            constraint: mismatch.to_string(),
        };
    }
    let reason = source.map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
    Error::Unavailable { reason }
}

/// Whether the connection went with the error.
pub(crate) fn is_lost(error: &tokio_postgres::Error) -> bool {
    let code = error.code().map(tokio_postgres::error::SqlState::code);
    error.is_closed()
        || error
            .source()
            .is_some_and(<dyn StdError>::is::<std::io::Error>)
        || code.is_some_and(|code| code.starts_with("57P") || code.starts_with("08"))
}

/// Whether prepared statements no longer fit the server's: its tables changed, or it forgot them.
pub(crate) fn is_stale(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(is_stale_statement)
}

fn is_stale_statement(raised: &DbError) -> bool {
    match raised.code().code() {
        "26000" => true,
        "0A000" => raised.message().contains("cached plan"),
        _ => false,
    }
}

fn raised_by_server(raised: &DbError, sql: &str, contended_tables: &[&str]) -> Error {
    let code = raised.code().code();
    let constraint = || raised.constraint().unwrap_or(raised.message()).to_owned();
    let class = code.get(..2).unwrap_or_default();
    match (code, class) {
        ("40001" | "40P01" | "55P03" | "25P02", _) => Error::Conflict,
        _ if is_stale_statement(raised) => Error::Conflict,
        ("23505", _)
            if raised
                .table()
                .is_some_and(|table| contended_tables.contains(&table)) =>
        {
            Error::Conflict
        }
        ("23505", _) => Error::Duplicate {
            constraint: constraint(),
        },
        (_, "23" | "22") => Error::Constraint {
            constraint: constraint(),
        },
        (_, "08" | "28" | "3D" | "53" | "57" | "58" | "XX") => Error::Unavailable {
            reason: raised.message().to_owned(),
        },
        _ => Error::Statement {
            reason: raised.message().to_owned(),
            sql: sql.to_owned(),
        },
    }
}
