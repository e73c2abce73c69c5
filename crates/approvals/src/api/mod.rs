//! The JSON twin of the pages: the same commands and queries.

mod apply;
mod calendar;
mod files;
mod handle;
mod office;
mod papers;
mod processes;
mod supervision;

use serde::{Deserialize, Serialize};
use shell::App;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::Task;

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(apply::routes())
        .merge(files::routes())
        .merge(papers::routes())
        .merge(handle::routes())
        .merge(office::routes())
        .merge(processes::routes())
        .merge(calendar::routes())
        .merge(supervision::routes())
}

/// Something to do.
#[derive(Serialize, ToSchema)]
struct TaskBody {
    /// `correct`, `take_in`, `decide`, `reply`, `step` or `submit`.
    kind: String,
    /// The stage.
    stage: String,
    /// The step, for steps.
    step: Option<String>,
    /// The unit; empty for the applicant.
    unit: String,
    /// The last day, as derived now.
    due: Option<String>,
    /// Whether a holiday notice still to come may move it.
    provisional: bool,
    /// Whether the clock stands still.
    stopped: bool,
    /// Whether it is late.
    late: bool,
}

impl TaskBody {
    fn of(task: &Task) -> Self {
        Self {
            kind: task.kind.name().to_owned(),
            stage: task.stage.clone(),
            step: task.step.clone(),
            unit: task.unit.clone(),
            due: task.due.map(|due| due.to_string()),
            provisional: task.provisional,
            stopped: task.stopped,
            late: task.late,
        }
    }
}
/// Where an entry stands in the journal.
#[derive(Serialize, ToSchema)]
struct Entered {
    /// Its position.
    position: u64,
}

/// A TOML file.
#[derive(Deserialize, ToSchema)]
struct ContentBody {
    /// Its text.
    content: String,
}
