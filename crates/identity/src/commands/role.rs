//! Giving and ending roles, and the organisations they are held for.

use db::Tx;
use journal::{Change, Command, record};
use kernel::{AccountId, CommunityId, Context, OrganisationId, Role, Timestamp};
use serde::Serialize;
use serde_json::json;

use super::{NAME_LIMIT, REASON_LIMIT, on_another, text};
use crate::model::{REGISTER_ORGANISATION, appointing};
use crate::store::{self, Organisation};
use crate::{Error, Membership, OrganisationKind, is_held_in, sessions};

/// Someone who may gives another person a role in the context's community.
#[derive(Debug, Serialize)]
pub struct GrantRole {
    /// To whom.
    pub account: AccountId,
    /// Which.
    pub role: Role,
    /// For which organisation of this community or the city, if not for themselves.
    pub organisation: Option<OrganisationId>,
    /// The first instant at which it no longer holds; never, if `None`.
    pub until: Option<Timestamp>,
    /// Why: the election, the contract, the request.
    pub reason: String,
}

impl Command for GrantRole {
    const NAME: &'static str = "identity.role.grant";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(appointing(self.role))?;
        on_another(ctx, self.account)?;
        role_in_place(ctx.community, self.role)?;
        let reason = text("reason", &self.reason, REASON_LIMIT)?;
        if self.until.is_some_and(|until| until <= ctx.now) {
            return Err(Error::UntilPassed);
        }
        store::find_account(tx, &ctx.vault, self.account)?.ok_or(Error::NoSuchAccount)?;
        if let Some(organisation) = self.organisation
            && !store::organisation_exists(tx, ctx.community, organisation)?
        {
            return Err(Error::NoSuchOrganisation);
        }
        let membership = Membership {
            community: ctx.community,
            role: self.role,
            organisation: self.organisation,
            since: ctx.now,
            until: self.until,
        };
        give_role(tx, ctx, self.account, &membership, ctx.actor.uuid(), reason)?;
        let change = Change::new("identity.role.granted", format!("account/{}", self.account))
            .public(json!({
                "role": self.role,
                "organisation": self.organisation,
                "until": self.until,
            }))
            .private(json!({ "reason": reason }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Someone who may ends a role, or a person lays down their own.
#[derive(Debug, Serialize)]
pub struct EndRole {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub role: Role,
    /// For which organisation it was held.
    pub organisation: Option<OrganisationId>,
    /// Why.
    pub reason: String,
}

impl Command for EndRole {
    const NAME: &'static str = "identity.role.end";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        if ctx.actor.account_id() != Some(self.account) {
            ctx.require(appointing(self.role))?;
        }
        let reason = text("reason", &self.reason, REASON_LIMIT)?;
        let (account, role) = (self.account, self.role);
        if !store::end_role(tx, ctx, account, role, self.organisation, reason)? {
            return Err(Error::NoSuchRole { role });
        }
        if role == Role::Administrator
            && store::count_holders(tx, CommunityId::CITY, role, ctx.now)? == 0
        {
            return Err(Error::LastAdministrator);
        }
        sessions::mark(account);
        let change = Change::new("identity.role.ended", format!("account/{account}"))
            .public(json!({ "role": role, "organisation": self.organisation }))
            .private(json!({ "reason": reason }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// A committee, company, provider or department is registered in the context's community, or city-wide.
#[derive(Debug, Serialize)]
pub struct RegisterOrganisation {
    /// What sort it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
}

impl Command for RegisterOrganisation {
    const NAME: &'static str = "identity.organisation.register";
    type Outcome = OrganisationId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<OrganisationId, Error> {
        ctx.require(REGISTER_ORGANISATION)?;
        let organisation = Organisation {
            id: OrganisationId::from_uuid(ctx.new_uuid()),
            kind: self.kind,
            name: text("name", &self.name, NAME_LIMIT)?.to_owned(),
        };
        store::insert_organisation(tx, ctx, &organisation)?;
        let subject = format!("organisation/{}", organisation.id);
        let change = Change::new("identity.organisation.registered", subject)
            .public(json!({ "kind": self.kind, "name": organisation.name }));
        record(tx, ctx, change)?;
        Ok(organisation.id)
    }
}

/// Writes a role that is not held yet.
pub(super) fn give_role(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: AccountId,
    membership: &Membership,
    granted_by: kernel::Uuid,
    reason: &str,
) -> Result<(), Error> {
    let Membership {
        community,
        role,
        organisation,
        ..
    } = *membership;
    if store::has_role(tx, community, account, role, organisation, ctx.now)? {
        return Err(Error::RoleHeld { role });
    }
    store::insert_role(tx, account, membership, granted_by, reason)?;
    sessions::mark(account);
    Ok(())
}

fn role_in_place(community: CommunityId, role: Role) -> Result<(), Error> {
    if is_held_in(role, community) {
        Ok(())
    } else {
        Err(Error::RoleNotHere { role })
    }
}
