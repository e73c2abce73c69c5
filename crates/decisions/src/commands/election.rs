//! Before an election's ballot: seats, nominations, their check with reasons, withdrawals.

use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::Context;
use people::model::{OwnerId, UnitId};
use people::queries::OwnData;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{at_stage, subject};
use crate::model::{
    CandidateId, Condition, DRAFT, ElectionPlan, ElectionTerms, ResolutionId, Route, Stage, VOTE,
    check_text,
};
use crate::store::{self, Candidate, Resolution};
use crate::{Error, law};

/// The longest name, statement, reason or evidence, in characters.
const MAX_WORDS: usize = 2000;

/// Says what an election fills, within what the law lets a committee be, and opens it to nominations.
#[derive(Serialize, Deserialize)]
pub struct PlanElection {
    /// The resolution: a draft whose matter is the election of the committee.
    pub resolution: ResolutionId,
    /// Seats, reserve, and until when names are taken.
    pub plan: ElectionPlan,
}

impl Command for PlanElection {
    const NAME: &'static str = "decisions.election.plan";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DRAFT)?;
        let resolution = draft(tx, ctx, self.resolution)?;
        if resolution.draft.matter != ballot::resolution::Matter::CommitteeElection {
            return Err(Error::NotAnElection);
        }
        let place = people::queries::community(tx, ctx.community)?.place;
        let rules = law::candidates(&place, ctx.now.date())?;
        rules.check(&self.plan)?;
        let opens = resolution.draft.window.opens;
        let latest = opens.plus_days(-rules.announced_days.unwrap_or(0));
        if self.plan.nominations_until <= ctx.now || self.plan.nominations_until > latest {
            return Err(Error::NominationsUntil { latest });
        }
        store::put_election(tx, ctx, self.resolution, &self.plan)?;
        let change = Change::new("decisions.election.planned", subject(self.resolution))
            .public(json!({ "plan": self.plan }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Stands for the committee oneself.
#[derive(Serialize, Deserialize)]
pub struct StandForCommittee {
    /// The election.
    pub resolution: ResolutionId,
    /// What one says of oneself, for all owners to read.
    pub statement: String,
    /// The conditions that one declares to meet.
    pub declared: Vec<Condition>,
}

impl Command for StandForCommittee {
    const NAME: &'static str = "decisions.candidate.stand";
    type Outcome = CandidateId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<CandidateId, Error> {
        ctx.require(VOTE)?;
        let own = people::queries::own_units(tx, ctx)?;
        let owner = own.iter().find_map(|unit| unit.owner);
        let owner = owner.ok_or(Error::NotYourUnit)?;
        let known = people::queries::own_data(tx, ctx)?;
        let name = known.into_iter().find_map(|data| match data {
            OwnData::Owner(id, facts) if id == owner => Some(facts.name),
            _ => None,
        });
        let nomination = Nomination {
            owner,
            name: name.unwrap_or_default(),
            route: Route::Own,
            supporters: 0,
            statement: self.statement.clone(),
            declared: self.declared.clone(),
            evidence: String::new(),
        };
        nominate(tx, ctx, self.resolution, nomination)
    }
}

/// Records a nomination that came in on paper.
#[derive(Serialize, Deserialize)]
pub struct RecordNomination {
    /// The election.
    pub resolution: ResolutionId,
    /// A unit that the candidate owns, alone or as the voice of its co-owners.
    pub unit: UnitId,
    /// Their name.
    pub name: String,
    /// How they were named.
    pub route: Route,
    /// How many owners named them together.
    pub supporters: u32,
    /// What they say of themselves, for all owners to read.
    pub statement: String,
    /// The conditions that they declare to meet, in writing.
    pub declared: Vec<Condition>,
    /// Where the paper lies.
    pub evidence: String,
}

impl Command for RecordNomination {
    const NAME: &'static str = "decisions.candidate.record";
    type Outcome = CandidateId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<CandidateId, Error> {
        ctx.require(DRAFT)?;
        check_text("evidence", &self.evidence, MAX_WORDS)?;
        let place = people::queries::community(tx, ctx.community)?.place;
        let rules = law::candidates(&place, ctx.now.date())?;
        let least = rules.joint_nominators.unwrap_or(1);
        if self.route == Route::Joint && i64::from(self.supporters) < least {
            return Err(Error::TooFewSupporters { least });
        }
        let owner = people::queries::voice_of(tx, ctx.community, self.unit)?;
        let nomination = Nomination {
            owner: owner.ok_or(Error::NotTheVoice)?,
            name: self.name.clone(),
            route: self.route,
            supporters: self.supporters,
            statement: self.statement.clone(),
            declared: self.declared.clone(),
            evidence: self.evidence.clone(),
        };
        nominate(tx, ctx, self.resolution, nomination)
    }
}

/// A candidate on the way into the table.
struct Nomination {
    owner: OwnerId,
    name: String,
    route: Route,
    supporters: u32,
    statement: String,
    declared: Vec<Condition>,
    evidence: String,
}

fn nominate(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    nomination: Nomination,
) -> Result<CandidateId, Error> {
    check_text("name", &nomination.name, 100)?;
    check_text("statement", &nomination.statement, MAX_WORDS)?;
    draft(tx, ctx, resolution)?;
    let plan = store::election(tx, ctx.community, resolution)?.ok_or(Error::NotAnElection)?;
    if ctx.now >= plan.nominations_until {
        return Err(Error::NominationsOver);
    }
    let named = store::candidates(tx, ctx.community, resolution)?;
    if named
        .iter()
        .any(|one| one.owner == nomination.owner && one.withdrawal.is_none())
    {
        return Err(Error::StandsAlready);
    }
    if named.len() >= ballot::election::MAX_CANDIDATES {
        return Err(Error::TooManyCandidates);
    }
    let candidate = Candidate {
        id: CandidateId::from_uuid(ctx.new_uuid()),
        owner: nomination.owner,
        name: nomination.name,
        route: nomination.route,
        supporters: nomination.supporters,
        statement: nomination.statement,
        declared: nomination.declared,
        evidence: nomination.evidence,
        nominated_at: ctx.now,
        check: None,
        withdrawal: None,
    };
    store::insert_candidate(tx, ctx, resolution, &candidate)?;
    let change = Change::new("decisions.candidate.nominated", subject(resolution))
        .public(json!({
            "candidate": candidate.id,
            "route": candidate.route,
            "supporters": candidate.supporters,
            "declared": candidate.declared,
        }))
        .private(json!({
            "owner": candidate.owner,
            "name": candidate.name,
            "statement": candidate.statement,
            "evidence": candidate.evidence,
        }));
    record(tx, ctx, change)?;
    Ok(candidate.id)
}

/// Finds a candidate fit or not, with the reason, for all owners to read.
#[derive(Serialize, Deserialize)]
pub struct CheckCandidate {
    /// The election.
    pub resolution: ResolutionId,
    /// The candidate.
    pub candidate: CandidateId,
    /// Whether they stand on the ballot.
    pub is_accepted: bool,
    /// Why.
    pub reason: String,
}

impl Command for CheckCandidate {
    const NAME: &'static str = "decisions.candidate.check";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DRAFT)?;
        check_text("reason", &self.reason, MAX_WORDS)?;
        draft(tx, ctx, self.resolution)?;
        let candidate = standing(tx, ctx, self.resolution, self.candidate)?;
        if self.is_accepted {
            check_conditions(tx, ctx, &candidate)?;
        }
        let (id, accepted) = (self.candidate, self.is_accepted);
        store::put_check(tx, ctx, self.resolution, id, accepted, &self.reason)?;
        let change = Change::new("decisions.candidate.checked", subject(self.resolution))
            .public(json!({ "candidate": id, "is_accepted": accepted }))
            .private(json!({ "reason": self.reason }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Whoever is found fit owns a unit today and declared to meet every other condition that the law names.
fn check_conditions(tx: &mut dyn Tx, ctx: &Context, candidate: &Candidate) -> Result<(), Error> {
    let place = people::queries::community(tx, ctx.community)?.place;
    let rules = law::candidates(&place, ctx.now.date())?;
    let missing = rules
        .conditions
        .iter()
        .find(|condition| !candidate.declared.contains(condition));
    if let Some(condition) = missing {
        return Err(Error::ConditionMissing {
            condition: *condition,
            citation: rules.citation("candidates"),
        });
    }
    let counted = people::model::UnitsCounted::default();
    let electorate = people::queries::electorate(tx, ctx.community, counted)?;
    let owns = electorate
        .units
        .iter()
        .any(|unit| unit.owners.contains(&candidate.owner));
    if owns {
        Ok(())
    } else {
        Err(Error::ConditionMissing {
            condition: Condition::Owner,
            citation: rules.citation("candidates"),
        })
    }
}

/// Withdraws one's own candidacy, until the close. Ballots that name the candidate count for the others on them.
#[derive(Serialize, Deserialize)]
pub struct WithdrawCandidacy {
    /// The election.
    pub resolution: ResolutionId,
    /// The candidate: oneself.
    pub candidate: CandidateId,
    /// Why, for all owners to read.
    pub reason: String,
}

impl Command for WithdrawCandidacy {
    const NAME: &'static str = "decisions.candidate.withdraw";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(VOTE)?;
        let candidate = standing(tx, ctx, self.resolution, self.candidate)?;
        let account = ctx.actor.account_id().ok_or(Error::NotTheCandidate)?;
        let owners = people::queries::owners_of_account(tx, ctx.community, account)?;
        if !owners.contains(&candidate.owner) {
            return Err(Error::NotTheCandidate);
        }
        withdraw(tx, ctx, self.resolution, self.candidate, &self.reason)
    }
}

/// Records that a candidate withdrew in writing.
#[derive(Serialize, Deserialize)]
pub struct RecordCandidateWithdrawal {
    /// The election.
    pub resolution: ResolutionId,
    /// The candidate.
    pub candidate: CandidateId,
    /// Why, and where the paper lies; for all owners to read.
    pub reason: String,
}

impl Command for RecordCandidateWithdrawal {
    const NAME: &'static str = "decisions.candidate.record-withdrawal";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DRAFT)?;
        standing(tx, ctx, self.resolution, self.candidate)?;
        withdraw(tx, ctx, self.resolution, self.candidate, &self.reason)
    }
}

fn withdraw(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    candidate: CandidateId,
    reason: &str,
) -> Result<(), Error> {
    check_text("reason", reason, MAX_WORDS)?;
    let stages = [Stage::Draft, Stage::Notice, Stage::Voting];
    at_stage(tx, ctx, resolution, &stages, "a stage before the close")?;
    store::insert_candidate_withdrawal(tx, ctx, resolution, candidate, reason)?;
    let change = Change::new("decisions.candidate.withdrawn", subject(resolution))
        .public(json!({ "candidate": candidate }))
        .private(json!({ "reason": reason }));
    record(tx, ctx, change)?;
    Ok(())
}

/// The candidate, unless they withdrew.
fn standing(
    read: &mut dyn Read,
    ctx: &Context,
    resolution: ResolutionId,
    id: CandidateId,
) -> Result<Candidate, Error> {
    let all = store::candidates(read, ctx.community, resolution)?;
    let found = all
        .into_iter()
        .find(|one| one.id == id && one.withdrawal.is_none());
    found.ok_or(Error::NoSuchPart { what: "candidate" })
}

fn draft(read: &mut dyn Read, ctx: &Context, id: ResolutionId) -> Result<Resolution, Error> {
    at_stage(
        read,
        ctx,
        id,
        &[Stage::Draft],
        "the stage before publication",
    )
}

/// What publication freezes of an election: the candidates found fit, in the order of their nominations. None where the
/// resolution elects nobody by name.
pub(super) fn terms(
    read: &mut dyn Read,
    ctx: &Context,
    resolution: ResolutionId,
) -> Result<Option<ElectionTerms>, Error> {
    let Some(plan) = store::election(read, ctx.community, resolution)? else {
        return Ok(None);
    };
    if ctx.now < plan.nominations_until {
        return Err(Error::NominationsOpen {
            until: plan.nominations_until,
        });
    }
    let standing: Vec<Candidate> = store::candidates(read, ctx.community, resolution)?
        .into_iter()
        .filter(|one| one.withdrawal.is_none())
        .collect();
    if standing.iter().any(|one| one.check.is_none()) {
        return Err(Error::CandidatesUnchecked);
    }
    let candidates: Vec<CandidateId> = standing
        .into_iter()
        .filter(|one| one.check.as_ref().is_some_and(|(accepted, _)| *accepted))
        .map(|one| one.id)
        .collect();
    let place = people::queries::community(read, ctx.community)?.place;
    let rules = law::candidates(&place, ctx.now.date())?;
    let least = plan.seats + u32::from(rules.more_candidates_than_seats);
    if u32::try_from(candidates.len()).unwrap_or(u32::MAX) < least {
        return Err(Error::TooFewCandidates { least });
    }
    Ok(Some(ElectionTerms {
        seats: plan.seats,
        reserve: plan.reserve,
        candidates,
    }))
}
