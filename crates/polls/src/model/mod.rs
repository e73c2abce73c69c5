//! Polls in the words of those who vote, and the rules that need no database.

mod budget;

use ballot::choosing::{Cast, MAX_OPTIONS, Method};
use kernel::{Permission, Role, Timestamp, Window};
use serde::{Deserialize, Serialize};

use crate::Error;

pub(crate) use budget::check_fen;
pub use budget::{
    Ballots, CommentId, Funding, Group, LEAST_GROUP, MAX_PICTURE, MAX_PROJECTS, Picture, Project,
    ProposalId, ProposalText, Report, ReportId, RoundId, RoundTerms, State, VoteTerms, shown,
};

kernel::id! {
    /// A poll: one question with options.
    pub struct PollId;
}
kernel::id! {
    /// Who may vote in a poll: a resident, or a unit where each household has one vote.
    pub struct ElectorId;
}
kernel::id! {
    /// A box of paper ballots that was entered.
    pub struct PaperId;
}
db::id_column!(PollId, ElectorId, PaperId);

/// See polls, results and boards.
pub const READ: Permission = Permission("polls.read");
/// Draft, change, publish and withdraw polls.
pub const DRAFT: Permission = Permission("polls.draft");
/// Collect the credential that one is entitled to.
pub const COLLECT: Permission = Permission("polls.collect");
/// Put a ballot into the box. No role holds it: the credential on the ballot is the permission, and who carries it must
/// stay unknown, so ballots are taken in Linli's own name.
pub const CAST: Permission = Permission("polls.cast");
/// Hand out paper ballots and enter them.
pub const DESK: Permission = Permission("polls.desk");
/// Propose what a participatory budget should pay, and comment.
pub const PROPOSE: Permission = Permission("polls.propose");
/// Check proposals, and tell how winning ones come along.
pub const CHECK: Permission = Permission("polls.check");
/// Count after the close.
pub const COUNT: Permission = Permission("polls.count");

/// Who may do what unless the community says otherwise.
pub const PERMISSIONS: &[(Permission, &[Role])] = &[
    (
        READ,
        &[
            Role::Resident,
            Role::Owner,
            Role::Butler,
            Role::CommitteeMember,
            Role::CityStaff,
        ],
    ),
    (DRAFT, &[Role::CommitteeMember]),
    (COLLECT, &[Role::Resident, Role::Owner]),
    (CAST, &[]),
    (DESK, &[Role::CommitteeMember, Role::Butler]),
    (COUNT, &[Role::CommitteeMember]),
    (PROPOSE, &[Role::Resident, Role::Owner]),
    (CHECK, &[Role::CommitteeMember]),
];

/// Who has a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entitled {
    /// Every resident of an age.
    Residents,
    /// Every household, by its unit.
    Households,
}

impl Entitled {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Residents, Self::Households];

    /// The name in forms and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Residents => "residents",
            Self::Households => "households",
        }
    }

    /// The one with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// An option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollOption {
    /// What is offered, in a line.
    pub name: String,
    /// By whom; may be empty.
    pub provider: String,
    /// For how much, in the words of the offer; may be empty.
    pub price: String,
    /// On what terms; may be empty.
    pub terms: String,
    /// What a participatory budget would pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<Project>,
}

/// What a drafter writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The question, in a line.
    pub title: String,
    /// What it is about.
    pub body: String,
    /// The options, in the order of the ballot.
    pub options: Vec<PollOption>,
    /// How the choice is made.
    pub method: Method,
    /// Who has a vote.
    pub entitled: Entitled,
    /// Residents count who turn this age in the year of publication, or have.
    pub min_age: u16,
    /// Only those who live in this building of the roll; everyone where it is empty.
    pub building: String,
    /// When ballots are taken. Credentials are given out from publication until the close.
    pub window: Window,
    /// A participatory budget, decided by its rule in place of the method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<Funding>,
}

/// The longest title, name, provider or price, in characters.
pub const MAX_LINE: usize = 100;
/// The longest text, in characters.
pub const MAX_TEXT: usize = 20_000;
/// The most options of a poll.
pub const MAX_CHOICES: usize = 30;
const _: () = assert!(MAX_CHOICES <= MAX_OPTIONS, "the engine counts as many");

impl Draft {
    /// Refuses empty or overlong texts, too few or equal options, a reversed window.
    pub fn check(&self) -> Result<(), Error> {
        check_text("title", &self.title, MAX_LINE)?;
        check_text("body", &self.body, MAX_TEXT)?;
        let options = self.options.len();
        let (least, max) = match self.funding {
            Some(_) => (1, MAX_PROJECTS),
            None => (2, MAX_CHOICES),
        };
        if !(least..=max).contains(&options) {
            return Err(Error::Options { options, max });
        }
        for (place, option) in self.options.iter().enumerate() {
            check_text("options", &option.name, MAX_LINE)?;
            check_length("options", &option.provider, MAX_LINE)?;
            check_length("options", &option.price, MAX_LINE)?;
            check_length("options", &option.terms, MAX_TEXT)?;
            let before = self.options.iter().take(place);
            if before.into_iter().any(|other| other.name == option.name) {
                return Err(Error::SameOption {
                    name: option.name.clone(),
                });
            }
        }
        if self.window.opens >= self.window.closes {
            return Err(Error::WindowReversed);
        }
        Ok(())
    }

    /// Refuses a choice that can't stand on a ballot of this poll.
    pub fn check_choice(&self, choice: &str) -> Result<(), Error> {
        match &self.funding {
            Some(funding) => funding.points(self.options.len(), choice).map(drop),
            None => self.cast(choice).map(drop),
        }
    }

    /// What a choice says on a ballot: option numbers from 1, comma-separated; in order where the method ranks, ascending
    /// otherwise; empty for a blank ballot. One choice has one text, so that ballots can be compared.
    pub fn cast(&self, choice: &str) -> Result<Cast, Error> {
        let wrong = || wrong_choice(choice);
        let mut chosen = Vec::new();
        for number in choice.split(',').filter(|_| !choice.is_empty()) {
            let place = place_of(number, self.options.len()).ok_or_else(wrong)?;
            if chosen.contains(&place) {
                return Err(wrong());
            }
            chosen.push(place);
        }
        if self.method.is_ranking() {
            return Ok(Cast::ranking(1, chosen));
        }
        if !chosen.is_sorted() || (self.method == Method::Single && chosen.len() > 1) {
            return Err(wrong());
        }
        Ok(Cast::approving(1, chosen))
    }
}

fn wrong_choice(choice: &str) -> Error {
    Error::Choice {
        choice: choice.chars().take(80).collect(),
    }
}

/// A whole number written in the one way there is.
fn plain_number(text: &str) -> Option<u32> {
    let is_plain = !text.starts_with(['0', '+']);
    text.parse().ok().filter(|_| is_plain)
}

/// The index of an option by its number from 1.
fn place_of(number: &str, options: usize) -> Option<usize> {
    let place = usize::try_from(plain_number(number)?).ok()?;
    place.checked_sub(1).filter(|place| *place < options)
}

/// Refuses a text that is blank or longer than `max` characters.
pub(crate) fn check_text(field: &'static str, text: &str, max: usize) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(Error::Blank { field });
    }
    check_length(field, text, max)
}

pub(crate) fn check_length(field: &'static str, text: &str, max: usize) -> Result<(), Error> {
    let length = text.chars().count();
    if length > max {
        Err(Error::TooLong { field, length, max })
    } else {
        Ok(())
    }
}

/// Where a poll stands; derived from what was done and the time, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Being drafted.
    Draft,
    /// Published; credentials are given out, ballots not taken yet.
    Notice,
    /// Ballots are taken.
    Voting,
    /// Closed, not counted yet.
    Closed,
    /// Counted; the board is public.
    Counted,
    /// Withdrawn.
    Withdrawn,
}

impl Stage {
    /// The name in messages and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Notice => "notice",
            Self::Voting => "voting",
            Self::Closed => "closed",
            Self::Counted => "counted",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What was done to a poll, as far as its stage depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// When ballots are taken.
    pub window: Window,
    /// Whether it was published.
    pub published: bool,
    /// Whether it was counted.
    pub counted: bool,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

impl Done {
    /// Where the poll stands at `now`, the server's time.
    pub fn stage(&self, now: Timestamp) -> Stage {
        match self {
            Self {
                withdrawn: true, ..
            } => Stage::Withdrawn,
            Self {
                published: false, ..
            } => Stage::Draft,
            Self { counted: true, .. } => Stage::Counted,
            _ if now < self.window.opens => Stage::Notice,
            _ if now < self.window.closes => Stage::Voting,
            _ => Stage::Closed,
        }
    }
}

/// The code on a receipt and on the board: 12 characters of the ballot's serial in three groups, without look-alikes.
pub fn code_of(serial: &[u8; 32]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let bits = serial
        .iter()
        .take(8)
        .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let mut code = String::with_capacity(14);
    for place in 0..12_u32 {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        let letter = usize::try_from(bits >> (59 - 5 * place) & 31).unwrap_or(0);
        code.push(char::from(ALPHABET.get(letter).copied().unwrap_or(b'0')));
    }
    code
}

/// What a person types of a code, brought to the form that is stored.
pub fn normalised_code(typed: &str) -> String {
    let letters: Vec<char> = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .take(12)
        .collect();
    let groups: Vec<String> = letters.chunks(4).map(String::from_iter).collect();
    groups.join("-")
}

/// A poll's id as ballots name it.
pub(crate) fn name_of(id: PollId) -> String {
    id.uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(method: Method) -> Draft {
        let option = |name: &str| PollOption {
            name: name.to_owned(),
            provider: String::new(),
            price: String::new(),
            terms: String::new(),
            project: None,
        };
        Draft {
            title: "食堂".to_owned(),
            body: "选哪家".to_owned(),
            options: ["甲", "乙", "丙"].map(option).to_vec(),
            method,
            entitled: Entitled::Residents,
            min_age: 18,
            building: String::new(),
            window: Window {
                opens: Timestamp::from_micros(10),
                closes: Timestamp::from_micros(20),
            },
            funding: None,
        }
    }

    #[test]
    fn a_choice_has_one_text_and_only_that() {
        let approval = draft(Method::Approval);
        assert_eq!(approval.cast("1,3").unwrap(), Cast::approving(1, [0, 2]));
        assert_eq!(approval.cast("").unwrap(), Cast::approving(1, []));
        for wrong in [
            "3,1", "1,1", "0", "4", "01", "+1", "1,", ",", " 1", "一", "1;2",
        ] {
            assert!(approval.cast(wrong).is_err(), "{wrong}");
        }
        assert!(draft(Method::Single).cast("1,2").is_err());
        assert_eq!(
            draft(Method::Schulze).cast("3,1").unwrap(),
            Cast::ranking(1, [2, 0])
        );
    }

    #[test]
    fn a_draft_without_a_choice_is_refused() {
        assert!(draft(Method::Single).check().is_ok());
        let mut one = draft(Method::Single);
        one.options.truncate(1);
        assert!(matches!(
            one.check(),
            Err(Error::Options { options: 1, .. })
        ));
        let mut twice = draft(Method::Single);
        twice.options[2].name = "甲".to_owned();
        assert!(matches!(twice.check(), Err(Error::SameOption { .. })));
        let mut reversed = draft(Method::Single);
        reversed.window.closes = reversed.window.opens;
        assert!(matches!(reversed.check(), Err(Error::WindowReversed)));
    }

    #[test]
    fn a_code_survives_the_way_people_type_it() {
        let code = code_of(&[0b1000_0110; 32]);
        assert_eq!(code.len(), 14);
        assert_eq!(
            normalised_code(&code.to_lowercase().replace('-', " ")),
            code
        );
    }
}
