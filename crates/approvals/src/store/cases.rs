//! SQL of cases and their events. Events are added and never changed.

use std::collections::HashMap;

use db::{Read, Row, Tx, Value};
use flow::Event;
use kernel::{AccountId, CommunityId, Context, OrganisationId, Timestamp, Uuid};

use super::audit;
use crate::model::{CaseId, Form};
use crate::{Error, Words};

db::statements! {
    INSERT_CASE = "insert into approval_case (community_id, case_id, process, account_id, organisation_id, title, form, \
        begun_at, closed, position) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    CHANGE_DRAFT = "update approval_case set process = $3, title = $4, form = $5 \
        where community_id = $1 and case_id = $2 and number is null";
    SUBMIT_DRAFT = "update approval_case set number = $3, version = $4, begun_at = $5 \
        where community_id = $1 and case_id = $2 and number is null";
    CLOSE = "update approval_case set closed = $3 where community_id = $1 and case_id = $2";
    ADVANCE = "update approval_case set position = $3 where community_id = $1 and case_id = $2";
    CASE = "select case_id, number, process, version, account_id, organisation_id, title, form, begun_at, closed, \
        position from approval_case where community_id = $1 and case_id = $2";
    OPEN_CASES = "select case_id, number, process, version, account_id, organisation_id, title, begun_at, closed, \
        position from approval_case where community_id = $1 and process = $2 and closed = false \
        and number is not null order by case_id";
    OF_ACCOUNT = "select case_id, number, process, version, account_id, organisation_id, title, begun_at, closed, \
        position from approval_case where community_id = $1 and account_id = $2 order by case_id desc limit 500";
    OF_ORGANISATION = "select case_id, number, process, version, account_id, organisation_id, title, begun_at, closed, \
        position from approval_case where community_id = $1 and organisation_id = $2 order by case_id desc limit 500";
    LAST_NUMBER = "select number from approval_case where community_id = $1 and number >= $2 and number < $3 \
        order by number desc limit 1";
    INSERT_EVENT = "insert into approval_event (community_id, case_id, seq, event, words, unit, received_at, account_id, \
        organisation_id, position) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    EVENTS = "select seq, event, words, unit, received_at, account_id, organisation_id, position from approval_event \
        where community_id = $1 and case_id = $2 order by seq";
    EVENTS_OF_OPEN = "select e.case_id, e.event from approval_event e \
        join approval_case c on c.community_id = e.community_id and c.case_id = e.case_id \
        where e.community_id = $1 and c.process = $2 and c.closed = false order by e.case_id, e.seq";
}

/// A case without its events.
#[derive(Clone, Debug)]
pub struct CaseRow {
    /// Its id.
    pub id: CaseId,
    /// Its number, such as `2026-000012`, once submitted.
    pub number: Option<String>,
    /// The process.
    pub process: String,
    /// The version that it was begun under and keeps, once submitted.
    pub version: Option<String>,
    /// Who applied.
    pub account: AccountId,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// The project's name.
    pub title: String,
    /// When it was begun, or drafted.
    pub begun_at: Timestamp,
    /// Whether nothing can follow.
    pub closed: bool,
    /// The journal's position of the last change.
    pub position: u64,
}

/// An event with its circumstances.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Its place in the case, from 1.
    pub seq: u32,
    /// The event, its words in it unless they were erased.
    pub event: Event,
    /// Its words.
    pub words: Words,
    /// For which unit; empty for the applicant.
    pub unit: String,
    /// When the server received it.
    pub received_at: Timestamp,
    /// From whom.
    pub account: AccountId,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// The journal's position of its entry.
    pub position: u64,
}

const FORM: &str = "approvals.form";
const WORDS: &str = "approvals.words";

pub(crate) fn insert_case(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: CaseId,
    process: &str,
    form: &Form,
) -> Result<(), Error> {
    let (account, organisation) = applicant(ctx);
    tx.execute(
        INSERT_CASE,
        &[
            ctx.community.into(),
            id.into(),
            process.into(),
            account.into(),
            organisation.into(),
            form.title.trim().into(),
            sealed_form(ctx, form)?.into(),
            ctx.now.into(),
            false.into(),
            0_i64.into(),
        ],
    )?;
    vouch(tx, ctx.community, id)
}

/// Has the next entry vouch for the case as it stands, but for the position, which is that entry's own.
fn vouch(tx: &mut dyn Tx, community: CommunityId, id: CaseId) -> Result<(), Error> {
    journal::rewrote(tx, &audit::CASES, community, &[id.into()])?;
    Ok(())
}

/// Who applies: the account, and the organisation it acts for or nil.
fn applicant(ctx: &Context) -> (Uuid, Uuid) {
    let organisation = match ctx.actor {
        kernel::Actor::Account {
            on_behalf_of: Some(organisation),
            ..
        } => organisation.uuid(),
        _ => Uuid::nil(),
    };
    (ctx.actor.uuid(), organisation)
}

fn sealed_form(ctx: &Context, form: &Form) -> Result<Vec<u8>, Error> {
    let text = crate::to_json("a form", form)?;
    Ok(ctx.vault.seal(&ctx.random, ctx.community, FORM, &text)?)
}

pub(crate) fn change_draft(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: CaseId,
    process: &str,
    form: &Form,
) -> Result<(), Error> {
    let values = [
        ctx.community.into(),
        id.into(),
        process.into(),
        form.title.trim().into(),
        sealed_form(ctx, form)?.into(),
    ];
    tx.execute(CHANGE_DRAFT, &values)?;
    vouch(tx, ctx.community, id)
}

pub(crate) fn submit_draft(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: CaseId,
    number: &str,
    version: &str,
) -> Result<(), Error> {
    let values = [
        ctx.community.into(),
        id.into(),
        number.into(),
        version.into(),
        ctx.now.into(),
    ];
    tx.execute(SUBMIT_DRAFT, &values)?;
    Ok(())
}

/// Says whether anything can follow; the next entry vouches for the case as it stands then.
pub(crate) fn close(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: CaseId,
    closed: bool,
) -> Result<(), Error> {
    tx.execute(CLOSE, &[community.into(), id.into(), closed.into()])?;
    vouch(tx, community, id)
}

/// Notes the entry of the last change.
pub(crate) fn advance(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: CaseId,
    position: u64,
) -> Result<(), Error> {
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    tx.execute(ADVANCE, &[community.into(), id.into(), position.into()])?;
    Ok(())
}

/// A case with its form.
pub(crate) fn case(
    read: &mut dyn Read,
    ctx: &Context,
    id: CaseId,
) -> Result<(CaseRow, Form), Error> {
    let row = read
        .query_one(CASE, &[ctx.community.into(), id.into()])?
        .ok_or(Error::NoSuchCase)?;
    let text = ctx
        .vault
        .open(ctx.community, FORM, &row.get::<Vec<u8>>(7)?)?;
    let form = serde_json::from_str(&text).map_err(|error| Error::Unreadable {
        what: "a form",
        value: error.to_string(),
    })?;
    Ok((case_row(&row, 8)?, form))
}

pub(super) fn case_row(row: &Row, rest: usize) -> Result<CaseRow, Error> {
    Ok(CaseRow {
        id: row.get(0)?,
        number: row.get(1)?,
        process: row.get(2)?,
        version: row.get(3)?,
        account: row.get(4)?,
        organisation: organisation(row.get(5)?),
        title: row.get(6)?,
        begun_at: row.get(rest)?,
        closed: row.get(rest + 1)?,
        position: row.get(rest + 2)?,
    })
}

fn organisation(uuid: Uuid) -> Option<OrganisationId> {
    (!uuid.is_nil()).then(|| OrganisationId::from_uuid(uuid))
}

/// The submitted cases of a process in which something can still happen.
pub(crate) fn open_cases(
    read: &mut dyn Read,
    community: CommunityId,
    process: &str,
) -> Result<Vec<CaseRow>, Error> {
    let rows = read.query(OPEN_CASES, &[community.into(), process.into()])?;
    rows.iter().map(|row| case_row(row, 7)).collect()
}

/// An applicant's own cases, and those of the organisation that they act for, newest first.
pub(crate) fn of_applicant(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
    organisation: Option<OrganisationId>,
) -> Result<Vec<CaseRow>, Error> {
    let rows = match organisation {
        Some(organisation) => {
            read.query(OF_ORGANISATION, &[community.into(), organisation.into()])?
        }
        None => read.query(OF_ACCOUNT, &[community.into(), account.into()])?,
    };
    rows.iter().map(|row| case_row(row, 7)).collect()
}

/// The last number that was given in a year.
pub(crate) fn last_number(
    read: &mut dyn Read,
    community: CommunityId,
    year: i16,
) -> Result<Option<String>, Error> {
    let (from, to) = (format!("{year:04}-"), format!("{:04}-", year + 1));
    let row = read.query_one(LAST_NUMBER, &[community.into(), from.into(), to.into()])?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// An event's row but for its position, with its words sealed; the next entry vouches for it.
pub(crate) fn sealed_event(
    tx: &mut dyn Tx,
    ctx: &Context,
    case: CaseId,
    logged: &Logged,
) -> Result<Vec<Value>, Error> {
    let words = if logged.words.is_empty() {
        None
    } else {
        let text = crate::to_json("an event's words", &logged.words)?;
        Some(ctx.vault.seal(&ctx.random, ctx.community, WORDS, &text)?)
    };
    let mut bare = logged.event.clone();
    Words::take(&mut bare);
    let organisation = logged
        .organisation
        .map_or(Uuid::nil(), OrganisationId::uuid);
    let row = vec![
        ctx.community.into(),
        case.into(),
        logged.seq.into(),
        crate::to_json("an event", &bare)?.into(),
        words.into(),
        logged.unit.as_str().into(),
        logged.received_at.into(),
        logged.account.into(),
        organisation.into(),
    ];
    journal::wrote(tx, &audit::EVENTS, std::slice::from_ref(&row));
    Ok(row)
}

/// Writes an event's row, now that its entry's position is known.
pub(crate) fn insert_event(
    tx: &mut dyn Tx,
    mut row: Vec<Value>,
    position: u64,
) -> Result<(), Error> {
    row.push(i64::try_from(position).unwrap_or(i64::MAX).into());
    tx.execute(INSERT_EVENT, &row)?;
    Ok(())
}

/// A case's events in the order in which they were received, with their words.
pub(crate) fn events(
    read: &mut dyn Read,
    ctx: &Context,
    case: CaseId,
) -> Result<Vec<Logged>, Error> {
    let rows = read.query(EVENTS, &[ctx.community.into(), case.into()])?;
    rows.iter().map(|row| logged(ctx, row)).collect()
}

fn logged(ctx: &Context, row: &Row) -> Result<Logged, Error> {
    let mut event = event(&row.get::<String>(1)?)?;
    let words = match row.get::<Option<Vec<u8>>>(2)? {
        Some(sealed) => {
            let text = ctx.vault.open(ctx.community, WORDS, &sealed)?;
            let words: Words = serde_json::from_str(&text).map_err(|error| Error::Unreadable {
                what: "an event's words",
                value: error.to_string(),
            })?;
            words.put(&mut event);
            words
        }
        None => Words::default(),
    };
    Ok(Logged {
        seq: row.get(0)?,
        event,
        words,
        unit: row.get(3)?,
        received_at: row.get(4)?,
        account: row.get(5)?,
        organisation: organisation(row.get(6)?),
        position: row.get(7)?,
    })
}

pub(super) fn event(text: &str) -> Result<Event, Error> {
    serde_json::from_str(text).map_err(|error| Error::Unreadable {
        what: "an event",
        value: error.to_string(),
    })
}

/// The events of every open case of a process, without their words, by case.
pub(crate) fn events_of_many(
    read: &mut dyn Read,
    community: CommunityId,
    process: &str,
) -> Result<HashMap<CaseId, Vec<Event>>, Error> {
    let mut found: HashMap<CaseId, Vec<Event>> = HashMap::new();
    for row in read.query(EVENTS_OF_OPEN, &[community.into(), process.into()])? {
        let case = row.get(0)?;
        found
            .entry(case)
            .or_default()
            .push(event(&row.get::<String>(1)?)?);
    }
    Ok(found)
}
