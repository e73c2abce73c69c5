//! The roll's behaviour through commands and queries, on SQLite and on PostgreSQL; the tests on PostgreSQL pass over
//! where it is not installed.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

/// Declares each function as a test on both engines; it is given a new community.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $name() { super::$name(&crate::world::World::on_sqlite()); })*
        }
        mod on_postgres {
            $(#[test] fn $name() {
                if let Some(world) = crate::world::World::on_postgres() {
                    super::$name(&world);
                }
            })*
        }
    };
}

mod accounts;
mod changing;
mod faults;
mod importing;
mod laws;
mod messages;
mod permissions;
mod personal_data;
mod planning;
mod reading;
mod tampering;
mod voices;
mod world;
