//! Reading another person's data in full leaves a trace (个人信息保护法 Arts. 5–6, 51).

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::required_reason;
use crate::model::PersonRef;
use crate::store::{self, SealedPerson};
use crate::{Error, FieldFault, PERSONAL_DATA_READ};

/// What one may ask of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonField {
    /// The name.
    Name,
    /// The identity document's number.
    IdNumber,
    /// The telephone number.
    Phone,
}

/// Reads a person's data for a reason. The record shows which fields and why to everyone entitled to it, so the
/// reason must not name the person.
///
/// The outcome is sealed, so that an answer kept for a repeated request is no copy in the open:
/// [`SealedPerson::open`] it with the context's vault.
#[derive(Clone, Debug, Serialize)]
pub struct ReadPersonalData {
    /// The person.
    pub person: PersonRef,
    /// What is asked; nothing else is given.
    pub fields: Vec<PersonField>,
    /// Why.
    pub reason: String,
}

impl Command for ReadPersonalData {
    const NAME: &'static str = "people.personal_data.read";
    type Outcome = SealedPerson;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<SealedPerson, Error> {
        ctx.require(PERSONAL_DATA_READ)?;
        let reason = required_reason("reason", &self.reason)?;
        if self.fields.is_empty() {
            return Err(Error::Field {
                field: "fields",
                reason: FieldFault::Blank,
            });
        }
        let whole = match self.person {
            PersonRef::Owner(id) => {
                store::sealed_owner(tx, ctx.community, id)?.map(|(_, sealed)| sealed)
            }
            PersonRef::Resident(id) => store::sealed_resident(tx, ctx.community, id)?,
        };
        let whole = whole.ok_or_else(|| Error::NoSuchPerson {
            person: self.person.subject(),
        })?;
        let asked = |field| self.fields.contains(&field);
        let fields: Vec<_> = [PersonField::Name, PersonField::IdNumber, PersonField::Phone]
            .into_iter()
            .filter(|field| asked(*field))
            .collect();
        let change = Change::new("people.personal_data.read", self.person.subject())
            .public(json!({ "fields": fields, "reason": reason }));
        record(tx, ctx, change)?;
        Ok(SealedPerson {
            name: whole.name.filter(|_| asked(PersonField::Name)),
            id_number: whole.id_number.filter(|_| asked(PersonField::IdNumber)),
            phone: whole.phone.filter(|_| asked(PersonField::Phone)),
        })
    }
}
