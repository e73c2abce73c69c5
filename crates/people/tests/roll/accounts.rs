//! Logins belong to owners and residents.

use people::Error;
use people::commands::{LinkAccount, UnlinkAccount};
use people::model::{OwnerId, PersonRef};
use people::queries::{self, OwnData};

use crate::world::{
    BUTLER, COMMITTEE, OTHER_OWNER, OWNER, Who, World, importing, small_roll, table,
};

on_both_engines!(
    a_login_sees_its_own_units_and_data,
    a_person_has_one_login_at_a_time,
    a_resident_sees_their_home,
);

fn link(person: PersonRef, who: Who) -> LinkAccount {
    LinkAccount {
        person,
        account: who.account(),
        evidence: "身份证当面核对".to_owned(),
    }
}

fn a_login_sees_its_own_units_and_data(world: &World) {
    world.import(&small_roll()).unwrap();
    let owner = world.owners("101")[0];
    world
        .run(COMMITTEE, link(PersonRef::Owner(owner), OWNER))
        .unwrap();
    let units = world
        .read(OWNER, |read, ctx| queries::own_units(read, ctx))
        .unwrap();
    let mut shown: Vec<(String, bool, bool)> = units
        .iter()
        .map(|unit| {
            (
                unit.label.to_string(),
                unit.is_voice,
                unit.owner == Some(owner),
            )
        })
        .collect();
    shown.sort();
    assert_eq!(
        shown,
        [
            ("1幢 101".to_owned(), true, true),
            ("1幢 201".to_owned(), true, true)
        ]
    );
    let data = world
        .read(OWNER, |read, ctx| queries::own_data(read, ctx))
        .unwrap();
    let [OwnData::Owner(id, facts)] = data.as_slice() else {
        panic!("{data:?}")
    };
    assert_eq!(
        (*id, facts.name.as_str(), facts.phone.as_deref()),
        (owner, "王小明", Some("13912341234"))
    );

    let (own, foreign) = (world.unit("101"), world.unit("102"));
    let view = world
        .read(OWNER, move |read, ctx| queries::unit(read, ctx, own))
        .unwrap();
    assert_eq!(view.owners[0].name, "王*明");
    let refused = world.read(OWNER, move |read, ctx| queries::unit(read, ctx, foreign));
    assert!(matches!(refused, Err(Error::Denied(_))));
    assert!(
        world
            .read(OTHER_OWNER, |read, ctx| queries::own_units(read, ctx))
            .unwrap()
            .is_empty()
    );
    let community = world.community;
    let accounts = world
        .read(COMMITTEE, move |read, _| {
            queries::owner_accounts(read, community)
        })
        .unwrap();
    assert_eq!(accounts, [(owner, OWNER.account())]);
}

fn a_person_has_one_login_at_a_time(world: &World) {
    world.import(&small_roll()).unwrap();
    let person = PersonRef::Owner(world.owners("101")[0]);
    world.run(COMMITTEE, link(person, OWNER)).unwrap();
    assert!(matches!(
        world.run(COMMITTEE, link(person, OTHER_OWNER)),
        Err(Error::LinkedAlready { .. })
    ));
    let unlink = || UnlinkAccount {
        person,
        reason: "换账号".to_owned(),
    };
    world.run(COMMITTEE, unlink()).unwrap();
    assert!(matches!(
        world.run(COMMITTEE, unlink()),
        Err(Error::NotLinked { .. })
    ));
    assert!(
        world
            .read(OWNER, |read, ctx| queries::own_units(read, ctx))
            .unwrap()
            .is_empty()
    );
    world.run(COMMITTEE, link(person, OTHER_OWNER)).unwrap();
    assert_eq!(
        world
            .read(OTHER_OWNER, |read, ctx| queries::own_units(read, ctx))
            .unwrap()
            .len(),
        2
    );
    let nobody = PersonRef::Owner(OwnerId::from_uuid(kernel::Uuid::nil()));
    assert!(matches!(
        world.run(COMMITTEE, link(nobody, OWNER)),
        Err(Error::NoSuchPerson { .. })
    ));
    assert!(matches!(world.run(BUTLER, unlink()), Err(Error::Denied(_))));
}

fn a_resident_sees_their_home(world: &World) {
    let residents = table("楼栋|房号|姓名|关系\n1幢|102|孙强|租户");
    world
        .run(COMMITTEE, importing(small_roll(), Some(residents)))
        .unwrap();
    let unit = world.unit("102");
    let view = world
        .read(COMMITTEE, move |read, ctx| queries::unit(read, ctx, unit))
        .unwrap();
    let person = PersonRef::Resident(view.residents[0].id);
    world.run(COMMITTEE, link(person, OWNER)).unwrap();
    let units = world
        .read(OWNER, |read, ctx| queries::own_units(read, ctx))
        .unwrap();
    assert_eq!(
        (
            units.len(),
            units[0].unit,
            units[0].owner,
            units[0].is_voice
        ),
        (1, unit, None, false)
    );
    assert!(units[0].resident.is_some());
    assert!(
        world
            .read(OWNER, move |read, ctx| queries::unit(read, ctx, unit))
            .is_ok()
    );
    let data = world
        .read(OWNER, |read, ctx| queries::own_data(read, ctx))
        .unwrap();
    assert!(matches!(data.as_slice(), [OwnData::Resident(_, facts)] if facts.name == "孙强"));
}
