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
use crate::commands::{VOTE_CAST, VOTE_CORRECTED, ballots_subject};
use crate::model::{Channel, CorrectionId, ResolutionId, receipt_code};
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
    /// Why it was corrected, where it is the correction of a vote recorded wrongly; the choice is then what the paper
    /// says, and none where the vote was taken away.
    pub corrected: Option<String>,
}

/// What everyone may read of a vote's entry.
#[derive(Deserialize)]
pub(crate) struct CastPart {
    #[serde(default)]
    pub(crate) correction: Option<CorrectionId>,
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
    /// None where a correction took the vote away.
    pub(crate) choice: Option<Choice>,
    pub(crate) evidence: String,
    /// Why a vote was corrected.
    #[serde(default)]
    pub(crate) reason: String,
    /// The candidates picked, in an election by name.
    #[serde(default)]
    pub(crate) picks: Option<Vec<u32>>,
}

/// Every vote of a unit, the standing one first.
pub(crate) fn votes_of_unit(
    read: &mut dyn Read,
    ctx: &Context,
    resolution: ResolutionId,
    unit: UnitId,
) -> Result<Vec<TracedVote>, Error> {
    let standing = store::vote_before(read, ctx.community, resolution, unit)?;
    let mut newest: Vec<u64> = standing.iter().map(|vote| vote.position).collect();
    // A vote that was taken away has nothing that stands in its place.
    let removals = store::corrections(read, ctx.community, resolution)?;
    let removals = removals
        .iter()
        .filter(|one| one.unit == unit && one.choice.is_none());
    newest.extend(
        removals
            .filter_map(|one| one.end.as_ref().filter(|end| end.is_confirmed))
            .map(|end| end.position),
    );
    let mut votes = Vec::new();
    for newest in newest {
        let mut next = Some(newest);
        while let Some(position) = next {
            let (vote, replaced) = vote_at(read, ctx, position)?;
            votes.push(vote);
            // A chain only ever leads back.
            next = replaced.filter(|replaced| *replaced < position);
        }
    }
    votes.sort_by_key(|vote: &TracedVote| std::cmp::Reverse(vote.position));
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
    let (choice, evidence, reason) = ballot
        .map(|ballot| {
            let choice = ballot.choice.map(|choice| choice.name().to_owned());
            (choice, ballot.evidence, ballot.reason)
        })
        .unwrap_or_default();
    let vote = TracedVote {
        revision: cast.revision,
        choice,
        channel: cast.channel,
        cast_at: cast.cast_at,
        cast_by: AccountId::from_uuid(entry.actor),
        evidence,
        position,
        corrected: cast.correction.map(|_| reason),
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
        let votes = page
            .iter()
            .filter(|entry| entry.kind == VOTE_CAST || entry.kind == VOTE_CORRECTED);
        for entry in votes {
            let cast: CastPart = part(&entry.public)?;
            if entry.kind == VOTE_CORRECTED {
                // The corrected vote keeps its code: only what replaced it, replaced what it corrects.
                if let (Some(later), Some(corrected)) =
                    (replacing.get(&entry.position).copied(), cast.replaces)
                {
                    replacing.insert(corrected, later);
                }
                continue;
            }
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
