//! A database call that fails, whichever it is, leaves no trace.

use people::import::Counts;

use crate::world::{World, small_roll};

on_both_engines!(an_import_that_fails_anywhere_leaves_no_trace);

fn an_import_that_fails_anywhere_leaves_no_trace(world: &World) {
    let mut failed = 0;
    for n in 1..200 {
        world.faults.fail_call(n);
        let outcome = world.import(&small_roll());
        world.faults.disarm();
        let Ok(counts) = outcome else {
            failed += 1;
            assert!(world.electorate().units.is_empty(), "call {n}");
            assert_eq!(world.entries().len(), 1, "call {n}");
            continue;
        };
        assert_eq!(
            counts.units,
            Counts {
                added: 6,
                changed: 0,
                unchanged: 0
            }
        );
        assert!(failed > 10, "only {failed} calls could fail");
        return;
    }
    panic!("the import never came through");
}
