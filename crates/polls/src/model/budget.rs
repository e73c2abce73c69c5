//! Participatory budgets in the words of those who propose and vote, and the rules that need no database.

use ballot::pabulib::Rule;
use kernel::{Timestamp, Window};
use serde::{Deserialize, Serialize};

use super::{
    Entitled, MAX_LINE, MAX_TEXT, check_length, check_text, place_of, plain_number, wrong_choice,
};
use crate::Error;

kernel::id! {
    /// A round of a participatory budget: from the call for proposals to the last report.
    pub struct RoundId;
}
kernel::id! {
    /// A proposal.
    pub struct ProposalId;
}
kernel::id! {
    /// A comment on a proposal.
    pub struct CommentId;
}
kernel::id! {
    /// A report on how a winning proposal comes along.
    pub struct ReportId;
}
db::id_column!(RoundId, ProposalId, CommentId, ReportId);

/// The most projects on a ballot.
pub const MAX_PROJECTS: usize = 200;
/// The largest budget and cost, in fen: a thousand million yuan.
const MAX_FEN: i64 = 100_000_000_000;
/// The largest picture, in bytes.
pub const MAX_PICTURE: usize = 4 * 1024 * 1024;

/// How residents vote on projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ballots {
    /// Any projects, up to a number.
    Approval,
    /// Points divided among projects.
    Points,
    /// Projects in order, the best first, up to a number.
    Ranking,
}

impl Ballots {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Approval, Self::Points, Self::Ranking];

    /// The name in forms and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Points => "points",
            Self::Ranking => "ranking",
        }
    }

    /// The one with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What makes a poll the vote of a participatory budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funding {
    /// The round.
    pub round: RoundId,
    /// The money there is, in fen.
    pub budget_fen: i64,
    /// Who is funded.
    pub rule: Rule,
    /// How residents vote.
    pub ballots: Ballots,
    /// The most projects on a ballot.
    pub max_projects: u32,
    /// The most points that a ballot gives together, where it gives points.
    pub max_points: u32,
    /// The least score of a funded project, under the rule that asks for one.
    pub threshold: u32,
}

/// A project on a ballot: its cost can't change any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The proposal.
    pub proposal: ProposalId,
    /// What it costs by the check, in fen.
    pub cost_fen: i64,
    /// Where.
    pub place: String,
    /// What kind of thing it is.
    pub category: String,
}

impl Funding {
    /// The projects that a ballot names, by index, with what it gives them: points, or 1. Projects are written as numbers
    /// from 1 with commas between: ascending for approvals (`1,3`), the best first for rankings (`3,1`), ascending with
    /// points after a colon (`1:4,3:6`); nothing for a blank ballot.
    pub fn points(&self, options: usize, choice: &str) -> Result<Vec<(usize, u32)>, Error> {
        let wrong = || wrong_choice(choice);
        let mut named: Vec<(usize, u32)> = Vec::new();
        for part in choice.split(',').filter(|_| !choice.is_empty()) {
            let (number, points) = match (self.ballots, part.split_once(':')) {
                (Ballots::Points, Some((number, points))) => {
                    (number, plain_number(points).ok_or_else(wrong)?)
                }
                (Ballots::Approval | Ballots::Ranking, None) => (part, 1),
                _ => return Err(wrong()),
            };
            let place = place_of(number, options).ok_or_else(wrong)?;
            if points == 0 || named.iter().any(|(other, _)| *other == place) {
                return Err(wrong());
            }
            named.push((place, points));
        }
        let is_ordered = self.ballots == Ballots::Ranking || named.is_sorted();
        let too_many = named.len() > usize::try_from(self.max_projects).unwrap_or(usize::MAX);
        let spent: u64 = named.iter().map(|(_, points)| u64::from(*points)).sum();
        let too_much = self.ballots == Ballots::Points && spent > u64::from(self.max_points);
        if too_many || too_much {
            return Err(Error::OverLimit {
                projects: self.max_projects,
                points: self.max_points,
            });
        }
        if is_ordered { Ok(named) } else { Err(wrong()) }
    }
}

/// What a committee calls for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundTerms {
    /// What it is called.
    pub title: String,
    /// What it is for, and what can be proposed.
    pub body: String,
    /// The money there is, in fen.
    pub budget_fen: i64,
    /// Until when proposals are taken.
    pub closes: Timestamp,
}

impl RoundTerms {
    /// Refuses blank or overlong texts, and no money.
    pub fn check(&self) -> Result<(), Error> {
        check_text("title", &self.title, MAX_LINE)?;
        check_text("body", &self.body, MAX_TEXT)?;
        check_fen("budget", self.budget_fen)
    }
}

/// What a resident proposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalText {
    /// What, in a line.
    pub title: String,
    /// Why and how.
    pub body: String,
    /// Where.
    pub place: String,
    /// What kind of thing it is, in a word.
    pub category: String,
    /// What it would cost, as far as who proposes it can tell, in fen.
    pub cost_fen: i64,
}

impl ProposalText {
    /// Refuses blank or overlong texts, and no cost.
    pub fn check(&self) -> Result<(), Error> {
        check_text("title", &self.title, MAX_LINE)?;
        check_text("body", &self.body, MAX_TEXT)?;
        check_text("place", &self.place, MAX_LINE)?;
        check_text("category", &self.category, MAX_LINE)?;
        check_fen("cost", self.cost_fen)
    }
}

pub(crate) fn check_fen(field: &'static str, fen: i64) -> Result<(), Error> {
    if (1..=MAX_FEN).contains(&fen) {
        Ok(())
    } else {
        Err(Error::Money { field })
    }
}

/// How the checked proposals of a round are put to the vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoteTerms {
    /// Who is funded.
    pub rule: Rule,
    /// How residents vote.
    pub ballots: Ballots,
    /// The most projects on a ballot.
    pub max_projects: u32,
    /// The most points that a ballot gives together.
    pub max_points: u32,
    /// The least score of a funded project, under the rule that asks for one.
    pub threshold: u32,
    /// Who has a vote.
    pub entitled: Entitled,
    /// Residents count who turn this age in the year of publication, or have.
    pub min_age: u16,
    /// When ballots are taken.
    pub window: Window,
}

impl VoteTerms {
    /// Refuses limits under which nobody could vote, and rules that want what a round does not set.
    pub fn check(&self) -> Result<(), Error> {
        let has_points = self.ballots != Ballots::Points || (1..=1000).contains(&self.max_points);
        let most = u32::try_from(MAX_PROJECTS).unwrap_or(u32::MAX);
        if has_points && (1..=most).contains(&self.max_projects) {
            Ok(())
        } else {
            Err(Error::Limits)
        }
    }
}

/// How a winning proposal comes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being prepared.
    Planned,
    /// Being built.
    Underway,
    /// Later than was said; the report says why.
    Delayed,
    /// Finished.
    Done,
}

impl State {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Planned, Self::Underway, Self::Delayed, Self::Done];

    /// The name in forms and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Underway => "underway",
            Self::Delayed => "delayed",
            Self::Done => "done",
        }
    }

    /// The one with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What staff report of a winning proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How it stands.
    pub state: State,
    /// What was spent so far, in fen.
    pub spent_fen: i64,
    /// What was done, or why it is late.
    pub text: String,
}

impl Report {
    /// Refuses a blank or overlong text, and money that is none.
    pub fn check(&self) -> Result<(), Error> {
        check_text("text", &self.text, MAX_TEXT)?;
        if (0..=MAX_FEN).contains(&self.spent_fen) {
            Ok(())
        } else {
            Err(Error::Money { field: "spent" })
        }
    }
}

/// A picture that goes with a report.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// What it shows, for those who can't see it.
    pub shows: String,
    /// JPEG or PNG bytes.
    pub content: Vec<u8>,
}

impl Picture {
    /// Its media type by its first bytes; only JPEG and PNG are taken.
    pub fn media_type(&self) -> Result<&'static str, Error> {
        check_text("shows", &self.shows, MAX_LINE)?;
        check_length("shows", &self.shows, MAX_LINE)?;
        let kind = match self.content.as_slice() {
            [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
            _ => None,
        };
        kind.filter(|_| self.content.len() <= MAX_PICTURE)
            .ok_or(Error::Picture)
    }
}

/// The smallest group whose turnout is shown.
pub const LEAST_GROUP: u64 = 10;
/// How many of a group must have taken part, and how many not, for its turnout to be shown.
const LEAST_SIDE: u64 = 3;

/// A group of electors: a building, an age band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What it is called.
    pub name: String,
    /// How many have a vote.
    pub electors: u64,
    /// How many got their ballot.
    pub given: u64,
}

/// How many of each group took part, where that tells of no single person: not of few, not where nearly all or nearly none
/// did. A single hidden group could be worked out from the total, so a second is hidden with it, the smallest.
pub fn shown(groups: &[Group]) -> Vec<Option<u64>> {
    let tells = |group: &Group| {
        let others = group.electors.saturating_sub(group.given);
        group.electors >= LEAST_GROUP && group.given >= LEAST_SIDE && others >= LEAST_SIDE
    };
    let mut shown: Vec<Option<u64>> = groups
        .iter()
        .map(|group| tells(group).then_some(group.given))
        .collect();
    if shown.iter().filter(|one| one.is_none()).count() == 1 {
        let open = (0..groups.len()).filter(|place| matches!(shown.get(*place), Some(Some(_))));
        let smallest = open.min_by_key(|place| groups.get(*place).map(|group| group.electors));
        if let Some(hidden) = smallest.and_then(|place| shown.get_mut(place)) {
            *hidden = None;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn funding(ballots: Ballots) -> Funding {
        Funding {
            round: RoundId::from_uuid(kernel::Uuid::nil()),
            budget_fen: 100,
            rule: Rule::EqualShares,
            ballots,
            max_projects: 2,
            max_points: 10,
            threshold: 0,
        }
    }

    #[test]
    fn a_ballot_on_projects_has_one_text_and_keeps_its_limits() {
        let approval = funding(Ballots::Approval);
        assert_eq!(approval.points(3, "1,3").unwrap(), [(0, 1), (2, 1)]);
        assert_eq!(approval.points(3, "").unwrap(), []);
        for wrong in ["3,1", "1,1", "4", "1:2", "01", " 1", "1,", "0"] {
            assert!(approval.points(3, wrong).is_err(), "{wrong}");
        }
        let over = approval.points(3, "1,2,3");
        assert!(matches!(over, Err(Error::OverLimit { projects: 2, .. })));
        let points = funding(Ballots::Points);
        assert_eq!(points.points(3, "1:4,3:6").unwrap(), [(0, 4), (2, 6)]);
        for wrong in [
            "1:0",
            "1",
            "1:-1",
            "1:11",
            "3:6,1:4",
            "1:4:1",
            "1:4294967296",
        ] {
            assert!(points.points(3, wrong).is_err(), "{wrong}");
        }
        let ranking = funding(Ballots::Ranking);
        assert_eq!(ranking.points(3, "3,1").unwrap(), [(2, 1), (0, 1)]);
    }

    #[test]
    fn a_group_so_small_that_a_person_shows_is_hidden_and_never_alone() {
        let group = |name: &str, electors, given| Group {
            name: name.to_owned(),
            electors,
            given,
        };
        let groups = [group("a", 100, 40), group("b", 40, 20), group("c", 5, 2)];
        assert_eq!(shown(&groups), [Some(40), None, None]);
        let groups = [group("a", 100, 40), group("b", 40, 39), group("c", 50, 0)];
        assert_eq!(shown(&groups), [Some(40), None, None]);
        assert_eq!(shown(&[group("a", 100, 40)]), [Some(40)]);
        assert_eq!(shown(&[]), []);
    }

    #[test]
    fn a_picture_is_what_its_first_bytes_say() {
        let picture = |content: &[u8]| Picture {
            shows: "新装的长椅".to_owned(),
            content: content.to_vec(),
        };
        assert_eq!(
            picture(&[0xFF, 0xD8, 0xFF, 0xE0]).media_type().unwrap(),
            "image/jpeg"
        );
        assert!(picture(b"<svg onload=alert(1)>").media_type().is_err());
    }
}
