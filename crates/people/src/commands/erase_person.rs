//! What is known of someone who neither owns nor lives here any more is erased (个人信息保护法 Art. 47).

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::Serialize;
use serde_json::json;

use super::required_reason;
use crate::model::PersonRef;
use crate::{Error, PERSONAL_DATA_ERASE, store};

/// Erases a former owner's or resident's name, numbers, year of birth and tie to a login, and the private parts of the
/// entries about them. That someone owned the unit, from when to when, stays under a number that names nobody; so do the
/// votes they cast, which the law has the committee keep.
#[derive(Clone, Debug, Serialize)]
pub struct ErasePerson {
    /// The person.
    pub person: PersonRef,
    /// Why: the request, the end of the purpose. Everyone entitled to the record reads it, so it must not name them.
    pub reason: String,
}

impl Command for ErasePerson {
    const NAME: &'static str = "people.person.erase";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(PERSONAL_DATA_ERASE)?;
        let reason = required_reason("reason", &self.reason)?;
        self.require_former(tx, ctx)?;
        let subject = self.person.subject();
        if let Some((link, _)) = store::link_of_person(tx, ctx.community, self.person)? {
            store::end_link(tx, ctx, link)?;
        }
        match self.person {
            PersonRef::Owner(id) => store::erase_owner(tx, ctx, id)?,
            PersonRef::Resident(id) => store::erase_resident(tx, ctx, id)?,
        }
        let forgotten = journal::erase_private(tx, ctx.community, &subject)?;
        let change = Change::new("people.person.erased", subject)
            .public(json!({ "reason": reason, "private_parts": forgotten }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

impl ErasePerson {
    /// Whoever is on the roll now is needed there: votes, notices and emergencies reach them by it.
    fn require_former(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let person = || self.person.subject();
        let (known, present) = match self.person {
            PersonRef::Owner(id) => (
                store::sealed_owner(tx, ctx.community, id)?.is_some(),
                !store::units_of_owner(tx, ctx.community, id)?.is_empty(),
            ),
            PersonRef::Resident(id) => {
                let lives_here = store::sealed_resident(tx, ctx.community, id)?.is_some();
                let former = store::former_resident(tx, &ctx.vault, ctx.community, id)?;
                (lives_here || former.is_some(), lives_here)
            }
        };
        match (known, present) {
            (false, _) => Err(Error::NoSuchPerson { person: person() }),
            (true, true) => Err(Error::StillOnRoll { person: person() }),
            (true, false) => Ok(()),
        }
    }
}
