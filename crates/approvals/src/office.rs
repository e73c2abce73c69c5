//! Who holds a unit, and who follows one that was dissolved.

use std::collections::BTreeSet;

use db::Read;
use flow::{Case, Definition};
use kernel::{Actor, CommunityId, Context, OrganisationId};
use policy::Text;

use crate::store::{self, Appointment, Succession};
use crate::{Act, Error, Logged};

/// The units as they are held now.
#[derive(Clone, Debug, Default)]
pub struct Office {
    /// Who holds which.
    pub appointments: Vec<Appointment>,
    /// Who followed whom.
    pub successions: Vec<Succession>,
}

impl Office {
    /// As the database has it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(read: &mut dyn Read, community: CommunityId) -> Result<Self, Error> {
        Ok(Self {
            appointments: store::appointments(read, community)?,
            successions: store::successions(read, community)?,
        })
    }

    /// The unit that answers for what was this one's: itself, or whoever followed it in the end.
    pub fn successor<'u>(&'u self, unit: &'u str) -> &'u str {
        let mut now = unit;
        for _ in 0..=self.successions.len() {
            let next = self.successions.iter().find(|one| one.unit == now);
            match next {
                Some(next) if !next.successor.is_empty() => now = &next.successor,
                _ => return now,
            }
        }
        now
    }

    /// Who holds a unit, or its successor.
    pub fn holder(&self, unit: &str) -> Option<&Appointment> {
        let unit = self.successor(unit);
        self.appointments.iter().find(|one| one.unit == unit)
    }

    /// Whether the organisation holds a unit, or its successor.
    pub fn holds(&self, organisation: Option<OrganisationId>, unit: &str) -> bool {
        let holder = self.holder(unit).map(|one| one.organisation);
        organisation.is_some() && holder == organisation
    }

    /// Whether the unit was dissolved.
    pub fn is_dissolved(&self, unit: &str) -> bool {
        self.successions.iter().any(|one| one.unit == unit)
    }
}

/// The organisation that the actor acts for.
pub(crate) fn acting_for(ctx: &Context) -> Option<OrganisationId> {
    match ctx.actor {
        Actor::Account { on_behalf_of, .. } => on_behalf_of,
        Actor::Anonymous | Actor::System => None,
    }
}

/// The units that have a part in what was submitted: who leads, supports, was asked, does a step, or is told when it is late.
pub(crate) fn involved(definition: &Definition, case: &Case) -> BTreeSet<String> {
    let mut units = BTreeSet::new();
    for (place, (stage, state)) in definition.stages.iter().zip(&case.stages).enumerate() {
        if state.submitted.is_none() {
            continue;
        }
        let own = [
            Some(&stage.lead),
            state.lead.as_ref(),
            stage.escalate_to.as_ref(),
        ];
        units.extend(own.into_iter().flatten().cloned());
        units.extend(stage.supporting.iter().map(|one| one.unit.clone()));
        units.extend(state.asked.iter().map(|one| one.unit.clone()));
        let steps = definition.steps.iter().filter(|step| step.stage == place);
        units.extend(steps.map(|step| step.unit.clone()));
    }
    units
}

/// The unit that an act is up to.
pub(crate) fn responsible(
    definition: &Definition,
    case: &Case,
    events: &[Logged],
    act: &Act,
) -> Result<String, Error> {
    match act {
        Act::Reply { unit, .. } => Ok(unit.clone()),
        Act::Finish { step, .. } => {
            let (_, step) = definition
                .step(step)
                .ok_or(Error::NoSuchPart { what: "step" })?;
            let stage = definition
                .stages
                .get(step.stage)
                .ok_or(Error::NoSuchPart { what: "stage" })?;
            if step.unit == stage.lead {
                lead(definition, case, &stage.id)
            } else {
                Ok(step.unit.clone())
            }
        }
        Act::Retract { of, .. } => {
            let event = events.iter().find(|logged| logged.event.id == *of);
            let event = event.ok_or(Error::NoSuchPart { what: "event" })?;
            if event.unit.is_empty() {
                return Err(Error::Applicants);
            }
            Ok(event.unit.clone())
        }
        Act::Accept { stage }
        | Act::Refuse { stage, .. }
        | Act::AskCorrection { stage, .. }
        | Act::Suspend { stage, .. }
        | Act::Resume { stage }
        | Act::Extend { stage, .. }
        | Act::Ask { stage, .. }
        | Act::HandOver { stage, .. }
        | Act::Decide { stage, .. } => lead(definition, case, stage),
    }
}

/// Who leads a stage now.
pub(crate) fn lead(definition: &Definition, case: &Case, stage: &str) -> Result<String, Error> {
    let own = definition
        .stage(stage)
        .ok_or(Error::NoSuchPart { what: "stage" })?;
    let state = case.stage(stage)?;
    Ok(state.lead.clone().unwrap_or_else(|| own.lead.clone()))
}

/// A unit's title, with whom it was followed by.
pub(crate) fn unit_text(definition: &Definition, office: &Office, unit: &str) -> Text {
    let own = definition.unit_title(unit);
    let now = office.successor(unit);
    if now == unit {
        return own;
    }
    let successor = definition.unit_title(now);
    Text::new(
        format!("{}（承接{}）", successor.zh, own.zh),
        format!("{} (for {})", successor.en, own.en),
    )
}
