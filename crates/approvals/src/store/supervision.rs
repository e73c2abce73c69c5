//! SQL of the supervisor's view: what changed since it last looked, and the past of one process.

use std::collections::HashMap;

use db::Read;
use flow::Event;
use kernel::{CommunityId, Timestamp};

use super::cases::{CaseRow, case_row, event};
use crate::Error;
use crate::model::CaseId;

// The cases first: with `join`, SQLite would walk through every event of the city to have them in order.
db::statements! {
    CHANGED_SINCE = "select case_id, number, process, version, account_id, organisation_id, title, begun_at, closed, \
        position from approval_case where community_id = $1 and position >= $2 and number is not null \
        order by position, case_id limit $3";
    EVENTS_BETWEEN = "select e.case_id, e.event from approval_case c cross join approval_event e \
        where e.community_id = c.community_id and e.case_id = c.case_id \
        and c.community_id = $1 and c.position >= $2 and c.position <= $3 and c.number is not null \
        order by e.case_id, e.seq";
    PAST_CASES = "select case_id, number, version, begun_at from approval_case \
        where community_id = $1 and process = $2 and begun_at >= $3 and number is not null \
        order by begun_at desc, case_id limit $4";
    PAST_EVENTS = "select e.case_id, e.event from approval_case c cross join approval_event e \
        where e.community_id = c.community_id and e.case_id = c.case_id \
        and c.community_id = $1 and c.process = $2 and c.begun_at >= $3 and c.number is not null \
        order by e.case_id, e.seq";
}

/// A case of the past, without its events.
#[derive(Clone, Debug)]
pub(crate) struct PastCase {
    pub(crate) id: CaseId,
    pub(crate) number: String,
    pub(crate) version: String,
    pub(crate) begun_at: Timestamp,
}

/// Submitted cases that changed at a position of the journal or later, open or not, at most `limit`, in that order.
pub(crate) fn changed_since(
    read: &mut dyn Read,
    community: CommunityId,
    position: u64,
    limit: u32,
) -> Result<Vec<CaseRow>, Error> {
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    let values = [community.into(), position.into(), limit.into()];
    let rows = read.query(CHANGED_SINCE, &values)?;
    rows.iter().map(|row| case_row(row, 7)).collect()
}

/// The events, without words, of the cases whose last change lies between two positions of the journal.
pub(crate) fn events_between(
    read: &mut dyn Read,
    community: CommunityId,
    first: u64,
    last: u64,
) -> Result<HashMap<CaseId, Vec<Event>>, Error> {
    let position = |position: u64| i64::try_from(position).unwrap_or(i64::MAX);
    let values = [
        community.into(),
        position(first).into(),
        position(last).into(),
    ];
    by_case(read.query(EVENTS_BETWEEN, &values)?)
}

/// The newest cases of a process that were begun since then.
pub(crate) fn past_cases(
    read: &mut dyn Read,
    community: CommunityId,
    process: &str,
    since: Timestamp,
    most: u32,
) -> Result<Vec<PastCase>, Error> {
    let values = [community.into(), process.into(), since.into(), most.into()];
    let rows = read.query(PAST_CASES, &values)?;
    rows.iter()
        .map(|row| {
            Ok(PastCase {
                id: row.get(0)?,
                number: row.get::<Option<String>>(1)?.unwrap_or_default(),
                version: row.get::<Option<String>>(2)?.unwrap_or_default(),
                begun_at: row.get(3)?,
            })
        })
        .collect()
}

/// Their events, without words.
pub(crate) fn past_events(
    read: &mut dyn Read,
    community: CommunityId,
    process: &str,
    since: Timestamp,
) -> Result<HashMap<CaseId, Vec<Event>>, Error> {
    let values = [community.into(), process.into(), since.into()];
    by_case(read.query(PAST_EVENTS, &values)?)
}

fn by_case(rows: Vec<db::Row>) -> Result<HashMap<CaseId, Vec<Event>>, Error> {
    let mut found: HashMap<CaseId, Vec<Event>> = HashMap::new();
    for row in rows {
        let happened = event(&row.get::<String>(1)?)?;
        found.entry(row.get(0)?).or_default().push(happened);
    }
    Ok(found)
}
