//! The same tests on SQLite and on PostgreSQL; those on PostgreSQL pass over where it is not installed.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

/// Declares each function as a test on both engines; it is given a way to open a new database.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $name() { super::$name(&crate::open::sqlite); })*
        }
        mod on_postgres {
            $(#[test] fn $name() {
                if crate::open::is_postgres_here() {
                    super::$name(&crate::open::postgres);
                }
            })*
        }
    };
}

mod commands;
mod faults;
mod lanes;
mod migrations;
mod open;
mod processes;
mod reads;
mod sqlite_log;
mod texts;
mod together;
mod values;
