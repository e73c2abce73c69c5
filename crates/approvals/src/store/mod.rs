//! SQL of the approvals: cases with their events and papers here and beside, what the office keeps, and cards.

pub(crate) mod audit;
mod cards;
mod cases;
mod office;
mod papers;
mod readings;
mod supervision;

use db::Statement;

pub use cards::{Card, CardRow};
pub(crate) use cards::{cards_from, cards_of, cards_since, insert_card};
pub use cases::{CaseRow, Logged};
pub(crate) use cases::{
    advance, case, change_draft, close, events, events_of_many, insert_case, insert_event,
    last_number, of_applicant, open_cases, sealed_event, submit_draft,
};
pub use office::{Appointment, Succession};
pub(crate) use office::{
    appointments, calendar_marks, calendar_years, definition_mark, definition_text,
    definition_versions, end_appointment, insert_appointment, insert_calendar_year,
    insert_definition, insert_migration, insert_succession, set_version, successions,
};
pub use papers::PaperFile;
pub(crate) use papers::{delete_paper, insert_paper, paper_content, papers};
pub use readings::Reading;
pub(crate) use readings::{insert_reading, readings};
pub(crate) use supervision::{PastCase, changed_since, events_between, past_cases, past_events};

/// Every statement of this module, room by room.
pub(crate) const STATEMENTS: &[&[Statement]] = &[
    audit::STATEMENTS,
    cases::STATEMENTS,
    papers::STATEMENTS,
    office::STATEMENTS,
    cards::STATEMENTS,
    readings::STATEMENTS,
    supervision::STATEMENTS,
];
