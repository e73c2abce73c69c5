//! Files become the roll: all or nothing, every fault told, twice the same.

use people::Error;
use people::commands::AppointVoice;
use people::import::{Counts, RollTable};
use people::model::{AreaSource, UnitUse};
use people::queries::{self, RollFilter};

use crate::world::{COMMITTEE, OTHER_OWNER, World, importing, small_roll, table};

on_both_engines!(
    a_file_becomes_the_roll,
    columns_may_stand_in_any_order_and_language,
    importing_twice_changes_nothing_and_is_recorded,
    nothing_of_a_faulty_file_is_written,
    a_changed_area_keeps_the_one_before,
    other_owners_in_the_file_are_a_transfer_and_end_the_voice,
    a_blank_cell_keeps_what_the_roll_knows,
    another_identity_number_is_another_person_and_it_is_said,
    a_wrong_decimal_point_must_be_confirmed,
    units_that_the_file_leaves_out_stay,
    residents_come_with_their_units,
    a_dry_run_writes_nothing_and_shows_masked_names,
    a_demo_community_imports,
);

/// Writes another text into a cell.
fn set(file: &mut RollTable, row: usize, column: usize, text: &str) {
    text.clone_into(&mut file.rows[row].1[column]);
}

fn a_file_becomes_the_roll(world: &World) {
    let counts = world.import(&small_roll()).unwrap();
    assert_eq!(
        counts.units,
        Counts {
            added: 6,
            changed: 0,
            unchanged: 0
        }
    );
    assert_eq!(
        (
            counts.buildings_added,
            counts.owners.added,
            counts.transfers
        ),
        (3, 5, 0)
    );

    let roll = world.electorate();
    let labels: Vec<String> = roll
        .units
        .iter()
        .map(|unit| unit.label.to_string())
        .collect();
    assert_eq!(
        labels,
        [
            "1幢 101",
            "1幢 102",
            "1幢 201",
            "1幢 202",
            "2幢 商铺1",
            "车库 A001"
        ]
    );
    assert_eq!(
        roll.units[0].owners, roll.units[2].owners,
        "one person with two units is one owner"
    );
    assert_eq!(
        roll.units[0].voice,
        roll.units[0].owners.first().copied(),
        "a single owner is the voice"
    );
    assert_eq!(
        (roll.units[1].owners.len(), roll.units[1].voice),
        (2, None),
        "a couple has none yet"
    );
    assert!(roll.units[3].is_developers && !roll.units[4].is_developers);
    assert_eq!(
        (roll.units[2].area_source, roll.units[4].area_source),
        (AreaSource::Survey, AreaSource::Register)
    );
    assert_eq!(roll.units[5].unit_use, UnitUse::Parking);
    let totals = roll.totals().unwrap();
    assert_eq!(
        (totals.units, totals.heads, totals.exclusive_area.get()),
        (6, 5, 49_206)
    );

    let (kind, public) = world.newest();
    assert_eq!(kind, "people.roll.imported");
    assert!(
        public.contains(&"ab".repeat(32)) && !public.contains("王"),
        "{public}"
    );
}

fn columns_may_stand_in_any_order_and_language(world: &World) {
    let english = table(
        "owner | note | area_m2 | Unit | Building | owner_kind
         Jane Smith; 王 伟 | x | 88 | ３０１ | A | person
         ACME | y | 90.10 | 302 | A | organisation",
    );
    world.import(&english).unwrap();
    let page = world
        .read(COMMITTEE, |read, ctx| {
            queries::roll(read, ctx, &RollFilter::default())
        })
        .unwrap();
    assert_eq!(page.rows[0].label.to_string(), "A 301");
    let mut names: Vec<&str> = page
        .rows
        .iter()
        .flat_map(|row| &row.owners)
        .map(|owner| owner.name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["ACME", "J********h", "王*"]);
}

fn importing_twice_changes_nothing_and_is_recorded(world: &World) {
    world.import(&small_roll()).unwrap();
    let before = world.electorate();
    let counts = world.import(&small_roll()).unwrap();
    assert_eq!(
        counts.units,
        Counts {
            added: 0,
            changed: 0,
            unchanged: 6
        }
    );
    assert_eq!(
        counts.owners,
        Counts {
            added: 0,
            changed: 0,
            unchanged: 5
        }
    );
    assert_eq!(
        (counts.transfers, counts.buildings_added, counts.missing),
        (0, 0, 0)
    );
    assert_eq!(world.electorate(), before);
    assert_eq!(
        world.entries().len(),
        3,
        "the comparison itself is recorded"
    );
}

fn nothing_of_a_faulty_file_is_written(world: &World) {
    let mut faulty = small_roll();
    set(&mut faulty, 3, 2, "八十九");
    set(&mut faulty, 4, 5, "");
    let error = world.import(&faulty).unwrap_err();
    let findings = kernel::Problem::findings(&error);
    let told: Vec<(&str, &str)> = findings
        .iter()
        .map(|finding| (finding.at.as_str(), finding.code.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("line 5", "people-import-area-not-a-number"),
            ("line 6", "people-import-owner-blank"),
        ]
    );
    assert!(world.electorate().units.is_empty());
    assert_eq!(world.entries().len(), 1);
}

fn a_changed_area_keeps_the_one_before(world: &World) {
    world.import(&small_roll()).unwrap();
    let mut changed = small_roll();
    set(&mut changed, 0, 2, "91.00");
    let counts = world.import(&changed).unwrap();
    assert_eq!(
        counts.units,
        Counts {
            added: 0,
            changed: 1,
            unchanged: 5
        }
    );
    let unit = world.unit("101");
    let view = world
        .read(COMMITTEE, move |read, ctx| queries::unit(read, ctx, unit))
        .unwrap();
    let areas: Vec<(i64, bool)> = view
        .states
        .iter()
        .map(|state| (state.facts.exclusive_area.get(), state.until.is_some()))
        .collect();
    assert_eq!(areas, [(9_100, false), (8_953, true)]);
    let (_, public) = world.newest();
    assert!(
        public.contains("8953") && public.contains("9100"),
        "{public}"
    );
}

fn other_owners_in_the_file_are_a_transfer_and_end_the_voice(world: &World) {
    world.import(&small_roll()).unwrap();
    let (unit, owners) = (world.unit("102"), world.owners("102"));
    let appoint = AppointVoice {
        unit,
        owner: owners[0],
        consent: "两人签字".to_owned(),
    };
    world.run(COMMITTEE, appoint).unwrap();

    let mut sold = small_roll();
    set(&mut sold, 1, 5, "李芳、陈超");
    set(&mut sold, 1, 7, "13800000001、13800000003");
    let counts = world.import(&sold).unwrap();
    assert_eq!(
        (counts.transfers, counts.owners.added, counts.owners.changed),
        (1, 1, 0)
    );
    let now = world.owners("102");
    assert_eq!(
        now.iter().filter(|owner| owners.contains(owner)).count(),
        1,
        "who stays is the same owner"
    );
    let view = world
        .read(COMMITTEE, move |read, ctx| queries::unit(read, ctx, unit))
        .unwrap();
    assert_eq!((view.ownerships.len(), view.voice), (2, None));
    assert!(view.ownerships[0].until.is_none() && view.ownerships[1].until.is_some());
    assert!(view.appointments[0].until.is_some());
}

fn another_identity_number_is_another_person_and_it_is_said(world: &World) {
    world.import(&small_roll()).unwrap();
    let mut other = small_roll();
    set(&mut other, 0, 6, "440524188001010014");
    set(&mut other, 0, 7, "");
    let preview = world
        .read(COMMITTEE, move |read, ctx| {
            queries::preview_import(read, ctx, &other, None)
        })
        .unwrap();
    assert_eq!(
        (preview.counts.transfers, preview.counts.owners.added),
        (1, 1)
    );
    let codes: Vec<&str> = preview
        .warnings
        .iter()
        .map(|warning| warning.finding.code.as_str())
        .collect();
    assert_eq!(codes, ["people-import-id-number-differs"]);
}

fn a_blank_cell_keeps_what_the_roll_knows(world: &World) {
    world.import(&small_roll()).unwrap();
    let before = world.electorate();
    let bare = table(
        "楼栋|房号|专有面积|业主
         1幢|101|89.53|王小明
         1幢|102|89.53|张伟、李芳
         1幢|201|120|王小明
         1幢|202|120|开发商
         2幢|商铺1|60.50|绍兴市好好百货有限公司
         车库|A001|12.5|李芳",
    );
    let counts = world.import(&bare).unwrap();
    assert_eq!(
        (
            counts.units.unchanged,
            counts.owners.unchanged,
            counts.transfers
        ),
        (6, 5, 0),
        "{counts:?}"
    );
    assert_eq!(world.electorate(), before);
}

fn a_wrong_decimal_point_must_be_confirmed(world: &World) {
    let mut slipped = small_roll();
    set(&mut slipped, 0, 2, "8953");
    let error = world.import(&slipped).unwrap_err();
    let Error::Unconfirmed { warnings } = &error else {
        panic!("{error}")
    };
    assert_eq!(warnings.len(), 1);
    assert_eq!(
        (
            warnings[0].finding.at.as_str(),
            warnings[0].finding.code.as_str()
        ),
        ("line 2", "people-import-area-outlier")
    );
    assert!(world.electorate().units.is_empty());
    let mut confirmed = importing(slipped.clone(), None);
    confirmed.is_confirmed = true;
    world.run(COMMITTEE, confirmed).unwrap();
    assert_eq!(
        world.import(&slipped).unwrap().units.unchanged,
        6,
        "what was confirmed once is not asked again"
    );
}

fn units_that_the_file_leaves_out_stay(world: &World) {
    world.import(&small_roll()).unwrap();
    let mut shorter = small_roll();
    shorter.rows.truncate(4);
    let counts = world.import(&shorter).unwrap();
    assert_eq!((counts.missing, counts.units.unchanged), (2, 4));
    assert_eq!(world.electorate().units.len(), 6);
}

fn residents_come_with_their_units(world: &World) {
    let residents = table(
        "楼栋|房号|姓名|手机|出生年|关系
         1幢|101|王小明|13912341234|1949|业主
         1幢|101|赵敏||1951年|配偶
         1幢|102|孙强|13700000009||租户",
    );
    let both = || importing(small_roll(), Some(residents.clone()));
    assert_eq!(world.run(COMMITTEE, both()).unwrap().residents.added, 3);
    assert_eq!(world.run(COMMITTEE, both()).unwrap().residents.unchanged, 3);
    let unit = world.unit("101");
    let view = world
        .read(COMMITTEE, move |read, ctx| queries::unit(read, ctx, unit))
        .unwrap();
    let mut shown: Vec<(String, Option<i16>)> = view
        .residents
        .iter()
        .map(|resident| (resident.name.clone(), resident.birth_year))
        .collect();
    shown.sort();
    assert_eq!(
        shown,
        [
            ("王*明".to_owned(), Some(1949)),
            ("赵*".to_owned(), Some(1951))
        ]
    );

    let nowhere = table("楼栋|房号|姓名\n9幢|101|周杰");
    let error = world
        .run(COMMITTEE, importing(small_roll(), Some(nowhere)))
        .unwrap_err();
    let finding = &kernel::Problem::findings(&error)[0];
    assert_eq!(
        (finding.at.as_str(), finding.code.as_str()),
        ("residents line 2", "people-import-unknown-unit")
    );
}

fn a_dry_run_writes_nothing_and_shows_masked_names(world: &World) {
    let preview = world
        .read(COMMITTEE, |read, ctx| {
            queries::preview_import(read, ctx, &small_roll(), None)
        })
        .unwrap();
    assert_eq!((preview.counts.units.added, preview.units.len()), (6, 6));
    assert_eq!(preview.units[0].owners_after, ["王*明"]);
    assert!(world.electorate().units.is_empty());
    assert_eq!(world.entries().len(), 1);
    let refused = world.read(OTHER_OWNER, |read, ctx| {
        queries::preview_import(read, ctx, &small_roll(), None)
    });
    assert!(matches!(refused, Err(Error::Denied(_))));
}

fn a_demo_community_imports(world: &World) {
    let demo = people::demo::community(&kernel::Randomness::from_number(1), 0);
    let command = || importing(demo.units.clone(), Some(demo.residents.clone()));
    let counts = world.run(COMMITTEE, command()).unwrap();
    assert_eq!(counts.units.added, 1_500);
    assert!(counts.residents.added > 1_500, "{counts:?}");
    let again = world.run(COMMITTEE, command()).unwrap();
    assert_eq!(
        (again.units.unchanged, again.owners.unchanged),
        (1_500, counts.owners.added),
        "{again:?}"
    );
    assert_eq!(again.residents.unchanged, counts.residents.added);
    let votes = world
        .read(COMMITTEE, |read, ctx| {
            queries::electorate(read, ctx.community, people::model::UnitsCounted::default())
        })
        .unwrap();
    let totals = votes.totals().unwrap();
    assert_eq!(totals.units, 1_200);
    assert!(totals.heads < totals.units);
}
