//! SQL of the box: ballots from devices in shuffled slots, and boxes of paper.

use credential::Ballot;
use db::{Read, Row, Tx};
use kernel::{AccountId, CommunityId, Context, Uuid};

use crate::Error;
use crate::model::{PaperId, PollId};

db::statements! {
    BALLOTS_IN_BOX = "select count(*) from poll_ballot where community_id = $1 and poll_id = $2";
    BALLOT_IN_SLOT = "select voter_key, credential, choice, seal from poll_ballot \
        where community_id = $1 and poll_id = $2 and slot = $3";
    BALLOT_WITH_SERIAL = "select voter_key, credential, choice, seal from poll_ballot \
        where community_id = $1 and poll_id = $2 and serial = $3";
    BALLOTS = "select voter_key, credential, choice, seal from poll_ballot \
        where community_id = $1 and poll_id = $2 order by serial";
    INSERT_BALLOT = "insert into poll_ballot (community_id, poll_id, slot, serial, voter_key, credential, choice, seal) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    REPLACE_BALLOT = "update poll_ballot set serial = $4, voter_key = $5, credential = $6, choice = $7, seal = $8 \
        where community_id = $1 and poll_id = $2 and slot = $3";
    EMPTY = "delete from poll_ballot where community_id = $1 and poll_id = $2";
    INSERT_PAPER = "insert into poll_paper (community_id, poll_id, paper_id, choices, ballots, entered_by, entered_at) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    CONFIRM_PAPER = "update poll_paper set confirmed_by = $4, confirmed_at = $5 \
        where community_id = $1 and poll_id = $2 and paper_id = $3 and confirmed_by is null";
    PAPERS = "select paper_id, choices, entered_by, confirmed_by from poll_paper \
        where community_id = $1 and poll_id = $2 order by paper_id";
}

/// A box of paper ballots as entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its id.
    pub id: PaperId,
    /// The choices, sorted.
    pub choices: Vec<String>,
    /// Who entered it first.
    pub entered_by: AccountId,
    /// Whether another person entered the same.
    pub confirmed: bool,
}

/// Puts a ballot into the box, in a slot drawn by lot; what lay there moves to the end (Fisher and Yates, from the inside
/// out). So the slots are always in random order, and say nothing about which ballot came when.
pub(crate) fn put_ballot(
    tx: &mut dyn Tx,
    ctx: &Context,
    poll: PollId,
    ballot: &Ballot,
) -> Result<(), Error> {
    let community = ctx.community;
    let row = tx.query_one(BALLOTS_IN_BOX, &[community.into(), poll.into()])?;
    let last: u64 = match row {
        Some(row) => row.get(0)?,
        None => 0,
    };
    let slot = whole(ctx.random.below(last + 1));
    let last = whole(last);
    let before = tx.query_one(
        BALLOT_IN_SLOT,
        &[community.into(), poll.into(), slot.into()],
    )?;
    let Some(before) = before else {
        return write(tx, community, INSERT_BALLOT, poll, last, ballot);
    };
    write(tx, community, REPLACE_BALLOT, poll, slot, ballot)?;
    write(
        tx,
        community,
        INSERT_BALLOT,
        poll,
        last,
        &ballot_of(&before)?,
    )
}

fn write(
    tx: &mut dyn Tx,
    community: CommunityId,
    statement: &'static str,
    poll: PollId,
    slot: i64,
    ballot: &Ballot,
) -> Result<(), Error> {
    tx.execute(
        statement,
        &[
            community.into(),
            poll.into(),
            slot.into(),
            ballot.serial().into(),
            ballot.voter_key.clone().into(),
            ballot.credential.clone().into(),
            ballot.choice.as_str().into(),
            ballot.seal.clone().into(),
        ],
    )?;
    Ok(())
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn ballot_of(row: &Row) -> Result<Ballot, Error> {
    Ok(Ballot {
        voter_key: row.get(0)?,
        credential: row.get(1)?,
        choice: row.get(2)?,
        seal: row.get(3)?,
    })
}

/// The ballot in the box that was cast with a credential.
pub(crate) fn ballot_with_serial(
    read: &mut dyn Read,
    community: CommunityId,
    poll: PollId,
    serial: [u8; 32],
) -> Result<Option<Ballot>, Error> {
    read.query_one(
        BALLOT_WITH_SERIAL,
        &[community.into(), poll.into(), serial.into()],
    )?
    .map(|row| ballot_of(&row))
    .transpose()
}

/// Every ballot in the box, by serial.
pub(crate) fn ballots(
    read: &mut dyn Read,
    community: CommunityId,
    poll: PollId,
) -> Result<Vec<Ballot>, Error> {
    let rows = read.query(BALLOTS, &[community.into(), poll.into()])?;
    rows.iter().map(ballot_of).collect()
}

/// Empties the box once the board has every ballot: what a database keeps about its rows, such as which transaction wrote
/// one, then belongs to no ballot any more.
pub(crate) fn empty(
    tx: &mut dyn Tx,
    community: CommunityId,
    poll: PollId,
) -> Result<u64, db::Error> {
    tx.execute(EMPTY, &[community.into(), poll.into()])
}

pub(crate) fn insert_paper(
    tx: &mut dyn Tx,
    ctx: &Context,
    poll: PollId,
    id: PaperId,
    choices: &[String],
) -> Result<(), Error> {
    let text = crate::to_json("paper ballots", &choices)?;
    tx.execute(
        INSERT_PAPER,
        &[
            ctx.community.into(),
            poll.into(),
            id.into(),
            text.into(),
            i64::try_from(choices.len()).unwrap_or(i64::MAX).into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

/// Notes the second entry of a box; 0 where there was one.
pub(crate) fn confirm_paper(
    tx: &mut dyn Tx,
    ctx: &Context,
    poll: PollId,
    id: PaperId,
) -> Result<u64, db::Error> {
    tx.execute(
        CONFIRM_PAPER,
        &[
            ctx.community.into(),
            poll.into(),
            id.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )
}

/// Every box of paper, in the order of entry.
pub(crate) fn papers(
    read: &mut dyn Read,
    community: CommunityId,
    poll: PollId,
) -> Result<Vec<Paper>, Error> {
    read.query(PAPERS, &[community.into(), poll.into()])?
        .iter()
        .map(|row| {
            let choices: String = row.get(1)?;
            Ok(Paper {
                id: row.get(0)?,
                choices: serde_json::from_str(&choices).map_err(|_| Error::Unreadable {
                    what: "a box of paper ballots",
                })?,
                entered_by: row.get(2)?,
                confirmed: row.get::<Option<Uuid>>(3)?.is_some(),
            })
        })
        .collect()
}
