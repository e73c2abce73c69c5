//! What an actor may see of the roll. Persons show masked; each query checks the permission, or that the actor asks
//! about themselves, or answers without personal data to a module that has checked.

mod accounts;
mod electorate;
mod export;
mod find;
mod preview;
mod residence;
mod roll;
mod unit;
mod uploads;

pub use accounts::{
    AccountUnit, FamilyMember, OwnData, login_of, own_data, own_family, own_units, owner_accounts,
    owners_of_account, owners_of_accounts, units_of_account,
};
pub use electorate::{electorate, voice_of};
pub use export::export_rows;
pub use find::{FoundPerson, find_people, former_resident, person};
pub use preview::{ImportPreview, PreviewOwner, PreviewUnit, preview_import};
pub use residence::{Residence, residences};
pub use roll::{RollFilter, RollPage, RollRow, buildings, communities, community, roll};
pub use unit::{PastOwnership, ResidentView, UnitView, unit};
pub use uploads::{UploadView, upload};

use serde::Serialize;

use crate::import::OwnerOnRoll;
use crate::model::{OwnerId, OwnerKind, mask_id_number, mask_name, mask_phone};

/// An owner as most people see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnerView {
    /// Their id.
    pub id: OwnerId,
    /// What they are in law.
    pub kind: OwnerKind,
    /// Their name: masked, but for the developer and organisations, whose names are public.
    pub name: String,
    /// Their masked telephone number.
    pub phone: Option<String>,
    /// Their masked identity number.
    pub id_number: Option<String>,
}

impl From<&OwnerOnRoll> for OwnerView {
    fn from(owner: &OwnerOnRoll) -> Self {
        let facts = &owner.facts;
        Self {
            id: owner.id,
            kind: facts.kind,
            name: match facts.kind {
                OwnerKind::Person => mask_name(&facts.name),
                OwnerKind::Organisation | OwnerKind::Developer => facts.name.clone(),
            },
            phone: facts.phone.as_deref().map(mask_phone),
            id_number: facts.id_number.as_deref().map(mask_id_number),
        }
    }
}
