//! What the office keeps, to look at: units and who holds them, processes, the calendar's years.

use std::sync::Arc;

use db::Read;
use flow::{Days, Definition};
use identity::{Organisation, OrganisationKind};
use kernel::Context;
use policy::{Notice, Text};

use crate::definitions::{KnownDefinition, known_definitions};
use crate::model::{APPLY, ORGANISE, READ};
use crate::office::Office;
use crate::{Error, calendar, store};

/// The units of every process, and whom they could be given to.
pub struct OfficeView {
    /// The units, by name.
    pub units: Vec<UnitView>,
    /// The departments registered in the city.
    pub departments: Vec<Organisation>,
}

/// A unit of the processes.
pub struct UnitView {
    /// Its name in the definitions.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Who holds it: the organisation's name.
    pub holder: Option<String>,
    /// Who followed it, if it was dissolved: nobody, for an empty name.
    pub dissolved: Option<String>,
    /// How many open tasks it has.
    pub tasks: usize,
}

/// The units of every process.
///
/// # Errors
/// Those of the database.
pub fn office_view(read: &mut dyn Read, ctx: &Context) -> Result<OfficeView, Error> {
    ctx.require(ORGANISE)?;
    let office = Office::of(read, ctx.community)?;
    let mut units: Vec<UnitView> = Vec::new();
    for known in known_definitions(read, ctx.community)? {
        for unit in &known.definition.units {
            if units.iter().any(|one| one.id == unit.id) {
                continue;
            }
            let succession = office.successions.iter().find(|one| one.unit == unit.id);
            let holder = office.holder(&unit.id).filter(|_| succession.is_none());
            units.push(UnitView {
                id: unit.id.clone(),
                title: unit.title.clone(),
                holder: holder.map(|one| one.name.clone()),
                dissolved: succession.map(|one| one.successor.clone()),
                tasks: 0,
            });
        }
    }
    let tasks = super::task_counts(read, ctx)?;
    for unit in &mut units {
        unit.tasks = tasks.get(&unit.id).copied().unwrap_or_default();
    }
    let mut departments = identity::queries::organisations(read, ctx)?;
    departments.retain(|one| one.kind == OrganisationKind::CityDepartment);
    Ok(OfficeView { units, departments })
}

/// Every version of every process.
///
/// # Errors
/// Those of the database.
pub fn processes(read: &mut dyn Read, ctx: &Context) -> Result<Vec<KnownDefinition>, Error> {
    if !ctx.may(APPLY) {
        ctx.require(READ)?;
    }
    known_definitions(read, ctx.community)
}

/// One version of a process.
///
/// # Errors
/// [`Error::NoSuchPart`] if there is none.
pub fn definition_view(
    read: &mut dyn Read,
    ctx: &Context,
    process: &str,
    version: &str,
) -> Result<Arc<Definition>, Error> {
    ctx.require(READ)?;
    crate::definition(read, ctx.community, process, version)
}

/// The calendar's years.
pub struct CalendarView {
    /// The calendar.
    pub days: Arc<Days>,
    /// Each year's notices; none for a year that is not published.
    pub years: Vec<(i16, Vec<Notice>)>,
    /// The years that the city's staff brought, with how often.
    pub brought: Vec<(i16, u32)>,
}

/// The calendar's years, up to two after this one.
///
/// # Errors
/// Those of the database.
pub fn calendar_view(read: &mut dyn Read, ctx: &Context) -> Result<CalendarView, Error> {
    ctx.require(READ)?;
    let days = calendar::days(read, ctx.community)?;
    let this_year = ctx.now.date().year();
    let first = days.calendar().published_years().min().unwrap_or(this_year);
    let years = (first..=this_year + 2)
        .rev()
        .map(|year| (year, days.calendar().notices(year).to_vec()))
        .collect();
    let brought = store::calendar_years(read, ctx.community)?;
    Ok(CalendarView {
        days,
        years,
        brought: brought.iter().map(|one| (one.year, one.revision)).collect(),
    })
}
