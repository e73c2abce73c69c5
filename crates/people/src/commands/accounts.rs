//! A login belongs to an owner or a resident of the roll.

use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::{AccountId, Context};
use serde::Serialize;
use serde_json::json;

use super::required_reason;
use crate::model::{LinkId, PersonRef};
use crate::{ACCOUNT_LINK, Error, store};

/// Ties a login to a person of the roll, whose identity was checked.
#[derive(Clone, Debug, Serialize)]
pub struct LinkAccount {
    /// The person.
    pub person: PersonRef,
    /// The login.
    pub account: AccountId,
    /// How their identity was checked; goes into the entry's private part.
    pub evidence: String,
}

impl Command for LinkAccount {
    const NAME: &'static str = "people.account.link";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(ACCOUNT_LINK)?;
        let evidence = required_reason("evidence", &self.evidence)?;
        require_person(tx, ctx, self.person)?;
        if store::link_of_person(tx, ctx.community, self.person)?.is_some() {
            return Err(Error::LinkedAlready {
                person: self.person.subject(),
            });
        }
        store::insert_link(
            tx,
            ctx,
            LinkId::from_uuid(ctx.new_uuid()),
            self.person,
            self.account,
        )?;
        let change = Change::new("people.account.linked", self.person.subject())
            .public(json!({ "account": self.account }))
            .private(json!({ "evidence": evidence }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Ends a login's tie to a person.
#[derive(Clone, Debug, Serialize)]
pub struct UnlinkAccount {
    /// The person.
    pub person: PersonRef,
    /// Why; goes into the entry's private part.
    pub reason: String,
}

impl Command for UnlinkAccount {
    const NAME: &'static str = "people.account.unlink";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(ACCOUNT_LINK)?;
        let reason = required_reason("reason", &self.reason)?;
        let Some((link, account)) = store::link_of_person(tx, ctx.community, self.person)? else {
            return Err(Error::NotLinked {
                person: self.person.subject(),
            });
        };
        store::end_link(tx, ctx, link)?;
        let change = Change::new("people.account.unlinked", self.person.subject())
            .public(json!({ "account": account }))
            .private(json!({ "reason": reason }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

fn require_person(read: &mut dyn Read, ctx: &Context, person: PersonRef) -> Result<(), Error> {
    let is_there = match person {
        PersonRef::Owner(id) => store::sealed_owner(read, ctx.community, id)?.is_some(),
        PersonRef::Resident(id) => store::sealed_resident(read, ctx.community, id)?.is_some(),
    };
    if is_there {
        Ok(())
    } else {
        Err(Error::NoSuchPerson {
            person: person.subject(),
        })
    }
}
