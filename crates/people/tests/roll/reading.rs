//! The roll page by page; every statement on both engines.

use people::Error;
use people::model::UnitsCounted;
use people::queries::{self, RollFilter};

use crate::world::{BUTLER, COMMITTEE, OTHER_OWNER, World, importing, small_roll, table};

on_both_engines!(
    every_statement_is_understood,
    pages_follow_one_another_in_the_order_of_the_roll,
    a_search_finds_numbers_as_they_are_written,
    people_are_found_by_whole_names_and_numbers,
    the_electorate_leaves_out_parking_unless_asked,
);

fn every_statement_is_understood(world: &World) {
    for statements in people::STATEMENTS {
        world.journal.database().prepare_all(statements).unwrap();
    }
}

fn pages_follow_one_another_in_the_order_of_the_roll(world: &World) {
    let demo = people::demo::community(&kernel::Randomness::from_number(2), 1);
    world.run(COMMITTEE, importing(demo.units, None)).unwrap();
    let all: Vec<_> = world
        .electorate()
        .units
        .into_iter()
        .map(|unit| unit.unit)
        .collect();
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let filter = RollFilter {
            after,
            limit: 199,
            ..RollFilter::default()
        };
        let page = world
            .read(BUTLER, move |read, ctx| queries::roll(read, ctx, &filter))
            .unwrap();
        assert!(page.rows.iter().all(|row| !row.owners.is_empty()));
        paged.extend(page.rows.iter().map(|row| row.unit));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(paged, all);
    let refused = world.read(OTHER_OWNER, |read, ctx| {
        queries::roll(read, ctx, &RollFilter::default())
    });
    assert!(matches!(refused, Err(Error::Denied(_))));
}

fn a_search_finds_numbers_as_they_are_written(world: &World) {
    world.import(&small_roll()).unwrap();
    let search = |text: &str, building: Option<usize>| {
        let text = text.to_owned();
        let page = world.read(COMMITTEE, move |read, ctx| {
            let buildings = queries::buildings(read, ctx.community)?;
            let building = building.map(|at| buildings[at].id);
            queries::roll(
                read,
                ctx,
                &RollFilter {
                    building,
                    number_contains: text,
                    ..RollFilter::default()
                },
            )
        });
        page.unwrap()
            .rows
            .into_iter()
            .map(|row| row.label.number)
            .collect::<Vec<_>>()
    };
    assert_eq!(search("20", None), ["201", "202"]);
    assert_eq!(search("a0", None), ["A001"], "capitals don't matter");
    assert_eq!(search("商铺", None), ["商铺1"]);
    assert_eq!(search("1", Some(0)), ["101", "102", "201"]);
    for wild in ["%", "_", "!"] {
        assert!(
            search(wild, None).is_empty(),
            "{wild} is a sign like any other"
        );
    }
}

fn people_are_found_by_whole_names_and_numbers(world: &World) {
    let residents = table("楼栋|房号|姓名|手机\n1幢|202|李芳|13900000001");
    world
        .run(COMMITTEE, importing(small_roll(), Some(residents)))
        .unwrap();
    let find = |text: &str| {
        let text = text.to_owned();
        let found = world.read(BUTLER, move |read, ctx| {
            queries::find_people(read, ctx, &text)
        });
        let shown = found.unwrap().into_iter().map(|person| {
            let units: Vec<String> = person
                .units
                .iter()
                .map(|(_, label)| label.to_string())
                .collect();
            format!(
                "{} {} {}",
                person.person.subject().split('/').next().unwrap(),
                person.name,
                units.join("+")
            )
        });
        shown.collect::<Vec<_>>()
    };
    assert_eq!(find("王 小明"), ["owner 王*明 1幢 101+1幢 201"]);
    assert_eq!(find("11010519491231002x"), ["owner 王*明 1幢 101+1幢 201"]);
    assert_eq!(
        find("91350100M000100Y43"),
        ["owner 绍兴市好好百货有限公司 2幢 商铺1"]
    );
    assert_eq!(
        find("李芳"),
        ["owner 李* 1幢 102+车库 A001", "resident 李* 1幢 202"]
    );
    assert_eq!(find("139 0000 0001"), ["resident 李* 1幢 202"]);
    assert!(find("王").is_empty() && find("").is_empty());
}

fn the_electorate_leaves_out_parking_unless_asked(world: &World) {
    world.import(&small_roll()).unwrap();
    let community = world.community;
    let units = |counted| {
        world
            .read(COMMITTEE, move |read, _| {
                queries::electorate(read, community, counted)
            })
            .unwrap()
            .units
            .len()
    };
    assert_eq!(units(UnitsCounted::default()), 5);
    assert_eq!(
        units(UnitsCounted {
            parking: true,
            storage: true
        }),
        6
    );
}
