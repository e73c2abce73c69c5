//! What belongs to a login: its units and its own data.

use std::collections::BTreeMap;

use db::Read;
use kernel::{AccountId, CommunityId, Context};
use serde::Serialize;

use super::electorate::voice_of;
use crate::model::{
    OwnerFacts, OwnerId, PersonRef, ResidentFacts, ResidentId, UnitFacts, UnitId, UnitLabel,
};
use crate::{ACCOUNT_LINK, Error, store};

/// A unit as a login stands to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountUnit {
    /// The unit.
    pub unit: UnitId,
    /// Where it is.
    pub label: UnitLabel,
    /// What it is.
    pub facts: UnitFacts,
    /// As which owner, if the login's person owns it.
    pub owner: Option<OwnerId>,
    /// Whether the login's person speaks for it.
    pub is_voice: bool,
    /// As which resident, if the login's person lives in it.
    pub resident: Option<ResidentId>,
}

/// What the roll knows of the actor.
#[derive(Clone, Debug)]
pub enum OwnData {
    /// As an owner.
    Owner(OwnerId, OwnerFacts),
    /// As a resident.
    Resident(ResidentId, ResidentFacts),
}

/// The units that a login owns, speaks for or lives in. No personal data: modules ask behind their own permissions.
pub fn units_of_account(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<AccountUnit>, Error> {
    let mut ties: BTreeMap<UnitId, (Vec<OwnerId>, Option<ResidentId>)> = BTreeMap::new();
    for (unit, owner) in store::units_owned_by(read, community, account)? {
        ties.entry(unit).or_default().0.push(owner);
    }
    for (unit, resident) in store::units_lived_in_by(read, community, account)? {
        ties.entry(unit).or_default().1 = Some(resident);
    }
    let mut units = Vec::with_capacity(ties.len());
    for (id, (owners, resident)) in ties {
        let Some(unit) = store::unit_now(read, community, id)? else {
            continue;
        };
        let voice = voice_of(read, community, id)?;
        let speaking = owners.iter().copied().find(|owner| Some(*owner) == voice);
        units.push(AccountUnit {
            unit: id,
            label: unit.label,
            facts: unit.facts,
            owner: speaking.or_else(|| owners.first().copied()),
            is_voice: speaking.is_some(),
            resident,
        });
    }
    Ok(units)
}

/// The actor's own units; none for whoever has no login.
pub fn own_units(read: &mut dyn Read, ctx: &Context) -> Result<Vec<AccountUnit>, Error> {
    match ctx.actor.account_id() {
        Some(account) => units_of_account(read, ctx.community, account),
        None => Ok(Vec::new()),
    }
}

/// What the roll knows of the actor, in full: one's own data needs no reason and leaves no trace.
pub fn own_data(read: &mut dyn Read, ctx: &Context) -> Result<Vec<OwnData>, Error> {
    let Some(account) = ctx.actor.account_id() else {
        return Ok(Vec::new());
    };
    let mut own = Vec::new();
    for person in store::people_of_account(read, ctx.community, account)? {
        own.extend(match person {
            PersonRef::Owner(id) => store::owner(read, &ctx.vault, ctx.community, id)?
                .map(|owner| OwnData::Owner(owner.id, owner.facts)),
            PersonRef::Resident(id) => store::resident(read, &ctx.vault, ctx.community, id)?
                .map(|resident| OwnData::Resident(resident.id, resident.facts)),
        });
    }
    Ok(own)
}

/// Someone of one's own family, as the roll knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyMember {
    /// Their login.
    pub account: AccountId,
    /// Their name.
    pub name: String,
}

/// The actor's family as far as they have logins: owner, spouse, children and parents of one household. Tenants and
/// co-owners are none.
pub fn own_family(read: &mut dyn Read, ctx: &Context) -> Result<Vec<FamilyMember>, Error> {
    let Some(account) = ctx.actor.account_id() else {
        return Ok(Vec::new());
    };
    let mut family: Vec<FamilyMember> = Vec::new();
    for (account, name) in store::family(read, ctx.community, account)? {
        if family.iter().all(|known| known.account != account) {
            let name = name.open(&ctx.vault, ctx.community)?.name;
            let name = name.unwrap_or_default();
            family.push(FamilyMember { account, name });
        }
    }
    Ok(family)
}

/// Every owner with a login, as notices need them. No personal data: modules ask behind their own permissions.
pub fn owner_accounts(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<(OwnerId, AccountId)>, Error> {
    Ok(store::owner_links(read, community)?)
}

/// Whether the actor owns the unit or lives in it.
pub(super) fn is_own_unit(read: &mut dyn Read, ctx: &Context, unit: UnitId) -> Result<bool, Error> {
    let Some(account) = ctx.actor.account_id() else {
        return Ok(false);
    };
    let is_owned = store::units_owned_by(read, ctx.community, account)?
        .iter()
        .any(|(owned, _)| *owned == unit);
    Ok(is_owned
        || store::units_lived_in_by(read, ctx.community, account)?
            .iter()
            .any(|(home, _)| *home == unit))
}

/// The owners that a login stands for in a community: usually one, none for those who only live there.
pub fn owners_of_account(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<OwnerId>, Error> {
    let people = store::people_of_account(read, community, account)?;
    Ok(people
        .into_iter()
        .filter_map(|person| match person {
            PersonRef::Owner(owner) => Some(owner),
            PersonRef::Resident(_) => None,
        })
        .collect())
}

/// [`owners_of_account`] for many logins at once: an answer each, in their order.
pub fn owners_of_accounts(
    read: &mut dyn Read,
    community: CommunityId,
    accounts: &[AccountId],
) -> Result<Vec<Vec<OwnerId>>, Error> {
    Ok(store::owners_of_accounts(read, community, accounts)?)
}

/// The login that a person of the roll is tied to.
pub fn login_of(
    read: &mut dyn Read,
    ctx: &Context,
    person: PersonRef,
) -> Result<Option<AccountId>, Error> {
    ctx.require(ACCOUNT_LINK)?;
    Ok(store::link_of_person(read, ctx.community, person)?.map(|(_, account)| account))
}
