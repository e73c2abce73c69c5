//! A unit is sold, inherited or divided: other owners from a day on.

use std::collections::BTreeSet;

use db::Tx;
use jiff::civil::Date;
use journal::{Change, Command, record};
use kernel::{Context, Timestamp};
use serde::{Serialize, Serializer};
use serde_json::json;

use super::{existing_unit, required_name, required_reason, unit_subject};
use crate::model::{
    OwnerFacts, OwnerId, OwnerKind, PersonRef, UnitId, normalised_id_number,
    normalised_person_name, normalised_phone,
};
use crate::store::{self, NewOwnership};
use crate::{Error, FieldFault, ROLL_CHANGE};

/// Owners that one unit may have.
const OWNERS_MAX: usize = 50;

/// From a day on a unit belongs to these owners, all of whom are named; what was before is kept. An appointed voice
/// ends with the ownership that appointed it.
#[derive(Clone, Debug, Serialize)]
pub struct TransferUnit {
    /// The unit.
    pub unit: UnitId,
    /// All its owners from that day on, those who stay included.
    pub owners: Vec<Buyer>,
    /// The day.
    #[serde(serialize_with = "as_text")]
    pub date: Date,
    /// What shows it: the register's extract, the contract; goes into the entry's private part.
    pub evidence: String,
}

/// Someone to whom a unit belongs from now on.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Buyer {
    /// An owner on the roll, present or former.
    OnRoll(OwnerId),
    /// Someone new; taken for an owner on the roll if the identity number, or name and telephone, are the same.
    New(OwnerFacts),
}

impl Command for TransferUnit {
    const NAME: &'static str = "people.unit.transfer";
    type Outcome = Vec<OwnerId>;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Vec<OwnerId>, Error> {
        ctx.require(ROLL_CHANGE)?;
        let evidence = required_reason("evidence", &self.evidence)?;
        let unit = existing_unit(tx, ctx, self.unit)?;
        let (before, since) = store::ownership_of_unit(tx, ctx.community, unit.id)?;
        self.check_date(ctx, since)?;
        let after = self.buyers(tx, ctx)?;
        if before
            .iter()
            .map(|ownership| ownership.owner)
            .eq(after.iter().copied())
        {
            return Err(Error::NothingToChange);
        }
        let revision = before.first().map_or(0, |ownership| ownership.revision) + 1;
        let date = Timestamp::start_of(self.date);
        let new: Vec<NewOwnership> = after
            .iter()
            .map(|owner| NewOwnership {
                unit: unit.id,
                revision,
                owner: *owner,
                since: Some(date),
            })
            .collect();
        store::insert_ownerships(tx, ctx, date, &new)?;
        store::end_voices_of_former_owners(tx, ctx)?;
        let before: Vec<OwnerId> = before.iter().map(|ownership| ownership.owner).collect();
        let change = Change::new("people.unit.transferred", unit_subject(unit.id))
            .public(json!({ "owners_before": before, "owners_after": after, "date": self.date.to_string() }))
            .private(json!({ "evidence": evidence }));
        record(tx, ctx, change)?;
        Ok(after.into_iter().collect())
    }
}

impl TransferUnit {
    /// Not in the future, and not before the present owners' day.
    fn check_date(&self, ctx: &Context, since: Option<Timestamp>) -> Result<(), Error> {
        let earliest = since.map_or(Date::MIN, Timestamp::date);
        if (earliest..=ctx.now.date()).contains(&self.date) {
            return Ok(());
        }
        Err(Error::TransferDate {
            date: self.date.to_string(),
            earliest: earliest.to_string(),
        })
    }

    /// The buyers' ids; those who are new are added to the roll.
    fn buyers(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<BTreeSet<OwnerId>, Error> {
        let fault = |reason| {
            Err(Error::Field {
                field: "owners",
                reason,
            })
        };
        if self.owners.is_empty() {
            return fault(FieldFault::Blank);
        }
        if self.owners.len() > OWNERS_MAX {
            return fault(FieldFault::TooMany(OWNERS_MAX));
        }
        let mut ids = BTreeSet::new();
        for buyer in &self.owners {
            let id = match buyer {
                Buyer::OnRoll(id) => {
                    let person = || PersonRef::Owner(*id).subject();
                    store::sealed_owner(tx, ctx.community, *id)?
                        .ok_or_else(|| Error::NoSuchPerson { person: person() })?;
                    *id
                }
                Buyer::New(facts) => added(tx, ctx, &checked(facts)?)?,
            };
            if !ids.insert(id) {
                return fault(FieldFault::Malformed);
            }
        }
        Ok(ids)
    }
}

fn added(tx: &mut dyn Tx, ctx: &Context, facts: &OwnerFacts) -> Result<OwnerId, Error> {
    if let Some(known) = store::same_owner(tx, ctx, facts)? {
        return Ok(known.id);
    }
    let id = OwnerId::from_uuid(ctx.new_uuid());
    store::insert_owners(tx, ctx, &[(id, facts)])?;
    Ok(id)
}

/// The facts as the roll keeps them.
fn checked(facts: &OwnerFacts) -> Result<OwnerFacts, Error> {
    let malformed = |field| Error::Field {
        field,
        reason: FieldFault::Malformed,
    };
    let id_number = facts
        .id_number
        .as_deref()
        .filter(|number| !number.trim().is_empty());
    let phone = facts
        .phone
        .as_deref()
        .filter(|phone| !phone.trim().is_empty());
    if facts.kind == OwnerKind::Person && id_number.is_none() && phone.is_none() {
        return Err(Error::Field {
            field: "phone",
            reason: FieldFault::Blank,
        });
    }
    Ok(OwnerFacts {
        kind: facts.kind,
        name: required_name("name", &normalised_person_name(&facts.name))?,
        id_number: id_number
            .map(|number| {
                normalised_id_number(facts.kind, number).map_err(|_| malformed("id_number"))
            })
            .transpose()?,
        phone: phone
            .map(|phone| normalised_phone(phone).ok_or_else(|| malformed("phone")))
            .transpose()?,
    })
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes fields by reference"
)]
fn as_text<S: Serializer>(date: &Date, out: S) -> Result<S::Ok, S::Error> {
    out.collect_str(date)
}
