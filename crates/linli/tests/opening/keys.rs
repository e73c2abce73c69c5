//! A database knows its keys: with others, or none, nobody starts on it, and nothing is made in their place.

use crate::place::{Place, both_engines, is_marked, unmarked};

/// What asks for the keys of a database that is there.
const ASKING: [&[&str]; 4] = [
    &["serve"],
    &["verify"],
    &[
        "admin",
        "create-community",
        "--name",
        "兰亭花园",
        "--place",
        "330602",
    ],
    &["admin", "set-password", "--login", "chen", "--reason", "x"],
];

#[test]
fn a_missing_key_file_is_refused_on_a_record_and_not_made() {
    both_engines("missing_keys", |place, database| {
        place.community(database, "its.keys");
        for arguments in ASKING {
            let said = place.refused_at(database, "mistyped.keys", arguments);
            assert!(
                said.contains("there is no key file mistyped.keys"),
                "{said}"
            );
            assert!(said.contains("signed by linli+"), "{said}");
            assert!(!place.has("mistyped.keys"), "{arguments:?}");
        }
        let proved = place.done_at(database, "its.keys", &["verify"]);
        assert!(proved.contains("holds"), "{proved}");
    });
}

#[test]
fn keys_of_another_installation_are_refused_and_both_are_named() {
    both_engines("other_keys", |place, database| {
        place.community(database, "its.keys");
        place.community(
            &format!("sqlite:{}", place.path("neighbour.db")),
            "neighbour.keys",
        );
        for arguments in ASKING {
            let said = place.refused_at(database, "neighbour.keys", arguments);
            assert!(
                said.contains("the key file neighbour.keys is not that of"),
                "{said}"
            );
            assert_eq!(said.matches("linli+").count(), 2, "{said}");
        }
    });
}

#[test]
fn a_changed_vault_is_refused_though_the_signature_fits() {
    let place = Place::new("vault");
    let database = format!("sqlite:{}", place.path("linli.db"));
    place.community(&database, "its.keys");
    let text = std::fs::read_to_string(place.path("its.keys")).unwrap();
    let vault = text.lines().find(|line| line.starts_with("vault")).unwrap();
    let other = text.replace(vault, &format!("vault = [\"{}\"]", "07".repeat(32)));
    std::fs::write(place.path("changed.keys"), other).unwrap();
    for is_before in [false, true] {
        if is_before {
            unmarked(&database);
        }
        let said = place.refused_at(&database, "changed.keys", &["verify"]);
        assert!(said.contains("do not open its personal data"), "{said}");
    }
    let longer = text.replace(
        vault,
        &vault.replace(']', &format!(", \"{}\"]", "07".repeat(32))),
    );
    std::fs::write(place.path("longer.keys"), longer).unwrap();
    place.done_at(&database, "longer.keys", &["verify"]);
}

#[test]
fn a_record_without_a_mark_is_marked_by_the_first_who_has_its_keys() {
    both_engines("unmarked", |place, database| {
        place.community(database, "its.keys");
        place.community(
            &format!("sqlite:{}", place.path("neighbour.db")),
            "neighbour.keys",
        );
        unmarked(database);
        let said = place.refused_at(database, "neighbour.keys", ASKING[2]);
        assert!(said.contains("neighbour.keys"), "{said}");
        assert!(!place.has("mistyped.keys") && !is_marked(database));
        let said = place.refused_at(database, "mistyped.keys", ASKING[2]);
        assert!(
            said.contains("there is no key file mistyped.keys"),
            "{said}"
        );
        place.done_at(database, "its.keys", ASKING[2]);
        assert!(is_marked(database));
    });
}

#[test]
fn a_backup_is_proved_and_names_the_key_file_that_fits() {
    let place = Place::new("backup");
    let database = format!("sqlite:{}", place.path("linli.db"));
    place.community(&database, "its.keys");
    place.community(
        &format!("sqlite:{}", place.path("neighbour.db")),
        "neighbour.keys",
    );
    let said = place.done_at(&database, "its.keys", &["admin", "backup", "good.db"]);
    assert!(
        said.contains("its record holds") && said.contains("its.keys"),
        "{said}"
    );
    let said = place.done_at(
        &database,
        "neighbour.keys",
        &["admin", "backup", "other.db"],
    );
    assert!(said.contains("not proved"), "{said}");
    let said = place.done_at(&database, "mistyped.keys", &["admin", "backup", "none.db"]);
    assert!(
        said.contains("not proved") && said.contains("mistyped.keys"),
        "{said}"
    );
    assert!(!place.has("mistyped.keys"));
    let left: Vec<_> = place
        .files()
        .into_iter()
        .filter(|name| name.contains("-wal"))
        .collect();
    assert!(
        left.iter()
            .all(|name| ["linli.db-wal", "neighbour.db-wal"].contains(&name.as_str())),
        "{left:?}"
    );
}

#[test]
fn a_restore_takes_the_backup_s_own_keys_and_leaves_nothing_where_it_refuses() {
    let place = Place::new("restore");
    let database = format!("sqlite:{}", place.path("linli.db"));
    place.community(&database, "its.keys");
    place.community(
        &format!("sqlite:{}", place.path("neighbour.db")),
        "neighbour.keys",
    );
    place.done_at(&database, "its.keys", &["admin", "backup", "good.db"]);
    let before = std::fs::read(place.path("good.db")).unwrap();
    for keys in ["neighbour.keys", "mistyped.keys"] {
        let said = place.refused("again.db", keys, &["admin", "restore", "good.db"]);
        assert!(said.contains(keys), "{said}");
        assert!(
            !place.files().iter().any(|name| name.starts_with("again")),
            "{said}"
        );
    }
    let again = format!("sqlite:{}", place.path("again.db"));
    place.done_at(&again, "its.keys", &["admin", "restore", "good.db"]);
    assert_eq!(
        std::fs::read(place.path("good.db")).unwrap(),
        before,
        "the backup stays as it is"
    );
    let proved = place.done_at(&again, "its.keys", &["verify"]);
    assert_eq!(proved.matches("holds").count(), 2, "{proved}");
}
