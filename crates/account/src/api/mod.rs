//! The JSON twin of the pages: the same commands and queries, one file a subject.

mod about;
mod codes;
mod invitations;
mod me;
mod members;
mod organisations;
mod passkeys;
mod sessions;

use kernel::{Kind, Role};
use serde::Serialize;
use shell::{App, Failure};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::door::{Opened, seconds_to_wait};

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(about::routes())
        .merge(sessions::routes())
        .merge(me::routes())
        .merge(passkeys::routes())
        .merge(codes::routes())
        .merge(members::routes())
        .merge(organisations::routes())
        .merge(invitations::routes())
}

/// A session with a token that was not told before.
#[derive(Serialize, ToSchema)]
struct NewSession {
    /// Send it as `Authorization: Bearer TOKEN`. It is told once.
    token: String,
    /// When the session ends, used or not; RFC 3339.
    expires: String,
}

impl NewSession {
    fn of(opened: &Opened) -> Self {
        Self {
            token: opened.token.expose(),
            expires: opened.signed_in.ends_at.rfc3339(),
        }
    }
}

/// The failure with a `Retry-After` where it says how long to wait.
fn with_wait(mut failure: Failure) -> Failure {
    failure.retry_seconds = seconds_to_wait(&failure);
    failure
}

fn known_role(name: &str) -> Result<Role, Failure> {
    Role::from_name(name).ok_or_else(|| {
        Failure::new(
            Kind::Invalid,
            "account-error-role",
            "there is no role of this name",
        )
    })
}
