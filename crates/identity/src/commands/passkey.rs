//! Keeping one's passkeys.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::Serialize;
use serde_json::json;

use super::{LABEL_LIMIT, actor, fresh, in_city, text};
use crate::passkeys::may_add;
use crate::{Error, NewPasskey, PasskeyId, SessionId, store};

/// A person adds a passkey whose answer held.
#[derive(Debug, Serialize)]
pub struct AddPasskey {
    session: SessionId,
    label: String,
    #[serde(skip)]
    passkey: NewPasskey,
}

impl AddPasskey {
    /// In this session, under a label such as "my phone".
    pub fn new(passkey: NewPasskey, session: SessionId, label: String) -> Self {
        Self {
            session,
            label,
            passkey,
        }
    }
}

impl Command for AddPasskey {
    const NAME: &'static str = "identity.passkey.add";
    type Outcome = PasskeyId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<PasskeyId, Error> {
        in_city(ctx)?;
        let account = may_add(tx, ctx, self.session)?;
        let label = text("label", &self.label, LABEL_LIMIT)?;
        let NewPasskey {
            ceremony,
            account: registered,
            credential_id,
            credential,
        } = &self.passkey;
        if *registered != account || !store::delete_ceremony(tx, *ceremony)? {
            return Err(Error::CeremonyExpired);
        }
        let id = PasskeyId::from_uuid(ctx.new_uuid());
        if !store::insert_passkey(tx, ctx, id, account, credential_id, credential, label)? {
            return Err(Error::PasskeyRefused {
                reason: "it is registered already".to_owned(),
            });
        }
        let change = Change::new("identity.passkey.added", format!("account/{account}"))
            .public(json!({ "passkey": id }))
            .private(json!({ "label": label }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// A person gives a passkey another label.
#[derive(Debug, Serialize)]
pub struct RenamePasskey {
    /// Which.
    pub passkey: PasskeyId,
    /// The new label.
    pub label: String,
}

impl Command for RenamePasskey {
    const NAME: &'static str = "identity.passkey.rename";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let account = actor(ctx)?;
        in_city(ctx)?;
        let label = text("label", &self.label, LABEL_LIMIT)?;
        store::rename_passkey(tx, self.passkey, account, label)?;
        let change = Change::new("identity.passkey.renamed", format!("account/{account}"))
            .public(json!({ "passkey": self.passkey }))
            .private(json!({ "label": label }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// A person removes a passkey: a lost device.
#[derive(Debug, Serialize)]
pub struct RemovePasskey {
    /// Their session, freshly confirmed.
    pub session: SessionId,
    /// Which.
    pub passkey: PasskeyId,
}

impl Command for RemovePasskey {
    const NAME: &'static str = "identity.passkey.remove";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let account = actor(ctx)?;
        in_city(ctx)?;
        fresh(tx, ctx, self.session)?;
        store::delete_passkey(tx, self.passkey, account)?;
        let change = Change::new("identity.passkey.removed", format!("account/{account}"))
            .public(json!({ "passkey": self.passkey }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
