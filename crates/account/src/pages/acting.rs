//! For whom a person acts: themselves, or an organisation that appointed them. The record names the organisation.

use axum::response::Response;
use identity::commands::ActFor;
use kernel::{Actor, OrganisationId};
use serde::Deserialize;
use shell::{Failure, Form, Visitor};

use super::answer::see_other;
use super::members::organisation;
use crate::door;

#[derive(Deserialize)]
pub(super) struct Chosen {
    /// Empty for oneself.
    #[serde(default)]
    organisation: String,
    /// The page to come back to.
    #[serde(default)]
    next: String,
}

/// `POST /me/acting-for`: from every page's frame.
pub(super) async fn choose(
    visitor: Visitor,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failure> {
    act_for(&visitor, organisation(&chosen.organisation)?).await?;
    Ok(see_other(&chosen.next))
}

/// From now on this session acts for the organisation, or for the person themselves.
pub(crate) async fn act_for(
    visitor: &Visitor,
    organisation: Option<OrganisationId>,
) -> Result<(), Failure> {
    let signed_in = &visitor.signed_in()?.signed_in;
    let ctx = door::context(visitor, Actor::account(signed_in.account))?;
    let command = ActFor {
        session: signed_in.session,
        organisation,
    };
    Ok(visitor.app.journal().execute(ctx, command).await?)
}
