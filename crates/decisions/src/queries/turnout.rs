//! What helps turnout: whom nobody has reached yet, and how each household wants to be reminded.

use std::collections::HashSet;

use db::Read;
use kernel::{CommunityId, Context};
use people::model::{OwnerId, UnitId, UnitLabel, natural_order};

use super::visible;
use crate::Error;
use crate::model::{DELIVER, READ, ReminderChannel, ResolutionId};
use crate::store::{self, Reminder, Resolution, UnreachedUnit};

/// What those who go from door to door see.
pub struct TurnoutHelp {
    /// The resolution.
    pub resolution: Resolution,
    /// Every unit for which nothing was cast, in the order of buildings and doors.
    pub units: Vec<UnreachedUnit>,
    /// The last round of reminders.
    pub reminded: Option<Reminder>,
}

/// The units for which nothing was cast yet, without anything of how others voted.
pub fn turnout_help(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
) -> Result<TurnoutHelp, Error> {
    ctx.require(DELIVER)?;
    let resolution = visible(read, ctx, id)?;
    let mut units = unreached_units(read, ctx.community, id)?;
    units.sort_by_cached_key(|unit| {
        natural_order(&UnitLabel {
            building: unit.building.clone(),
            number: unit.label.clone(),
        })
    });
    Ok(TurnoutHelp {
        resolution,
        units,
        reminded: store::last_reminder(read, ctx.community, id)?,
    })
}

/// The units for which nothing was cast, each with how it is reminded.
pub(crate) fn unreached_units(
    read: &mut dyn Read,
    community: CommunityId,
    id: ResolutionId,
) -> Result<Vec<UnreachedUnit>, Error> {
    let with_login: HashSet<OwnerId> = people::queries::owner_accounts(read, community)?
        .into_iter()
        .map(|(owner, _)| owner)
        .collect();
    let mut reachable: HashSet<UnitId> = HashSet::new();
    store::each_elector_owner(read, community, id, &mut |owner, unit| {
        if with_login.contains(&owner) {
            reachable.insert(unit);
        }
    })?;
    store::unreached(read, community, id, |unit| {
        if reachable.contains(&unit) {
            ReminderChannel::InApp
        } else {
            ReminderChannel::Letter
        }
    })
}

/// One of the actor's units, and how its owners chose to be reminded.
pub struct ReminderChoice {
    /// The unit.
    pub unit: UnitId,
    /// Its building and number.
    pub label: String,
    /// How; none where they chose nothing.
    pub channel: Option<ReminderChannel>,
}

/// How the owners of the actor's own units are reminded.
pub fn reminder_choices(read: &mut dyn Read, ctx: &Context) -> Result<Vec<ReminderChoice>, Error> {
    ctx.require(READ)?;
    let own = people::queries::own_units(read, ctx)?;
    own.into_iter()
        .filter(|unit| unit.owner.is_some())
        .map(|unit| {
            Ok(ReminderChoice {
                unit: unit.unit,
                label: format!("{} {}", unit.label.building, unit.label.number),
                channel: store::reminder_choice(read, ctx.community, unit.unit)?,
            })
        })
        .collect()
}

/// The last reminder that came to the actor's own pages, for units without a vote.
pub(super) fn reminder_to(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
    units: &[UnitId],
) -> Result<Option<Reminder>, Error> {
    for unit in units {
        let round = store::reminded(read, ctx.community, id, *unit, ReminderChannel::InApp)?;
        if round.is_some() {
            return Ok(store::last_reminder(read, ctx.community, id)?);
        }
    }
    Ok(None)
}
