//! A person asks to have their name or telephone number put right (个人信息保护法 Art. 46).

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::Serialize;
use serde_json::json;

use super::{required_name, required_reason};
use crate::model::{PersonRef, normalised_person_name, normalised_phone};
use crate::{Error, FieldFault, ROLL_CHANGE, store};

/// Puts a person's name or telephone number right. The record shows which fields changed and never their values; what
/// was before goes into the entry's private part, which an erasure forgets.
#[derive(Clone, Debug, Serialize)]
pub struct CorrectPerson {
    /// The person.
    pub person: PersonRef,
    /// The right name; `None` leaves it.
    pub name: Option<String>,
    /// The right telephone number; `None` leaves it.
    pub phone: Option<String>,
    /// Why, and how it was checked; goes into the entry's private part.
    pub reason: String,
}

impl Command for CorrectPerson {
    const NAME: &'static str = "people.person.correct";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(ROLL_CHANGE)?;
        let reason = required_reason("reason", &self.reason)?;
        let name = self
            .name
            .as_deref()
            .map(|name| required_name("name", &normalised_person_name(name)))
            .transpose()?;
        let malformed = Error::Field {
            field: "phone",
            reason: FieldFault::Malformed,
        };
        let phone = match &self.phone {
            Some(phone) => Some(normalised_phone(phone).ok_or(malformed)?),
            None => None,
        };
        let (before, fields) = self.write(tx, ctx, name, phone)?;
        if fields.is_empty() {
            return Err(Error::NothingToChange);
        }
        let (name, phone) = before;
        let change = Change::new("people.person.corrected", self.person.subject())
            .public(json!({ "fields": fields }))
            .private(json!({ "reason": reason, "before": { "name": name, "phone": phone } }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// A name and a telephone number.
type Known = (String, Option<String>);

impl CorrectPerson {
    /// Writes what is new; answers what stood there before and which fields changed.
    fn write(
        &self,
        tx: &mut dyn Tx,
        ctx: &Context,
        name: Option<String>,
        phone: Option<String>,
    ) -> Result<(Known, Vec<&'static str>), Error> {
        let missing = || Error::NoSuchPerson {
            person: self.person.subject(),
        };
        match self.person {
            PersonRef::Owner(id) => {
                let owner = store::owner(tx, &ctx.vault, ctx.community, id)?.ok_or_else(missing)?;
                let before = (owner.facts.name.clone(), owner.facts.phone.clone());
                let mut facts = owner.facts;
                let fields = put(&mut facts.name, &mut facts.phone, name, phone);
                if !fields.is_empty() {
                    store::update_owner(tx, ctx, id, &facts)?;
                }
                Ok((before, fields))
            }
            PersonRef::Resident(id) => {
                let resident =
                    store::resident(tx, &ctx.vault, ctx.community, id)?.ok_or_else(missing)?;
                let before = (resident.facts.name.clone(), resident.facts.phone.clone());
                let mut facts = resident.facts;
                let fields = put(&mut facts.name, &mut facts.phone, name, phone);
                if !fields.is_empty() {
                    store::update_resident(tx, ctx, id, &facts)?;
                }
                Ok((before, fields))
            }
        }
    }
}

/// Puts what is given and different in its place, and says what that was.
fn put(
    name: &mut String,
    phone: &mut Option<String>,
    right_name: Option<String>,
    right_phone: Option<String>,
) -> Vec<&'static str> {
    let mut fields = Vec::new();
    if let Some(right) = right_name.filter(|right| right != name) {
        *name = right;
        fields.push("name");
    }
    if right_phone.is_some() && right_phone != *phone {
        *phone = right_phone;
        fields.push("phone");
    }
    fields
}
