//! The commands of an operator on what is not there, not Linli's, or another installation's: each says so, and none makes
//! something new in its place.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod keys;
mod place;

use place::{Place, both_engines};

/// Everything that looks at an installation without starting one.
const LOOKERS: [&[&str]; 3] = [
    &["verify"],
    &["admin", "backup", "copy.db"],
    &["admin", "set-password", "--login", "admin", "--reason", "x"],
];

#[test]
fn a_missing_database_is_told_and_not_made() {
    let place = Place::new("missing");
    for arguments in LOOKERS {
        let said = place.refused("nope.db", "fresh.keys", arguments);
        assert!(said.contains("there is no database at"), "{said}");
        assert!(said.contains("nope.db"), "{said}");
        assert_eq!(place.files(), Vec::<String>::new(), "{arguments:?}");
    }
}

#[test]
fn a_missing_database_of_postgresql_is_told_and_nobody_asked_to_try_again() {
    let Some(cluster) = test_kit::PostgresCluster::shared() else {
        eprintln!("PostgreSQL is not installed: nothing was tried");
        return;
    };
    let there = cluster.database("there");
    let place = Place::new("missing-postgres");
    let missing = there.replacen("there", "nowhere_at_all", 1);
    let said = place.refused_at(&missing, "fresh.keys", &["verify"]);
    assert!(said.contains("there is no database"), "{said}");
    assert!(!said.contains("try again"), "{said}");
}

#[test]
fn a_database_without_tables_of_linli_is_told_and_left_as_it_is() {
    let place = Place::new("tables");
    std::fs::write(place.path("empty.db"), "").unwrap();
    for arguments in LOOKERS {
        let said = place.refused("empty.db", "fresh.keys", arguments);
        assert!(said.contains("none of Linli's tables"), "{said}");
        assert!(!place.has("fresh.keys") && !place.has("copy.db"));
    }
    let said = place.refused(
        "other.db",
        "fresh.keys",
        &["admin", "restore", &place.path("empty.db")],
    );
    assert!(said.contains("is no backup of Linli"), "{said}");
    assert!(!place.has("other.db"));
}

#[test]
fn a_file_that_is_no_database_is_told_and_nobody_asked_to_try_again() {
    let place = Place::new("no-database");
    std::fs::write(place.path("letter.db"), "Dear neighbours, ".repeat(100)).unwrap();
    for arguments in LOOKERS.into_iter().chain([&["migrate"][..], &["serve"]]) {
        let said = place.refused("letter.db", "fresh.keys", arguments);
        assert!(said.contains("this is no SQLite database"), "{said}");
        assert!(!said.contains("try again"), "{said}");
    }
}

#[test]
fn what_an_earlier_version_made_is_proved_once_it_is_brought_up_to_date() {
    both_engines("earlier", |place, database| {
        place.community(database, "its.keys");
        place::as_before_the_mark(database);
        let said = place.refused_at(database, "its.keys", &["verify"]);
        assert!(said.contains("linli migrate"), "{said}");
        place.done_at(database, "its.keys", &["migrate"]);
        let said = place.done_at(database, "its.keys", &["verify"]);
        assert!(said.contains("holds"), "{said}");
    });
}

#[test]
fn a_weak_password_is_told_why_once() {
    let place = Place::new("weak");
    let create = [
        "admin",
        "create-administrator",
        "--login",
        "admin",
        "--name",
        "张三",
    ];
    let said = place.refused("new.db", "new.keys", &create);
    assert_eq!(
        said.matches("it has fewer than 8 characters").count(),
        1,
        "{said}"
    );
}

#[test]
fn a_place_that_is_none_is_shown_an_example() {
    let place = Place::new("example");
    let create = [
        "admin",
        "create-community",
        "--name",
        "鉴湖花园",
        "--place",
        "abc",
    ];
    let said = place.refused("new.db", "new.keys", &create);
    assert!(
        said.contains("six digits") && said.contains("330602"),
        "{said}"
    );
}
