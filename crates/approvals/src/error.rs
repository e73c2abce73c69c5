//! What may stand in the way of an approval.

use kernel::{Denied, Finding, Kind, Problem, Unsealable};
use policy::Text;

/// An error of an approval.
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
    /// Accounts and organisations said no.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// Sealed words can't be opened.
    #[error(transparent)]
    Unsealable(#[from] Unsealable),
    /// A stored case no longer fits its definition, or no date can be told.
    #[error("the process engine answers: {0}; look at the file's events")]
    Flow(flow::Error),
    /// There is no such file, or none that this actor may see.
    #[error("there is no such file, or none that you have a part in; look at your list")]
    NoSuchCase,
    /// A supervisor has not said yet why they read a file in which their unit has no part.
    #[error("your unit has no part in this file; say why you read it for supervision first")]
    NotOpened,
    /// There is no such thing.
    #[error("there is no such {what}; reload the page")]
    NoSuchPart {
        /// What is missing.
        what: &'static str,
    },
    /// The process doesn't allow it where the file stands.
    #[error("the process does not allow this: {}", reason.en)]
    Refused {
        /// Why, and what to do.
        reason: Text,
    },
    /// Somebody did something to the file in between.
    #[error(
        "the file has changed since you read it (you saw entry {seen}, it has {now}); nothing was done: read it again"
    )]
    Clash {
        /// The last event that the actor had read.
        seen: u32,
        /// The last event there is.
        now: u32,
    },
    /// The actor acts for no unit that this is up to.
    #[error("this is up to {}; choose to act for it, or hand the file over", unit.en)]
    NotYourUnit {
        /// Whose it is.
        unit: Text,
    },
    /// The application was submitted, or it was not.
    #[error("this is done while an application is a draft, and not later")]
    NotADraft,
    /// The application was not submitted yet.
    #[error("the application is a draft; submit it first")]
    StillADraft,
    /// No stage was chosen.
    #[error("no stage is chosen; choose what you apply for")]
    NoStageChosen,
    /// A stage is passed while steps of it are open.
    #[error("steps are open: {}; finish them before the stage passes", steps.en)]
    StepsOpen {
        /// Which.
        steps: Text,
    },
    /// A step of a stage that was not taken in.
    #[error("the stage was not taken in yet; take it in before its steps are done")]
    NotTakenIn,
    /// An effective time in the future.
    #[error("it is to take effect in the future; give the time at which it happened")]
    InFuture,
    /// An earlier effective time without a reason.
    #[error("it took effect earlier; write why it is entered only now")]
    LateWithoutReason,
    /// A time that can't be read.
    #[error("\"{time}\" is no time; write 2026-03-02T09:30")]
    Time {
        /// What was sent.
        time: String,
    },
    /// What the applicant did is not a clerk's to correct.
    #[error(
        "the applicant did this; a clerk can't correct it, the applicant can withdraw the application"
    )]
    Applicants,
    /// A required text is blank.
    #[error("the field {field} is empty; fill it in")]
    Blank {
        /// The field.
        field: &'static str,
    },
    /// A text is too long.
    #[error(
        "the field {field} has {length} characters, {max} are the most; shorten it or attach a paper"
    )]
    TooLong {
        /// The field.
        field: &'static str,
        /// Its length.
        length: usize,
        /// The limit.
        max: usize,
    },
    /// A paper is empty or too large.
    #[error("the file has {size} bytes; it must have 1 to {max}")]
    PaperSize {
        /// Its size.
        size: usize,
        /// The limit.
        max: usize,
    },
    /// A paper of a type that browsers might run.
    #[error("files of type {media_type} are not taken; use PDF, a picture, Word or Excel")]
    PaperType {
        /// The type sent.
        media_type: String,
    },
    /// A paper that is not of the kind it says.
    #[error(
        "the file says it is {media_type}, but its content is not; save it anew in that format"
    )]
    PaperContent {
        /// What it says.
        media_type: String,
    },
    /// Too many papers.
    #[error("the file has {max} papers already; put several into one PDF")]
    TooManyPapers {
        /// The limit.
        max: usize,
    },
    /// A definition that would strand a case.
    #[error("the definition is refused: {}", findings.join("; "))]
    Definition {
        /// Everything that is wrong.
        findings: Vec<String>,
    },
    /// A version that exists already.
    #[error("version {version} of {process} exists already; a change is a new version")]
    VersionKnown {
        /// The process.
        process: String,
        /// The version.
        version: String,
    },
    /// A year's notice that can't be read.
    #[error("the calendar year is refused: {reason}")]
    Calendar {
        /// Why.
        reason: String,
    },
    /// The unit has no such organisation.
    #[error("a unit is held by a city department; register it in the city first")]
    NotADepartment,
    /// A unit that no process names.
    #[error("no process names the unit {unit}")]
    NoSuchUnit {
        /// The unit.
        unit: String,
    },
    /// A unit is dissolved while it has tasks, and nobody follows it.
    #[error("{unit} has {tasks} open tasks; name the unit that takes them over")]
    UnitHasTasks {
        /// The unit.
        unit: String,
        /// How many.
        tasks: usize,
    },
    /// A unit was dissolved before.
    #[error("{unit} was dissolved already")]
    UnitDissolved {
        /// The unit.
        unit: String,
    },
    /// A successor that leads back.
    #[error("{successor} can't follow: it was dissolved, or its tasks would come back")]
    SuccessorLoop {
        /// Who was named.
        successor: String,
    },
    /// Nothing was chosen to migrate.
    #[error(
        "no file can go over to that version; look at the list for what stands in the way of each"
    )]
    NothingToMigrate,
    /// A card that is not due.
    #[error("no card of this colour is due for this stage now")]
    CardNotDue,
    /// A stored value this version does not know.
    #[error(
        "the record holds {what} \"{value}\", which this version does not know; use the newest version"
    )]
    Unreadable {
        /// What it is.
        what: &'static str,
        /// What stands there.
        value: String,
    },
}

/// The code of [`Error::NotOpened`], by which the file's page knows to ask why.
pub(crate) const NOT_OPENED: &str = "approvals-error-not-opened";

impl From<flow::Error> for Error {
    fn from(error: flow::Error) -> Self {
        match error {
            flow::Error::Event { reason, .. } => Self::Refused { reason },
            other => Self::Flow(other),
        }
    }
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(error) => error.kind(),
            Self::Database(error) => error.kind(),
            Self::Journal(error) => error.kind(),
            Self::Identity(error) => error.kind(),
            Self::Unsealable(_) | Self::Unreadable { .. } => Kind::Internal,
            Self::NoSuchCase | Self::NoSuchPart { .. } => Kind::NotFound,
            Self::NotYourUnit { .. } | Self::NotOpened => Kind::Denied,
            Self::Clash { .. }
            | Self::NotADraft
            | Self::StillADraft
            | Self::VersionKnown { .. }
            | Self::UnitHasTasks { .. }
            | Self::UnitDissolved { .. }
            | Self::NothingToMigrate
            | Self::CardNotDue => Kind::Conflict,
            Self::PaperSize { .. } => Kind::TooLarge,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(error) => error.code(),
            Self::Database(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::Identity(error) => error.code(),
            Self::Unsealable(_) | Self::Unreadable { .. } => "error-internal",
            Self::Flow(_) => "approvals-error-flow",
            Self::NoSuchCase => "approvals-error-no-such-case",
            Self::NotOpened => NOT_OPENED,
            Self::NoSuchPart { .. } => "approvals-error-no-such-part",
            Self::Refused { .. } => "approvals-error-refused",
            Self::Clash { .. } => "approvals-error-clash",
            Self::NotYourUnit { .. } => "approvals-error-not-your-unit",
            Self::NotADraft => "approvals-error-not-a-draft",
            Self::StillADraft => "approvals-error-still-a-draft",
            Self::NoStageChosen => "approvals-error-no-stage-chosen",
            Self::StepsOpen { .. } => "approvals-error-steps-open",
            Self::NotTakenIn => "approvals-error-not-taken-in",
            Self::InFuture => "approvals-error-in-future",
            Self::LateWithoutReason => "approvals-error-late-without-reason",
            Self::Time { .. } => "approvals-error-time",
            Self::Applicants => "approvals-error-applicants",
            Self::Blank { .. } => "approvals-error-blank",
            Self::TooLong { .. } => "approvals-error-too-long",
            Self::PaperSize { .. } => "approvals-error-paper-size",
            Self::PaperType { .. } => "approvals-error-paper-type",
            Self::PaperContent { .. } => "approvals-error-paper-content",
            Self::TooManyPapers { .. } => "approvals-error-too-many-papers",
            Self::Definition { .. } => "approvals-error-definition",
            Self::VersionKnown { .. } => "approvals-error-version-known",
            Self::Calendar { .. } => "approvals-error-calendar",
            Self::NotADepartment => "approvals-error-not-a-department",
            Self::NoSuchUnit { .. } => "approvals-error-no-such-unit",
            Self::UnitHasTasks { .. } => "approvals-error-unit-has-tasks",
            Self::UnitDissolved { .. } => "approvals-error-unit-dissolved",
            Self::SuccessorLoop { .. } => "approvals-error-successor-loop",
            Self::NothingToMigrate => "approvals-error-nothing-to-migrate",
            Self::CardNotDue => "approvals-error-card-not-due",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(error) => error.arguments(),
            Self::Journal(error) => error.arguments(),
            Self::Identity(error) => error.arguments(),
            Self::Flow(error) => vec![("reason", error.to_string())],
            Self::NoSuchPart { what } => vec![("what", (*what).to_owned())],
            Self::Refused { reason: text }
            | Self::NotYourUnit { unit: text }
            | Self::StepsOpen { steps: text } => in_both(text),
            Self::Clash { seen, now } => vec![("seen", seen.to_string()), ("now", now.to_string())],
            Self::Time { time } => vec![("time", time.clone())],
            Self::Blank { field } => vec![("field", (*field).to_owned())],
            Self::TooLong { field, length, max } => vec![
                ("field", (*field).to_owned()),
                ("length", length.to_string()),
                ("max", max.to_string()),
            ],
            Self::PaperSize { size, max } => {
                vec![("size", size.to_string()), ("max", max.to_string())]
            }
            Self::PaperType { media_type } | Self::PaperContent { media_type } => {
                vec![("type", media_type.clone())]
            }
            Self::TooManyPapers { max } => vec![("max", max.to_string())],
            Self::Definition { findings } => vec![("findings", findings.join("; "))],
            Self::VersionKnown { process, version } => {
                vec![("process", process.clone()), ("version", version.clone())]
            }
            Self::Calendar { reason } => vec![("reason", reason.clone())],
            Self::NoSuchUnit { unit } | Self::UnitDissolved { unit } => {
                vec![("unit", unit.clone())]
            }
            Self::UnitHasTasks { unit, tasks } => {
                vec![("unit", unit.clone()), ("tasks", tasks.to_string())]
            }
            Self::SuccessorLoop { successor } => vec![("successor", successor.clone())],
            _ => Vec::new(),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        match self {
            Self::Blank { field } | Self::TooLong { field, .. } => vec![Finding {
                at: (*field).to_owned(),
                code: self.code().to_owned(),
                arguments: self
                    .arguments()
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            }],
            _ => Vec::new(),
        }
    }
}

/// A text in both languages, of which a message shows its own: the process speaks in texts, not in message keys.
fn in_both(text: &Text) -> Vec<(&'static str, String)> {
    vec![
        ("lang", String::new()),
        ("zh", text.zh.clone()),
        ("en", text.en.clone()),
    ]
}
