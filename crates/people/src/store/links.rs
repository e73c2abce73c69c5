//! Which login belongs to which owner or resident.

use db::{Read, Tx, Value};
use journal::{rewrote, wrote};
use kernel::{AccountId, CommunityId, Context};

use super::{
    END_LINK, FAMILY_OWNERS, FAMILY_RESIDENTS, INSERT_LINK, LINK_OF_PERSON, LINKS_OF_ACCOUNT,
    OWNER_LINKS, OWNERS_OF_ACCOUNTS, SealedPerson, UNITS_LIVED_IN_BY_ACCOUNT,
    UNITS_OWNED_BY_ACCOUNT, audit, with_nulls,
};
use crate::model::{LinkId, OwnerId, PersonRef, ResidentId, UnitId};

pub(crate) fn insert_link(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: LinkId,
    person: PersonRef,
    account: AccountId,
) -> Result<(), db::Error> {
    let kind = match person {
        PersonRef::Owner(_) => "owner",
        PersonRef::Resident(_) => "resident",
    };
    let row = vec![
        ctx.community.into(),
        id.into(),
        kind.into(),
        person.uuid().into(),
        account.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_LINK, &row)?;
    wrote(tx, &audit::LINKS, &[with_nulls(row, 2)]);
    Ok(())
}

pub(crate) fn end_link(tx: &mut dyn Tx, ctx: &Context, id: LinkId) -> Result<u64, db::Error> {
    let ended = tx.execute(
        END_LINK,
        &[
            ctx.community.into(),
            id.into(),
            ctx.now.into(),
            ctx.actor.uuid().into(),
        ],
    )?;
    rewrote(tx, &audit::LINKS, ctx.community, &[id.into()])?;
    Ok(ended)
}

pub(crate) fn link_of_person(
    read: &mut dyn Read,
    community: CommunityId,
    person: PersonRef,
) -> Result<Option<(LinkId, AccountId)>, db::Error> {
    read.query_one(LINK_OF_PERSON, &[community.into(), person.uuid().into()])?
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .transpose()
}

pub(crate) fn people_of_account(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<PersonRef>, db::Error> {
    read.query(LINKS_OF_ACCOUNT, &[community.into(), account.into()])?
        .iter()
        .map(|row| {
            let kind: String = row.get(0)?;
            Ok(if kind == "owner" {
                PersonRef::Owner(row.get(1)?)
            } else {
                PersonRef::Resident(row.get(1)?)
            })
        })
        .collect()
}

/// The owners that each of these logins stands for.
pub(crate) fn owners_of_accounts(
    read: &mut dyn Read,
    community: CommunityId,
    accounts: &[AccountId],
) -> Result<Vec<Vec<OwnerId>>, db::Error> {
    let asked: Vec<Vec<Value>> = (0_u32..)
        .zip(accounts)
        .map(|(place, account)| vec![place.into(), community.into(), (*account).into()])
        .collect();
    let mut owners = vec![Vec::new(); accounts.len()];
    for row in read.query_many(OWNERS_OF_ACCOUNTS, &asked)? {
        let place: usize = row.get(0)?;
        if let Some(found) = owners.get_mut(place) {
            found.push(row.get(1)?);
        }
    }
    Ok(owners)
}

/// Every owner with a login.
pub(crate) fn owner_links(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<(OwnerId, AccountId)>, db::Error> {
    read.query(OWNER_LINKS, &[community.into()])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

pub(crate) fn units_owned_by(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<(UnitId, OwnerId)>, db::Error> {
    read.query(UNITS_OWNED_BY_ACCOUNT, &[community.into(), account.into()])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

pub(crate) fn units_lived_in_by(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<(UnitId, ResidentId)>, db::Error> {
    read.query(
        UNITS_LIVED_IN_BY_ACCOUNT,
        &[community.into(), account.into()],
    )?
    .iter()
    .map(|row| Ok((row.get(0)?, row.get(1)?)))
    .collect()
}

/// Logins of the family of a login, each with its sealed name: who lives as family in a unit that it owns or lives in as
/// family, and who owns the unit in which it lives as family. Tenants and co-owners are none.
pub(crate) fn family(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<(AccountId, SealedPerson)>, db::Error> {
    let mut family = Vec::new();
    for statement in [FAMILY_RESIDENTS, FAMILY_OWNERS] {
        for row in read.query(statement, &[community.into(), account.into()])? {
            let person = SealedPerson {
                name: row.get(1)?,
                ..SealedPerson::default()
            };
            family.push((row.get(0)?, person));
        }
    }
    Ok(family)
}
