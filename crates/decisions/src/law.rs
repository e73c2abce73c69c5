//! The law in force there and then: asks the policies, and checks a draft against their answers.

use ballot::resolution::{Requirement, Thresholds};
use jiff::civil::Date;
use kernel::{Timestamp, Window};
use policy::{Decision, Inputs, Status, Threshold, builtin};
use units::Ratio;

use crate::Error;
use crate::model::{Condition, Draft, ElectionPlan, Ground, Meeting, Rules, Terms};

/// What the law asks of a resolution on a day in a place; shown while drafting, frozen at publication.
#[derive(Clone, Debug)]
pub struct Requirements {
    /// What the matter demands of participation and consent.
    pub thresholds: Thresholds,
    /// Days between publication and the first vote.
    pub notice_days: i64,
    /// The least and the most days of the voting window, where the law sets them.
    pub window_days: (Option<i64>, Option<i64>),
    /// What the majority of those who voted must reach of all owners before silence may count: by heads, by area.
    pub silence_floor: Option<(Requirement, Requirement)>,
    /// The clauses, each with what it decided.
    pub grounds: Vec<Ground>,
}

/// What the law asks of this matter and meeting in a place on a day.
pub fn requirements(
    matter: ballot::resolution::Matter,
    meeting: Meeting,
    place: &str,
    on: Date,
) -> Result<Requirements, Error> {
    let library = builtin();
    let edition = library.get("owners_resolution.thresholds")?.on(on)?;
    let majorities = edition.decide(&Inputs::new().text("matter", matter.name()))?;
    let edition = library.get("owners_meeting.notice")?.on(on)?;
    let notice = edition.decide(
        &Inputs::new()
            .text("place", place)
            .text("meeting", meeting.name()),
    )?;
    let edition = library.get("owners_voting.window")?.on(on)?;
    let window = edition.decide(&Inputs::new().text("place", place))?;
    let edition = library.get("owners_voting.result")?.on(on)?;
    let result = edition.decide(&Inputs::new().text("place", place))?;
    let edition = library.get("owners_counting.silence")?.on(on)?;
    let silence = edition.decide(&Inputs::new().text("place", place))?;
    let mut found: Vec<Ground> = Vec::new();
    for (about, decision) in [
        ("thresholds", &majorities),
        ("notice", &notice),
        ("window", &window),
        ("result", &result),
        ("silence", &silence),
    ] {
        for ground in grounds(about, decision) {
            // A clause that decides several rows of a table is told once.
            if !found.contains(&ground) {
                found.push(ground);
            }
        }
    }
    Ok(Requirements {
        thresholds: thresholds(&majorities)?,
        notice_days: notice.integer("notice_days")?,
        window_days: (
            window.optional_integer("min_days")?,
            window.optional_integer("max_days")?,
        ),
        silence_floor: silence_floor(&silence)?,
        grounds: found,
    })
}

/// What a matter demands of participation and consent, by the law of a day.
pub fn majorities(matter: ballot::resolution::Matter, on: Date) -> Result<Thresholds, Error> {
    let edition = builtin().get("owners_resolution.thresholds")?.on(on)?;
    thresholds(&edition.decide(&Inputs::new().text("matter", matter.name()))?)
}

/// The terms under which a draft is published now, or why it can't be.
pub fn terms(draft: &Draft, place: &str, now: Timestamp, rules: Rules) -> Result<Terms, Error> {
    draft.check()?;
    let asked = requirements(draft.matter, draft.meeting, place, now.date())?;
    check_notice(draft.window, now, &asked)?;
    check_window(draft.window, &asked)?;
    Ok(Terms {
        window: draft.window,
        rules,
        thresholds: asked.thresholds,
        silence_floor: asked.silence_floor,
        election: None,
        grounds: asked.grounds,
    })
}

/// What the law asks of a committee's election in a place on a day.
#[derive(Clone, Debug)]
pub struct CandidateRules {
    /// What a candidate must meet.
    pub conditions: Vec<Condition>,
    /// The fewest and the most members of a committee, where the law sets them.
    pub members: (Option<i64>, Option<i64>),
    /// Whether their number is odd.
    pub odd_members: bool,
    /// How many reserve members there may be, in percent of the members.
    pub reserve_percent: Option<i64>,
    /// Whether more must stand than are elected.
    pub more_candidates_than_seats: bool,
    /// How many days before the vote candidates are announced.
    pub announced_days: Option<i64>,
    /// How many owners may name somebody together.
    pub joint_nominators: Option<i64>,
    /// The clauses.
    pub grounds: Vec<Ground>,
}

/// What the law asks of candidates in a place on a day.
pub fn candidates(place: &str, on: Date) -> Result<CandidateRules, Error> {
    let edition = builtin().get("owners_committee.election")?.on(on)?;
    let decided = edition.decide(&Inputs::new().text("place", place))?;
    Ok(CandidateRules {
        conditions: decided
            .choices("conditions")?
            .into_iter()
            .filter_map(Condition::from_name)
            .collect(),
        members: (
            decided.optional_integer("min_members")?,
            decided.optional_integer("max_members")?,
        ),
        odd_members: decided.flag("odd_members")?,
        reserve_percent: decided.optional_integer("reserve_percent")?,
        more_candidates_than_seats: decided.flag("more_candidates_than_seats")?,
        announced_days: decided.optional_integer("announced_days")?,
        joint_nominators: decided.optional_integer("joint_nominators")?,
        grounds: grounds("candidates", &decided),
    })
}

impl CandidateRules {
    /// The first clause about something.
    pub fn citation(&self, about: &str) -> String {
        citation(&self.grounds, about)
    }

    /// Refuses a committee of a size, or with more in reserve, than the law allows.
    pub fn check(&self, plan: &ElectionPlan) -> Result<(), Error> {
        let seats = i64::from(plan.seats);
        let (least, most) = self.members;
        let least = if plan.whole_committee {
            least.unwrap_or(1)
        } else {
            1
        };
        let most = most.unwrap_or(MAX_SEATS);
        let is_even = plan.whole_committee && self.odd_members && seats % 2 == 0;
        if seats < least || seats > most || is_even {
            return Err(Error::Seats { least, most });
        }
        let percent = self.reserve_percent.unwrap_or(100);
        let most = seats.saturating_mul(percent) / 100;
        if i64::from(plan.reserve) > most {
            return Err(Error::ReserveTooLarge { most });
        }
        Ok(())
    }
}

/// The most seats where the law sets no number.
const MAX_SEATS: i64 = 31;

/// Notice is counted in whole days: the day of publication does not count, the vote opens after the last day
/// (Civil Code Art. 201).
fn check_notice(window: Window, now: Timestamp, asked: &Requirements) -> Result<(), Error> {
    let earliest = Timestamp::start_of(now.plus_days(asked.notice_days + 1).date());
    if window.opens >= earliest {
        return Ok(());
    }
    let whole_days = (window.opens.micros() - now.micros()).div_euclid(DAY_US);
    Err(Error::NoticeTooShort {
        given: whole_days.max(0),
        required: asked.notice_days,
        citation: citation(&asked.grounds, "notice"),
    })
}

/// A day, in microseconds.
const DAY_US: i64 = 86_400 * 1_000_000;

/// Refuses a window that is shorter or longer than the law allows.
pub(crate) fn check_window(window: Window, asked: &Requirements) -> Result<(), Error> {
    let length_us = window.closes.micros().saturating_sub(window.opens.micros());
    let begun_days = length_us.saturating_add(DAY_US - 1).div_euclid(DAY_US);
    let whole_days = length_us.div_euclid(DAY_US);
    let (min, max) = asked.window_days;
    let too_short = min.is_some_and(|min| whole_days < min);
    let too_long = max.is_some_and(|max| begun_days > max);
    if !too_short && !too_long {
        return Ok(());
    }
    Err(Error::WindowLength {
        days: if too_short { whole_days } else { begun_days },
        min: min.unwrap_or(0),
        max: max.unwrap_or(0),
        citation: citation(&asked.grounds, "window"),
    })
}

fn citation(grounds: &[Ground], about: &str) -> String {
    grounds
        .iter()
        .find(|ground| ground.about == about)
        .map(|ground| ground.citation.clone())
        .unwrap_or_default()
}

fn thresholds(decision: &Decision<'_>) -> Result<Thresholds, Error> {
    let requirement = |output: &'static str, table: &str| -> Result<Requirement, Error> {
        requirement(decision.threshold(output)?, &clause(decision, table))
    };
    Ok(Thresholds {
        participation_heads: requirement("participation_heads", "participation")?,
        participation_area: requirement("participation_area", "participation")?,
        consent_heads: requirement("consent_heads", "consent")?,
        consent_area: requirement("consent_area", "consent")?,
    })
}

fn silence_floor(decision: &Decision<'_>) -> Result<Option<(Requirement, Requirement)>, Error> {
    if !decision.has("voted_majority_heads") || !decision.has("voted_majority_area") {
        return Ok(None);
    }
    let citation = clause(decision, "choice");
    let heads = requirement(decision.threshold("voted_majority_heads")?, &citation)?;
    let area = requirement(decision.threshold("voted_majority_area")?, &citation)?;
    Ok(Some((heads, area)))
}

fn requirement(threshold: Threshold, citation: &str) -> Result<Requirement, Error> {
    let part = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let share = Ratio::new(part(threshold.num()), part(threshold.den()))
        .map_err(ballot::BallotError::from)?;
    Ok(Requirement::new(share, threshold.strict(), citation))
}

/// The law and article on which a table's row stands.
fn clause(decision: &Decision<'_>, table: &str) -> String {
    let record = decision.record();
    let step = record.steps.iter().find(|step| step.table == table);
    step.and_then(|step| step.citation.as_ref())
        .map(|citation| format!("{}{}", citation.instrument.title.zh, citation.article))
        .unwrap_or_default()
}

fn grounds(about: &str, decision: &Decision<'_>) -> Vec<Ground> {
    let record = decision.record();
    record
        .steps
        .iter()
        .filter_map(|step| step.citation.as_ref())
        .map(|citation| Ground {
            about: about.to_owned(),
            citation: format!("{}{}", citation.instrument.title.zh, citation.article),
            quote: citation.quote.clone().unwrap_or_default(),
            verified: citation.status == Status::Verified,
        })
        .collect()
}
