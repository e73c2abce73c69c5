//! Finding someone on the roll by name, telephone or identity number.

use db::Read;
use kernel::Context;
use serde::Serialize;

use super::OwnerView;
use crate::model::{
    OwnerKind, PersonRef, ResidentId, UnitId, UnitLabel, mask_name, mask_phone,
    normalised_id_number, normalised_person_name, normalised_phone,
};
use crate::{Error, ROLL_READ, store};

/// Someone found on the roll, masked.
#[derive(Clone, Debug, Serialize)]
pub struct FoundPerson {
    /// The person.
    pub person: PersonRef,
    /// Their masked name.
    pub name: String,
    /// Their masked telephone number.
    pub phone: Option<String>,
    /// What they own, or where they live.
    pub units: Vec<(UnitId, UnitLabel)>,
}

/// The owners and residents whose whole name, telephone or identity number is this text; at most 100 of each.
pub fn find_people(
    read: &mut dyn Read,
    ctx: &Context,
    text: &str,
) -> Result<Vec<FoundPerson>, Error> {
    ctx.require(ROLL_READ)?;
    let name = normalised_person_name(text);
    let phone = normalised_phone(text);
    let id_number = [OwnerKind::Person, OwnerKind::Organisation]
        .into_iter()
        .find_map(|kind| normalised_id_number(kind, text).ok());
    let mut found = Vec::new();
    for owner in store::owners_found(read, ctx, &name, phone.as_deref(), id_number.as_deref())? {
        let view = OwnerView::from(&owner);
        found.push(FoundPerson {
            person: PersonRef::Owner(owner.id),
            name: view.name,
            phone: view.phone,
            units: store::units_of_owner(read, ctx.community, owner.id)?,
        });
    }
    for (resident, label) in store::residents_found(read, ctx, &name, phone.as_deref())? {
        found.push(FoundPerson {
            person: PersonRef::Resident(resident.id),
            name: mask_name(&resident.facts.name),
            phone: resident.facts.phone.as_deref().map(mask_phone),
            units: vec![(resident.unit, label)],
        });
    }
    Ok(found)
}

/// Someone who moved out, masked, and where they lived: for an erasure.
pub fn former_resident(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResidentId,
) -> Result<FoundPerson, Error> {
    ctx.require(ROLL_READ)?;
    let person = PersonRef::Resident(id);
    let former = store::former_resident(read, &ctx.vault, ctx.community, id)?;
    let former = former.ok_or_else(|| Error::NoSuchPerson {
        person: person.subject(),
    })?;
    let home = store::unit_now(read, ctx.community, former.unit)?;
    Ok(FoundPerson {
        person,
        name: mask_name(&former.facts.name),
        phone: former.facts.phone.as_deref().map(mask_phone),
        units: home.map(|unit| (unit.id, unit.label)).into_iter().collect(),
    })
}

/// A person of the roll, masked, and what they own or where they live.
pub fn person(read: &mut dyn Read, ctx: &Context, person: PersonRef) -> Result<FoundPerson, Error> {
    ctx.require(ROLL_READ)?;
    let found = match person {
        PersonRef::Owner(id) => match store::owner(read, &ctx.vault, ctx.community, id)? {
            Some(owner) => {
                let units = store::units_of_owner(read, ctx.community, id)?;
                let view = OwnerView::from(&owner);
                Some((view.name, view.phone, units))
            }
            None => None,
        },
        PersonRef::Resident(id) => match store::resident(read, &ctx.vault, ctx.community, id)? {
            Some(resident) => {
                let home = store::unit_now(read, ctx.community, resident.unit)?;
                let units = home.map(|unit| (unit.id, unit.label)).into_iter().collect();
                let phone = resident.facts.phone.as_deref().map(mask_phone);
                Some((mask_name(&resident.facts.name), phone, units))
            }
            None => None,
        },
    };
    let (name, phone, units) = found.ok_or_else(|| Error::NoSuchPerson {
        person: person.subject(),
    })?;
    Ok(FoundPerson {
        person,
        name,
        phone,
        units,
    })
}
