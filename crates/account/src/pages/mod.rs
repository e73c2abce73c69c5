//! Pages of the account, one file a task.

mod about;
mod acting;
mod answer;
mod confirm;
mod home;
mod invitations;
mod join;
mod logins;
mod me;
mod members;
mod organisations;
mod passkeys;
mod password;
mod reset;
mod sign_in;
mod slip;

use axum::Router;
use axum::routing::{get, post};
use shell::App;

pub(crate) use acting::act_for;
pub(crate) use invitations::send as send_invitation;
pub(crate) use join::{NewAccount, join_with, open_account};
pub(crate) use logins::{Change as LoginChange, own_logins, send as change_login};
pub(crate) use members::{last_day, send_reset};
pub(crate) use organisations::{Appointment, appoint_for as appoint, kind as organisation_kind};
pub(crate) use passkeys::{store as add_passkey, verified};
pub(crate) use password::change_password;
pub(crate) use reset::reset_password;

/// Every page and form of the module.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::page))
        .route("/about", get(about::page))
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/sign-in/passkey", post(sign_in::with_passkey))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/join", get(join::page).post(join::redeem))
        .route("/join/community", post(join::join))
        .route("/reset", get(reset::page).post(reset::redeem))
        .route("/me", get(me::page).post(me::update))
        .route("/me/sessions/others/end", post(me::end_others))
        .route("/me/sessions/{session}/end", post(me::end_session))
        .route(
            "/me/confirm",
            get(confirm::page).post(confirm::with_password),
        )
        .route("/me/confirm/passkey", post(confirm::with_passkey))
        .route("/me/password", get(password::page).post(password::change))
        .route("/me/logins", get(logins::page).post(logins::add))
        .route("/me/logins/removal", post(logins::remove))
        .route("/me/acting-for", post(acting::choose))
        .route("/me/passkeys", post(passkeys::add))
        .route("/me/passkeys/new", get(passkeys::page))
        .route("/me/passkeys/{passkey}/label", post(passkeys::rename))
        .route("/me/passkeys/{passkey}/removal", post(passkeys::remove))
        .merge(of_a_community())
}

/// Members, organisations and invitations.
fn of_a_community() -> Router<App> {
    let members = "/c/{community}/members";
    let organisations = "/c/{community}/organisations";
    let invitations = "/c/{community}/invitations";
    Router::new()
        .route(
            organisations,
            get(organisations::list).post(organisations::register),
        )
        .route(
            &format!("{organisations}/{{organisation}}"),
            get(organisations::page).post(organisations::appoint),
        )
        .route(members, get(members::list))
        .route(&format!("{members}/{{account}}"), get(members::page))
        .route(
            &format!("{members}/{{account}}/roles"),
            post(members::grant),
        )
        .route(
            &format!("{members}/{{account}}/roles/end"),
            post(members::end),
        )
        .route(
            &format!("{members}/{{account}}/reset"),
            post(members::issue_reset),
        )
        .route(
            invitations,
            get(invitations::page).post(invitations::invite),
        )
        .route(
            &format!("{invitations}/{{code}}/withdrawal"),
            post(invitations::withdraw),
        )
}
