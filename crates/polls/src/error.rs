//! What may stand in the way of a poll.

use kernel::{Denied, Finding, Kind, Problem};

use crate::model::Stage;

/// An error of a poll.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor lacks a permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database said no.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// The journal said no.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// The roll said no.
    #[error(transparent)]
    People(#[from] people::Error),
    /// A credential or ballot that is none.
    #[error(transparent)]
    Credential(#[from] credential::Error),
    /// The ballots can't be counted.
    #[error(transparent)]
    Ballot(#[from] ballot::BallotError),
    /// The poll's key does not open.
    #[error("the poll's key does not open; start with the key file that belongs to this database")]
    Sealed,
    /// There is no such poll, or none that this actor may see.
    #[error("there is no such poll in this community; look at the list")]
    NoSuchPoll,
    /// The poll is at another stage.
    #[error("this can't be done while the poll is at the stage \"{}\"; it needs {needed}", stage.name())]
    WrongStage {
        /// Where it stands.
        stage: Stage,
        /// Where it must stand.
        needed: &'static str,
    },
    /// The actor is not this elector.
    #[error("you are not entitled with this vote; ask the committee to correct the roll")]
    NotEntitled,
    /// The elector has their ballot already.
    #[error(
        "the ballot was handed out already, on a device or on paper; each vote is given out once"
    )]
    AlreadyCollected,
    /// The credential was used with another choice.
    #[error("this credential has voted already, and a vote in the box can't be changed")]
    AlreadyUsed,
    /// Nobody may vote.
    #[error("nobody on the roll is entitled; complete the roll, or choose other electors")]
    NoElectors,
    /// A choice that this poll does not know.
    #[error("\"{choice}\" is no choice of this poll; write option numbers such as 1,3")]
    Choice {
        /// What was sent.
        choice: String,
    },
    /// Too few or too many options.
    #[error("the poll has {options} options; it needs 2 to {max}")]
    Options {
        /// How many there are.
        options: usize,
        /// The most.
        max: usize,
    },
    /// Two options are called the same.
    #[error("two options are called \"{name}\"; give them different names")]
    SameOption {
        /// The name.
        name: String,
    },
    /// The window closes before it opens.
    #[error("the poll closes before it opens; correct the times")]
    WindowReversed,
    /// A required text is blank.
    #[error("the field {field} is empty; fill it in")]
    Blank {
        /// The field.
        field: &'static str,
    },
    /// A text is too long.
    #[error("the field {field} has {length} characters, {max} are the most; shorten it")]
    TooLong {
        /// The field.
        field: &'static str,
        /// Its length.
        length: usize,
        /// The limit.
        max: usize,
    },
    /// More paper ballots than were handed out.
    #[error(
        "{entered} paper ballots are entered, {handed_out} were handed out; count the box again"
    )]
    TooMuchPaper {
        /// Ballots entered, with those entered before.
        entered: u64,
        /// Ballots handed out.
        handed_out: u64,
    },
    /// The same person enters a box for the second time.
    #[error("another person must enter the box for the second time")]
    SamePerson,
    /// The two entries of a box differ.
    #[error("this entry differs from the first; look at the ballots again, together")]
    PaperDiffers,
    /// There is no such box.
    #[error("there is no such box of paper ballots waiting; reload the page")]
    NoSuchPaper,
    /// No ballot on the board has this code.
    #[error("no ballot on the board has this code; check it against the receipt")]
    NoSuchBallot,
    /// A box waits for its second entry.
    #[error("a box of paper ballots waits for its second entry; enter it before counting")]
    PaperWaits,
    /// More projects or points on a ballot than its limits allow.
    #[error(
        "a ballot names at most {projects} projects and gives at most {points} points; take some away"
    )]
    OverLimit {
        /// The most projects.
        projects: u32,
        /// The most points.
        points: u32,
    },
    /// Limits under which nobody could vote.
    #[error("the limits allow no vote; set 1 to 200 projects and 1 to 1000 points")]
    Limits,
    /// Money that is none, or too much.
    #[error("the field {field} is no amount between 0.01 and 1,000,000,000 yuan; correct it")]
    Money {
        /// The field.
        field: &'static str,
    },
    /// A file that is no picture.
    #[error("the picture is not a JPEG or PNG of at most 4 MiB; choose another")]
    Picture,
    /// There is no such round or proposal.
    #[error("there is no such budget or proposal in this community; look at the list")]
    NoSuchProposal,
    /// The poll is no participatory budget.
    #[error("this poll decides no budget; look at the list of budgets")]
    NoBudget,
    /// What stands on a ballot doesn't change any more.
    #[error("the proposals stand on a ballot; withdraw that vote first")]
    OnBallot,
    /// Proposals are not taken any more.
    #[error("the time for proposals is over")]
    TooLate,
    /// Somebody else's proposal.
    #[error("only who made the proposal can withdraw it")]
    OthersProposal,
    /// Nothing can be put to the vote.
    #[error("no proposal was found feasible; check the proposals first")]
    NothingFeasible,
    /// More comments of one person in a day than are taken.
    #[error("you have commented {max} times today; go on tomorrow")]
    TooManyComments {
        /// The most.
        max: u64,
    },
    /// Reports are for projects that won.
    #[error("this proposal did not win the vote, so there is nothing to report")]
    NotFunded,
    /// What is kept is not what the journal tells.
    #[error("{what}; compare with a backup and with the published board")]
    Unlike {
        /// What differs.
        what: &'static str,
    },
    /// A stored value this version does not know.
    #[error("the record holds {what}, which this version does not know; use the newest version")]
    Unreadable {
        /// What it is.
        what: &'static str,
    },
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(error) => error.kind(),
            Self::Database(error) => error.kind(),
            Self::Journal(error) => error.kind(),
            Self::People(error) => error.kind(),
            Self::NoSuchPoll
            | Self::NoSuchPaper
            | Self::NoSuchBallot
            | Self::NoSuchProposal
            | Self::NoBudget => Kind::NotFound,
            Self::NotEntitled | Self::SamePerson | Self::OthersProposal => Kind::Denied,
            Self::WrongStage { .. }
            | Self::AlreadyCollected
            | Self::AlreadyUsed
            | Self::OnBallot
            | Self::TooLate
            | Self::TooManyComments { .. }
            | Self::NothingFeasible
            | Self::NotFunded
            | Self::PaperDiffers
            | Self::TooMuchPaper { .. }
            | Self::PaperWaits => Kind::Conflict,
            Self::Credential(credential::Error::Key)
            | Self::Ballot(_)
            | Self::Sealed
            | Self::Unlike { .. }
            | Self::Unreadable { .. } => Kind::Internal,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(error) => error.code(),
            Self::Database(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::People(error) => error.code(),
            Self::Credential(error) => match error {
                credential::Error::Key => "error-internal",
                credential::Error::Blinded | credential::Error::VoterKey => "polls-error-blinded",
                credential::Error::Credential => "polls-error-credential",
                credential::Error::Seal => "polls-error-seal",
            },
            Self::Ballot(_) | Self::Sealed | Self::Unlike { .. } | Self::Unreadable { .. } => {
                "error-internal"
            }
            Self::NoSuchPoll => "polls-error-no-such-poll",
            Self::WrongStage { .. } => "polls-error-wrong-stage",
            Self::OverLimit { .. } => "polls-error-over-limit",
            Self::Limits => "polls-error-limits",
            Self::Money { .. } => "polls-error-money",
            Self::Picture => "polls-error-picture",
            Self::NoSuchProposal => "polls-error-no-such-proposal",
            Self::NoBudget => "polls-error-no-budget",
            Self::OnBallot => "polls-error-on-ballot",
            Self::TooLate => "polls-error-too-late",
            Self::OthersProposal => "polls-error-others-proposal",
            Self::NothingFeasible => "polls-error-nothing-feasible",
            Self::TooManyComments { .. } => "polls-error-too-many-comments",
            Self::NotFunded => "polls-error-not-funded",
            Self::NotEntitled => "polls-error-not-entitled",
            Self::AlreadyCollected => "polls-error-already-collected",
            Self::AlreadyUsed => "polls-error-already-used",
            Self::NoElectors => "polls-error-no-electors",
            Self::Choice { .. } => "polls-error-choice",
            Self::Options { .. } => "polls-error-options",
            Self::SameOption { .. } => "polls-error-same-option",
            Self::WindowReversed => "polls-error-window-reversed",
            Self::Blank { .. } => "polls-error-blank",
            Self::TooLong { .. } => "polls-error-too-long",
            Self::TooMuchPaper { .. } => "polls-error-too-much-paper",
            Self::SamePerson => "polls-error-same-person",
            Self::PaperDiffers => "polls-error-paper-differs",
            Self::NoSuchBallot => "polls-check-missing",
            Self::NoSuchPaper => "polls-error-no-such-paper",
            Self::PaperWaits => "polls-error-paper-waits",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(error) => error.arguments(),
            Self::Journal(error) => error.arguments(),
            Self::People(error) => error.arguments(),
            Self::WrongStage { stage, .. } => vec![("stage", stage.name().to_owned())],
            Self::Choice { choice } => vec![("choice", choice.clone())],
            Self::Options { options, max } => {
                vec![("options", options.to_string()), ("max", max.to_string())]
            }
            Self::OverLimit { projects, points } => vec![
                ("projects", projects.to_string()),
                ("points", points.to_string()),
            ],
            Self::TooManyComments { max } => vec![("max", max.to_string())],
            Self::SameOption { name } => vec![("name", name.clone())],
            Self::Blank { field } => vec![("field", (*field).to_owned())],
            Self::TooLong { field, length, max } => vec![
                ("field", (*field).to_owned()),
                ("length", length.to_string()),
                ("max", max.to_string()),
            ],
            Self::TooMuchPaper {
                entered,
                handed_out,
            } => vec![
                ("entered", entered.to_string()),
                ("handed", handed_out.to_string()),
            ],
            _ => Vec::new(),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let at = match self {
            Self::Blank { field } | Self::TooLong { field, .. } | Self::Money { field } => *field,
            Self::Limits => "max_projects",
            Self::Picture => "picture",
            Self::Options { .. } | Self::SameOption { .. } => "options",
            Self::WindowReversed => "closes",
            Self::NoElectors => "building",
            _ => return Vec::new(),
        };
        let own = |(name, value): (&str, String)| (name.to_owned(), value);
        vec![Finding {
            at: at.to_owned(),
            code: self.code().to_owned(),
            arguments: self.arguments().into_iter().map(own).collect(),
        }]
    }
}
