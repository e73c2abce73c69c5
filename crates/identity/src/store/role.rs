//! Memberships and organisations in the database.

use db::{Read, Tx};
use kernel::{AccountId, CommunityId, Context, OrganisationId, Role, Timestamp, Uuid, Vault};

use super::account::or_nil;
use super::session::not_nil;
use super::{
    COUNT_HOLDERS, END_ROLE, FIND_ORGANISATION, HAS_ROLE, INSERT_ORGANISATION, INSERT_ROLE,
    IS_MEMBER, LIST_ACTING, LIST_MEMBERS, LIST_ORGANISATIONS, LIST_ROLES, ORGANISATIONS_OF,
    open_name,
};
use crate::model::unknown_word;
use crate::{Error, Membership, OrganisationKind};

/// A membership as stored, ended or not.
pub(crate) struct RoleRow {
    pub(crate) membership: Membership,
    pub(crate) ended_at: Option<Timestamp>,
}

/// Every role an account holds or held, anywhere.
pub(crate) fn list_roles(read: &mut dyn Read, account: AccountId) -> Result<Vec<RoleRow>, Error> {
    let rows = read.query(LIST_ROLES, &[account.into()])?;
    let role_row = |row: &db::Row| -> Result<RoleRow, Error> {
        let membership = Membership {
            community: row.get(0)?,
            role: stored_role(&row.get::<String>(1)?)?,
            organisation: organisation(row.get(2)?),
            since: row.get(3)?,
            until: row.get(4)?,
        };
        Ok(RoleRow {
            membership,
            ended_at: row.get(5)?,
        })
    };
    rows.iter().map(role_row).collect()
}

/// The roles that an account holds now, anywhere.
pub(crate) fn current_roles(
    read: &mut dyn Read,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<Membership>, Error> {
    let rows = list_roles(read, account)?;
    let current = rows.into_iter().filter(|row| row.ended_at.is_none());
    Ok(current
        .map(|row| row.membership)
        .filter(|m| m.holds_at(now))
        .collect())
}

/// A member of a community in one role.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Member {
    /// The account.
    pub account: AccountId,
    /// The person's name, masked.
    pub name: String,
    /// The role.
    pub role: Role,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// Since when.
    pub since: Timestamp,
    /// Until when, if it ends by itself.
    pub until: Option<Timestamp>,
    /// Why it was given.
    pub reason: String,
}

pub(crate) fn list_members(
    read: &mut dyn Read,
    vault: &Vault,
    community: CommunityId,
    now: Timestamp,
    after: Option<(AccountId, Role)>,
    limit: u32,
) -> Result<Vec<Member>, Error> {
    let account = or_nil(after.map(|(account, _)| account.uuid()));
    let role = after.map_or("", |(_, role)| role.name());
    let values = [
        community.into(),
        now.into(),
        account,
        role.into(),
        limit.into(),
    ];
    let rows = read.query(LIST_MEMBERS, &values)?;
    rows.iter().map(|row| member(vault, row)).collect()
}

fn member(vault: &Vault, row: &db::Row) -> Result<Member, Error> {
    Ok(Member {
        account: row.get(0)?,
        name: crate::mask::name(&open_name(vault, &row.get::<Vec<u8>>(1)?)?),
        role: stored_role(&row.get::<String>(2)?)?,
        organisation: organisation(row.get(3)?),
        since: row.get(4)?,
        until: row.get(5)?,
        reason: row.get(6)?,
    })
}

/// Who holds a role for an organisation in a community now.
pub(crate) fn list_acting(
    read: &mut dyn Read,
    ctx: &Context,
    organisation: OrganisationId,
) -> Result<Vec<Member>, Error> {
    let values = [ctx.community.into(), organisation.into(), ctx.now.into()];
    let rows = read.query(LIST_ACTING, &values)?;
    rows.iter().map(|row| member(&ctx.vault, row)).collect()
}

/// The names of the organisations for which an account holds a role anywhere.
pub(crate) fn organisations_of(
    read: &mut dyn Read,
    account: AccountId,
) -> Result<Vec<(OrganisationId, String)>, Error> {
    let rows = read.query(
        ORGANISATIONS_OF,
        &[account.into(), CommunityId::CITY.into()],
    )?;
    let named = |row: &db::Row| -> Result<(OrganisationId, String), Error> {
        Ok((row.get(0)?, row.get(1)?))
    };
    rows.iter().map(named).collect()
}

pub(crate) fn has_role(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
    role: Role,
    organisation: Option<OrganisationId>,
    now: Timestamp,
) -> Result<bool, Error> {
    let organisation = or_nil(organisation.map(OrganisationId::uuid));
    let values = [
        community.into(),
        account.into(),
        role.name().into(),
        organisation,
        now.into(),
    ];
    Ok(read.query_one(HAS_ROLE, &values)?.is_some())
}

/// Whether an account holds any role in a community.
pub(crate) fn is_member(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
    now: Timestamp,
) -> Result<bool, Error> {
    Ok(read
        .query_one(IS_MEMBER, &[community.into(), account.into(), now.into()])?
        .is_some())
}

pub(crate) fn insert_role(
    tx: &mut dyn Tx,
    account: AccountId,
    membership: &Membership,
    granted_by: Uuid,
    reason: &str,
) -> Result<(), Error> {
    let values = [
        membership.community.into(),
        account.into(),
        membership.role.name().into(),
        or_nil(membership.organisation.map(OrganisationId::uuid)),
        membership.since.into(),
        membership.until.into(),
        granted_by.into(),
        reason.into(),
    ];
    match tx.execute(INSERT_ROLE, &values) {
        // Given, ended and given again within one microsecond: the key holds the instant.
        Err(db::Error::Duplicate { .. }) => Err(Error::RoleHeld {
            role: membership.role,
        }),
        Err(other) => Err(other.into()),
        Ok(_) => Ok(()),
    }
}

/// Ends a role; false if it was not held.
pub(crate) fn end_role(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: AccountId,
    role: Role,
    organisation: Option<OrganisationId>,
    reason: &str,
) -> Result<bool, Error> {
    let values = [
        ctx.community.into(),
        account.into(),
        role.name().into(),
        or_nil(organisation.map(OrganisationId::uuid)),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        reason.into(),
    ];
    Ok(tx.execute(END_ROLE, &values)? > 0)
}

/// How many hold a role in a community now.
pub(crate) fn count_holders(
    read: &mut dyn Read,
    community: CommunityId,
    role: Role,
    now: Timestamp,
) -> Result<i64, Error> {
    let values = [community.into(), role.name().into(), now.into()];
    read.query_one(COUNT_HOLDERS, &values)?
        .map_or(Ok(0), |row| Ok(row.get(0)?))
}

/// A committee, company, provider or department.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its sort.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
}

pub(crate) fn insert_organisation(
    tx: &mut dyn Tx,
    ctx: &Context,
    organisation: &Organisation,
) -> Result<(), Error> {
    let values = [
        ctx.community.into(),
        organisation.id.into(),
        organisation.kind.name().into(),
        organisation.name.as_str().into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_ORGANISATION, &values)?;
    Ok(())
}

/// Whether an organisation is registered in a community, or city-wide.
pub(crate) fn organisation_exists(
    read: &mut dyn Read,
    community: CommunityId,
    id: OrganisationId,
) -> Result<bool, Error> {
    for place in [community, CommunityId::CITY] {
        if read
            .query_one(FIND_ORGANISATION, &[place.into(), id.into()])?
            .is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(crate) fn list_organisations(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Organisation>, Error> {
    let rows = read.query(LIST_ORGANISATIONS, &[community.into()])?;
    let organisation = |row: &db::Row| -> Result<Organisation, Error> {
        let kind: String = row.get(1)?;
        let kind = OrganisationKind::stored(&kind)?;
        Ok(Organisation {
            id: row.get(0)?,
            kind,
            name: row.get(2)?,
        })
    };
    rows.iter().map(organisation).collect()
}

pub(super) fn stored_role(name: &str) -> Result<Role, Error> {
    Role::from_name(name).ok_or_else(|| unknown_word("Role", name))
}

fn organisation(uuid: Uuid) -> Option<OrganisationId> {
    not_nil(uuid).map(OrganisationId::from_uuid)
}
