//! The module's SQL.

mod audit;
mod clearing;
mod complaints;
mod hours;
mod people;
mod requests;
mod signals;
mod visits;

use db::{Row, Statement};
use kernel::{AccountId, Context, Uuid};

use crate::Error;

pub(crate) use audit::TABLES;
pub(crate) use clearing::{
    all_crossings, answer_crossing, crossing, crossings, crossings_of, end_pair, has_open_offer,
    insert_crossing, pair, pairs, put_pair, waiting_out,
};
pub use complaints::Complaint;
pub(crate) use complaints::{
    complaint, complaints, insert_complaint, is_disputed, settle_complaint,
};
pub(crate) use hours::{donated, earned, has_started, insert_gift};
pub use people::{Chosen, Elder, Relation, Service, Volunteer};
pub(crate) use people::{
    chosen, elder, elder_like, elder_of_account, elders, end_service, entitle, insert_elder,
    insert_relation, insert_scheme, insert_service, put_volunteer, relations, relations_of,
    renew_consent, seal, service, services, unseal, vet, volunteer, volunteer_of_number,
    volunteers, withdraw,
};
pub use requests::Request;
pub(crate) use requests::{close_request, insert_request, open_requests, request, requests_of};
pub use signals::Signal;
pub(crate) use signals::{insert_signal, known_signs, seen, settle_signal, signal, signals};
pub use visits::Visit;
pub(crate) use visits::{
    Credit, cancel_visit, come, confirm, ended_of_elder, insert_visit, known_by, leave,
    open_visits, overlaps, recredit, visit, visit_by_code, visit_of_request, visits, visits_of,
};

/// Every statement of this module, room by room.
pub(crate) const ROOMS: &[&[Statement]] = &[
    people::STATEMENTS,
    requests::STATEMENTS,
    visits::STATEMENTS,
    hours::STATEMENTS,
    complaints::STATEMENTS,
    clearing::STATEMENTS,
    signals::STATEMENTS,
    audit::STATEMENTS,
];

/// The most lines of any list.
pub(crate) const LIST_MAX: u32 = 500;

/// The community's own accounts belong to nobody else.
pub(crate) const COMMUNITY_ITSELF: Uuid = Uuid::nil();

/// Who acts, as a person.
pub(crate) fn actor(ctx: &Context) -> Result<AccountId, Error> {
    ctx.actor.account_id().ok_or(Error::NotSignedIn)
}

/// A column that holds one of an enum's names.
fn named<T>(
    row: &Row,
    column: usize,
    from_name: impl Fn(&str) -> Option<T>,
) -> Result<T, db::Error> {
    from_name(&row.get::<String>(column)?).ok_or(db::Error::Column {
        column,
        expected: "a known name",
    })
}
