//! Laws of the import: no cell makes it panic; what is applied is the file; what is applied twice is applied once.

use std::collections::{BTreeMap, BTreeSet};

use people::import::{RESIDENT_COLUMNS, RollState, RollTable, UNIT_COLUMNS, plan_import};
use people::model::AreaSource;
use people::queries;
use proptest::prelude::*;

use crate::world::{COMMITTEE, World, importing, table};

/// Cells that mean something, cells that nearly do, and anything.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "", "1幢", "2幢", "101", "102", "89.53", "0", "-1", "89.531", "1e9", "王伟", "王伟、李芳", "李芳；",
            "开发商", "11010519491231002X", "110105194912310021", "护照:E12345678", "13912341234",
            "13912341234、", "个人", "公司", "住宅", "车位", "登记簿", "1980", "2999", "租户", "９９",
        ]).prop_map(ToOwned::to_owned),
        1 => ".{0,12}",
    ]
}

fn any_table(columns: &'static [people::import::Column]) -> impl Strategy<Value = RollTable> {
    let header: Vec<String> = columns
        .iter()
        .map(|column| column.name.to_owned())
        .collect();
    let width = header.len();
    let headers = prop_oneof![
        9 => Just(header),
        1 => prop::collection::vec(".{0,8}", 0..12),
    ];
    let rows = prop::collection::vec(prop::collection::vec(cell(), 0..width + 2), 0..12);
    (headers, rows).prop_map(|(header, rows)| RollTable {
        header,
        rows: rows
            .into_iter()
            .enumerate()
            .map(|(at, cells)| (at + 2, cells))
            .collect(),
    })
}

/// Someone in a sound file: a name out of few, so that people share them, and perhaps more to know them by.
#[derive(Clone, Debug)]
struct Named {
    name: &'static str,
    id_number: &'static str,
    phone: &'static str,
}

fn named() -> impl Strategy<Value = Named> {
    prop::sample::select(vec![
        Named {
            name: "王伟",
            id_number: "11010519491231002X",
            phone: "13912341234",
        },
        Named {
            name: "王伟",
            id_number: "11010519491231002X",
            phone: "",
        },
        Named {
            name: "王伟",
            id_number: "",
            phone: "13912341234",
        },
        Named {
            name: "王伟",
            id_number: "",
            phone: "13900000000",
        },
        Named {
            name: "王伟",
            id_number: "",
            phone: "",
        },
        Named {
            name: "李芳",
            id_number: "440524188001010014",
            phone: "",
        },
        Named {
            name: "李芳",
            id_number: "",
            phone: "13912341234",
        },
        Named {
            name: "李芳",
            id_number: "",
            phone: "",
        },
        Named {
            name: "张敏",
            id_number: "",
            phone: "",
        },
        Named {
            name: "好好有限公司",
            id_number: "",
            phone: "",
        },
        Named {
            name: "开发商",
            id_number: "",
            phone: "",
        },
    ])
}

/// A row: building, number, area in 0.01 m², owners.
type Row = (u8, u8, u32, Vec<Named>);

fn sound_file() -> impl Strategy<Value = RollTable> {
    let row = (
        1..3_u8,
        1..6_u8,
        8_000..9_000_u32,
        prop::collection::vec(named(), 1..3),
    );
    prop::collection::vec(row, 1..8).prop_map(|rows: Vec<Row>| {
        let mut seen = BTreeSet::new();
        let mut file = table("楼栋|房号|面积|业主|证件号|手机");
        for (building, number, area, owners) in rows {
            if !seen.insert((building, number)) {
                continue;
            }
            let joined = |part: fn(&Named) -> &'static str| {
                owners.iter().map(part).collect::<Vec<_>>().join("、")
            };
            let cells = vec![
                format!("{building}幢"),
                number.to_string(),
                format!("{}.{:02}", area / 100, area % 100),
                joined(|owner| owner.name),
                joined(|owner| owner.id_number),
                joined(|owner| owner.phone),
            ];
            file.rows.push((file.rows.len() + 2, cells));
        }
        file
    })
}

/// What the roll says of each unit of the file: its area and its owners' names, as an import's preview sees them.
fn on_roll(world: &World) -> BTreeMap<String, (String, Vec<String>)> {
    let file = world
        .read(COMMITTEE, |read, ctx| queries::export_rows(read, ctx))
        .unwrap();
    file.rows
        .into_iter()
        .map(|(_, cells)| {
            let mut names: Vec<String> = cells[5].split('、').map(ToOwned::to_owned).collect();
            names.sort();
            (
                format!("{} {}", cells[0], cells[1]),
                (cells[2].clone(), names),
            )
        })
        .collect()
}

fn in_file(file: &RollTable) -> BTreeMap<String, (String, Vec<String>)> {
    file.rows
        .iter()
        .map(|(_, cells)| {
            let masked = |name: &str| match name {
                "开发商" | "好好有限公司" => name.to_owned(),
                name => people::model::mask_name(name),
            };
            let mut names: Vec<String> = cells[3].split('、').map(masked).collect();
            names.sort();
            (
                format!("{} {}", cells[0], cells[1]),
                (cells[2].clone(), names),
            )
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_table_makes_the_plan_panic(units in any_table(UNIT_COLUMNS), residents in any_table(RESIDENT_COLUMNS)) {
        match plan_import(&RollState::default(), &units, Some(&residents), 2026) {
            Ok(plan) => prop_assert!(plan.units.iter().all(|unit| !unit.owners.is_empty() && !unit.after.exclusive_area.is_zero())),
            Err(findings) => prop_assert!(!findings.0.is_empty()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_applied_is_the_file_and_twice_is_once(first in sound_file(), second in sound_file()) {
        let world = World::on_sqlite();
        let mut expected = BTreeMap::new();
        for file in [first, second] {
            let mut command = importing(file.clone(), None);
            command.is_confirmed = true;
            let Ok(counts) = world.run(COMMITTEE, command.clone()) else { continue };
            prop_assert_eq!(counts.units.added + counts.units.changed + counts.units.unchanged, people_count(file.rows.len()));
            expected.extend(in_file(&file));
            prop_assert_eq!(&on_roll(&world), &expected);
            let before = world.electorate();
            let again = world.run(COMMITTEE, command).unwrap();
            prop_assert_eq!(again.units.unchanged, people_count(file.rows.len()));
            prop_assert_eq!((again.units.added, again.units.changed, again.transfers), (0, 0, 0));
            prop_assert_eq!((again.owners.added, again.owners.changed), (0, 0));
            prop_assert_eq!(world.electorate(), before);
            prop_assert!(world.electorate().units.iter().all(|unit| unit.area_source == AreaSource::Register));
        }
    }
}

fn people_count(length: usize) -> u64 {
    u64::try_from(length).unwrap()
}
