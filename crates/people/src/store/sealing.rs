//! Personal data on its way to and from the tables: sealed, each column for its purpose, found by a keyed hash.

use db::{Row, Value};
use kernel::{CommunityId, Context, Vault};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::import::OwnerOnRoll;
use crate::model::{OwnerFacts, OwnerKind, Relation, ResidentFacts};

/// The purpose under which names are sealed.
pub(crate) const NAME: &str = "people.name";
/// The purpose under which telephone numbers are sealed.
pub(crate) const PHONE: &str = "people.phone";
/// The purpose under which identity numbers are sealed.
pub(crate) const ID_NUMBER: &str = "people.id_number";

/// A person's data as it lies in the table; opens with the installation's vault only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedPerson {
    pub(crate) name: Option<Vec<u8>>,
    pub(crate) id_number: Option<Vec<u8>>,
    pub(crate) phone: Option<Vec<u8>>,
}

/// A person's data in the open, as far as it was asked for and is known.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PersonalData {
    /// Their name.
    pub name: Option<String>,
    /// Their identity document's number.
    pub id_number: Option<String>,
    /// Their telephone number.
    pub phone: Option<String>,
}

impl std::fmt::Debug for PersonalData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonalData(not shown)")
    }
}

impl SealedPerson {
    /// Opens it.
    pub fn open(
        &self,
        vault: &Vault,
        community: CommunityId,
    ) -> Result<PersonalData, kernel::Unsealable> {
        Ok(PersonalData {
            name: opened(vault, community, NAME, self.name.as_deref())?,
            id_number: opened(vault, community, ID_NUMBER, self.id_number.as_deref())?,
            phone: opened(vault, community, PHONE, self.phone.as_deref())?,
        })
    }
}

fn opened(
    vault: &Vault,
    community: CommunityId,
    purpose: &str,
    sealed: Option<&[u8]>,
) -> Result<Option<String>, kernel::Unsealable> {
    sealed
        .map(|sealed| vault.open(community, purpose, sealed))
        .transpose()
}

/// Kind, name, its index, identity number, its index, telephone, its index: as the columns of an owner follow.
pub(crate) fn owner_values(ctx: &Context, facts: &OwnerFacts) -> Result<[Value; 7], Error> {
    let [name, name_index] = sealed(ctx, NAME, Some(&facts.name))?;
    let [id_number, id_number_index] = sealed(ctx, ID_NUMBER, facts.id_number.as_deref())?;
    let [phone, phone_index] = sealed(ctx, PHONE, facts.phone.as_deref())?;
    Ok([
        facts.kind.into(),
        name,
        name_index,
        id_number,
        id_number_index,
        phone,
        phone_index,
    ])
}

/// Name, its index, telephone, its index, year of birth, relation: as the columns of a resident follow.
pub(crate) fn resident_values(ctx: &Context, facts: &ResidentFacts) -> Result<[Value; 6], Error> {
    let [name, name_index] = sealed(ctx, NAME, Some(&facts.name))?;
    let [phone, phone_index] = sealed(ctx, PHONE, facts.phone.as_deref())?;
    Ok([
        name,
        name_index,
        phone,
        phone_index,
        facts.birth_year.map(i32::from).into(),
        facts.relation.into(),
    ])
}

fn sealed(ctx: &Context, purpose: &str, text: Option<&str>) -> Result<[Value; 2], Error> {
    let Some(text) = text else {
        return Ok([Value::Null, Value::Null]);
    };
    Ok([
        ctx.vault
            .seal(&ctx.random, ctx.community, purpose, text)?
            .into(),
        index(ctx, purpose, text)?,
    ])
}

/// What stands in place of an erased name, sealed, and an index under which nobody finds it.
pub(crate) fn erased_name(ctx: &Context) -> Result<[Value; 2], Error> {
    let [name, _] = sealed(ctx, NAME, Some(ERASED))?;
    Ok([name, index(ctx, NAME, &ctx.new_uuid().to_string())?])
}

/// The name of whose data was erased.
pub(crate) const ERASED: &str = "×××";

/// The keyed hash to find a text by.
pub(crate) fn index(ctx: &Context, purpose: &str, text: &str) -> Result<Value, Error> {
    Ok(ctx.vault.blind_index(ctx.community, purpose, text)?.into())
}

/// The owner in a row of id, kind, name, identity number and telephone from column `first` on.
pub(crate) fn owner_of(
    vault: &Vault,
    community: CommunityId,
    row: &Row,
    first: usize,
) -> Result<OwnerOnRoll, Error> {
    let kind: OwnerKind = row.get(first + 1)?;
    let PersonalData {
        name,
        id_number,
        phone,
    } = sealed_owner_of(row, first)?.open(vault, community)?;
    let facts = OwnerFacts {
        kind,
        name: name.unwrap_or_default(),
        id_number,
        phone,
    };
    Ok(OwnerOnRoll {
        id: row.get(first)?,
        facts,
    })
}

pub(crate) fn sealed_owner_of(row: &Row, first: usize) -> Result<SealedPerson, db::Error> {
    Ok(SealedPerson {
        name: Some(row.get(first + 2)?),
        id_number: row.get(first + 3)?,
        phone: row.get(first + 4)?,
    })
}

/// The resident's facts in a row of name, telephone, year of birth and relation from column `first` on.
pub(crate) fn resident_facts_of(
    vault: &Vault,
    community: CommunityId,
    row: &Row,
    first: usize,
) -> Result<ResidentFacts, Error> {
    let PersonalData { name, phone, .. } =
        sealed_resident_of(row, first)?.open(vault, community)?;
    let birth_year: Option<i64> = row.get(first + 2)?;
    let relation: Relation = row.get(first + 3)?;
    Ok(ResidentFacts {
        name: name.unwrap_or_default(),
        phone,
        birth_year: birth_year.and_then(|year| i16::try_from(year).ok()),
        relation,
    })
}

pub(crate) fn sealed_resident_of(row: &Row, first: usize) -> Result<SealedPerson, db::Error> {
    Ok(SealedPerson {
        name: Some(row.get(first)?),
        id_number: None,
        phone: row.get(first + 1)?,
    })
}
