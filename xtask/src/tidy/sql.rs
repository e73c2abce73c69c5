//! SQL stands in `store.rs` or `store/` only, and every statement on a community's table names the community.

use std::collections::BTreeSet;

use super::source::{Literal, Source};
use super::{Finding, Package};

/// The crate below all SQL.
const DRIVER: &str = "db";
const COMMUNITY: &str = "community_id";

/// The statements that go over all communities on purpose, with the reason.
const ACROSS: [(&str, &str); 0] = [];

pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    let tables = community_tables(packages);
    let mut findings = Vec::new();
    for package in packages.iter().filter(|package| package.name != DRIVER) {
        for source in &package.sources {
            for literal in statements(source) {
                if !in_store(&source.path) {
                    let what = "SQL outside of a store: move it to store.rs or store/";
                    findings.push(Finding::new(&source.path, literal.line, what));
                }
                findings.extend(unnamed_community(source, literal, &tables));
            }
        }
    }
    findings
}

/// A store is `src/store.rs` or stands in `src/store/`.
fn in_store(path: &str) -> bool {
    path.ends_with("/src/store.rs") || path.contains("/src/store/")
}

/// The strings that are SQL, those of unit tests apart.
fn statements(source: &Source) -> impl Iterator<Item = &Literal> {
    source
        .strings
        .iter()
        .filter(|literal| literal.line < source.tests_from && is_sql(&literal.text))
}

fn is_sql(text: &str) -> bool {
    let text = text.trim_start().to_lowercase();
    let begins = |verb: &str, then: &str| text.starts_with(verb) && text.contains(then);
    begins("select ", " from ")
        || begins("insert into ", "(")
        || begins("update ", " set ")
        || begins("delete from ", "")
        || begins("with ", " as (")
        || begins("create table ", "(")
}

fn unnamed_community(
    source: &Source,
    literal: &Literal,
    tables: &BTreeSet<String>,
) -> Option<Finding> {
    let text = literal.text.to_lowercase();
    if text.contains(COMMUNITY) {
        return None;
    }
    let table = tables_of(&text)
        .into_iter()
        .find(|table| tables.contains(*table))?;
    if ACROSS
        .iter()
        .any(|(statement, _)| literal.text.contains(statement))
    {
        return None;
    }
    let what =
        format!("a statement on {table} without {COMMUNITY}: tenants would see each other's rows");
    Some(Finding::new(&source.path, literal.line, what))
}

/// The tables that a statement names.
fn tables_of(sql: &str) -> Vec<&str> {
    let words: Vec<&str> = sql
        .split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .filter(|word| !word.is_empty())
        .collect();
    let before = ["from", "join", "into", "update"];
    words
        .windows(2)
        .filter_map(|pair| match pair {
            [verb, table] if before.contains(verb) => Some(*table),
            _ => None,
        })
        .collect()
}

/// The tables whose rows belong to a community, by the migrations.
fn community_tables(packages: &[Package]) -> BTreeSet<String> {
    let migrations = packages.iter().flat_map(|package| &package.migrations);
    migrations
        .flat_map(|(_, text)| tables_with_community(&text.to_lowercase()))
        .collect()
}

fn tables_with_community(sql: &str) -> Vec<String> {
    let tables = sql.split("create table ").skip(1);
    tables
        .filter_map(|table| {
            let (name, columns) = table.split_once('(')?;
            let columns = columns.split(';').next()?;
            columns.contains(COMMUNITY).then(|| name.trim().to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(path: &str, code: &str) -> Package {
        let sql = "create table roll (\n community_id BYTEA not null,\n name TEXT);\ncreate table account (id BYTEA);";
        Package {
            name: "people".to_owned(),
            manifest: String::new(),
            sources: vec![Source::parse(path.to_owned(), code)],
            migrations: vec![("0001.sql".to_owned(), sql.to_owned())],
            messages: Vec::new(),
        }
    }

    fn found(path: &str, code: &str) -> Vec<usize> {
        check(&[package(path, code)])
            .iter()
            .map(|finding| finding.line)
            .collect()
    }

    const STORE: &str = "crates/people/src/store.rs";

    #[test]
    fn sql_outside_of_a_store_is_found() {
        let code = "\nlet a = \"delete from roll where community_id = $1\";\nlet b = \"Select a unit on the page\";";
        assert_eq!(found("crates/people/src/queries.rs", code), [2]);
        assert!(found(STORE, code).is_empty());
        assert!(found("crates/people/src/store/roll.rs", code).is_empty());
    }

    #[test]
    fn a_statement_on_a_communitys_table_names_the_community() {
        assert_eq!(
            found(STORE, "\"select name from roll where name = $1\""),
            [1]
        );
        assert_eq!(
            found(STORE, "\"select a.id from account a\n join roll on true\""),
            [1]
        );
        assert!(found(STORE, "\"select id from account where id = $1\"").is_empty());
        assert!(found(STORE, "\"select name from roll where community_id = $1\"").is_empty());
    }

    #[test]
    fn unit_tests_may_ask_what_they_like() {
        assert!(
            found(
                "crates/people/src/a.rs",
                "#[cfg(test)]\nmod tests { const A: &str = \"select 1 from roll\"; }"
            )
            .is_empty()
        );
    }
}
