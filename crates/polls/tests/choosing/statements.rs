//! Every statement is understood by both engines.

use test_kit::on_both_engines;

use crate::world::World;

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    every_statement_can_be_prepared,
}

fn every_statement_can_be_prepared(world: &World) {
    for statements in polls::STATEMENTS.iter().chain(people::STATEMENTS) {
        world.journal.database().prepare_all(statements).unwrap();
    }
}
