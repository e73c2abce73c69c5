//! Pages of the polls, one file a task.

mod budget;
mod check;
mod desk;
mod draft;
mod funded;
mod list;
mod poll;
mod result;

use axum::Router;
use axum::routing::{get, post};
use shell::{App, Member};
use web_ui::{Shade, Ui, badge};

use crate::model::{PollId, Stage};

/// Every page and form of the module.
pub(crate) fn routes() -> Router<App> {
    let base = "/c/{community}/polls";
    let one = "/c/{community}/polls/{poll}";
    Router::new()
        .route(base, get(list::page).post(draft::create))
        .route(&format!("{base}/new"), get(draft::new))
        .route(one, get(poll::page))
        .route(&format!("{one}/edit"), get(draft::edit).post(draft::change))
        .route(&format!("{one}/publication"), post(draft::publish))
        .route(
            &format!("{one}/withdraw"),
            get(draft::confirm_withdrawal).post(draft::withdraw),
        )
        .route(&format!("{one}/desk"), get(desk::page))
        .route(&format!("{one}/desk/paper"), post(desk::hand_out))
        .route(&format!("{one}/desk/boxes"), post(desk::enter))
        .route(
            &format!("{one}/desk/boxes/{{paper}}/second-entry"),
            post(desk::confirm),
        )
        .route(&format!("{one}/count"), post(result::count))
        .route(&format!("{one}/check"), get(check::page))
        .route(&format!("{one}/board"), get(result::board_file))
        .route(&format!("{one}/result/export"), get(result::export))
        .route(&format!("{one}/pabulib"), get(funded::pabulib_file))
        .merge(budget_routes())
}

/// Participatory budgets up to the vote, and after it.
fn budget_routes() -> Router<App> {
    let base = "/c/{community}/budgets";
    let round = "/c/{community}/budgets/{round}";
    let one = "/c/{community}/budgets/{round}/proposals/{proposal}";
    Router::new()
        .route(base, get(budget::list).post(budget::create))
        .route(&format!("{base}/new"), get(budget::new))
        .route(round, get(budget::round::page))
        .route(&format!("{round}/proposals"), post(budget::round::propose))
        .route(
            &format!("{round}/vote"),
            get(budget::vote::page).post(budget::vote::put),
        )
        .route(one, get(budget::proposal::page))
        .route(&format!("{one}/comments"), post(budget::proposal::comment))
        .route(
            &format!("{one}/withdrawal"),
            post(budget::proposal::withdraw),
        )
        .route(&format!("{one}/checks"), post(budget::proposal::check))
        .route(&format!("{one}/reports"), post(budget::proposal::report))
        .route(
            &format!("{one}/reports/{{report}}/picture"),
            get(budget::proposal::picture),
        )
}

/// A stage as a badge.
fn stage_badge(ui: &Ui, stage: Stage) -> maud::Markup {
    let shade = match stage {
        Stage::Draft | Stage::Withdrawn => Shade::Wall,
        Stage::Notice | Stage::Closed => Shade::Mist,
        Stage::Voting => Shade::Jade,
        Stage::Counted => Shade::Tile,
    };
    badge(shade, ui.t(&format!("polls-stage-{}", stage.name())))
}

/// The path of a poll's page.
fn path_of(member: &Member, id: PollId) -> String {
    member.path(&format!("polls/{id}"))
}
