//! What an actor may see of decisions.

mod agenda;
mod changes;
mod election;
mod turnout;

use ballot::resolution::{Matter, Outcome};
use db::Read;
use journal::Entry;
use kernel::{CommunityId, Context, Timestamp, Window};
use people::model::UnitId;

use crate::Error;
use crate::law::{self, Requirements};
use crate::model::{
    AssemblyId, AttachmentId, Channel, DELIVER, Meeting, READ, RECORD_VOTE, ResolutionId, Rules,
    Stage, normalise_code,
};
use crate::record::{PublishedBallot, PublishedRecord};
use crate::store::{
    self, Attachment, Candidate, Delivery, Objection, OwnUnit, Resolution, ResolutionLine,
    UnitProgress,
};
use crate::trace::{self, TracedVote};

pub use agenda::{AssemblyView, assemblies, assembly};
pub use changes::{ExtensionView, corrections, counts_before, earlier_record, extension};
pub use election::{ElectionView, election, open_nominations};

pub(crate) use turnout::unreached_units;
pub use turnout::{ReminderChoice, TurnoutHelp, reminder_choices, turnout_help};

/// How many resolutions a page of the list has.
pub const PAGE: u32 = 30;

/// The community's rules for deciding.
pub fn rules(read: &mut dyn Read, ctx: &Context) -> Result<Rules, Error> {
    ctx.require(READ)?;
    store::current_rules(read, ctx.community)
}

/// The newest resolutions, or those before one of them. Drafts are for drafters.
pub fn resolutions(
    read: &mut dyn Read,
    ctx: &Context,
    before: Option<ResolutionId>,
) -> Result<Vec<ResolutionLine>, Error> {
    ctx.require(READ)?;
    let mut lines = store::resolutions(
        read,
        ctx.community,
        before.unwrap_or_else(store::newest),
        PAGE,
    )?;
    if !ctx.may(crate::model::DRAFT) {
        lines.retain(|line| line.progress.window.is_some());
    }
    Ok(lines)
}

/// A resolution with its documents and where it stands.
pub struct View {
    /// The resolution.
    pub resolution: Resolution,
    /// Where it stands.
    pub stage: Stage,
    /// Documents everyone may read, and evidence for those who record votes.
    pub attachments: Vec<Attachment>,
    /// The actor's own units in it, with their votes.
    pub own: Vec<OwnUnit>,
    /// The units among these that the actor may vote for: the only owner's, or the voice's.
    pub votable: Vec<UnitId>,
    /// Objections and answers, once there can be any.
    pub objections: Vec<Objection>,
    /// Turnout, where the actor may see it.
    pub turnout: Option<Turnout>,
}

/// For how much something was cast so far, without what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turnout {
    /// Units.
    pub units: u32,
    /// Heads.
    pub heads: u32,
    /// Exclusive area.
    pub area: units::Area,
}

/// Everything its page shows of a resolution.
pub fn view(read: &mut dyn Read, ctx: &Context, id: ResolutionId) -> Result<View, Error> {
    let resolution = visible(read, ctx, id)?;
    let stage = resolution.progress().stage(ctx.now);
    let mut attachments = store::attachments(read, ctx.community, id)?;
    if !ctx.may(RECORD_VOTE) {
        attachments.retain(|attachment| attachment.purpose == "document");
    }
    let own = own_units(read, ctx, id)?;
    let votable = votable(read, ctx, &own)?;
    let objections = match resolution.count {
        Some(_) => store::objections(read, ctx.community, id)?,
        None => Vec::new(),
    };
    let turnout = turnout(read, ctx, &resolution, stage)?;
    Ok(View {
        resolution,
        stage,
        attachments,
        own,
        votable,
        objections,
        turnout,
    })
}

/// The resolution, unless it is a draft and the actor no drafter.
fn visible(read: &mut dyn Read, ctx: &Context, id: ResolutionId) -> Result<Resolution, Error> {
    ctx.require(READ)?;
    let resolution = store::resolution(read, ctx.community, id)?;
    if resolution.publication.is_none() && !ctx.may(crate::model::DRAFT) {
        return Err(Error::NoSuchResolution);
    }
    Ok(resolution)
}

fn own_units(read: &mut dyn Read, ctx: &Context, id: ResolutionId) -> Result<Vec<OwnUnit>, Error> {
    let Some(account) = ctx.actor.account_id() else {
        return Ok(Vec::new());
    };
    let mut own: Vec<OwnUnit> = Vec::new();
    for owner in people::queries::owners_of_account(read, ctx.community, account)? {
        for unit in store::units_of_owner(read, ctx.community, id, owner)? {
            if own.iter().all(|known| known.unit != unit.unit) {
                own.push(unit);
            }
        }
    }
    Ok(own)
}

fn votable(read: &mut dyn Read, ctx: &Context, own: &[OwnUnit]) -> Result<Vec<UnitId>, Error> {
    let Some(account) = ctx.actor.account_id() else {
        return Ok(Vec::new());
    };
    let mine = people::queries::owners_of_account(read, ctx.community, account)?;
    let mut votable = Vec::new();
    for unit in own {
        let by_voice = unit.owners > 1;
        if !by_voice
            || people::queries::voice_of(read, ctx.community, unit.unit)?
                .is_some_and(|voice| mine.contains(&voice))
        {
            votable.push(unit.unit);
        }
    }
    Ok(votable)
}

/// Turnout is shown to all while the vote runs only if the rules allow; after the close to everyone.
fn turnout(
    read: &mut dyn Read,
    ctx: &Context,
    resolution: &Resolution,
    stage: Stage,
) -> Result<Option<Turnout>, Error> {
    let Some(publication) = &resolution.publication else {
        return Ok(None);
    };
    let shown = match stage {
        Stage::Voting => publication.terms.rules.turnout_while_open,
        Stage::Draft | Stage::Notice | Stage::Withdrawn => false,
        Stage::Closed | Stage::Objection | Stage::Settled | Stage::Announced => true,
    };
    if !shown {
        return Ok(None);
    }
    let (units, area, heads) = store::turnout(read, ctx.community, resolution.id)?;
    Ok(Some(Turnout { units, heads, area }))
}

/// What the law in force asks of a matter here today.
pub fn requirements(
    read: &mut dyn Read,
    ctx: &Context,
    matter: Matter,
    meeting: Meeting,
) -> Result<Requirements, Error> {
    ctx.require(READ)?;
    let community = people::queries::community(read, ctx.community)?;
    law::requirements(matter, meeting, &community.place, ctx.now.date())
}

/// How many acts a history shows.
const HISTORY: u32 = 200;

/// A resolution and what was done to it, newest first, from the journal.
pub fn history(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
) -> Result<(Resolution, Vec<Entry>), Error> {
    let resolution = visible(read, ctx, id)?;
    let mut subjects = vec![crate::commands::subject(id)];
    let assembly = store::assembly_of(read, ctx.community, id)?;
    subjects.extend(assembly.map(crate::commands::assembly_subject));
    let newest = i64::MAX.unsigned_abs();
    let mut entries = Vec::new();
    for subject in subjects {
        entries.extend(journal::history(
            read,
            ctx.community,
            &subject,
            newest,
            HISTORY,
        )?);
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.position));
    Ok((resolution, entries))
}

/// An attachment's name, media type and content.
pub fn attachment(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
    attachment: AttachmentId,
) -> Result<(String, String, Vec<u8>), Error> {
    visible(read, ctx, id)?;
    let found = store::attachment(read, ctx.community, id, attachment)?;
    let (purpose, name, media_type, content) =
        found.ok_or(Error::NoSuchPart { what: "attachment" })?;
    if purpose != "document" {
        ctx.require(RECORD_VOTE)?;
    }
    Ok((name, media_type, content))
}

/// A counted resolution with its outcome in every number.
pub struct CountedView {
    /// The resolution.
    pub resolution: Resolution,
    /// Where it stands.
    pub stage: Stage,
    /// Its count, made again from the frozen electorate and votes.
    pub outcome: Outcome,
    /// Whether it passed; an election, whether enough took part and somebody was elected.
    pub passed: bool,
    /// Every candidate with votes, place and fate, where members were elected by name.
    pub election: Option<ballot::election::Election>,
    /// Those who stood, by their numbers on the ballot.
    pub candidates: Vec<(u32, Candidate)>,
    /// Objections and answers.
    pub objections: Vec<Objection>,
}

/// The result, counted again from what was frozen; it is the stored one, or the record is broken.
pub fn result(read: &mut dyn Read, ctx: &Context, id: ResolutionId) -> Result<CountedView, Error> {
    let resolution = visible(read, ctx, id)?;
    let stage = resolution.progress().stage(ctx.now);
    let needed = "a count";
    let (Some(publication), Some(count)) = (&resolution.publication, &resolution.count) else {
        return Err(Error::WrongStage { stage, needed });
    };
    let rows = store::counted(read, ctx.community, id)?;
    let decided = crate::record::decide(read, ctx.community, id, &rows, &publication.terms)?;
    if decided.passed != count.passed {
        return Err(Error::Unreadable {
            what: "a result",
            value: count.passed.to_string(),
        });
    }
    let objections = store::objections(read, ctx.community, id)?;
    Ok(CountedView {
        candidates: election::numbered(read, ctx, &resolution)?,
        resolution,
        stage,
        outcome: decided.outcome,
        passed: decided.passed,
        election: decided.election,
        objections,
    })
}

/// The published record as it was published, byte for byte.
pub fn published_record(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
) -> Result<String, Error> {
    let resolution = visible(read, ctx, id)?;
    let stage = resolution.progress().stage(ctx.now);
    resolution
        .count
        .map(|count| count.record)
        .ok_or(Error::WrongStage {
            stage,
            needed: "a count",
        })
}

/// The ballot in the published record under a code as a person typed it.
pub fn find_ballot(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
    typed: &str,
) -> Result<Option<PublishedBallot>, Error> {
    let text = published_record(read, ctx, id)?;
    let record: PublishedRecord = serde_json::from_str(&text).map_err(|_| Error::Unreadable {
        what: "the published record",
        value: id.to_string(),
    })?;
    let code = normalise_code(typed);
    Ok(record
        .ballots
        .into_iter()
        .find(|ballot| ballot.code == code))
}

/// How far every unit has come, without how it voted: for deliveries and visits.
pub fn unit_progress(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
) -> Result<(Resolution, Vec<UnitProgress>), Error> {
    ctx.require(DELIVER)?;
    let resolution = visible(read, ctx, id)?;
    let mut units = store::unit_progress(read, ctx.community, id)?;
    units.sort_by_cached_key(|unit| {
        people::model::natural_order(&people::model::UnitLabel {
            building: unit.building.clone(),
            number: unit.label.clone(),
        })
    });
    Ok((resolution, units))
}

/// What was done for a unit: its votes, the standing one first, and the deliveries of its ballot.
pub struct UnitTrace {
    /// The resolution.
    pub resolution: Resolution,
    /// The unit's building and number.
    pub label: String,
    /// Every vote; a choice is told to the unit's owners, and to others only where it was recorded by hand.
    pub votes: Vec<TracedVote>,
    /// Every delivery.
    pub deliveries: Vec<Delivery>,
}

/// Everything done for a unit, for its owners and for those who record votes. How a vote on the platform was cast is its
/// owners' alone to know until the record is published.
pub fn unit_trace(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
    unit: UnitId,
) -> Result<UnitTrace, Error> {
    let resolution = visible(read, ctx, id)?;
    let is_own = own_units(read, ctx, id)?.iter().any(|own| own.unit == unit);
    if !is_own {
        ctx.require(RECORD_VOTE)?;
    }
    let (elector, _) =
        store::elector(read, ctx.community, id, unit)?.ok_or(Error::NotInElectorate)?;
    let votes = trace::votes_of_unit(read, ctx, id, unit)?;
    let told = |vote: TracedVote| TracedVote {
        choice: vote
            .choice
            .filter(|_| is_own || vote.channel != Channel::Electronic),
        ..vote
    };
    Ok(UnitTrace {
        resolution,
        label: format!("{} {}", elector.building, elector.label),
        votes: votes.into_iter().map(told).collect(),
        deliveries: store::deliveries_of(read, ctx.community, id, unit)?,
    })
}

/// When the vote under a code was cast that a later one of the same unit replaced, and when that one was.
pub fn replaced_ballot(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
    typed: &str,
) -> Result<Option<(Timestamp, Timestamp)>, Error> {
    visible(read, ctx, id)?;
    let code = normalise_code(typed);
    trace::replaced_code(read, ctx.community, id, &code)
}

/// The deliveries recorded for a unit.
pub fn deliveries(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
    unit: UnitId,
) -> Result<Vec<Delivery>, Error> {
    ctx.require(DELIVER)?;
    store::deliveries_of(read, ctx.community, id, unit)
}

/// The unit of the electorate with a building's name and a number, as they stand in the roll.
pub fn find_unit(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
    building: &str,
    label: &str,
) -> Result<UnitId, Error> {
    ctx.require(DELIVER)?;
    store::find_elector(read, ctx.community, id, building.trim(), label.trim())?
        .ok_or(Error::NotInElectorate)
}

/// Whether opening the ballot now would be its first electronic delivery to a unit.
pub fn first_opening(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
    unit: UnitId,
) -> Result<bool, Error> {
    let channel = crate::model::DeliveryChannel::Electronic;
    Ok(!store::delivered_by(
        read,
        ctx.community,
        id,
        unit,
        channel,
    )?)
}

/// Where the receipt of one's own unit's vote stands in the journal.
pub fn own_receipt(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
    unit: UnitId,
) -> Result<u64, Error> {
    ctx.require(READ)?;
    let own = own_units(read, ctx, id)?;
    let unit = own
        .into_iter()
        .find(|own| own.unit == unit)
        .ok_or(Error::NotYourUnit)?;
    unit.vote
        .map(|vote| vote.position)
        .ok_or(Error::NoSuchPart { what: "vote" })
}

/// The journal's subjects that tell turnout while rules hide it, and until when: the ballots of every vote that is
/// published, not closed, and to be counted unseen. Nothing of their entries but place, time and hash may be shown.
pub fn held_back(
    read: &mut dyn Read,
    community: CommunityId,
    now: Timestamp,
) -> Result<Vec<(String, Timestamp)>, Error> {
    let published = store::uncounted(read, community)?.into_iter();
    let hidden =
        published.filter(|(_, terms)| !terms.rules.turnout_while_open && now < terms.window.closes);
    Ok(hidden
        .map(|(id, terms)| (crate::commands::ballots_subject(id), terms.window.closes))
        .collect())
}

/// What stands on the home page of whoever may read.
pub struct Waiting {
    /// The resolution.
    pub id: ResolutionId,
    /// The question.
    pub title: String,
    /// When votes are taken.
    pub window: Window,
    /// Why it stands there.
    pub why: Why,
    /// The meeting on whose agenda it stands: one card tells of all its matters.
    pub assembly: Option<AssemblyId>,
}

/// Why a resolution stands on the home page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is announced, and to be read before the vote opens.
    Announced,
    /// The vote is open and the actor has still to cast one.
    ToVote,
    /// The same, and the committee reminded the actor.
    Reminded,
    /// The vote was extended.
    Extended,
    /// It was withdrawn of late, perhaps after the actor had voted.
    Withdrawn,
    /// A vote recorded by hand took the place of one that the actor cast on the platform, and can still be answered.
    Replaced,
}

/// How long the home page tells of a withdrawal, in days.
const WITHDRAWN_DAYS: i64 = 14;

/// The votes that are announced or were withdrawn of late, those that an owner still has to cast, and those in which theirs was replaced by hand.
pub fn waiting(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Waiting>, Error> {
    ctx.require(READ)?;
    let mut waiting: Vec<Waiting> = Vec::new();
    for line in store::resolutions(read, ctx.community, store::newest(), PAGE)? {
        let why = match line.progress.stage(ctx.now) {
            Stage::Notice => Some(Why::Announced),
            stage @ (Stage::Voting | Stage::Closed | Stage::Objection) => {
                waits_for(read, ctx, line.id, stage)?
            }
            Stage::Withdrawn => {
                let of_late = line
                    .progress
                    .withdrawn_at
                    .is_some_and(|at| ctx.now < at.plus_days(WITHDRAWN_DAYS));
                (line.number.is_some() && of_late).then_some(Why::Withdrawn)
            }
            Stage::Draft | Stage::Settled | Stage::Announced => None,
        };
        let extended =
            line.extended_at.is_some() && matches!(line.progress.stage(ctx.now), Stage::Voting);
        let Some(why) = why.or(extended.then_some(Why::Extended)) else {
            continue;
        };
        let same = |one: &&Waiting| line.assembly.is_some() && one.assembly == line.assembly;
        if let Some(place) = waiting.iter().position(|one| same(&one)) {
            // Of several matters on one ballot, the one that asks for something speaks.
            if matches!(why, Why::ToVote | Why::Reminded | Why::Replaced)
                && let Some(one) = waiting.get_mut(place)
            {
                one.why = why;
            }
            continue;
        }
        let title = match line.assembly {
            Some(assembly) => store::assembly(read, ctx.community, assembly)?.call.title,
            None => line.title,
        };
        waiting.push(Waiting {
            id: line.id,
            title,
            assembly: line.assembly,
            window: line.window,
            why,
        });
    }
    Ok(waiting)
}

fn waits_for(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
    stage: Stage,
) -> Result<Option<Why>, Error> {
    let own = own_units(read, ctx, id)?;
    let votable = votable(read, ctx, &own)?;
    let mut mine = own.iter().filter(|unit| votable.contains(&unit.unit));
    let open: Vec<UnitId> = mine
        .clone()
        .filter(|unit| unit.vote.is_none())
        .map(|unit| unit.unit)
        .collect();
    if stage == Stage::Voting && !open.is_empty() {
        let reminder = turnout::reminder_to(read, ctx, id, &open)?;
        return Ok(Some(reminder.map_or(Why::ToVote, |_| Why::Reminded)));
    }
    let is_replaced = |unit: &OwnUnit| {
        let vote = unit.vote.as_ref();
        vote.is_some_and(|vote| vote.replaced_electronic)
    };
    Ok(mine.any(is_replaced).then_some(Why::Replaced))
}

/// Closed more than `grace_seconds` ago and not counted: what Linli counts by itself.
pub fn due_for_count(
    read: &mut dyn Read,
    ctx: &Context,
    grace_seconds: i64,
) -> Result<Vec<ResolutionId>, Error> {
    ctx.require(crate::model::COUNT)?;
    let uncounted = store::uncounted(read, ctx.community)?;
    Ok(uncounted
        .into_iter()
        .filter(|(_, terms)| terms.window.closes.plus_seconds(grace_seconds) <= ctx.now)
        .map(|(id, _)| id)
        .collect())
}
