//! What an actor may do to a file and to the office: the only ways to change anything, each one journal entry.

mod apply;
mod card;
mod file;
mod handle;
mod migrate;
mod office;
mod read;

use kernel::Permission;

pub use apply::{
    AddPaper, AnswerCorrection, ChangeDraft, DraftApplication, RemovePaper, SubmitApplication,
    SubmitStages, Submitted, WithdrawApplication,
};
pub use card::IssueCard;
pub use handle::HandleCase;
pub use migrate::{MigrateCases, Migrated};
pub use office::{AddCalendarYear, AddDefinition, AppointUnit, DissolveUnit};
pub use read::ReadForSupervision;

pub(crate) use file::{File, is_own, replayed};

use crate::model::{APPLY, CaseId, HANDLE, ORGANISE, SUPERVISE};

/// Every command with the permission it needs; the permission test goes through this list.
pub const COMMANDS: &[(&str, Permission)] = &[
    (<DraftApplication as journal::Command>::NAME, APPLY),
    (<ChangeDraft as journal::Command>::NAME, APPLY),
    (<AddPaper as journal::Command>::NAME, APPLY),
    (<RemovePaper as journal::Command>::NAME, APPLY),
    (<SubmitApplication as journal::Command>::NAME, APPLY),
    (<SubmitStages as journal::Command>::NAME, APPLY),
    (<AnswerCorrection as journal::Command>::NAME, APPLY),
    (<WithdrawApplication as journal::Command>::NAME, APPLY),
    (<HandleCase as journal::Command>::NAME, HANDLE),
    (<AppointUnit as journal::Command>::NAME, ORGANISE),
    (<DissolveUnit as journal::Command>::NAME, ORGANISE),
    (<AddDefinition as journal::Command>::NAME, ORGANISE),
    (<AddCalendarYear as journal::Command>::NAME, ORGANISE),
    (<MigrateCases as journal::Command>::NAME, ORGANISE),
    (<IssueCard as journal::Command>::NAME, SUPERVISE),
    (<ReadForSupervision as journal::Command>::NAME, SUPERVISE),
];

/// The subject under which the journal keeps a file's history.
pub(crate) fn subject(id: CaseId) -> String {
    format!("approval/{id}")
}
