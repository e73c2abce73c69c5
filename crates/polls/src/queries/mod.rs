//! What an actor may see of polls.

mod budget;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credential::{Issuer, PublicKey};
use db::Read;
use kernel::{Context, Timestamp};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::board::{Board, BoardBallot, Counted};
use crate::commands::KEY_PURPOSE;
use crate::model::{
    COLLECT, DESK, DRAFT, ElectorId, Entitled, PollId, READ, Stage, normalised_code,
};
use crate::store::{self, Elector, Paper, Poll, PollLine, Progress};

pub(crate) use budget::usual_close;
pub use budget::{
    BUDGET_PAGE, ProposalView, RoundStage, RoundView, ShownGroup, proposal, report_picture, round,
    rounds, turnout,
};

/// How many polls a page of the list has.
pub const PAGE: u32 = 30;

/// The newest polls, or those before one of them. Drafts are for drafters.
pub fn polls(
    read: &mut dyn Read,
    ctx: &Context,
    before: Option<PollId>,
) -> Result<Vec<PollLine>, Error> {
    ctx.require(READ)?;
    let before = before.unwrap_or_else(store::newest);
    let mut lines = store::polls(read, ctx.community, before, PAGE)?;
    if !ctx.may(DRAFT) {
        lines.retain(|line| line.done.published);
    }
    Ok(lines)
}

/// A poll as its page shows it.
pub struct View {
    /// The poll.
    pub poll: Poll,
    /// Where it stands.
    pub stage: Stage,
    /// The actor's own votes in it.
    pub own: Vec<Elector>,
    /// How far it has come.
    pub progress: Progress,
    /// The result, once counted.
    pub counted: Option<Counted>,
}

/// Everything its page shows of a poll.
pub fn view(read: &mut dyn Read, ctx: &Context, id: PollId) -> Result<View, Error> {
    let poll = visible(read, ctx, id)?;
    let stage = poll.stage(ctx.now);
    let counted = poll.counted.as_ref().map(|(counted, _)| counted.clone());
    let published = poll.publication.is_some();
    Ok(View {
        own: if published && ctx.may(COLLECT) {
            own_electors(read, ctx, id)?
        } else {
            Vec::new()
        },
        progress: store::progress(read, ctx.community, id)?,
        poll,
        stage,
        counted,
    })
}

fn visible(read: &mut dyn Read, ctx: &Context, id: PollId) -> Result<Poll, Error> {
    ctx.require(READ)?;
    let poll = store::poll(read, ctx.community, id)?;
    if poll.publication.is_none() && !ctx.may(DRAFT) {
        return Err(Error::NoSuchPoll);
    }
    Ok(poll)
}

/// The votes that the actor's login stands for: their own as a resident, or their household's.
pub(crate) fn own_electors(
    read: &mut dyn Read,
    ctx: &Context,
    id: PollId,
) -> Result<Vec<Elector>, Error> {
    let poll = store::poll(read, ctx.community, id)?;
    let mut own = Vec::new();
    for unit in people::queries::own_units(read, ctx)? {
        let mut there = store::electors_of_unit(read, ctx.community, id, unit.unit)?;
        if poll.draft.entitled == Entitled::Residents {
            let resident = unit
                .resident
                .map(|resident| ElectorId::from_uuid(resident.uuid()));
            there.retain(|elector| Some(elector.id) == resident);
        } else if unit.resident.is_none() && !unit.is_voice {
            there.clear();
        }
        own.append(&mut there);
    }
    Ok(own)
}

/// Signs the blinded message with which an elector collected their credential; only that one, and always alike.
pub fn sign(
    read: &mut dyn Read,
    ctx: &Context,
    id: PollId,
    elector: ElectorId,
    blinded: &[u8],
) -> Result<Vec<u8>, Error> {
    ctx.require(COLLECT)?;
    let own = own_electors(read, ctx, id)?;
    if own.iter().all(|one| one.id != elector) {
        return Err(Error::NotEntitled);
    }
    let sha256: [u8; 32] = Sha256::digest(blinded).into();
    if store::collected_with(read, ctx.community, id, elector)? != Some(sha256) {
        return Err(Error::AlreadyCollected);
    }
    let sealed = store::sealed_key(read, ctx.community, id)?;
    let key = ctx
        .vault
        .open(ctx.community, KEY_PURPOSE, &sealed)
        .map_err(|_| Error::Sealed)?;
    let key = STANDARD.decode(key).map_err(|_| Error::Sealed)?;
    let issuer = Issuer::from_der(&key)?;
    Ok(issuer.sign(blinded, &mut || ctx.random.next_32())?)
}

/// Whether an elector collected their credential with this blinded message before: a device that lost the answer asks
/// again.
pub fn is_collected_with(
    read: &mut dyn Read,
    ctx: &Context,
    id: PollId,
    elector: ElectorId,
    blinded: &[u8],
) -> Result<bool, Error> {
    ctx.require(COLLECT)?;
    let sha256: [u8; 32] = Sha256::digest(blinded).into();
    Ok(store::collected_with(read, ctx.community, id, elector)? == Some(sha256))
}

/// Whether this very ballot lies in the box: a device that lost the answer sends it again. Asked in Linli's own name.
pub fn is_in_box(
    read: &mut dyn Read,
    ctx: &Context,
    id: PollId,
    ballot: &credential::Ballot,
) -> Result<bool, Error> {
    ctx.require(crate::model::CAST)?;
    let kept = store::ballot_with_serial(read, ctx.community, id, ballot.serial())?;
    // Seals are drawn anew by each browser, so the same choice may come with another one.
    let poll = store::poll(read, ctx.community, id)?;
    let issuer = PublicKey::from_der(&poll.published()?.public_key)?;
    let same = kept.is_some_and(|kept| kept.choice == ballot.choice);
    Ok(same && ballot.check(&issuer, &crate::model::name_of(id)).is_ok())
}

/// The board as published, byte for byte.
pub fn board_text(read: &mut dyn Read, ctx: &Context, id: PollId) -> Result<String, Error> {
    let poll = visible(read, ctx, id)?;
    let stage = poll.stage(ctx.now);
    let needed = "a count";
    store::board(read, ctx.community, id)?.ok_or(Error::WrongStage { stage, needed })
}

/// A counted budget as a Pabulib file that tallies to the same result.
pub fn pabulib_file(read: &mut dyn Read, ctx: &Context, id: PollId) -> Result<String, Error> {
    Board::parse(&board_text(read, ctx, id)?)?.pabulib_file()
}

/// The ballot on the board under a code as a person typed it.
pub fn find_ballot(
    read: &mut dyn Read,
    ctx: &Context,
    id: PollId,
    typed: &str,
) -> Result<Option<BoardBallot>, Error> {
    let board = Board::parse(&board_text(read, ctx, id)?)?;
    let code = normalised_code(typed);
    Ok(board.ballots.into_iter().find(|ballot| ballot.code == code))
}

/// What the community desk sees: the poll, its boxes of paper, how far it has come.
pub fn desk(
    read: &mut dyn Read,
    ctx: &Context,
    id: PollId,
) -> Result<(Poll, Vec<Paper>, Progress), Error> {
    ctx.require(DESK)?;
    let poll = visible(read, ctx, id)?;
    let papers = store::papers(read, ctx.community, id)?;
    let progress = store::progress(read, ctx.community, id)?;
    Ok((poll, papers, progress))
}

/// The electors of a unit as the desk finds them, by a building's name and a number.
pub fn find_electors(
    read: &mut dyn Read,
    ctx: &Context,
    id: PollId,
    building: &str,
    label: &str,
) -> Result<Vec<Elector>, Error> {
    ctx.require(DESK)?;
    store::find_electors(read, ctx.community, id, building.trim(), label.trim())
}

/// Published polls that closed at least `grace_seconds` ago and were not counted.
pub(crate) fn due_for_count(
    read: &mut dyn Read,
    ctx: &Context,
    grace_seconds: i64,
) -> Result<Vec<PollId>, Error> {
    let closed_by: Timestamp = ctx.now.plus_seconds(-grace_seconds);
    store::uncounted(read, ctx.community, closed_by)
}
