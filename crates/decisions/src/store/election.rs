//! SQL of committee elections: plans, candidates, checks, withdrawals.

use db::{Read, Row, Tx};
use kernel::{CommunityId, Context, Timestamp};
use people::model::OwnerId;

use super::named;
use crate::Error;
use crate::model::{CandidateId, Condition, ElectionPlan, ElectionTerms, ResolutionId, Route};

db::statements! {
    PUT_ELECTION = "insert into election (community_id, resolution_id, seats, reserve, whole_committee, \
        nominations_until, planned_by, planned_at) values ($1, $2, $3, $4, $5, $6, $7, $8) \
        on conflict (community_id, resolution_id) do update set seats = excluded.seats, reserve = excluded.reserve, \
        whole_committee = excluded.whole_committee, nominations_until = excluded.nominations_until, \
        planned_by = excluded.planned_by, planned_at = excluded.planned_at";
    ELECTION = "select seats, reserve, whole_committee, nominations_until from election \
        where community_id = $1 and resolution_id = $2";
    OPEN_NOMINATIONS = "select e.resolution_id, r.title, e.nominations_until from election e \
        join resolution r on r.community_id = e.community_id and r.resolution_id = e.resolution_id \
        left join resolution_publication p on p.community_id = e.community_id and p.resolution_id = e.resolution_id \
        left join resolution_withdrawal w on w.community_id = e.community_id and w.resolution_id = e.resolution_id \
        where e.community_id = $1 and e.nominations_until > $2 and p.resolution_id is null and w.resolution_id is null \
        order by e.nominations_until";
    INSERT_CANDIDATE = "insert into candidate (community_id, resolution_id, candidate_id, owner_id, name, route, \
        supporters, statement, declared, evidence, nominated_by, nominated_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    CANDIDATES = "select c.candidate_id, c.owner_id, c.name, c.route, c.supporters, c.statement, c.declared, c.evidence, \
        c.nominated_at, k.is_accepted, k.reason, w.withdrawn_at, w.reason from candidate c \
        left join candidate_check k on k.community_id = c.community_id and k.resolution_id = c.resolution_id \
        and k.candidate_id = c.candidate_id \
        left join candidate_withdrawal w on w.community_id = c.community_id and w.resolution_id = c.resolution_id \
        and w.candidate_id = c.candidate_id \
        where c.community_id = $1 and c.resolution_id = $2 order by c.nominated_at, c.candidate_id";
    PUT_CHECK = "insert into candidate_check (community_id, resolution_id, candidate_id, is_accepted, reason, checked_by, \
        checked_at) values ($1, $2, $3, $4, $5, $6, $7) \
        on conflict (community_id, resolution_id, candidate_id) do update set is_accepted = excluded.is_accepted, \
        reason = excluded.reason, checked_by = excluded.checked_by, checked_at = excluded.checked_at";
    INSERT_CANDIDATE_WITHDRAWAL = "insert into candidate_withdrawal (community_id, resolution_id, candidate_id, reason, \
        withdrawn_by, withdrawn_at) values ($1, $2, $3, $4, $5, $6)";
    WITHDRAWN = "select candidate_id from candidate_withdrawal where community_id = $1 and resolution_id = $2";
}

/// Someone who stands for the committee.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Their id.
    pub id: CandidateId,
    /// As which owner.
    pub owner: OwnerId,
    /// Their name, for all owners to read.
    pub name: String,
    /// How they were named.
    pub route: Route,
    /// How many owners named them together.
    pub supporters: u32,
    /// What they say of themselves.
    pub statement: String,
    /// The conditions they declare to meet.
    pub declared: Vec<Condition>,
    /// Where the paper lies; empty for a nomination on the platform.
    pub evidence: String,
    /// When.
    pub nominated_at: Timestamp,
    /// Whether they were found fit, and why, once checked.
    pub check: Option<(bool, String)>,
    /// When and why they withdrew.
    pub withdrawal: Option<(Timestamp, String)>,
}

pub(crate) fn put_election(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    plan: &ElectionPlan,
) -> Result<(), db::Error> {
    tx.execute(
        PUT_ELECTION,
        &[
            ctx.community.into(),
            resolution.into(),
            plan.seats.into(),
            plan.reserve.into(),
            plan.whole_committee.into(),
            plan.nominations_until.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn election(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<Option<ElectionPlan>, db::Error> {
    read.query_one(ELECTION, &[community.into(), resolution.into()])?
        .map(|row| {
            Ok(ElectionPlan {
                seats: row.get(0)?,
                reserve: row.get(1)?,
                whole_committee: row.get(2)?,
                nominations_until: row.get(3)?,
            })
        })
        .transpose()
}

/// The elections for which names are taken now: what they are called, and until when.
pub(crate) fn open_nominations(
    read: &mut dyn Read,
    community: CommunityId,
    now: Timestamp,
) -> Result<Vec<(ResolutionId, String, Timestamp)>, db::Error> {
    read.query(OPEN_NOMINATIONS, &[community.into(), now.into()])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .collect()
}

pub(crate) fn insert_candidate(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    candidate: &Candidate,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_CANDIDATE,
        &[
            ctx.community.into(),
            resolution.into(),
            candidate.id.into(),
            candidate.owner.into(),
            candidate.name.as_str().into(),
            candidate.route.name().into(),
            candidate.supporters.into(),
            candidate.statement.as_str().into(),
            declared_text(&candidate.declared).into(),
            candidate.evidence.as_str().into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

/// Conditions as a column has them.
pub(crate) fn declared_text(declared: &[Condition]) -> String {
    crate::model::names(declared.iter().map(|one| one.name()))
}

/// Everyone who was named, in the order of their nominations.
pub(crate) fn candidates(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<Vec<Candidate>, Error> {
    read.query(CANDIDATES, &[community.into(), resolution.into()])?
        .iter()
        .map(candidate)
        .collect()
}

fn candidate(row: &Row) -> Result<Candidate, Error> {
    let declared: String = row.get(6)?;
    let check = match row.get::<Option<bool>>(9)? {
        None => None,
        Some(is_accepted) => Some((is_accepted, row.get(10)?)),
    };
    let withdrawal = match row.get::<Option<Timestamp>>(11)? {
        None => None,
        Some(at) => Some((at, row.get(12)?)),
    };
    Ok(Candidate {
        id: row.get(0)?,
        owner: row.get(1)?,
        name: row.get(2)?,
        route: named(row, 3, "a nomination's route", Route::from_name)?,
        supporters: row.get(4)?,
        statement: row.get(5)?,
        declared: declared
            .split(", ")
            .filter_map(Condition::from_name)
            .collect(),
        evidence: row.get(7)?,
        nominated_at: row.get(8)?,
        check,
        withdrawal,
    })
}

pub(crate) fn put_check(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    candidate: CandidateId,
    is_accepted: bool,
    reason: &str,
) -> Result<(), db::Error> {
    tx.execute(
        PUT_CHECK,
        &[
            ctx.community.into(),
            resolution.into(),
            candidate.into(),
            is_accepted.into(),
            reason.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn insert_candidate_withdrawal(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    candidate: CandidateId,
    reason: &str,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_CANDIDATE_WITHDRAWAL,
        &[
            ctx.community.into(),
            resolution.into(),
            candidate.into(),
            reason.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

/// The numbers on the ballot of those who withdrew.
pub(crate) fn withdrawn_numbers(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    terms: &ElectionTerms,
) -> Result<Vec<u32>, db::Error> {
    let mut withdrawn: Vec<CandidateId> = Vec::new();
    for row in read.query(WITHDRAWN, &[community.into(), resolution.into()])? {
        withdrawn.push(row.get(0)?);
    }
    Ok(terms
        .numbers()
        .filter(|(_, id)| withdrawn.contains(id))
        .map(|(number, _)| number)
        .collect())
}
