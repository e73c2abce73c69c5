//! Consultations in the words of those who comment and answer, and the rules that need no database.

use kernel::{Permission, Role, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Error;

kernel::id! {
    /// A consultation on one draft text.
    pub struct ConsultationId;
}
kernel::id! {
    /// An answer to one or more comments.
    pub struct AnswerId;
}
db::id_column!(ConsultationId, AnswerId);

/// Read consultations, comments and answers.
pub const READ: Permission = Permission("consultation.read");
/// Draft and publish a text, and read drafts.
pub const DRAFT: Permission = Permission("consultation.draft");
/// Comment, and withdraw one's own comment.
pub const COMMENT: Permission = Permission("consultation.comment");
/// Enter what came by letter, on paper or by telephone.
pub const DESK: Permission = Permission("consultation.desk");
/// Answer comments.
pub const ANSWER: Permission = Permission("consultation.answer");

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
    (DRAFT, &[Role::CommitteeMember, Role::CityStaff]),
    (COMMENT, &[Role::Resident, Role::Owner]),
    (
        DESK,
        &[Role::CommitteeMember, Role::Butler, Role::CityStaff],
    ),
    (ANSWER, &[Role::CommitteeMember, Role::CityStaff]),
];

/// What anyone may do without signing in: a text that is put to the public is for anyone to read and to comment on.
pub const OPEN_TO_ANYONE: &[Permission] = &[READ, COMMENT];

/// The longest line, in characters.
pub const MAX_LINE: usize = 120;
/// The longest clause, in characters.
pub const MAX_CLAUSE: usize = 10_000;
/// The longest comment or reason, in characters.
pub const MAX_TEXT: usize = 4_000;
/// The most clauses of a text.
pub const MAX_CLAUSES: usize = 1_000;
/// The most comments of one account on a text in a day. Whoever has none is held back by the address they come from.
pub const COMMENTS_A_DAY: u64 = 20;
/// The most comments that one answer is for.
pub const MAX_ANSWERED: usize = 500;

/// What kind of text it is; the law's period depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextKind {
    /// A major administrative decision.
    MajorDecision,
    /// An administrative normative document.
    Normative,
    /// A matter of the community itself, for which no law sets a period.
    Community,
}

impl TextKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::MajorDecision, Self::Normative, Self::Community];

    /// The name in forms, policies and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MajorDecision => "major_decision",
            Self::Normative => "normative",
            Self::Community => "community",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// How a comment came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Written here by the person.
    Online,
    /// By letter.
    Letter,
    /// On paper, handed in.
    Paper,
    /// By telephone.
    Phone,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 4] = [Self::Online, Self::Letter, Self::Paper, Self::Phone];

    /// The name in forms, tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Letter => "letter",
            Self::Paper => "paper",
            Self::Phone => "phone",
        }
    }

    /// The channel of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What became of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The text changes as asked.
    Adopted,
    /// The text changes in part.
    Partly,
    /// The text stays.
    NotAdopted,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Adopted, Self::Partly, Self::NotAdopted];

    /// The name in forms, tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Adopted => "adopted",
            Self::Partly => "partly",
            Self::NotAdopted => "not_adopted",
        }
    }

    /// The outcome of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What is put to the public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ConsultationDraft)]
pub struct Draft {
    /// What the text is called.
    pub title: String,
    /// Who drafts it and answers.
    pub department: String,
    /// What kind of text it is.
    #[schema(value_type = String, example = "community")]
    pub kind: TextKind,
    /// Why it is drafted.
    pub about: String,
    /// The clauses in order.
    pub clauses: Vec<String>,
    /// The first instant at which no comment is taken, in microseconds since 1970 UTC.
    #[schema(value_type = i64)]
    pub closes: Timestamp,
    /// Why the period is shorter than the law's; blank if it isn't.
    pub shortened: String,
}

impl Draft {
    /// Refuses a draft that can't be shown or commented on.
    ///
    /// # Errors
    /// [`Error::Blank`], [`Error::TooLong`], [`Error::Clauses`].
    pub fn check(&self) -> Result<(), Error> {
        check_text("title", &self.title, MAX_LINE)?;
        check_text("department", &self.department, MAX_LINE)?;
        check_text("about", &self.about, MAX_TEXT)?;
        check_length("shortened", &self.shortened, MAX_TEXT)?;
        check_clauses(&self.clauses)
    }
}

/// Refuses a text with no clauses or too many, or with one that is blank or too long.
pub(crate) fn check_clauses(clauses: &[String]) -> Result<(), Error> {
    if clauses.is_empty() || clauses.len() > MAX_CLAUSES {
        return Err(Error::Clauses {
            clauses: clauses.len(),
            max: MAX_CLAUSES,
        });
    }
    for clause in clauses {
        check_text("clauses", clause, MAX_CLAUSE)?;
    }
    Ok(())
}

/// Refuses a text that is blank or longer than `max` characters.
pub(crate) fn check_text(field: &'static str, text: &str, max: usize) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(Error::Blank { field });
    }
    check_length(field, text, max)
}

fn check_length(field: &'static str, text: &str, max: usize) -> Result<(), Error> {
    let length = text.chars().count();
    if length > max {
        Err(Error::TooLong { field, length, max })
    } else {
        Ok(())
    }
}

/// Where a consultation stands; derived from what was done and the time, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Being drafted.
    Draft,
    /// Comments are taken.
    Open,
    /// Nothing more comes in.
    Ended,
}

impl Stage {
    /// The name in messages and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Ended => "ended",
        }
    }
}

/// Comment numbers as staff type them: `1, 4, 7-9`.
///
/// # Errors
/// [`Error::Numbers`] for anything else, for none, and for more than [`MAX_ANSWERED`].
pub fn numbers(text: &str) -> Result<Vec<u32>, Error> {
    let refuse = || Error::Numbers {
        text: text.chars().take(MAX_LINE).collect(),
        max: MAX_ANSWERED,
    };
    let mut all = Vec::new();
    for part in text.split([',', '，', '、', ' ']).map(str::trim) {
        if part.is_empty() {
            continue;
        }
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.trim().parse::<u32>().map_err(|_| refuse());
        let (first, last) = (number(first)?, number(last)?);
        let most = u32::try_from(MAX_ANSWERED).unwrap_or(u32::MAX);
        if first == 0 || last < first || last - first >= most {
            return Err(refuse());
        }
        all.extend(first..=last);
        if all.len() > MAX_ANSWERED {
            return Err(refuse());
        }
    }
    all.sort_unstable();
    all.dedup();
    if all.is_empty() {
        Err(refuse())
    } else {
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn numbers_are_read_as_staff_type_them() {
        assert_eq!(numbers("1, 4，7-9、4").unwrap(), [1, 4, 7, 8, 9]);
        for wrong in [
            "",
            "0",
            "x",
            "9-7",
            "1-4294967295",
            "1-400,500-900",
            "-1",
            "1-",
        ] {
            assert!(numbers(wrong).is_err(), "{wrong}");
        }
    }
}
