//! The past of one process: as an event log, and run again with fewer steps.

use std::sync::Arc;

use db::Read;
use event_log::LoggedCase;
use flow::{Change, Definition, Event, WhatIf, logged, what_if};
use kernel::Context;
use policy::Text;

use crate::definitions::known_definitions;
use crate::model::SUPERVISE;
use crate::store::{self, PastCase};
use crate::{Error, calendar};

/// How many files are looked at, the newest first.
pub(crate) const MOST_CASES: u32 = 5_000;

/// How far back, in days.
const DAYS_BACK: i64 = 3 * 365;

/// What was asked of the past.
pub struct PastOf<T> {
    /// The process in its newest version.
    pub definition: Arc<Definition>,
    /// The processes there are: id and title.
    pub processes: Vec<(String, Text)>,
    /// Files that were begun under other versions, and so left out.
    pub other_versions: usize,
    /// Whether there are more files than were looked at.
    pub is_cut: bool,
    /// The answer.
    pub answer: T,
}

/// What the finished files of a process would have taken; of the first process, if none is named.
///
/// # Errors
/// Those of the database; changes that make no sense are in the answer.
pub fn fewer_steps(
    read: &mut dyn Read,
    ctx: &Context,
    process: &str,
    changes: &[Change],
) -> Result<PastOf<Result<WhatIf, flow::Error>>, Error> {
    ctx.require(SUPERVISE)?;
    let days = calendar::days(read, ctx.community)?;
    past_of(read, ctx, process, |definition, cases| {
        let past = cases
            .iter()
            .map(|(case, events)| (case.number.as_str(), events.as_slice()));
        match what_if(definition, past, changes, &days) {
            Err(error @ flow::Error::Change { .. }) => Ok(Err(error)),
            other => Ok(Ok(other?)),
        }
    })
}

/// The files of a process as an event log; activities bear the names that the process has for them.
///
/// # Errors
/// Those of the database.
pub fn log_of(
    read: &mut dyn Read,
    ctx: &Context,
    process: &str,
) -> Result<PastOf<Vec<LoggedCase>>, Error> {
    ctx.require(SUPERVISE)?;
    let days = calendar::days(read, ctx.community)?;
    past_of(read, ctx, process, |definition, cases| {
        let mut log = Vec::with_capacity(cases.len());
        for (case, events) in cases {
            // A file whose events do not fit its process tells nothing.
            let Ok(one) = logged(&case.number, definition, events, &days) else {
                continue;
            };
            log.push(one);
        }
        Ok(log)
    })
}

fn past_of<T>(
    read: &mut dyn Read,
    ctx: &Context,
    process: &str,
    answer: impl FnOnce(&Definition, &[(PastCase, Vec<Event>)]) -> Result<T, Error>,
) -> Result<PastOf<T>, Error> {
    let known = known_definitions(read, ctx.community)?;
    let mut processes: Vec<(String, Text)> = known
        .iter()
        .map(|one| (one.definition.id.clone(), one.definition.title.clone()))
        .collect();
    processes.dedup_by(|later, first| later.0 == first.0);
    let mut newest = known.iter().map(|one| &one.definition);
    let definition = newest
        .find(|one| process.is_empty() || one.id == process)
        .cloned()
        .ok_or(Error::NoSuchPart { what: "process" })?;
    let since = ctx.now.plus_days(-DAYS_BACK);
    let rows = store::past_cases(read, ctx.community, &definition.id, since, MOST_CASES)?;
    let is_cut = u32::try_from(rows.len()).is_ok_and(|count| count >= MOST_CASES);
    let since = if is_cut {
        rows.last().map_or(since, |row| row.begun_at)
    } else {
        since
    };
    let mut events = store::past_events(read, ctx.community, &definition.id, since)?;
    let all = rows.len();
    let cases: Vec<(PastCase, Vec<Event>)> = rows
        .into_iter()
        .filter(|row| row.version == definition.version)
        .map(|row| {
            let own = events.remove(&row.id).unwrap_or_default();
            (row, own)
        })
        .collect();
    Ok(PastOf {
        other_versions: all - cases.len(),
        is_cut,
        answer: answer(&definition, &cases)?,
        processes,
        definition,
    })
}
