//! New databases with a small schema.

use db::{Database, Migration, Options, Value};
use kernel::{CommunityId, Uuid};
use test_kit::PostgresCluster;

/// How a test opens its database.
pub(crate) type Open = dyn Fn(Options) -> Database;

pub(crate) const SCHEMA: &[Migration] = &[Migration {
    module: "test",
    version: 1,
    sql: "
-- Things; and their parts.
create table thing (
  community_id bytea not null,
  id bigint not null,
  name text not null,
  data bytea,
  flag boolean not null default true,
  weight double precision,
  primary key (community_id, id),
  unique (community_id, name)
);
create table part (
  community_id bytea not null,
  thing_id bigint not null,
  amount bigint not null check (amount > 0),
  foreign key (community_id, thing_id) references thing (community_id, id) deferrable initially deferred
);
create index heavy on thing (community_id, weight) where flag;
",
}];

pub(crate) const INSERT: &str = "insert into thing (community_id, id, name) values ($1, $2, $3)";
pub(crate) const COUNT: &str = "select count(*) from thing where community_id = $1";

pub(crate) fn sqlite(options: Options) -> Database {
    with_schema(&Database::open("sqlite::memory:", options).unwrap())
}

pub(crate) fn is_postgres_here() -> bool {
    PostgresCluster::shared().is_some()
}

pub(crate) fn postgres(options: Options) -> Database {
    with_schema(&Database::open(&postgres_url(), options).unwrap())
}

pub(crate) fn postgres_url() -> String {
    PostgresCluster::shared().unwrap().database("db")
}

fn with_schema(database: &Database) -> Database {
    database.migrate(SCHEMA).unwrap();
    database.clone()
}

/// The n-th community.
pub(crate) fn community(n: u128) -> CommunityId {
    CommunityId::from_uuid(Uuid::from_u128(n))
}

/// `thing` number `id` of community `n`, as INSERT wants it.
pub(crate) fn thing(n: u128, id: i64) -> [Value; 3] {
    [community(n).into(), id.into(), format!("thing {id}").into()]
}

/// How many things community `n` has.
pub(crate) fn count(database: &Database, n: u128) -> i64 {
    database
        .read_blocking(move |read| {
            read.query_one(COUNT, &[community(n).into()])?
                .map_or(Ok(-1), |row| row.get(0))
        })
        .unwrap_or_else(|error: db::Error| panic!("{error}"))
}
