//! Every command asks for its permission before anything else.

use jiff::civil::date;
use journal::Command;
use kernel::Permission;
use people::commands::{
    AppointVoice, CorrectUnit, CreateCommunity, EndResidence, EndVoice, ExportRoll, ImportRoll,
    LinkAccount, PersonField, ReadPersonalData, TransferUnit, UnlinkAccount,
};
use people::model::{AreaSource, OwnerId, PersonRef, UnitFacts, UnitId, UnitUse};
use people::{Error, PERMISSIONS};

use crate::world::{COMMITTEE, World, importing, small_roll};

/// Runs a command with every permission but one and expects to be told just that one.
fn needs<C: Command<Error = Error>>(world: &World, permission: Permission, command: C) {
    let others = PERMISSIONS
        .iter()
        .map(|(held, _)| *held)
        .filter(|held| *held != permission);
    let ctx = world.ctx_with(COMMITTEE, others);
    let name = C::NAME;
    match world.journal.execute_blocking(ctx, command) {
        Err(Error::Denied(denied)) => assert_eq!(denied.permission, permission, "{name}"),
        Err(other) => panic!("{name} looked at something before the permission: {other}"),
        Ok(_) => panic!("{name} ran without {}", permission.0),
    }
}

#[test]
fn every_command_needs_its_permission() {
    let world = World::on_sqlite();
    let unit = UnitId::from_uuid(kernel::Uuid::nil());
    let owner = OwnerId::from_uuid(kernel::Uuid::nil());
    let person = PersonRef::Owner(owner);
    let blank = String::new;
    let facts = UnitFacts {
        exclusive_area: units::Area::ZERO,
        area_source: AreaSource::Register,
        unit_use: UnitUse::Other,
    };
    let create = CreateCommunity {
        name: blank(),
        place: blank(),
        address: blank(),
        is_demo: false,
    };
    needs(&world, people::COMMUNITY_CREATE, create);
    needs::<ImportRoll>(&world, people::ROLL_IMPORT, importing(small_roll(), None));
    let transfer = TransferUnit {
        unit,
        owners: Vec::new(),
        date: date(2026, 1, 1),
        evidence: blank(),
    };
    needs(&world, people::ROLL_CHANGE, transfer);
    needs(
        &world,
        people::ROLL_CHANGE,
        CorrectUnit {
            unit,
            facts,
            reason: blank(),
        },
    );
    needs(
        &world,
        people::VOICE_APPOINT,
        AppointVoice {
            unit,
            owner,
            consent: blank(),
        },
    );
    needs(
        &world,
        people::VOICE_APPOINT,
        EndVoice {
            unit,
            reason: blank(),
        },
    );
    let link = LinkAccount {
        person,
        account: COMMITTEE.account(),
        evidence: blank(),
    };
    needs(&world, people::ACCOUNT_LINK, link);
    needs(
        &world,
        people::ACCOUNT_LINK,
        UnlinkAccount {
            person,
            reason: blank(),
        },
    );
    let resident = people::model::ResidentId::from_uuid(kernel::Uuid::nil());
    needs(
        &world,
        people::ROLL_CHANGE,
        EndResidence {
            resident,
            reason: blank(),
        },
    );
    let read = ReadPersonalData {
        person,
        fields: vec![PersonField::Name],
        reason: blank(),
    };
    needs(&world, people::PERSONAL_DATA_READ, read);
    needs(
        &world,
        people::PERSONAL_DATA_READ,
        ExportRoll { reason: blank() },
    );
    needs(&world, people::ROLL_IMPORT, ExportRoll { reason: blank() });
    assert_eq!(
        world.entries().len(),
        1,
        "nothing was recorded but the community itself"
    );
}
