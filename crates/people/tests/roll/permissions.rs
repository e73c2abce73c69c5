//! Every command asks for its permission before anything else.

use std::collections::BTreeSet;

use jiff::civil::date;
use journal::Command;
use kernel::Permission;
use people::commands::{
    ApplyUpload, AppointVoice, COMMANDS, CorrectPerson, CorrectUnit, CreateCommunity, EndResidence,
    EndVoice, ErasePerson, ExportRoll, ImportRoll, LinkAccount, PersonField, ReadPersonalData,
    TransferUnit, UnlinkAccount, UploadRoll,
};
use people::import::RollTable;
use people::model::{AreaSource, OwnerId, PersonRef, ResidentId, UnitFacts, UnitId, UnitUse};
use people::{Error, PERMISSIONS};

use crate::world::{COMMITTEE, World, importing};

/// Runs a command with every permission but one and expects to be told just that one.
fn refused_without<C: Command<Error = Error>>(world: &World, permission: Permission, command: C) {
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

/// Which commands were tried.
struct Tried<'w>(&'w World, BTreeSet<&'static str>);

impl Tried<'_> {
    fn needs_its_permission<C: Command<Error = Error>>(&mut self, command: C) {
        let (_, permission) = COMMANDS.iter().find(|(name, _)| *name == C::NAME).unwrap();
        refused_without(self.0, *permission, command);
        assert!(self.1.insert(C::NAME));
    }
}

#[test]
fn every_command_needs_its_permission() {
    let world = World::on_sqlite();
    let mut each = Tried(&world, BTreeSet::new());
    let unit = UnitId::from_uuid(kernel::Uuid::nil());
    let owner = OwnerId::from_uuid(kernel::Uuid::nil());
    let resident = ResidentId::from_uuid(kernel::Uuid::nil());
    let person = PersonRef::Owner(owner);
    let account = COMMITTEE.account();
    let blank = String::new;
    let facts = UnitFacts {
        exclusive_area: units::Area::ZERO,
        area_source: AreaSource::Register,
        unit_use: UnitUse::Other,
    };
    each.needs_its_permission(CreateCommunity {
        name: blank(),
        place: blank(),
        address: blank(),
        is_demo: false,
    });
    each.needs_its_permission::<ImportRoll>(importing(RollTable::default(), None));
    each.needs_its_permission(ExportRoll { reason: blank() });
    each.needs_its_permission(UploadRoll {
        file_name: blank(),
        file_sha256: blank(),
        file: people::import::RollFile::default(),
    });
    each.needs_its_permission(ApplyUpload {
        upload: people::model::UploadId::from_uuid(kernel::Uuid::nil()),
        is_confirmed: false,
    });
    each.needs_its_permission(TransferUnit {
        unit,
        owners: Vec::new(),
        date: date(2026, 1, 1),
        evidence: blank(),
    });
    each.needs_its_permission(CorrectUnit {
        unit,
        facts,
        reason: blank(),
    });
    each.needs_its_permission(EndResidence {
        resident,
        reason: blank(),
    });
    each.needs_its_permission(AppointVoice {
        unit,
        owner,
        consent: blank(),
    });
    each.needs_its_permission(EndVoice {
        unit,
        reason: blank(),
    });
    each.needs_its_permission(LinkAccount {
        person,
        account,
        evidence: blank(),
    });
    each.needs_its_permission(UnlinkAccount {
        person,
        reason: blank(),
    });
    let fields = vec![PersonField::Name];
    each.needs_its_permission(ReadPersonalData {
        person,
        fields,
        reason: blank(),
    });
    each.needs_its_permission(CorrectPerson {
        person,
        name: None,
        phone: None,
        reason: blank(),
    });
    each.needs_its_permission(ErasePerson {
        person,
        reason: blank(),
    });
    assert_eq!(each.1, COMMANDS.iter().map(|(name, _)| *name).collect());
    refused_without(&world, people::ROLL_IMPORT, ExportRoll { reason: blank() });
    assert_eq!(
        world.entries().len(),
        1,
        "nothing was recorded but the community itself"
    );
}
