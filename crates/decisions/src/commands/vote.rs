//! An owner's own acts: taking note of the ballot, and voting.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ballot::resolution::Choice;
use db::Tx;
use journal::{Change, Command, Recorded, SetCommand, record, record_all};
use kernel::{AccountId, CommunityId, Context, Timestamp, Uuid, Window};
use people::model::{OwnerId, UnitId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::ballots_subject;
use crate::Error;
use crate::model::{
    Channel, DeliveryChannel, DeliveryId, ElectionTerms, ResolutionId, Stage, Terms, VOTE,
    picks_to_text, receipt_code,
};
use crate::store::{self, Ballot, Delivery, Ended, Vote, VoteBefore, VoteOfUnit};

/// The kind of a vote's entry, however it came in.
pub(crate) const VOTE_CAST: &str = "decisions.vote.cast";

/// Casts or changes the vote of one's own unit.
#[derive(Serialize, Deserialize)]
pub struct CastVote {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The unit voted for.
    pub unit: UnitId,
    /// For, against, abstain or, where the rules allow it, follow.
    pub choice: Choice,
}

/// What the voter gets to know; the receipt is made from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoteCast {
    /// The vote's entry in the journal.
    pub position: u64,
    /// The receipt's code.
    pub code: String,
    /// 1 for the first vote, 2 for a changed one…
    pub revision: u32,
    /// The server's time of the vote.
    pub at: Timestamp,
}

impl Command for CastVote {
    const NAME: &'static str = VOTE_CAST;
    type Outcome = VoteCast;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<VoteCast, Error> {
        ctx.require(VOTE)?;
        let mut cast = Self::run_all(&[(self, ctx)], ctx.community, tx)?;
        cast.pop().unwrap_or(Err(Error::NoSuchResolution))
    }
}

impl SetCommand for CastVote {
    fn run_all(
        commands: &[(&Self, &Context)],
        community: CommunityId,
        tx: &mut dyn Tx,
    ) -> Result<Vec<Result<VoteCast, Error>>, Error> {
        let mut answers = Vec::with_capacity(commands.len());
        let mut rest = commands;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(of_different_units(rest));
            answers.extend(cast(now, community, tx)?);
            rest = later;
        }
        Ok(answers)
    }
}

/// How many of the first commands vote for different units: two votes for one unit come one after the other.
fn of_different_units(commands: &[(&CastVote, &Context)]) -> usize {
    let mut seen = HashSet::new();
    commands
        .iter()
        .take_while(|(command, _)| seen.insert((command.resolution, command.unit)))
        .count()
}

/// Votes for different units.
fn cast(
    commands: &[(&CastVote, &Context)],
    community: CommunityId,
    tx: &mut dyn Tx,
) -> Result<Vec<Result<VoteCast, Error>>, Error> {
    let asked: Vec<Asked<'_>> = commands
        .iter()
        .map(|(command, ctx)| Asked {
            ctx,
            resolution: command.resolution,
            unit: command.unit,
        })
        .collect();
    let ballots = open_ballots(tx, community, &asked)?;
    let votes = commands.iter().zip(ballots).map(|((command, ctx), open)| {
        let open = open?;
        Ok(Entering {
            ctx,
            terms: open.terms,
            before: open.before,
            incoming: Incoming {
                resolution: command.resolution,
                unit: command.unit,
                owner: Some(open.owner),
                choice: command.choice,
                channel: Channel::Electronic,
                cast_at: ctx.now,
                evidence: "",
                picks: None,
            },
        })
    });
    enter_all(tx, community, votes.collect())
}

/// Who wants to fill in which ballot.
struct Asked<'a> {
    ctx: &'a Context,
    resolution: ResolutionId,
    unit: UnitId,
}

/// A ballot that the actor may fill in now.
pub(super) struct OpenBallot {
    pub(super) terms: Arc<Terms>,
    pub(super) owner: OwnerId,
    pub(super) before: Option<VoteBefore>,
}

/// The ballot of one unit, if the actor may fill it in now.
pub(super) fn open_for(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    unit: UnitId,
) -> Result<OpenBallot, Error> {
    let asked = Asked {
        ctx,
        resolution,
        unit,
    };
    let mut open = open_ballots(tx, ctx.community, &[asked])?;
    open.pop().unwrap_or(Err(Error::NoSuchResolution))
}

/// For each, the ballot of the unit, if the vote is open by the server's time and the actor is the unit's only owner or
/// the voice of its co-owners.
fn open_ballots(
    tx: &mut dyn Tx,
    community: CommunityId,
    asked: &[Asked<'_>],
) -> Result<Vec<Result<OpenBallot, Error>>, Error> {
    let nobody = AccountId::from_uuid(Uuid::nil());
    let accounts: Vec<AccountId> = asked
        .iter()
        .map(|asked| asked.ctx.actor.account_id().unwrap_or(nobody))
        .collect();
    let owners = people::queries::owners_of_accounts(tx, community, &accounts)?;
    let questions: Vec<(ResolutionId, UnitId, OwnerId)> = asked
        .iter()
        .zip(&owners)
        .flat_map(|(asked, owners)| {
            owners
                .iter()
                .map(|owner| (asked.resolution, asked.unit, *owner))
        })
        .collect();
    let mut ballots = store::ballots(tx, community, &questions)?.into_iter();
    let mut votes: HashMap<ResolutionId, Option<Taking>> = HashMap::new();
    let mut opened = Vec::with_capacity(asked.len());
    for (asked, owners) in asked.iter().zip(owners) {
        let mine = owners.into_iter().zip(ballots.by_ref()).collect();
        let taking = match votes.entry(asked.resolution) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(taking(tx, community, asked.resolution)?),
        };
        opened.push(open_ballot(tx, asked, taking.as_ref(), mine)?);
    }
    Ok(opened)
}

/// A published resolution as whoever votes on it finds it.
struct Taking {
    terms: Arc<Terms>,
    ended: Ended,
}

fn taking(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: ResolutionId,
) -> Result<Option<Taking>, Error> {
    let Some(terms) = store::voting_terms(tx, community, id)? else {
        return Ok(None);
    };
    let ended = store::ended(tx, community, id)?;
    let terms = match ended.closes {
        // What the lane remembers is as published; an extension is read anew.
        Some(closes) => Arc::new(Terms::clone(&terms).until(Some(closes))),
        None => terms,
    };
    Ok(Some(Taking { terms, ended }))
}

/// The outer error is the database's.
fn open_ballot(
    tx: &mut dyn Tx,
    asked: &Asked<'_>,
    taking: Option<&Taking>,
    mine: Vec<(OwnerId, Ballot)>,
) -> Result<Result<OpenBallot, Error>, Error> {
    if let Err(denied) = asked.ctx.require(VOTE) {
        return Ok(Err(denied.into()));
    }
    let Some(taking) = taking else {
        return Ok(Err(Error::NoSuchResolution));
    };
    if asked.ctx.actor.account_id().is_none() {
        return Ok(Err(Error::NotYourUnit));
    }
    if let Err(closed) = check_open(asked.ctx, taking) {
        return Ok(Err(closed));
    }
    let mut mine = mine.into_iter();
    let Some((owner, ballot)) = mine.find(|(_, ballot)| ballot.is_owner) else {
        return Ok(Err(Error::NotYourUnit));
    };
    if ballot.owners > 1
        && people::queries::voice_of(tx, asked.ctx.community, asked.unit)? != Some(owner)
    {
        return Ok(Err(Error::NotTheVoice));
    }
    Ok(Ok(OpenBallot {
        terms: Arc::clone(&taking.terms),
        owner,
        before: ballot.before,
    }))
}

fn check_open(ctx: &Context, taking: &Taking) -> Result<(), Error> {
    let Taking { terms, ended } = taking;
    if ended.withdrawn_at.is_some() {
        let stage = Stage::Withdrawn;
        return Err(Error::WrongStage {
            stage,
            needed: "an open vote",
        });
    }
    let Window { opens, closes } = terms.window;
    if ended.counted_at.is_some() || ctx.now >= closes {
        return Err(Error::VoteOver { closes });
    }
    if ctx.now < opens {
        return Err(Error::NotOpenYet { opens });
    }
    Ok(())
}

/// A vote that comes in by any channel.
pub(super) struct Incoming<'a> {
    pub(super) resolution: ResolutionId,
    pub(super) unit: UnitId,
    pub(super) owner: Option<OwnerId>,
    pub(super) choice: Choice,
    pub(super) channel: Channel,
    pub(super) cast_at: Timestamp,
    pub(super) evidence: &'a str,
    /// The candidates picked, where the resolution elects members by name.
    pub(super) picks: Option<Vec<u32>>,
}

/// An incoming vote with what decides whether it is taken.
struct Entering<'a> {
    ctx: &'a Context,
    terms: Arc<Terms>,
    before: Option<VoteBefore>,
    incoming: Incoming<'a>,
}

/// Enters a vote for a unit: one vote a unit, whatever the channel; a change is traced, and allowed only by the rules.
pub(super) fn enter(
    tx: &mut dyn Tx,
    ctx: &Context,
    terms: Arc<Terms>,
    before: Option<VoteBefore>,
    incoming: Incoming<'_>,
) -> Result<VoteCast, Error> {
    if let (Some(election), Some(picks)) = (&terms.election, &incoming.picks) {
        let resolution = incoming.resolution;
        let withdrawn = store::withdrawn_numbers(tx, ctx.community, resolution, election)?;
        check_picks(election, picks, &withdrawn)?;
    }
    let vote = Entering {
        ctx,
        terms,
        before,
        incoming,
    };
    let mut entered = enter_all(tx, ctx.community, vec![Ok(vote)])?;
    entered.pop().unwrap_or(Err(Error::NoSuchResolution))
}

/// Enters votes for different units, those that are not refused already.
fn enter_all(
    tx: &mut dyn Tx,
    community: CommunityId,
    votes: Vec<Result<Entering<'_>, Error>>,
) -> Result<Vec<Result<VoteCast, Error>>, Error> {
    let votes: Vec<Result<Entering<'_>, Error>> = votes
        .into_iter()
        .map(|vote| vote.and_then(|vote| vote.check().map(|()| vote)))
        .collect();
    let taken = votes.iter().flatten();
    let changes = taken.map(|vote| (vote.ctx, vote.change())).collect();
    let mut recorded = record_all(tx, community, changes)?.into_iter();
    let (mut rows, mut answers) = (Vec::new(), Vec::with_capacity(votes.len()));
    for vote in votes {
        let answer = match vote {
            Err(refused) => Err(refused),
            Ok(vote) => {
                let recorded = recorded.next().ok_or(Error::NoSuchResolution)?;
                rows.push(vote.row(&recorded));
                Ok(vote.answer(&recorded))
            }
        };
        answers.push(answer);
    }
    store::put_votes(tx, community, rows)?;
    Ok(answers)
}

impl<'a> Entering<'a> {
    fn check(&self) -> Result<(), Error> {
        match (&self.terms.election, &self.incoming.picks) {
            (None, None) => check_choice(self.incoming.choice, &self.terms)?,
            (Some(_), Some(_)) => {}
            (Some(_), None) => return Err(Error::PicksMissing),
            (None, Some(_)) => return Err(Error::NotAnElection),
        }
        match self.before {
            Some(_) if !self.terms.rules.vote_may_change => Err(Error::AlreadyVoted),
            Some(before) if self.incoming.channel != Channel::Electronic => {
                self.check_order(before)
            }
            _ => Ok(()),
        }
    }

    /// What an owner said last counts, not what was entered last: a vote on paper, at the door or by phone replaces no
    /// later one, and once the vote has closed none that was cast on the platform, for its owner can answer no more.
    fn check_order(&self, before: VoteBefore) -> Result<(), Error> {
        if self.incoming.cast_at < before.cast_at {
            let at = before.cast_at;
            return Err(Error::LaterVoteStands { at });
        }
        let closes = self.terms.window.closes;
        if before.channel == Channel::Electronic && self.ctx.now >= closes {
            return Err(Error::TooLateToReplace { closes });
        }
        Ok(())
    }

    fn revision(&self) -> u32 {
        self.before.map_or(0, |vote| vote.revision) + 1
    }

    fn change(&self) -> Change {
        let incoming = &self.incoming;
        let mut private = json!({
            "resolution": incoming.resolution,
            "unit": incoming.unit,
            "owner": incoming.owner,
            "choice": incoming.choice,
            "evidence": incoming.evidence,
        });
        if let (Value::Object(fields), Some(picks)) = (&mut private, &incoming.picks) {
            fields.insert("picks".to_owned(), json!(picks));
        }
        Change::new(VOTE_CAST, ballots_subject(incoming.resolution))
            .public(json!({
                "channel": incoming.channel,
                "cast_at": incoming.cast_at,
                "revision": self.revision(),
                "replaces": self.before.map(|vote| vote.position),
                "replaced_channel": self.before.map(|vote| vote.channel),
            }))
            .private(private)
    }

    fn row(&self, recorded: &Recorded) -> VoteOfUnit<'a> {
        VoteOfUnit {
            resolution: self.incoming.resolution,
            unit: self.incoming.unit,
            vote: Vote {
                choice: self.incoming.choice.name().to_owned(),
                channel: self.incoming.channel,
                cast_at: self.incoming.cast_at,
                cast_by: AccountId::from_uuid(self.ctx.actor.uuid()),
                position: recorded.position,
                code: code(recorded),
                revision: self.revision(),
                replaced: self.before.map(|vote| vote.channel),
                picks: self.incoming.picks.as_deref().map(picks_to_text),
            },
            evidence: self.incoming.evidence,
        }
    }

    fn answer(&self, recorded: &Recorded) -> VoteCast {
        VoteCast {
            position: recorded.position,
            code: code(recorded),
            revision: self.revision(),
            at: recorded.at,
        }
    }
}

fn code(recorded: &Recorded) -> String {
    recorded.commitment.map(receipt_code).unwrap_or_default()
}

/// Whether these candidates can be picked now: on the ballot, not withdrawn, no more than there are seats.
fn check_picks(election: &ElectionTerms, picks: &[u32], withdrawn: &[u32]) -> Result<(), Error> {
    let seats = election.seats;
    if u32::try_from(picks.len()).unwrap_or(u32::MAX) > seats {
        return Err(Error::TooManyPicks { seats });
    }
    for (place, number) in picks.iter().enumerate() {
        let stands = election.numbers().any(|(known, _)| known == *number);
        let again = picks.iter().take(place).any(|other| other == number);
        if !stands || again {
            return Err(Error::NoSuchPart { what: "candidate" });
        }
        if withdrawn.contains(number) {
            return Err(Error::CandidateWithdrew { number: *number });
        }
    }
    Ok(())
}

/// Whether this can be cast under these terms.
pub(super) fn check_choice(choice: Choice, terms: &Terms) -> Result<(), Error> {
    match choice {
        Choice::For | Choice::Against | Choice::Abstain => Ok(()),
        Choice::Follow if terms.rules.follow_allowed => Ok(()),
        Choice::Follow => Err(Error::FollowNotAllowed),
        Choice::Silent | Choice::Unserved => Err(Error::NotCastable {
            choice: choice.name().to_owned(),
        }),
    }
}

/// Notes that an owner opened the ballot of their unit on the platform: an effective delivery.
#[derive(Serialize, Deserialize)]
pub struct AcknowledgeBallot {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The unit whose ballot was opened.
    pub unit: UnitId,
}

impl Command for AcknowledgeBallot {
    const NAME: &'static str = "decisions.ballot.acknowledge";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(VOTE)?;
        open_for(tx, ctx, self.resolution, self.unit)?;
        let delivery = Delivery {
            channel: DeliveryChannel::Electronic,
            delivered_at: ctx.now,
            evidence: String::new(),
            warned_of_silence: true,
        };
        let id = DeliveryId::from_uuid(ctx.new_uuid());
        store::insert_delivery(tx, ctx, self.resolution, self.unit, id, &delivery)?;
        let change = Change::new(
            "decisions.ballot.delivered",
            ballots_subject(self.resolution),
        )
        .public(json!({ "delivery": id, "channel": delivery.channel, "warned_of_silence": true }))
        .private(json!({ "unit": self.unit }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
