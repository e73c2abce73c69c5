//! SQL of the audit: the tables of the polls in the order of their keys. Ballots are not among them: an entry that told
//! which row it wrote would tell when a ballot came.

use journal::{KeyType, Table};

use crate::model::PollId;

db::statements! {
    POLLS = "select poll_id, title, draft, opens, closes, drafted_by, drafted_at, changed_at from poll \
        where community_id = $1 and poll_id > $2 order by poll_id limit $3";
    PUBLICATIONS = "select poll_id, published_by, published_at, electors, left_out, public_key from poll_publication \
        where community_id = $1 and poll_id > $2 order by poll_id limit $3";
    ELECTORS_PAGE = "select poll_id, elector_id, unit_id, building, label, age_band, channel, blinded_sha256 from poll_elector \
        where community_id = $1 and (poll_id, elector_id) > ($2, $3) order by poll_id, elector_id limit $4";
    ELECTOR_ROW = "select poll_id, elector_id, unit_id, building, label, age_band, channel, blinded_sha256 from poll_elector \
        where community_id = $1 and poll_id = $2 and elector_id = $3";
    PAPERS_PAGE = "select poll_id, paper_id, choices, ballots, entered_by, entered_at, confirmed_by, confirmed_at \
        from poll_paper where community_id = $1 and (poll_id, paper_id) > ($2, $3) order by poll_id, paper_id limit $4";
    COUNTS = "select poll_id, counted_at, board_sha256, position from poll_count \
        where community_id = $1 and poll_id > $2 order by poll_id limit $3";
    WITHDRAWALS = "select poll_id, withdrawn_by, withdrawn_at, reason from poll_withdrawal \
        where community_id = $1 and poll_id > $2 order by poll_id limit $3";
    ROUNDS_PAGE = "select round_id, title, body, budget_fen, closes, opened_by, opened_at from budget_round \
        where community_id = $1 and round_id > $2 order by round_id limit $3";
    BALLOTS_OF_ROUNDS = "select round_id, poll_id from budget_ballot \
        where community_id = $1 and (round_id, poll_id) > ($2, $3) order by round_id, poll_id limit $4";
    PROPOSALS_PAGE = "select proposal_id, round_id, title, body, place, category, cost_fen, proposed_by, proposed_at \
        from budget_proposal where community_id = $1 and proposal_id > $2 order by proposal_id limit $3";
    PROPOSALS_WITHDRAWN = "select proposal_id, round_id, reason, withdrawn_at from budget_withdrawal \
        where community_id = $1 and proposal_id > $2 order by proposal_id limit $3";
    CHECKS_PAGE = "select proposal_id, revision, round_id, feasible, cost_fen, reason, checked_by, checked_at \
        from budget_check where community_id = $1 and (proposal_id, revision) > ($2, $3) \
        order by proposal_id, revision limit $4";
    COMMENTS_PAGE = "select proposal_id, comment_id, text, said_by, said_at from budget_comment \
        where community_id = $1 and (proposal_id, comment_id) > ($2, $3) order by proposal_id, comment_id limit $4";
    REPORTS_PAGE = "select proposal_id, report_id, state, spent_fen, text, reported_by, reported_at, shows, media_type, \
        sha256 from budget_report where community_id = $1 and (proposal_id, report_id) > ($2, $3) \
        order by proposal_id, report_id limit $4";
    BALLOT_BOXES = "select poll_id, count(*) from poll_ballot where community_id = $1 group by poll_id";
}

const POLL: (&str, KeyType) = ("poll_id", KeyType::Id);
const ROUND: (&str, KeyType) = ("round_id", KeyType::Id);
const PROPOSAL: (&str, KeyType) = ("proposal_id", KeyType::Id);

const fn table(
    name: &'static str,
    keys: &'static [(&'static str, KeyType)],
    columns: usize,
    page: &'static str,
    one: &'static str,
) -> Table {
    Table {
        name,
        keys,
        columns,
        page,
        one,
    }
}

/// Who may vote; publication and each collection vouch for their rows.
pub(crate) static ELECTORS: Table = table(
    "poll_elector",
    &[POLL, ("elector_id", KeyType::Id)],
    8,
    ELECTORS_PAGE,
    ELECTOR_ROW,
);

/// The tables whose every row an entry tells.
pub(crate) static TABLES: &[&Table] = &[
    &table("poll", &[POLL], 8, POLLS, ""),
    &table("poll_publication", &[POLL], 6, PUBLICATIONS, ""),
    &ELECTORS,
    &table(
        "poll_paper",
        &[POLL, ("paper_id", KeyType::Id)],
        8,
        PAPERS_PAGE,
        "",
    ),
    &table("poll_count", &[POLL], 4, COUNTS, ""),
    &table("poll_withdrawal", &[POLL], 4, WITHDRAWALS, ""),
    &table("budget_round", &[ROUND], 7, ROUNDS_PAGE, ""),
    &table("budget_ballot", &[ROUND, POLL], 2, BALLOTS_OF_ROUNDS, ""),
    &table("budget_proposal", &[PROPOSAL], 9, PROPOSALS_PAGE, ""),
    &table("budget_withdrawal", &[PROPOSAL], 4, PROPOSALS_WITHDRAWN, ""),
    &table(
        "budget_check",
        &[PROPOSAL, ("revision", KeyType::Number)],
        8,
        CHECKS_PAGE,
        "",
    ),
    &table(
        "budget_comment",
        &[PROPOSAL, ("comment_id", KeyType::Id)],
        5,
        COMMENTS_PAGE,
        "",
    ),
    &table(
        "budget_report",
        &[PROPOSAL, ("report_id", KeyType::Id)],
        10,
        REPORTS_PAGE,
        "",
    ),
];

/// How many ballots lie in each box.
pub(crate) fn boxes(
    read: &mut dyn db::Read,
    community: kernel::CommunityId,
) -> Result<Vec<(PollId, u64)>, db::Error> {
    read.query(BALLOT_BOXES, &[community.into()])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}
