//! SQL of participatory budgets: rounds, proposals, comments, checks, reports.

use db::{Read, Row, Tx};
use kernel::{AccountId, CommunityId, Context, Timestamp};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::commands::CheckProposal;
use crate::model::{
    CommentId, Picture, PollId, ProposalId, ProposalText, Report, ReportId, RoundId, RoundTerms,
    State,
};

db::statements! {
    INSERT_ROUND = "insert into budget_round (community_id, round_id, title, body, budget_fen, closes, opened_by, \
        opened_at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    ROUNDS = "select round_id, title, body, budget_fen, closes, opened_at from budget_round where community_id = $1 \
        and round_id < $2 order by round_id desc limit $3";
    ROUND = "select round_id, title, body, budget_fen, closes, opened_at from budget_round \
        where community_id = $1 and round_id = $2";
    INSERT_BALLOT_OF_ROUND = "insert into budget_ballot (community_id, round_id, poll_id) values ($1, $2, $3)";
    BALLOT_OF_ROUND = "select poll_id from budget_ballot where community_id = $1 and round_id = $2 \
        order by poll_id desc limit 1";
    INSERT_PROPOSAL = "insert into budget_proposal (community_id, round_id, proposal_id, title, body, place, category, \
        cost_fen, proposed_by, proposed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    PROPOSALS = "select p.proposal_id, p.title, p.body, p.place, p.category, p.cost_fen, p.proposed_by, p.proposed_at, \
        w.reason, c.revision, c.feasible, c.cost_fen, c.reason, c.checked_at from budget_proposal p \
        left join budget_withdrawal w on w.community_id = p.community_id and w.proposal_id = p.proposal_id \
        left join budget_check c on c.community_id = p.community_id and c.proposal_id = p.proposal_id \
            and c.revision = (select max(n.revision) from budget_check n \
                where n.community_id = c.community_id and n.proposal_id = c.proposal_id) \
        where p.community_id = $1 and p.round_id = $2 order by p.proposed_at, p.proposal_id";
    PROPOSAL = "select p.proposal_id, p.title, p.body, p.place, p.category, p.cost_fen, p.proposed_by, p.proposed_at, \
        w.reason, c.revision, c.feasible, c.cost_fen, c.reason, c.checked_at from budget_proposal p \
        left join budget_withdrawal w on w.community_id = p.community_id and w.proposal_id = p.proposal_id \
        left join budget_check c on c.community_id = p.community_id and c.proposal_id = p.proposal_id \
            and c.revision = (select max(n.revision) from budget_check n \
                where n.community_id = c.community_id and n.proposal_id = c.proposal_id) \
        where p.community_id = $1 and p.round_id = $2 and p.proposal_id = $3";
    INSERT_WITHDRAWAL = "insert into budget_withdrawal (community_id, round_id, proposal_id, reason, withdrawn_at) \
        values ($1, $2, $3, $4, $5)";
    INSERT_CHECK = "insert into budget_check (community_id, round_id, proposal_id, revision, feasible, cost_fen, reason, \
        checked_by, checked_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INSERT_COMMENT = "insert into budget_comment (community_id, proposal_id, comment_id, text, said_by, said_at) \
        values ($1, $2, $3, $4, $5, $6)";
    COMMENTS = "select comment_id, text, said_at from budget_comment where community_id = $1 and proposal_id = $2 \
        and comment_id < $3 order by comment_id desc limit $4";
    COMMENTS_SINCE = "select count(*) from budget_comment where community_id = $1 and proposal_id = $2 \
        and said_by = $3 and said_at >= $4";
    INSERT_REPORT = "insert into budget_report (community_id, proposal_id, report_id, state, spent_fen, text, reported_by, \
        reported_at, shows, media_type, sha256, content) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    REPORTS = "select report_id, state, spent_fen, text, reported_at, shows from budget_report \
        where community_id = $1 and proposal_id = $2 order by report_id desc";
    PICTURE = "select media_type, content from budget_report where community_id = $1 and proposal_id = $2 and report_id = $3";
}

/// A round as its page shows it.
#[derive(Clone, Debug)]
pub struct Round {
    /// Its id.
    pub id: RoundId,
    /// What was called for.
    pub terms: RoundTerms,
    /// When.
    pub opened_at: Timestamp,
    /// The poll that its proposals stand on, the newest.
    pub poll: Option<PollId>,
}

/// A proposal with what was done to it.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// What is proposed.
    pub text: ProposalText,
    /// By whose login.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// Why it was withdrawn, if it was.
    pub withdrawn: Option<String>,
    /// The newest check.
    pub check: Option<Check>,
}

/// What a check said.
#[derive(Clone, Debug)]
pub struct Check {
    /// The how-manieth check of the proposal, from 1.
    pub revision: u32,
    /// Whether it can be done.
    pub feasible: bool,
    /// What it costs, in fen.
    pub cost_fen: i64,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// What somebody said about a proposal, without their name.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// What.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// A report with when it was made.
#[derive(Clone, Debug)]
pub struct Reported {
    /// Its id.
    pub id: ReportId,
    /// What was reported.
    pub report: Report,
    /// When.
    pub at: Timestamp,
    /// What the picture shows, if there is one.
    pub shows: Option<String>,
}

pub(crate) fn insert_round(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: RoundId,
    terms: &RoundTerms,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_ROUND,
        &[
            ctx.community.into(),
            id.into(),
            terms.title.as_str().into(),
            terms.body.as_str().into(),
            terms.budget_fen.into(),
            terms.closes.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

fn round_of(read: &mut dyn Read, community: CommunityId, row: &Row) -> Result<Round, db::Error> {
    let id: RoundId = row.get(0)?;
    let poll = read.query_one(BALLOT_OF_ROUND, &[community.into(), id.into()])?;
    Ok(Round {
        id,
        terms: RoundTerms {
            title: row.get(1)?,
            body: row.get(2)?,
            budget_fen: row.get(3)?,
            closes: row.get(4)?,
        },
        opened_at: row.get(5)?,
        poll: poll.map(|row| row.get(0)).transpose()?,
    })
}

pub(crate) fn round(
    read: &mut dyn Read,
    community: CommunityId,
    id: RoundId,
) -> Result<Round, Error> {
    let row = read.query_one(ROUND, &[community.into(), id.into()])?;
    Ok(round_of(
        read,
        community,
        &row.ok_or(Error::NoSuchProposal)?,
    )?)
}

/// The newest `limit` rounds opened before the one with id `before`.
pub(crate) fn rounds(
    read: &mut dyn Read,
    community: CommunityId,
    before: RoundId,
    limit: u32,
) -> Result<Vec<Round>, db::Error> {
    let rows = read.query(ROUNDS, &[community.into(), before.into(), limit.into()])?;
    rows.iter()
        .map(|row| round_of(read, community, row))
        .collect()
}

pub(crate) fn insert_ballot_of_round(
    tx: &mut dyn Tx,
    ctx: &Context,
    round: RoundId,
    poll: PollId,
) -> Result<(), db::Error> {
    let row = [ctx.community.into(), round.into(), poll.into()];
    tx.execute(INSERT_BALLOT_OF_ROUND, &row)?;
    Ok(())
}

pub(crate) fn insert_proposal(
    tx: &mut dyn Tx,
    ctx: &Context,
    round: RoundId,
    id: ProposalId,
    text: &ProposalText,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_PROPOSAL,
        &[
            ctx.community.into(),
            round.into(),
            id.into(),
            text.title.as_str().into(),
            text.body.as_str().into(),
            text.place.as_str().into(),
            text.category.as_str().into(),
            text.cost_fen.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

fn proposal_of(row: &Row) -> Result<Proposal, db::Error> {
    let check = match row.get::<Option<i64>>(9)? {
        None => None,
        Some(_) => Some(Check {
            revision: row.get(9)?,
            feasible: row.get(10)?,
            cost_fen: row.get(11)?,
            reason: row.get(12)?,
            at: row.get(13)?,
        }),
    };
    Ok(Proposal {
        id: row.get(0)?,
        text: ProposalText {
            title: row.get(1)?,
            body: row.get(2)?,
            place: row.get(3)?,
            category: row.get(4)?,
            cost_fen: row.get(5)?,
        },
        by: row.get(6)?,
        at: row.get(7)?,
        withdrawn: row.get(8)?,
        check,
    })
}

/// Every proposal of a round, the first first.
pub(crate) fn proposals(
    read: &mut dyn Read,
    community: CommunityId,
    round: RoundId,
) -> Result<Vec<Proposal>, db::Error> {
    let rows = read.query(PROPOSALS, &[community.into(), round.into()])?;
    rows.iter().map(proposal_of).collect()
}

pub(crate) fn proposal(
    read: &mut dyn Read,
    community: CommunityId,
    round: RoundId,
    id: ProposalId,
) -> Result<Proposal, Error> {
    let row = read.query_one(PROPOSAL, &[community.into(), round.into(), id.into()])?;
    Ok(proposal_of(&row.ok_or(Error::NoSuchProposal)?)?)
}

pub(crate) fn insert_proposal_withdrawal(
    tx: &mut dyn Tx,
    ctx: &Context,
    round: RoundId,
    id: ProposalId,
    reason: &str,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_WITHDRAWAL,
        &[
            ctx.community.into(),
            round.into(),
            id.into(),
            reason.into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn insert_check(
    tx: &mut dyn Tx,
    ctx: &Context,
    check: &CheckProposal,
    revision: u32,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_CHECK,
        &[
            ctx.community.into(),
            check.round.into(),
            check.proposal.into(),
            revision.into(),
            check.feasible.into(),
            check.cost_fen.into(),
            check.reason.as_str().into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn insert_comment(
    tx: &mut dyn Tx,
    ctx: &Context,
    proposal: ProposalId,
    id: CommentId,
    text: &str,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_COMMENT,
        &[
            ctx.community.into(),
            proposal.into(),
            id.into(),
            text.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

/// How many comments the actor has made on a proposal since a time.
pub(crate) fn comments_since(
    read: &mut dyn Read,
    ctx: &Context,
    proposal: ProposalId,
    since: Timestamp,
) -> Result<u64, db::Error> {
    let asked = [
        ctx.community.into(),
        proposal.into(),
        ctx.actor.uuid().into(),
        since.into(),
    ];
    let row = read.query_one(COMMENTS_SINCE, &asked)?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// The newest `limit` comments made before the one with id `before`.
pub(crate) fn comments(
    read: &mut dyn Read,
    community: CommunityId,
    proposal: ProposalId,
    before: CommentId,
    limit: u32,
) -> Result<Vec<Comment>, db::Error> {
    let asked = [
        community.into(),
        proposal.into(),
        before.into(),
        limit.into(),
    ];
    read.query(COMMENTS, &asked)?
        .iter()
        .map(|row| {
            Ok(Comment {
                id: row.get(0)?,
                text: row.get(1)?,
                at: row.get(2)?,
            })
        })
        .collect()
}

pub(crate) fn insert_report(
    tx: &mut dyn Tx,
    ctx: &Context,
    proposal: ProposalId,
    id: ReportId,
    report: &Report,
    picture: Option<(&Picture, &'static str)>,
) -> Result<(), db::Error> {
    let sha256 = picture.map(|(picture, _)| {
        let sha256: [u8; 32] = Sha256::digest(&picture.content).into();
        Vec::from(sha256)
    });
    tx.execute(
        INSERT_REPORT,
        &[
            ctx.community.into(),
            proposal.into(),
            id.into(),
            report.state.name().into(),
            report.spent_fen.into(),
            report.text.as_str().into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
            picture.map(|(picture, _)| picture.shows.clone()).into(),
            picture.map(|(_, media_type)| media_type).into(),
            sha256.into(),
            picture.map(|(picture, _)| picture.content.clone()).into(),
        ],
    )?;
    Ok(())
}

/// Every report on a proposal, the newest first.
pub(crate) fn reports(
    read: &mut dyn Read,
    community: CommunityId,
    proposal: ProposalId,
) -> Result<Vec<Reported>, Error> {
    read.query(REPORTS, &[community.into(), proposal.into()])?
        .iter()
        .map(|row| {
            let state: String = row.get(1)?;
            Ok(Reported {
                id: row.get(0)?,
                report: Report {
                    state: State::from_name(&state).ok_or(Error::Unreadable {
                        what: "a state of a project",
                    })?,
                    spent_fen: row.get(2)?,
                    text: row.get(3)?,
                },
                at: row.get(4)?,
                shows: row.get(5)?,
            })
        })
        .collect()
}

/// A report's picture: media type and content.
pub(crate) fn picture(
    read: &mut dyn Read,
    community: CommunityId,
    proposal: ProposalId,
    report: ReportId,
) -> Result<Option<(String, Vec<u8>)>, db::Error> {
    let asked = [community.into(), proposal.into(), report.into()];
    let Some(row) = read.query_one(PICTURE, &asked)? else {
        return Ok(None);
    };
    let media_type: Option<String> = row.get(0)?;
    let content: Option<Vec<u8>> = row.get(1)?;
    Ok(media_type.zip(content))
}
