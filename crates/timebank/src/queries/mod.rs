//! What an actor may see of the time bank.

mod certificates;
mod clearing;
mod desk;
mod find;
mod mine;
mod preview;
mod review;
mod views;

pub use certificates::{certificate, certificates};
pub use clearing::{Clearing, CrossingView, PairView, clearing};
pub use desk::{ComplaintView, Desk, desk, due_visits};
pub(crate) use find::{helper, wanted};
pub use find::{matches, open_requests};
pub use mine::{
    Balance, Mine, elder_to_ask_for, mine, service_titles, services, statement, to_confirm,
};
pub use preview::{Preview, preview};
pub use review::{SignalView, new_signs, signals};
pub use views::{RequestView, Stage, VisitView};
