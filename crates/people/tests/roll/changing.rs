//! Units are sold and corrected; what was before is kept.

use jiff::civil::date;
use people::commands::{Buyer, CorrectUnit, EndResidence, TransferUnit};
use people::model::{AreaSource, OwnerFacts, OwnerId, OwnerKind, UnitFacts, UnitId, UnitUse};
use people::{Error, FieldFault, queries};
use units::Area;

use crate::world::{COMMITTEE, World, importing, small_roll, table};

on_both_engines!(
    a_sale_ends_the_old_ownership_and_begins_the_new,
    a_buyer_on_the_roll_is_the_same_owner,
    a_transfer_has_a_fitting_date,
    a_transfer_that_changes_nothing_is_refused,
    a_correction_keeps_the_facts_before,
    another_communitys_unit_is_not_there,
    a_community_is_created_once,
    who_moves_out_is_a_resident_no_more,
);

fn buyer(name: &str, phone: &str) -> Buyer {
    Buyer::New(OwnerFacts {
        kind: OwnerKind::Person,
        name: name.to_owned(),
        id_number: None,
        phone: Some(phone.to_owned()),
    })
}

fn sale(unit: UnitId, owners: Vec<Buyer>) -> TransferUnit {
    TransferUnit {
        unit,
        owners,
        date: date(2026, 11, 20),
        evidence: "不动产登记证明 王小明".to_owned(),
    }
}

fn a_sale_ends_the_old_ownership_and_begins_the_new(world: &World) {
    world.import(&small_roll()).unwrap();
    let (unit, before) = (world.unit("101"), world.owners("101"));
    let after = world
        .run(
            COMMITTEE,
            sale(
                unit,
                vec![
                    buyer("周 杰", "137 0000 0001"),
                    buyer("吴霞", "13700000002"),
                ],
            ),
        )
        .unwrap();
    assert_eq!(world.owners("101"), after);
    assert_eq!(
        world.owners("201"),
        before,
        "the seller's other unit stays theirs"
    );

    let view = world
        .read(COMMITTEE, move |read, ctx| queries::unit(read, ctx, unit))
        .unwrap();
    let dates: Vec<_> = view
        .ownerships
        .iter()
        .map(|ownership| {
            (
                ownership.since.map(kernel::Timestamp::date),
                ownership.until.map(kernel::Timestamp::date),
                ownership.owners.len(),
            )
        })
        .collect();
    assert_eq!(
        dates,
        [
            (Some(date(2026, 11, 20)), None, 2),
            (None, Some(date(2026, 11, 20)), 1)
        ]
    );

    let (kind, public) = world.newest();
    assert_eq!(kind, "people.unit.transferred");
    assert!(
        public.contains("2026-11-20") && public.contains(&before[0].to_string()),
        "{public}"
    );
    assert!(
        !public.contains("王小明") && !public.contains("周"),
        "{public}"
    );
}

fn a_buyer_on_the_roll_is_the_same_owner(world: &World) {
    world.import(&small_roll()).unwrap();
    let known = world.owners("A001")[0];
    let bought = world
        .run(
            COMMITTEE,
            sale(world.unit("101"), vec![buyer("李芳", "13800000001")]),
        )
        .unwrap();
    assert_eq!(bought, [known]);
    let back = world
        .run(
            COMMITTEE,
            sale(world.unit("202"), vec![Buyer::OnRoll(known)]),
        )
        .unwrap();
    assert_eq!(back, [known]);
    let nobody = OwnerId::from_uuid(kernel::Uuid::nil());
    let refused = world.run(
        COMMITTEE,
        sale(world.unit("202"), vec![Buyer::OnRoll(nobody)]),
    );
    assert!(matches!(refused, Err(Error::NoSuchPerson { .. })));
    let twice = world.run(
        COMMITTEE,
        sale(
            world.unit("201"),
            vec![Buyer::OnRoll(known), Buyer::OnRoll(known)],
        ),
    );
    assert!(matches!(
        twice,
        Err(Error::Field {
            field: "owners",
            reason: FieldFault::Malformed
        })
    ));
    let none = world.run(COMMITTEE, sale(world.unit("201"), Vec::new()));
    assert!(matches!(
        none,
        Err(Error::Field {
            field: "owners",
            reason: FieldFault::Blank
        })
    ));
}

fn a_transfer_has_a_fitting_date(world: &World) {
    world.import(&small_roll()).unwrap();
    let unit = world.unit("101");
    let on = |day, phone: &str| TransferUnit {
        date: day,
        ..sale(unit, vec![buyer("周杰", phone)])
    };
    world
        .run(COMMITTEE, on(date(2026, 11, 10), "13700000001"))
        .unwrap();
    let before = world.run(COMMITTEE, on(date(2026, 11, 9), "13700000002"));
    assert!(matches!(before, Err(Error::TransferDate { .. })));
    let tomorrow = world.run(COMMITTEE, on(date(2026, 11, 24), "13700000002"));
    assert!(matches!(tomorrow, Err(Error::TransferDate { .. })));
    world
        .run(COMMITTEE, on(date(2026, 11, 23), "13700000002"))
        .unwrap();
}

fn a_transfer_that_changes_nothing_is_refused(world: &World) {
    world.import(&small_roll()).unwrap();
    let same = world.owners("102").into_iter().map(Buyer::OnRoll).collect();
    let refused = world.run(COMMITTEE, sale(world.unit("102"), same));
    assert!(matches!(refused, Err(Error::NothingToChange)));
}

fn a_correction_keeps_the_facts_before(world: &World) {
    world.import(&small_roll()).unwrap();
    let unit = world.unit("202");
    let facts = UnitFacts {
        exclusive_area: Area::new(11_950).unwrap(),
        area_source: AreaSource::Register,
        unit_use: UnitUse::Residential,
    };
    let correct = |facts| CorrectUnit {
        unit,
        facts,
        reason: "不动产登记簿".to_owned(),
    };
    world.run(COMMITTEE, correct(facts)).unwrap();
    let (kind, public) = world.newest();
    assert_eq!(kind, "people.unit.corrected");
    assert!(
        public.contains("12000") && public.contains("11950") && public.contains("contract"),
        "{public}"
    );
    let view = world
        .read(COMMITTEE, move |read, ctx| queries::unit(read, ctx, unit))
        .unwrap();
    assert_eq!(
        (
            view.facts,
            view.states.len(),
            view.states[1].facts.exclusive_area.get()
        ),
        (facts, 2, 12_000)
    );
    assert!(matches!(
        world.run(COMMITTEE, correct(facts)),
        Err(Error::NothingToChange)
    ));
    let nothing = UnitFacts {
        exclusive_area: Area::ZERO,
        ..facts
    };
    assert!(matches!(
        world.run(COMMITTEE, correct(nothing)),
        Err(Error::Field { .. })
    ));
}

fn another_communitys_unit_is_not_there(world: &World) {
    world.import(&small_roll()).unwrap();
    let (unit, owner) = (world.unit("101"), world.owners("101")[0]);
    let elsewhere = kernel::CommunityId::from_uuid(kernel::Uuid::from_u128(200));
    world.create(elsewhere).unwrap();
    let mut ctx = world.ctx(COMMITTEE);
    ctx.community = elsewhere;
    let refused = world
        .journal
        .execute_blocking(ctx, sale(unit, vec![Buyer::OnRoll(owner)]));
    assert!(matches!(refused, Err(Error::NoSuchUnit { .. })));
    let mut ctx = world.ctx(COMMITTEE);
    ctx.community = elsewhere;
    let hidden = world
        .journal
        .database()
        .read_blocking(move |read| queries::unit(read, &ctx, unit));
    assert!(matches!(hidden, Err(Error::NoSuchUnit { .. })));
}

fn a_community_is_created_once(world: &World) {
    assert!(matches!(
        world.create(world.community),
        Err(Error::CommunityExists { .. })
    ));
    let found = world
        .read(COMMITTEE, |read, _| queries::communities(read))
        .unwrap();
    assert_eq!(
        (found.len(), found[0].name.as_str(), found[0].place.as_str()),
        (1, "兰亭花园", "330602")
    );
    let mut ctx = world.ctx(COMMITTEE);
    ctx.community = kernel::CommunityId::from_uuid(kernel::Uuid::from_u128(300));
    let nowhere = world
        .journal
        .execute_blocking(ctx, importing(small_roll(), None));
    assert!(matches!(nowhere, Err(Error::NoSuchCommunity { .. })));
}

fn who_moves_out_is_a_resident_no_more(world: &World) {
    let residents = table("楼栋|房号|姓名|关系\n1幢|102|孙强|租户");
    let import = || importing(small_roll(), Some(residents.clone()));
    world.run(COMMITTEE, import()).unwrap();
    let unit = world.unit("102");
    let living = || {
        world
            .read(COMMITTEE, move |read, ctx| queries::unit(read, ctx, unit))
            .unwrap()
            .residents
    };
    let resident = living()[0].id;
    let end = || EndResidence {
        resident,
        reason: "退租".to_owned(),
    };
    world.run(COMMITTEE, end()).unwrap();
    assert!(living().is_empty());
    assert!(matches!(
        world.run(COMMITTEE, end()),
        Err(Error::NoSuchPerson { .. })
    ));
    assert_eq!(
        world.run(COMMITTEE, import()).unwrap().residents.added,
        1,
        "who comes back is entered anew"
    );
}
