//! Co-owners speak with one voice.

use people::commands::{AppointVoice, EndVoice, LinkAccount};
use people::model::{OwnerId, PersonRef, UnitId};
use people::{Error, queries};

use crate::world::{COMMITTEE, OTHER_OWNER, OWNER, World, small_roll};

on_both_engines!(
    co_owners_appoint_one_of_them,
    an_owner_appoints_for_their_own_unit_only,
    an_appointment_can_be_ended,
);

fn appoint(unit: UnitId, owner: OwnerId) -> AppointVoice {
    AppointVoice {
        unit,
        owner,
        consent: "李芳、张伟签字".to_owned(),
    }
}

fn voice(world: &World, unit: UnitId) -> Option<OwnerId> {
    let community = world.community;
    world
        .read(COMMITTEE, move |read, _| {
            queries::voice_of(read, community, unit)
        })
        .unwrap()
}

fn co_owners_appoint_one_of_them(world: &World) {
    world.import(&small_roll()).unwrap();
    let (unit, owners) = (world.unit("102"), world.owners("102"));
    let single = (world.unit("101"), world.owners("101")[0]);
    world.run(COMMITTEE, appoint(unit, owners[0])).unwrap();
    assert_eq!(voice(world, unit), Some(owners[0]));
    let (kind, public) = world.newest();
    assert_eq!(kind, "people.voice.appointed");
    assert!(!public.contains("李芳"), "{public}");

    assert!(matches!(
        world.run(COMMITTEE, appoint(unit, owners[0])),
        Err(Error::SameVoice { .. })
    ));
    assert!(matches!(
        world.run(COMMITTEE, appoint(unit, single.1)),
        Err(Error::NotAnOwner { .. })
    ));
    assert!(matches!(
        world.run(COMMITTEE, appoint(single.0, single.1)),
        Err(Error::SingleOwner { .. })
    ));

    world.run(COMMITTEE, appoint(unit, owners[1])).unwrap();
    assert_eq!(voice(world, unit), Some(owners[1]));
    let view = world
        .read(COMMITTEE, move |read, ctx| queries::unit(read, ctx, unit))
        .unwrap();
    assert_eq!(
        view.appointments
            .iter()
            .filter(|appointment| appointment.until.is_none())
            .count(),
        1
    );
    assert_eq!(view.appointments.len(), 2, "the ended one is kept");
}

fn an_owner_appoints_for_their_own_unit_only(world: &World) {
    world.import(&small_roll()).unwrap();
    let (unit, owners) = (world.unit("102"), world.owners("102"));
    let link = LinkAccount {
        person: PersonRef::Owner(owners[0]),
        account: OWNER.account(),
        evidence: "身份证当面核对".to_owned(),
    };
    world.run(COMMITTEE, link).unwrap();
    assert!(matches!(
        world.run(OTHER_OWNER, appoint(unit, owners[0])),
        Err(Error::Denied(_))
    ));
    world.run(OWNER, appoint(unit, owners[0])).unwrap();
    assert_eq!(voice(world, unit), Some(owners[0]));
    let end = || EndVoice {
        unit,
        reason: "改由张伟".to_owned(),
    };
    assert!(matches!(
        world.run(OTHER_OWNER, end()),
        Err(Error::Denied(_))
    ));
    world.run(OWNER, end()).unwrap();
}

fn an_appointment_can_be_ended(world: &World) {
    world.import(&small_roll()).unwrap();
    let (unit, owners) = (world.unit("102"), world.owners("102"));
    let end = || EndVoice {
        unit,
        reason: "共有人要求".to_owned(),
    };
    assert!(matches!(
        world.run(COMMITTEE, end()),
        Err(Error::NoVoice { .. })
    ));
    world.run(COMMITTEE, appoint(unit, owners[0])).unwrap();
    world.run(COMMITTEE, end()).unwrap();
    assert_eq!(voice(world, unit), None);
    world.run(COMMITTEE, appoint(unit, owners[0])).unwrap();
    assert_eq!(voice(world, unit), Some(owners[0]));
}
