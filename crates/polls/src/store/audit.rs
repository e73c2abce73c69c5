//! SQL of the audit: the tables of the polls in the order of their keys. Ballots are not among them: an entry that told
//! which row it wrote would tell when a ballot came.

use journal::{KeyType, Table};

use crate::model::PollId;

db::statements! {
    POLLS = "select poll_id, title, draft, opens, closes, drafted_by, drafted_at, changed_at from poll \
        where community_id = $1 and poll_id > $2 order by poll_id limit $3";
    PUBLICATIONS = "select poll_id, published_by, published_at, electors, left_out, public_key from poll_publication \
        where community_id = $1 and poll_id > $2 order by poll_id limit $3";
    ELECTORS_PAGE = "select poll_id, elector_id, unit_id, building, label, channel, blinded_sha256 from poll_elector \
        where community_id = $1 and (poll_id, elector_id) > ($2, $3) order by poll_id, elector_id limit $4";
    ELECTOR_ROW = "select poll_id, elector_id, unit_id, building, label, channel, blinded_sha256 from poll_elector \
        where community_id = $1 and poll_id = $2 and elector_id = $3";
    PAPERS_PAGE = "select poll_id, paper_id, choices, ballots, entered_by, entered_at, confirmed_by, confirmed_at \
        from poll_paper where community_id = $1 and (poll_id, paper_id) > ($2, $3) order by poll_id, paper_id limit $4";
    COUNTS = "select poll_id, counted_at, board_sha256, position from poll_count \
        where community_id = $1 and poll_id > $2 order by poll_id limit $3";
    WITHDRAWALS = "select poll_id, withdrawn_by, withdrawn_at, reason from poll_withdrawal \
        where community_id = $1 and poll_id > $2 order by poll_id limit $3";
    BALLOT_BOXES = "select poll_id, count(*) from poll_ballot where community_id = $1 group by poll_id";
}

const POLL: (&str, KeyType) = ("poll_id", KeyType::Id);

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
    7,
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
