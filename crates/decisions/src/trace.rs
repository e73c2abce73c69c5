//! A unit's trace: its votes, standing and replaced, as the journal tells them.
//!
//! A vote's entry names the entry of the vote that it replaces, so no table keeps what was replaced, and casting a vote
//! writes none of it.

use ballot::resolution::Choice;
use db::Read;
use journal::Entry;
use kernel::{AccountId, CommunityId, Context, Timestamp};
use people::model::UnitId;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::commands::{VOTE_CAST, ballots_subject};
use crate::model::{Channel, ResolutionId, receipt_code};
use crate::store;

/// A vote of a unit, standing or replaced.
#[derive(Clone, Debug)]
pub struct TracedVote {
    /// 1 for the unit's first vote, 2 for the next…; the highest stands.
    pub revision: u32,
    /// The choice's name; none where it was erased from the journal.
    pub choice: Option<String>,
    /// How it came in.
    pub channel: Channel,
    /// When it was cast, or received.
    pub cast_at: Timestamp,
    /// The owner, or who recorded it.
    pub cast_by: AccountId,
    /// Who took it, and where the paper or recording lies; empty for a vote on the platform.
    pub evidence: String,
    /// Its entry in the journal.
    pub position: u64,
}

/// What everyone may read of a vote's entry.
#[derive(Deserialize)]
pub(crate) struct CastPart {
    pub(crate) channel: Channel,
    pub(crate) cast_at: Timestamp,
    pub(crate) revision: u32,
    pub(crate) replaces: Option<u64>,
    pub(crate) replaced_channel: Option<Channel>,
}

/// What stands sealed beside it.
#[derive(Deserialize)]
pub(crate) struct BallotPart {
    pub(crate) unit: UnitId,
    pub(crate) choice: Choice,
    pub(crate) evidence: String,
}

/// Every vote of a unit, the standing one first.
pub(crate) fn votes_of_unit(
    read: &mut dyn Read,
    ctx: &Context,
    resolution: ResolutionId,
    unit: UnitId,
) -> Result<Vec<TracedVote>, Error> {
    let standing = store::vote_before(read, ctx.community, resolution, unit)?;
    let mut next = standing.map(|vote| vote.position);
    let mut votes = Vec::new();
    while let Some(position) = next {
        let (vote, replaced) = vote_at(read, ctx, position)?;
        votes.push(vote);
        // A chain only ever leads back.
        next = replaced.filter(|replaced| *replaced < position);
    }
    Ok(votes)
}

/// The vote of an entry, and the entry of the vote that it replaced.
fn vote_at(
    read: &mut dyn Read,
    ctx: &Context,
    position: u64,
) -> Result<(TracedVote, Option<u64>), Error> {
    let entry = journal::entry(read, ctx.community, position)?;
    let cast: CastPart = part(&entry.public)?;
    let opened = journal::private_part(read, &ctx.vault, ctx.community, position)?;
    let ballot: Option<BallotPart> = opened.map(|opened| part(&opened.value)).transpose()?;
    let (choice, evidence) = ballot.map_or((None, String::new()), |ballot| {
        (Some(ballot.choice.name().to_owned()), ballot.evidence)
    });
    let vote = TracedVote {
        revision: cast.revision,
        choice,
        channel: cast.channel,
        cast_at: cast.cast_at,
        cast_by: AccountId::from_uuid(entry.actor),
        evidence,
        position,
    };
    Ok((vote, cast.replaces))
}

fn part<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| {
        journal::Error::Json {
            what: "a vote's entry",
            reason: error.to_string(),
        }
        .into()
    })
}

/// Entries read at once.
const PAGE: u32 = 1000;

/// When the vote under a code was cast that a later one replaced, and when that one was.
pub(crate) fn replaced_code(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    code: &str,
) -> Result<Option<(Timestamp, Timestamp)>, Error> {
    let subject = ballots_subject(resolution);
    // Newest first, so whoever replaces comes before what it replaces.
    let mut replacing = std::collections::HashMap::new();
    let mut before = u64::MAX;
    loop {
        let page = journal::history(read, community, &subject, before, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(None);
        };
        before = last.position;
        for entry in page.iter().filter(|entry| entry.kind == VOTE_CAST) {
            let cast: CastPart = part(&entry.public)?;
            if code_of(entry).as_deref() == Some(code) {
                let later = replacing.get(&entry.position).copied();
                return Ok(later.map(|later| (cast.cast_at, later)));
            }
            if let Some(replaced) = cast.replaces {
                replacing.insert(replaced, cast.cast_at);
            }
        }
    }
}

fn code_of(entry: &Entry) -> Option<String> {
    entry.commitment.map(receipt_code)
}
