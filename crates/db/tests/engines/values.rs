//! Values in and out, and those that no column may take.

use db::{Error, Options, Value};

use crate::open::{INSERT, Open, community, thing};

on_both_engines!(
    values_come_back_as_they_went_in,
    null_fits_every_type,
    the_ends_of_i64_are_kept_and_sums_beyond_refused,
    text_does_not_fit_an_integer,
    flags_of_expressions_are_read_as_flags,
    what_only_one_engine_would_store_is_refused,
    taken_keys_and_broken_rules_are_told_apart,
    many_rows_are_inserted_beyond_the_limit_of_parameters,
    uneven_rows_are_refused,
);

const ALL: &str = "insert into thing (community_id, id, name, data, flag, weight) \
                   values ($1, $2, $3, $4, $5, $6)";

fn all(id: i64, name: Value, data: Value, flag: Value, weight: Value) -> Vec<Value> {
    vec![community(1).into(), id.into(), name, data, flag, weight]
}

fn values_come_back_as_they_went_in(open: &Open) {
    let database = open(Options::default());
    let texts = [
        "",
        "邻里",
        "𠮷 emoji 🏠",
        "it's \"quoted\" \\ $1 ?1",
        "line\nline\ttab",
    ];
    let reals = [0.0, -0.0, 1.5, f64::MAX, f64::MIN_POSITIVE, 0.1];
    for (id, (text, real)) in (1..).zip(texts.into_iter().zip(reals)) {
        let bytes: Vec<u8> = (0..=255).collect();
        let given = all(
            id,
            text.into(),
            bytes.clone().into(),
            (id % 2 == 0).into(),
            real.into(),
        );
        let row = database.write_blocking(community(1), move |tx| {
            tx.execute(ALL, &given)?;
            tx.query_one(
                "select name, data, flag, weight, id from thing where community_id = $1 and id = $2",
                &[community(1).into(), id.into()],
            )
        });
        let row = row.unwrap().unwrap();
        assert_eq!(row.get::<String>(0).unwrap(), text);
        assert_eq!(row.get::<Vec<u8>>(1).unwrap(), bytes);
        assert_eq!(row.get::<bool>(2).unwrap(), id % 2 == 0);
        assert_eq!(row.get::<f64>(3).unwrap().to_bits(), (real + 0.0).to_bits());
        assert_eq!(row.get::<i64>(4).unwrap(), id);
        assert!(matches!(
            row.get::<i64>(0),
            Err(Error::Column { column: 0, .. })
        ));
        assert!(matches!(
            row.get::<i64>(9),
            Err(Error::Column { column: 9, .. })
        ));
    }
}

fn null_fits_every_type(open: &Open) {
    let database = open(Options::default());
    let row = database.write_blocking(community(1), |tx| {
        tx.execute(ALL, &all(1, "n".into(), Value::Null, true.into(), Value::Null))?;
        tx.query_one(
            "select data, weight, cast($1 as bigint), cast($2 as boolean), cast($3 as text) from thing",
            &[Value::Null, Value::Null, None::<String>.into()],
        )
    });
    let row = row.unwrap().unwrap();
    for column in 0..5 {
        assert_eq!(row.get::<Option<i64>>(column), Ok(None));
    }
}

fn the_ends_of_i64_are_kept_and_sums_beyond_refused(open: &Open) {
    let database = open(Options::default());
    for n in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX] {
        let row = database.write_blocking(community(1), move |tx| {
            tx.execute(INSERT, &thing(1, n))?;
            tx.query_one("select id from thing where id = $1", &[n.into()])
        });
        assert_eq!(row.unwrap().unwrap().get(0), Ok(n));
    }
    let beyond = database.write_blocking(community(1), |tx| {
        tx.execute(
            "update thing set id = id + 1 where id = $1",
            &[i64::MAX.into()],
        )
    });
    assert!(
        matches!(beyond, Err(Error::Constraint { .. })),
        "{beyond:?}"
    );
}

fn flags_of_expressions_are_read_as_flags(open: &Open) {
    let database = open(Options::default());
    let sql =
        "select $1 like 'a%', 2 > 1, true, flag is null, $1 = 'Abc' from (select false as flag) x";
    let row = database.read_blocking(move |read| read.query_one(sql, &["Abc".into()]));
    let row = row.unwrap().unwrap();
    let flags: Vec<bool> = (0..5).map(|column| row.get(column).unwrap()).collect();
    assert_eq!(flags, [false, true, true, false, true]);
}

fn text_does_not_fit_an_integer(open: &Open) {
    let database = open(Options::default());
    let text = database.write_blocking(community(1), |tx| {
        tx.execute(
            INSERT,
            &[community(1).into(), "twelve".into(), "name".into()],
        )
    });
    assert!(matches!(text, Err(Error::Constraint { .. })), "{text:?}");
    let bytes = database.write_blocking(community(1), |tx| {
        tx.execute(
            INSERT,
            &[community(1).into(), 1.into(), vec![1_u8, 2].into()],
        )
    });
    assert!(matches!(bytes, Err(Error::Constraint { .. })), "{bytes:?}");
}

fn what_only_one_engine_would_store_is_refused(open: &Open) {
    let database = open(Options::default());
    for (name, weight) in [
        (Value::from("a\0b"), Value::Null),
        ("n".into(), f64::NAN.into()),
        ("n".into(), f64::INFINITY.into()),
    ] {
        let given = all(1, name, Value::Null, true.into(), weight);
        let refused = database.write_blocking(community(1), move |tx| tx.execute(ALL, &given));
        assert!(
            matches!(refused, Err(Error::Constraint { .. })),
            "{refused:?}"
        );
    }
}

fn taken_keys_and_broken_rules_are_told_apart(open: &Open) {
    let database = open(Options::default());
    let run = |sql: &'static str, parameters: Vec<Value>| {
        database.write_blocking(community(1), move |tx| tx.execute(sql, &parameters))
    };
    assert_eq!(run(INSERT, thing(1, 1).to_vec()), Ok(1));
    let primary = run(
        INSERT,
        vec![community(1).into(), 1.into(), "another".into()],
    );
    assert!(
        matches!(&primary, Err(Error::Duplicate { constraint }) if constraint.contains("thing"))
    );
    let unique = run(
        INSERT,
        vec![community(1).into(), 2.into(), "thing 1".into()],
    );
    assert!(matches!(&unique, Err(Error::Duplicate { constraint }) if constraint.contains("name")));
    let missing = run(INSERT, vec![community(1).into(), 3.into(), Value::Null]);
    assert!(
        matches!(missing, Err(Error::Constraint { .. })),
        "{missing:?}"
    );
    let part = "insert into part (community_id, thing_id, amount) values ($1, $2, $3)";
    let check = run(part, vec![community(1).into(), 1.into(), 0.into()]);
    assert!(matches!(check, Err(Error::Constraint { .. })), "{check:?}");
    let orphan = run(part, vec![community(1).into(), 9.into(), 1.into()]);
    assert!(
        matches!(orphan, Err(Error::Constraint { .. })),
        "{orphan:?}"
    );
}

fn many_rows_are_inserted_beyond_the_limit_of_parameters(open: &Open) {
    let database = open(Options::default());
    let inserted = database.write_blocking(community(1), |tx| {
        let rows: Vec<Vec<Value>> = (0..25_001).map(|id| thing(1, id).to_vec()).collect();
        assert_eq!(
            tx.insert_many("insert into thing (community_id, id, name)", &[])?,
            0
        );
        tx.insert_many("insert into thing (community_id, id, name)", &rows)
    });
    assert_eq!(inserted, Ok(25_001));
    assert_eq!(crate::open::count(&database, 1), 25_001);
}

fn uneven_rows_are_refused(open: &Open) {
    let database = open(Options::default());
    let refused = database.write_blocking(community(1), |tx| {
        let rows = [thing(1, 1).to_vec(), vec![Value::Null]];
        tx.insert_many("insert into thing (community_id, id, name)", &rows)
    });
    assert!(
        matches!(refused, Err(Error::Statement { .. })),
        "{refused:?}"
    );
    assert_eq!(crate::open::count(&database, 1), 0);
}
