//! What is kept of a life circle, on SQLite and on PostgreSQL; what is refused; and that no tampering goes unseen.

use std::collections::BTreeSet;

use db::{Read, Tx};
use journal::Command;
use kernel::{Actor, CommunityId, Grants, Role};
use lifecircle::{
    COMMANDS, ChangeTypes, CircleId, DropScenario, Error, ImportList, ImportMap, List, ListKind,
    MAX_MAP_BYTES, MapOutcome, MapSummary, NoteReading, OpenCircle, OwnId, PlanChange, RestateList,
    SaveScenario, ScenarioId, WithdrawList, read_list,
};
use street_map::{FacilityType, FacilityTypes};
use test_kit::{Person, TestCommunity, on_both_engines};

use crate::town::{SOUTH, WEST, two_banks};

const PLANNER: Person = Person(1, Role::CityStaff);
const RESIDENT: Person = Person(11, Role::Resident);

struct World(TestCommunity);

impl std::ops::Deref for World {
    type Target = TestCommunity;

    fn deref(&self) -> &TestCommunity {
        &self.0
    }
}

impl World {
    fn on_sqlite() -> Self {
        let tables = [lifecircle::MIGRATIONS];
        Self(TestCommunity::on_sqlite(
            &tables,
            &[lifecircle::PERMISSIONS],
        ))
    }

    fn on_postgres() -> Option<Self> {
        let tables = [lifecircle::MIGRATIONS];
        let permissions = [lifecircle::PERMISSIONS];
        TestCommunity::on_postgres("lifecircle", &tables, &permissions).map(Self)
    }

    fn opened(&self) -> CircleId {
        self.must(
            PLANNER,
            OpenCircle {
                name: " 城西 ".to_owned(),
            },
        )
    }

    fn circle(&self, id: CircleId) -> lifecircle::Circle {
        self.read(RESIDENT, move |read, ctx| lifecircle::circle(read, ctx, id))
            .unwrap()
    }
}

on_both_engines! { crate::kept::World::on_sqlite(), crate::kept::World::on_postgres();
    every_statement_can_be_prepared,
    maps_are_kept_and_the_newest_that_can_be_read_is_in_use,
    types_are_checked_and_kept,
    lists_are_kept_restated_and_withdrawn,
    scenarios_are_saved_and_dropped,
    every_tampering_is_found,
}

fn every_statement_can_be_prepared(world: &World) {
    for statements in lifecircle::STATEMENTS {
        world.journal.database().prepare_all(statements).unwrap();
    }
}

fn maps_are_kept_and_the_newest_that_can_be_read_is_in_use(world: &World) {
    let circle = world.opened();
    let map = two_banks(true);
    assert_eq!(
        world.must(PLANNER, ImportMap::new(circle, "a.osm.pbf", map.clone())),
        1
    );
    assert_eq!(
        world.must(
            PLANNER,
            ImportMap::new(circle, "b.osm.pbf", map[..90].to_vec())
        ),
        2
    );
    let outcome = MapOutcome::Refused("the file ends".to_owned());
    world.must(
        PLANNER,
        NoteReading {
            circle,
            number: 2,
            outcome: outcome.clone(),
        },
    );
    let again = world.run(
        PLANNER,
        NoteReading {
            circle,
            number: 2,
            outcome: outcome.clone(),
        },
    );
    assert!(
        matches!(again, Err(Error::NoSuchPart { .. })),
        "a reading is noted once"
    );
    let unheard = world.run(
        PLANNER,
        NoteReading {
            circle,
            number: 9,
            outcome,
        },
    );
    assert!(matches!(unheard, Err(Error::NoSuchPart { .. })));
    let kept = world.circle(circle);
    assert_eq!(kept.name, "城西");
    assert_eq!(kept.map_in_use().unwrap().number, 1);
    let file = world.read(RESIDENT, move |read, ctx| {
        lifecircle::map_file(read, ctx, circle, 1)
    });
    assert_eq!(file.unwrap(), ("a.osm.pbf".to_owned(), map));
    let huge = world.run(
        PLANNER,
        ImportMap::new(circle, "c", vec![0; MAX_MAP_BYTES + 1]),
    );
    assert!(matches!(huge, Err(Error::MapSize { .. })));
    for not_a_map in [&b""[..], b"PK\x03\x04", b"\0\0\0\x0d\x0a\x09OSMHea"] {
        let refused = world.run(PLANNER, ImportMap::new(circle, "d", not_a_map.to_vec()));
        assert!(
            matches!(refused, Err(Error::NotAMap { .. })),
            "{not_a_map:?}"
        );
    }
    let elsewhere = CircleId::from_uuid(kernel::Uuid::from_u128(9));
    let nowhere = world.run(PLANNER, ImportMap::new(elsewhere, "e", two_banks(true)));
    assert!(matches!(nowhere, Err(Error::NoSuchCircle)));
}

fn builtin() -> Vec<FacilityType> {
    FacilityTypes::builtin().unwrap().types
}

fn types_are_checked_and_kept(world: &World) {
    let circle = world.opened();
    let types = world.read(RESIDENT, move |read, ctx| {
        lifecircle::types(read, ctx, circle)
    });
    assert_eq!(types.unwrap().types, builtin());
    let mut own = builtin();
    own[0].limit_m = 450;
    own.truncate(3);
    assert_eq!(
        world.must(
            PLANNER,
            ChangeTypes {
                circle,
                types: own.clone()
            }
        ),
        1
    );
    let types = world.read(RESIDENT, move |read, ctx| {
        lifecircle::types(read, ctx, circle)
    });
    assert_eq!(types.unwrap().types, own);
    for wrong in [Vec::new(), vec![own[0].clone(), own[0].clone()]] {
        let refused = world.run(
            PLANNER,
            ChangeTypes {
                circle,
                types: wrong,
            },
        );
        assert!(matches!(refused, Err(Error::Types { .. })));
    }
}

fn list() -> List {
    let types = FacilityTypes::builtin().unwrap();
    let text = "名称,类型,经度,纬度\n东幼,幼儿园,120.58,30.01\n西,幼儿园,x,y\n";
    read_list(ListKind::Facilities, &types, None, text.as_bytes()).unwrap()
}

fn import(circle: CircleId) -> ImportList {
    ImportList {
        circle,
        kind: ListKind::Facilities,
        file_name: "设施.csv".to_owned(),
        datum: "gcj02".to_owned(),
        swapped: false,
        list: list(),
    }
}

fn lists_are_kept_restated_and_withdrawn(world: &World) {
    let circle = world.opened();
    let id = world.must(PLANNER, import(circle));
    let row = world.circle(circle).lists[0].clone();
    assert_eq!(
        (row.features, row.faults, row.datum.name()),
        (1, 1, "gcj02")
    );
    let kept = world.read(RESIDENT, move |read, ctx| {
        lifecircle::list(read, ctx, circle, id)
    });
    assert_eq!(kept.unwrap(), list());
    let restate = |datum: &str| RestateList {
        circle,
        list: id,
        datum: datum.to_owned(),
        swapped: true,
    };
    world.must(PLANNER, restate("wgs84"));
    assert!(matches!(
        world.run(PLANNER, restate("mars")),
        Err(Error::Blank { field: "datum" })
    ));
    world.must(PLANNER, WithdrawList { circle, list: id });
    let row = world.circle(circle).lists[0].clone();
    assert!(row.swapped && row.withdrawn.is_some());
    let unheard = OwnId::from_uuid(kernel::Uuid::from_u128(7));
    let refused = world.run(
        PLANNER,
        WithdrawList {
            circle,
            list: unheard,
        },
    );
    assert!(matches!(refused, Err(Error::NoSuchPart { .. })));
}

fn change() -> PlanChange {
    PlanChange::Facility {
        kind: "kindergarten".to_owned(),
        lon_e7: WEST,
        lat_e7: SOUTH,
    }
}

fn scenarios_are_saved_and_dropped(world: &World) {
    let circle = world.opened();
    let save = |changes| SaveScenario {
        circle,
        name: "东侧幼儿园".to_owned(),
        changes,
    };
    let scenario = world.must(PLANNER, save(vec![change()]));
    assert!(matches!(
        world.run(PLANNER, save(Vec::new())),
        Err(Error::Blank { .. })
    ));
    assert!(matches!(
        world.run(PLANNER, save(vec![change(); 51])),
        Err(Error::TooMany { .. })
    ));
    let all = world.read(RESIDENT, move |read, ctx| {
        lifecircle::scenarios(read, ctx, circle)
    });
    assert_eq!(all.unwrap()[0].changes, [change()]);
    world.must(PLANNER, DropScenario { circle, scenario });
    let gone = world.run(PLANNER, DropScenario { circle, scenario });
    assert!(matches!(gone, Err(Error::NoSuchPart { .. })));
    let all = world.read(RESIDENT, move |read, ctx| {
        lifecircle::scenarios(read, ctx, circle)
    });
    assert!(all.unwrap().is_empty());
}

const TAMPERINGS: &[&str] = &[
    "update life_circle set name = 'x'",
    "update life_circle_map set file_name = 'x'",
    "update life_circle_map set content = sha256",
    "update life_circle_reading set outcome = '{}'",
    "delete from life_circle_reading",
    "update life_circle_types set types = replace(types, '300', '900')",
    "update life_circle_own set datum = 'bd09'",
    "update life_circle_own set content = replace(content, '120', '121')",
    "update life_circle_own set withdrawn_at = 1 where withdrawn_at is null",
    "update life_circle_scenario set changes = '[]'",
    "delete from life_circle_scenario",
];

fn every_tampering_is_found(world: &World) {
    let circle = world.opened();
    world.must(
        PLANNER,
        ImportMap::new(circle, "a.osm.pbf", two_banks(true)),
    );
    let outcome = MapOutcome::Read(MapSummary::default());
    world.must(
        PLANNER,
        NoteReading {
            circle,
            number: 1,
            outcome,
        },
    );
    world.must(
        PLANNER,
        ChangeTypes {
            circle,
            types: builtin(),
        },
    );
    let gone = world.must(PLANNER, import(circle));
    world.must(PLANNER, WithdrawList { circle, list: gone });
    let list = world.must(PLANNER, import(circle));
    world.must(
        PLANNER,
        RestateList {
            circle,
            list,
            datum: "cgcs2000".to_owned(),
            swapped: true,
        },
    );
    let save = || SaveScenario {
        circle,
        name: "甲".to_owned(),
        changes: vec![change()],
    };
    let scenario = world.must(PLANNER, save());
    world.must(PLANNER, DropScenario { circle, scenario });
    world.must(PLANNER, save());
    assert_eq!(audited(world, ""), Vec::<String>::new());
    for tampering in TAMPERINGS {
        assert_ne!(
            audited(world, tampering),
            Vec::<String>::new(),
            "{tampering}"
        );
    }
}

struct Undone(Vec<String>);

impl From<db::Error> for Undone {
    fn from(error: db::Error) -> Self {
        panic!("{error}");
    }
}

/// What the audit finds after a tampering, which is undone.
fn audited(world: &World, tampering: &'static str) -> Vec<String> {
    let community = world.id;
    let key = world.journal.signer().verifying_key();
    let database = world.journal.database();
    let undone = database.write_blocking(community, move |tx: &mut dyn Tx| {
        if !tampering.is_empty() {
            assert!(
                tx.execute(tampering, &[])? > 0,
                "{tampering} changes nothing"
            );
        }
        Err::<(), Undone>(Undone(told(tx, community, &key).unwrap()))
    });
    undone.unwrap_err().0
}

fn told(
    read: &mut dyn Read,
    community: CommunityId,
    key: &proof::VerifyingKey,
) -> Result<Vec<String>, Error> {
    let mut audit = lifecircle::Audit::new();
    journal::audit(read, &TestCommunity::vault(), key, community, &mut |seen| {
        audit.see(seen);
        Ok(())
    })?;
    Ok(audit.compare(read, community)?.findings.lines().collect())
}

/// Sends a command without any permission and notes its name.
fn refused<C: Command<Error = Error>>(world: &World, tried: &mut BTreeSet<&str>, command: C) {
    let ctx = world.context_with(Actor::account(RESIDENT.account()), Grants::default());
    let outcome = world.journal.execute_blocking(ctx, command);
    assert!(
        matches!(outcome.err(), Some(Error::Denied(_))),
        "{}",
        C::NAME
    );
    tried.insert(C::NAME);
}

#[test]
fn every_command_is_denied_without_its_permission() {
    let world = World::on_sqlite();
    let circle = world.opened();
    let tried = &mut BTreeSet::new();
    let list = OwnId::from_uuid(kernel::Uuid::from_u128(1));
    let scenario = ScenarioId::from_uuid(kernel::Uuid::from_u128(1));
    refused(
        &world,
        tried,
        OpenCircle {
            name: String::new(),
        },
    );
    refused(&world, tried, ImportMap::new(circle, "", Vec::new()));
    let outcome = MapOutcome::Refused(String::new());
    refused(
        &world,
        tried,
        NoteReading {
            circle,
            number: 1,
            outcome,
        },
    );
    refused(
        &world,
        tried,
        ChangeTypes {
            circle,
            types: Vec::new(),
        },
    );
    refused(&world, tried, import(circle));
    refused(
        &world,
        tried,
        RestateList {
            circle,
            list,
            datum: String::new(),
            swapped: false,
        },
    );
    refused(&world, tried, WithdrawList { circle, list });
    refused(
        &world,
        tried,
        SaveScenario {
            circle,
            name: String::new(),
            changes: Vec::new(),
        },
    );
    refused(&world, tried, DropScenario { circle, scenario });
    assert_eq!(*tried, COMMANDS.iter().map(|(name, _)| *name).collect());
    let strangers = world.read(Person(5, Role::Provider), lifecircle::circles);
    assert!(matches!(strangers, Err(Error::Denied(_))));
}

fn keys(source: &str) -> BTreeSet<&str> {
    source
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, _)| key)
        .collect()
}

#[test]
fn both_languages_say_the_same_and_every_error_and_fault_has_a_text() {
    let zh = keys(include_str!("../../messages/zh-CN.ftl"));
    let en = keys(include_str!("../../messages/en.ftl"));
    assert_eq!(zh, en);
    for code in include_str!("../../src/error.rs").split('"') {
        let is_code = code.starts_with("lifecircle-error-");
        assert!(!is_code || en.contains(code), "{code} has no text");
    }
    let lists = include_str!("../../src/lists.rs");
    let faults = lists
        .split("fault(&at, \"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    for fault in faults.chain(["people", "elders", "levels", "geometry"]) {
        let key = format!("lifecircle-fault-{fault}");
        assert!(en.contains(key.as_str()), "{key} has no text");
    }
}
