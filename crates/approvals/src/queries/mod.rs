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
pub use queue::{
    OwnLine, Queue, QueueLine, all_recent_cards, cards_to_send, own_applications, queue,
    recent_cards,
};
pub(crate) use queue::{queue_of_unit, task_counts, tasks_of_unit};
