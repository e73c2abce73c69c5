//! What an actor may see.

mod file;
mod migration;
mod office;
mod queue;

pub use file::{FileView, MissingPaper, file, missing_papers, paper};
pub use migration::{CaseMigration, StageDates, migration};
pub use office::{
    CalendarView, OfficeView, UnitView, calendar_view, definition_view, office_view, processes,
};
pub use queue::{OwnLine, QueueLine, all_recent_cards, own_applications, queue, recent_cards};
pub(crate) use queue::{cards_to_send, tasks_of_unit, tasks_of_units};
