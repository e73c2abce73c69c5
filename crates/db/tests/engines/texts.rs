//! One SQL text, one answer: what the engines must agree on, statement by statement.

use db::{Error, Options, Row, Value};

use crate::open::{Open, community, thing};

on_both_engines!(
    every_text_of_the_portable_subset_answers_the_same,
    defective_texts_are_refused_when_prepared,
    a_wrong_number_of_parameters_is_refused,
);

type Case = (&'static str, Vec<Value>, Vec<Vec<Value>>);

const INSERT_MANY: &str = "insert into thing (community_id, id, name, weight)";

/// Things 1 to 4 of community 1 weigh 1.5, NULL, 3 and 3; thing 4 is unflagged.
fn cases() -> Vec<Case> {
    let c = || Value::from(community(1));
    let int = |n: i64| Value::Integer(n);
    let text = |t: &str| Value::from(t);
    vec![
        ("select $1 + 1", vec![int(41)], vec![vec![int(42)]]),
        (
            "select $2 || '-' || $1",
            vec![text("甲"), text("乙")],
            vec![vec![text("乙-甲")]],
        ),
        (
            "select id from thing where community_id = $1 and (weight, id) > ($2, $3) order by weight, id",
            vec![c(), Value::Real(1.5), int(1)],
            vec![vec![int(3)], vec![int(4)]],
        ),
        (
            "select id from thing where community_id = $1 order by weight desc nulls last, id limit $2 offset $3",
            vec![c(), int(2), int(2)],
            vec![vec![int(1)], vec![int(2)]],
        ),
        (
            "select id from thing where community_id = $1 and weight is distinct from 3 order by id",
            vec![c()],
            vec![vec![int(1)], vec![int(2)]],
        ),
        (
            "select count(*) filter (where flag), count(weight) from thing where community_id = $1",
            vec![c()],
            vec![vec![int(3), int(3)]],
        ),
        (
            "select cast(sum(id) as bigint) from thing where community_id = $1",
            vec![c()],
            vec![vec![int(10)]],
        ),
        (
            "select id, row_number() over (order by id desc) from thing where community_id = $1 and flag order by id limit 1",
            vec![c()],
            vec![vec![int(1), int(3)]],
        ),
        (
            "select string_agg(name, ',' order by id) from thing where community_id = $1 and id < 3",
            vec![c()],
            vec![vec![text("thing 1,thing 2")]],
        ),
        (
            "with recursive up (n) as (select cast($1 as bigint) union all select n + 1 from up where n < 3) select n from up order by n",
            vec![int(1)],
            vec![vec![int(1)], vec![int(2)], vec![int(3)]],
        ),
        (
            "select coalesce(weight, $2) from thing where community_id = $1 and id = 2",
            vec![c(), Value::Real(0.25)],
            vec![vec![Value::Real(0.25)]],
        ),
        (
            "select case when weight > $2 then 'heavy' else 'light' end from thing where community_id = $1 and id = 3",
            vec![c(), Value::Real(2.0)],
            vec![vec![text("heavy")]],
        ),
        (
            "update thing set name = $3 where community_id = $1 and id = $2 returning id, name",
            vec![c(), int(1), text("'it''s' $1")],
            vec![vec![int(1), text("'it''s' $1")]],
        ),
        (
            "insert into thing (community_id, id, name) values ($1, $2, $3) on conflict (community_id, id) do update set name = excluded.name returning name",
            vec![c(), int(1), text("upserted")],
            vec![vec![text("upserted")]],
        ),
        (
            "insert into thing (community_id, id, name) values ($1, $2, $3) on conflict do nothing returning id",
            vec![c(), int(1), text("again")],
            vec![],
        ),
        (
            "with v (id, weight) as (values (cast($2 as bigint), cast($3 as double precision)), ($4, $5)) \
             update thing set weight = v.weight from v where thing.community_id = $1 and thing.id = v.id returning thing.id",
            vec![c(), int(1), Value::Real(9.0), int(99), Value::Real(9.0)],
            vec![vec![int(1)]],
        ),
        (
            "select data from thing where community_id = $1 and data is not null",
            vec![c()],
            vec![],
        ),
        (
            "select cast($1 as bytea)",
            vec![Value::Bytes(vec![0, 255, 7])],
            vec![vec![Value::Bytes(vec![0, 255, 7])]],
        ),
        (
            "delete from thing where community_id = $1 and id > $2 returning id",
            vec![c(), int(3)],
            vec![vec![int(4)]],
        ),
        (
            "select '$1 bigint' -- $9 '",
            vec![],
            vec![vec![text("$1 bigint")]],
        ),
    ]
}

fn every_text_of_the_portable_subset_answers_the_same(open: &Open) {
    let database = open(Options::default());
    for (sql, parameters, expected) in cases() {
        let answer = database.write_blocking(community(1), move |tx| {
            let row = |id: i64, weight: Value| {
                let [community, id, name] = thing(1, id);
                vec![community, id, name, weight]
            };
            tx.insert_many(
                INSERT_MANY,
                &[
                    row(1, 1.5.into()),
                    row(2, Value::Null),
                    row(3, 3.0.into()),
                    row(4, 3.0.into()),
                ],
            )?;
            let unflag = "update thing set flag = false where community_id = $1 and id = 4";
            assert_eq!(tx.execute(unflag, &[community(1).into()])?, 1);
            let rows = tx.query(sql, &parameters)?;
            tx.execute(
                "delete from thing where community_id = $1",
                &[community(1).into()],
            )?;
            Ok::<_, Error>(rows)
        });
        let expected: Vec<Row> = expected.into_iter().map(Row::new).collect();
        assert_eq!(answer, Ok(expected), "{sql}");
    }
}

fn defective_texts_are_refused_when_prepared(open: &Open) {
    let database = open(Options::default());
    let statement = |name, sql| db::Statement { name, sql };
    let good = statement(
        "COUNT",
        "select count(*) from thing where community_id = $1",
    );
    assert_eq!(database.prepare_all(&[good]), Ok(()));
    let refused = database.prepare_all(&[
        statement("TYPO", "selekt 1"),
        good,
        statement("NO_TABLE", "select 1 from nothing"),
    ]);
    let refused = refused.unwrap_err();
    assert_eq!(refused.len(), 2);
    assert!(refused[0].to_string().contains("TYPO"), "{}", refused[0]);
    assert!(matches!(&refused[1], Error::Statement { sql, .. } if sql.contains("nothing")));
}

fn a_wrong_number_of_parameters_is_refused(open: &Open) {
    let database = open(Options::default());
    for parameters in [vec![], vec![1.into(), 2.into()]] {
        let answer = database.read_blocking(move |read| read.query("select $1 + 1", &parameters));
        assert!(matches!(answer, Err(Error::Statement { .. })), "{answer:?}");
    }
}
