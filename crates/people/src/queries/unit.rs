//! One unit with all that is known of it.

use db::Read;
use kernel::{Context, Timestamp};
use serde::Serialize;

use super::{OwnerView, accounts, electorate};
use crate::import::ResidentOnRoll;
use crate::model::{
    BuildingId, OwnerId, Relation, ResidentId, UnitFacts, UnitId, UnitLabel, mask_name, mask_phone,
};
use crate::store::{self, Appointment, OwnershipThen, UnitState};
use crate::{Error, ROLL_READ};

/// A unit with its owners, voice, residents and history.
#[derive(Clone, Debug, Serialize)]
pub struct UnitView {
    /// The unit.
    pub unit: UnitId,
    /// Its building.
    pub building: BuildingId,
    /// Where it is.
    pub label: UnitLabel,
    /// What it is.
    pub facts: UnitFacts,
    /// Who owns it.
    pub owners: Vec<OwnerView>,
    /// Who speaks for it: the only owner or the one appointed.
    pub voice: Option<OwnerId>,
    /// Who lives in it.
    pub residents: Vec<ResidentView>,
    /// Who moved out of it: for those who may see the roll.
    pub former_residents: Vec<ResidentView>,
    /// The facts it had, newest first, the present ones included.
    pub states: Vec<UnitState>,
    /// Who owned it, newest first, the present owners included.
    pub ownerships: Vec<PastOwnership>,
    /// Whom the co-owners appointed, newest first.
    pub appointments: Vec<Appointment>,
}

/// A resident as most people see one.
#[derive(Clone, Debug, Serialize)]
pub struct ResidentView {
    /// Their id.
    pub id: ResidentId,
    /// Their masked name.
    pub name: String,
    /// Their masked telephone number.
    pub phone: Option<String>,
    /// The year of their birth.
    pub birth_year: Option<i16>,
    /// How they stand to the household.
    pub relation: Relation,
}

/// Those who owned a unit together for a time.
#[derive(Clone, Debug, Serialize)]
pub struct PastOwnership {
    /// Its number, from 1.
    pub revision: i64,
    /// Since which day; `None`: since before the roll began.
    pub since: Option<Timestamp>,
    /// Until which day, if it ended.
    pub until: Option<Timestamp>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The owners.
    pub owners: Vec<OwnerView>,
}

/// A unit, for whoever may see the roll and for those who own it or live in it. To those it shows no earlier owners.
pub fn unit(read: &mut dyn Read, ctx: &Context, id: UnitId) -> Result<UnitView, Error> {
    let sees_the_roll = ctx.may(ROLL_READ);
    if !sees_the_roll && !accounts::is_own_unit(read, ctx, id)? {
        ctx.require(ROLL_READ)?;
    }
    let unit = store::unit_now(read, ctx.community, id)?.ok_or(Error::NoSuchUnit { unit: id })?;
    let mut ownerships = by_revision(store::ownership_history(
        read,
        &ctx.vault,
        ctx.community,
        id,
    )?);
    let owners = ownerships
        .first()
        .filter(|ownership| ownership.until.is_none())
        .map(|ownership| ownership.owners.clone())
        .unwrap_or_default();
    if !sees_the_roll {
        ownerships.retain(|ownership| ownership.until.is_none());
    }
    let residents = store::residents_of_unit(read, &ctx.vault, ctx.community, id)?;
    let former = if sees_the_roll {
        store::former_residents_of_unit(read, &ctx.vault, ctx.community, id)?
    } else {
        Vec::new()
    };
    Ok(UnitView {
        unit: unit.id,
        building: unit.building,
        label: unit.label,
        facts: unit.facts,
        owners,
        voice: electorate::voice_of(read, ctx.community, id)?,
        residents: residents.iter().map(ResidentView::of).collect(),
        former_residents: former.iter().map(ResidentView::of).collect(),
        states: store::unit_states(read, ctx.community, id)?,
        ownerships,
        appointments: store::voice_history(read, ctx.community, id)?,
    })
}

impl ResidentView {
    fn of(resident: &ResidentOnRoll) -> Self {
        Self {
            id: resident.id,
            name: mask_name(&resident.facts.name),
            phone: resident.facts.phone.as_deref().map(mask_phone),
            birth_year: resident.facts.birth_year,
            relation: resident.facts.relation,
        }
    }
}

fn by_revision(rows: Vec<OwnershipThen>) -> Vec<PastOwnership> {
    let mut past: Vec<PastOwnership> = Vec::new();
    for row in rows {
        let owner = OwnerView::from(&row.owner);
        match past
            .last_mut()
            .filter(|ownership| ownership.revision == row.revision)
        {
            Some(ownership) => ownership.owners.push(owner),
            None => past.push(PastOwnership {
                revision: row.revision,
                since: row.since,
                until: row.until,
                recorded_at: row.recorded_at,
                owners: vec![owner],
            }),
        }
    }
    past
}
