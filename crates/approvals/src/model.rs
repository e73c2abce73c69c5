//! Cases, forms and units in the field's own terms, and who may do what.

use flow::Moment;
use jiff::tz::{TimeZone, offset};
use kernel::{Permission, Role, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Error;

kernel::id! {
    /// One application file.
    pub struct CaseId;
}
kernel::id! {
    /// A paper that was handed in.
    pub struct PaperId;
}
db::id_column!(CaseId, PaperId);

/// Seeing files: applicants their own, clerks those in which their unit has a part.
pub const READ: Permission = Permission("approvals.read");
/// Applying, answering a notice to correct, withdrawing.
pub const APPLY: Permission = Permission("approvals.apply");
/// Handling files for a unit; which ones is asked of each file.
pub const HANDLE: Permission = Permission("approvals.handle");
/// Appointing units, keeping definitions and the calendar.
pub const ORGANISE: Permission = Permission("approvals.organise");
/// Seeing where all files lie and what is late, and sending the cards that are due.
pub const SUPERVISE: Permission = Permission("approvals.supervise");

/// Who holds them.
pub const PERMISSIONS: &[(Permission, &[Role])] = &[
    (READ, &[Role::Applicant, Role::CityStaff, Role::Supervisor]),
    (APPLY, &[Role::Applicant]),
    (HANDLE, &[Role::CityStaff]),
    (ORGANISE, &[Role::CityStaff]),
    (SUPERVISE, &[Role::CityStaff, Role::Supervisor]),
];

/// The longest title, in characters.
pub const MAX_TITLE: usize = 120;
/// The longest text, in characters.
pub const MAX_TEXT: usize = 2_000;
/// The most papers of one file.
pub const MAX_PAPERS: usize = 60;
/// The largest paper, in bytes.
pub const MAX_PAPER: usize = 20 * 1024 * 1024;

/// What an applicant fills in once, whatever number of stages it serves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// The project's name, which stands on every list.
    pub title: String,
    /// The project's code (项目代码), if it has one.
    #[serde(default)]
    pub code: String,
    /// Where it lies.
    #[serde(default)]
    pub place: String,
    /// Who applies: the company or the person.
    pub applicant: String,
    /// Whom to call.
    #[serde(default)]
    pub contact: String,
    /// Under which number.
    #[serde(default)]
    pub phone: String,
    /// What else there is to say.
    #[serde(default)]
    pub note: String,
    /// The stages that are asked for together.
    #[serde(default)]
    pub stages: Vec<String>,
}

impl Form {
    /// Refuses what is too long; with `complete`, what is blank too.
    ///
    /// # Errors
    /// [`Error::Blank`], [`Error::TooLong`], [`Error::NoStageChosen`].
    pub fn check(&self, complete: bool) -> Result<(), Error> {
        check_text("title", &self.title, MAX_TITLE)?;
        for (field, text, max) in [
            ("code", &self.code, 60),
            ("place", &self.place, 200),
            ("applicant", &self.applicant, 200),
            ("contact", &self.contact, 60),
            ("phone", &self.phone, 40),
            ("note", &self.note, MAX_TEXT),
        ] {
            check_length(field, text, max)?;
        }
        if !complete {
            return Ok(());
        }
        for (field, text) in [
            ("place", &self.place),
            ("applicant", &self.applicant),
            ("contact", &self.contact),
            ("phone", &self.phone),
        ] {
            check_text(field, text, MAX_TEXT)?;
        }
        if self.stages.is_empty() {
            return Err(Error::NoStageChosen);
        }
        Ok(())
    }
}

/// What a clerk does to a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Takes the application in: the clock starts.
    Accept {
        /// The stage.
        stage: String,
    },
    /// Refuses to take it in.
    Refuse {
        /// The stage.
        stage: String,
        /// Why.
        reason: String,
    },
    /// Says, once and completely, what is missing.
    AskCorrection {
        /// The stage.
        stage: String,
        /// What is missing, a line each.
        missing: Vec<String>,
    },
    /// Stops the clock.
    Suspend {
        /// The stage.
        stage: String,
        /// One of the stage's grounds.
        ground: String,
    },
    /// Lets it go on.
    Resume {
        /// The stage.
        stage: String,
    },
    /// Extends the limit, once.
    Extend {
        /// The stage.
        stage: String,
        /// By how many days.
        days: u32,
        /// Who approved it.
        approved_by: String,
        /// Why.
        reason: String,
    },
    /// Asks a unit.
    Ask {
        /// The stage.
        stage: String,
        /// The unit.
        unit: String,
    },
    /// Replies for a unit that was asked.
    Reply {
        /// The stage.
        stage: String,
        /// The unit.
        unit: String,
        /// What it says.
        reply: String,
    },
    /// Hands the lead over.
    HandOver {
        /// The stage.
        stage: String,
        /// The unit that leads from now on.
        to: String,
        /// Why.
        reason: String,
    },
    /// Finishes a step.
    Finish {
        /// The step.
        step: String,
        /// Which way it goes on, where the way parts.
        #[serde(default)]
        outcome: Option<String>,
    },
    /// Decides the stage.
    Decide {
        /// The stage.
        stage: String,
        /// How.
        result: flow::Decision,
        /// Why.
        reason: String,
    },
    /// Says that an earlier event was wrong.
    Retract {
        /// Its id.
        of: String,
        /// Why.
        reason: String,
    },
}

/// Colours of the cards that go out by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// Near its limit.
    Yellow,
    /// Past it.
    Red,
}

impl Colour {
    /// The word in storage and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }

    /// The colour with this word.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Yellow, Self::Red]
            .into_iter()
            .find(|colour| colour.name() == name)
    }
}

/// An instant in official Chinese time, as events carry it.
pub fn moment(at: Timestamp) -> Moment {
    let instant = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default();
    Moment(instant.to_zoned(TimeZone::fixed(offset(8))).datetime())
}

/// Refuses a blank or overlong text.
pub(crate) fn check_text(field: &'static str, text: &str, max: usize) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(Error::Blank { field });
    }
    check_length(field, text, max)
}

pub(crate) fn check_length(field: &'static str, text: &str, max: usize) -> Result<(), Error> {
    let length = text.chars().count();
    if length > max {
        return Err(Error::TooLong { field, length, max });
    }
    Ok(())
}
