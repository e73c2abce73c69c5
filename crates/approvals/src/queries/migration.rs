//! What another version of a process would change for each open case.

use db::Read;
use flow::Case;
use jiff::civil::Date;
use kernel::Context;
use policy::Text;

use crate::model::ORGANISE;
use crate::store::{self, CaseRow};
use crate::tasks::is_closed;
use crate::{Error, calendar, definitions};

/// What a version changes for one case.
#[derive(Clone, Debug)]
pub struct CaseMigration {
    /// The case, under the version that it keeps now.
    pub row: CaseRow,
    /// Its running stages, with their last days before and after.
    pub dates: Vec<StageDates>,
    /// Why it can't go over: the first event that the version would not allow.
    pub refused: Option<Text>,
    /// Whether nothing could follow under the version.
    pub closes: bool,
}

/// A stage's last day, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageDates {
    /// The stage's title.
    pub stage: Text,
    /// Under the version that the case keeps.
    pub before: Option<Date>,
    /// Under the other.
    pub after: Option<Date>,
}

/// The open cases of a process that don't keep this version yet, and what it would change for each.
///
/// # Errors
/// [`Error::NoSuchPart`] if there is no such version.
pub fn migration(
    read: &mut dyn Read,
    ctx: &Context,
    process: &str,
    to: &str,
) -> Result<Vec<CaseMigration>, Error> {
    ctx.require(ORGANISE)?;
    let target = definitions::definition(read, ctx.community, process, to)?;
    let days = calendar::days(read, ctx.community)?;
    let today = ctx.now.date();
    let mut events = store::events_of_many(read, ctx.community, process)?;
    let rows = store::open_cases(read, ctx.community, process)?;
    let mut found = Vec::new();
    for row in rows {
        let Some(version) = row.version.clone().filter(|version| version != to) else {
            continue;
        };
        let own = definitions::definition(read, ctx.community, process, &version)?;
        let events = events.remove(&row.id).unwrap_or_default();
        let before = Case::replay(&own, &events)?;
        let after = match Case::replay(&target, &events) {
            Ok(after) => Ok(after),
            Err(flow::Error::Event { reason, .. }) => Err(reason),
            Err(other) => return Err(other.into()),
        };
        let mut dates = Vec::new();
        for (stage, state) in own.stages.iter().zip(&before.stages) {
            if state.submitted.is_none() || state.decided.is_some() {
                continue;
            }
            let after = match &after {
                Ok(after) => after.due(&target, &stage.id, &days, today)?.date,
                Err(_) => None,
            };
            dates.push(StageDates {
                stage: stage.title.clone(),
                before: before.due(&own, &stage.id, &days, today)?.date,
                after,
            });
        }
        found.push(CaseMigration {
            closes: after.as_ref().is_ok_and(|case| is_closed(&target, case)),
            refused: after.err(),
            row,
            dates,
        });
    }
    Ok(found)
}
