//! Which schemas are migrated, and which refused untouched.

use db::{Database, Error, Migration, Options};

use crate::open::{Open, SCHEMA};

on_both_engines!(
    steps_are_applied_once_and_in_order,
    a_changed_step_is_refused,
    a_gap_is_refused,
    a_newer_database_is_refused,
    a_step_that_fails_leaves_the_steps_before,
    two_processes_may_migrate_at_once,
);

const A1: Migration = Migration {
    module: "a",
    version: 1,
    sql: "create table a (id bigint primary key, note text);\ncreate index a_note on a (note);\n",
};
const A2: Migration = Migration {
    module: "a",
    version: 2,
    sql: "alter table a add column extra bytea;\nupdate a set note = 'x;y' where id = 1;\n",
};
const B1: Migration = Migration {
    module: "b",
    version: 1,
    sql: "create table b (a_id bigint not null references a (id), big double precision);\n",
};

fn names(steps: &[Migration]) -> Vec<(&'static str, u32)> {
    steps
        .iter()
        .map(|step| (step.module, step.version))
        .collect()
}

fn reason(refused: Result<Vec<Migration>, Error>) -> String {
    match refused {
        Err(error @ Error::Migration { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

fn with(database: &Database, more: &[Migration]) -> Result<Vec<Migration>, Error> {
    database.migrate(&[SCHEMA, more].concat())
}

fn steps_are_applied_once_and_in_order(open: &Open) {
    let database = open(Options::default());
    assert_eq!(names(&with(&database, &[A1]).unwrap()), [("a", 1)]);
    let all = [SCHEMA, &[A1, A2, B1]].concat();
    assert_eq!(
        names(&database.pending(&all).unwrap()),
        [("a", 2), ("b", 1)]
    );
    assert_eq!(
        names(&database.migrate(&all).unwrap()),
        [("a", 2), ("b", 1)]
    );
    assert_eq!(names(&database.migrate(&all).unwrap()), []);
    assert_eq!(names(&database.pending(&all).unwrap()), []);
    let row = database.write_blocking(crate::open::community(1), |tx| {
        tx.execute(
            "insert into a (id, extra) values (1, $1)",
            &[vec![1_u8].into()],
        )?;
        tx.execute("insert into b (a_id, big) values (1, 2.5)", &[])
    });
    assert_eq!(row, Ok(1));
}

fn a_changed_step_is_refused(open: &Open) {
    let database = open(Options::default());
    with(&database, &[A1]).unwrap();
    let changed = Migration {
        sql: "create table a (id bigint primary key);\n",
        ..A1
    };
    assert!(reason(with(&database, &[changed, A2])).contains("changed"));
    assert_eq!(names(&with(&database, &[A1]).unwrap()), []);
}

fn a_gap_is_refused(open: &Open) {
    let database = open(Options::default());
    assert!(reason(with(&database, &[A2])).contains("should be 1"));
    let third = Migration { version: 3, ..A2 };
    assert!(reason(with(&database, &[A1, third])).contains("should be 2"));
    assert!(reason(with(&database, &[A1, A1])).contains("should be 2"));
    assert_eq!(
        names(&with(&database, &[A1, A2]).unwrap()),
        [("a", 1), ("a", 2)]
    );
}

fn a_newer_database_is_refused(open: &Open) {
    let database = open(Options::default());
    with(&database, &[A1, A2]).unwrap();
    assert!(reason(with(&database, &[A1])).contains("newer"));
    assert!(reason(database.pending(SCHEMA)).contains("newer"));
}

fn a_step_that_fails_leaves_the_steps_before(open: &Open) {
    let database = open(Options::default());
    let broken = Migration {
        sql: "create table half (id bigint);\ncreate tabel c (id bigint);\n",
        ..A2
    };
    assert!(reason(with(&database, &[A1, broken])).contains("a/2"));
    let pending = database.pending(&[SCHEMA, &[A1, A2]].concat()).unwrap();
    assert_eq!(names(&pending), [("a", 2)]);
    let half = database.read_blocking(|read| read.query("select * from half", &[]));
    assert!(half.is_err());
}

fn two_processes_may_migrate_at_once(open: &Open) {
    let database = open(Options::default());
    let steps = [SCHEMA, &[A1, A2, B1]].concat();
    let migrating: Vec<_> = (0..4)
        .map(|_| {
            let (database, steps) = (database.clone(), steps.clone());
            std::thread::spawn(move || database.migrate(&steps))
        })
        .collect();
    let applied: usize = migrating
        .into_iter()
        .map(|thread| thread.join().unwrap().unwrap().len())
        .sum();
    assert_eq!(applied, 3);
}
