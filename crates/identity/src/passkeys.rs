//! Passkeys (WebAuthn Level 3): two ceremonies, each in two halves with the browser in between.
//!
//! What the server must remember between the halves stands sealed in the database for five minutes, so any process
//! may answer the second half, and is taken away by the command that uses it, so an answer counts once. The person
//! is always verified on the device: one passkey is two factors.

use db::{Read, Tx};
use kernel::{AccountId, Context, Timestamp, Vault};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};
use webauthn_rs_proto::ResidentKeyRequirement;

use crate::sign_in::PasskeyUse;
use crate::store::{self, CeremonyRow};
use crate::{Assurance, CeremonyId, Error, SessionId, Verified};

/// How long a person may take between the halves, in seconds.
pub const CEREMONY_SECONDS: i64 = 5 * 60;
/// Most passkeys of one account.
pub const PASSKEYS_LIMIT: u64 = 10;

/// The installation as a relying party.
#[derive(Debug)]
pub struct Passkeys(Webauthn);

/// The first half of a ceremony: what the browser gets.
#[derive(Clone, Debug)]
pub struct Started {
    /// Goes to the browser and comes back with its answer.
    pub ceremony: CeremonyId,
    /// JSON for `navigator.credentials.create()` or `.get()`: `{"publicKey": …}`, binary fields in base64url.
    pub options: String,
}

/// A new passkey whose answer held; [`AddPasskey`](crate::commands::AddPasskey) stores it.
#[derive(Debug)]
pub struct NewPasskey {
    pub(crate) ceremony: CeremonyId,
    pub(crate) account: AccountId,
    pub(crate) credential_id: Vec<u8>,
    pub(crate) credential: String,
}

impl Passkeys {
    /// For a site: `domain` is what passkeys are bound to (`linli.example.cn`, or `localhost`), `origin` the address
    /// in the browser (`https://linli.example.cn`), `name` what the device shows. An IP address has no passkeys.
    pub fn new(domain: &str, origin: &str, name: &str) -> Result<Self, Error> {
        let origin = Url::parse(origin).map_err(|error| misconfigured(&error))?;
        let builder =
            WebauthnBuilder::new(domain, &origin).map_err(|error| misconfigured(&error))?;
        Ok(Self(
            builder
                .rp_name(name)
                .build()
                .map_err(|error| misconfigured(&error))?,
        ))
    }

    /// First half of adding a passkey. Writes the ceremony, which is no act of anyone's, so no entry: run it in
    /// `database.write(CommunityId::CITY, …)`. The session must be freshly confirmed, by a passkey if there is one.
    pub fn start_registration(
        &self,
        tx: &mut dyn Tx,
        ctx: &Context,
        session: SessionId,
    ) -> Result<Started, Error> {
        let account = may_add(tx, ctx, session)?;
        let row = store::find_account(tx, &ctx.vault, account)?.ok_or(Error::NoSuchAccount)?;
        let known = stored(&store::list_passkeys(tx, account)?)?;
        let known = known
            .iter()
            .map(|passkey| passkey.cred_id().clone())
            .collect();
        let (mut options, state) = self
            .0
            .start_passkey_registration(account.uuid(), &row.name, &row.name, Some(known))
            .map_err(|error| refused(&error))?;
        // The browser is to sign in without a login being typed, so the device has to keep the key.
        if let Some(selection) = &mut options.public_key.authenticator_selection {
            selection.resident_key = Some(ResidentKeyRequirement::Required);
            selection.require_resident_key = true;
        }
        let state = (session, state);
        begin(tx, ctx, REGISTRATION, Some(account), &state, &options)
    }

    /// Second half of adding a passkey: checks the browser's answer (JSON of `PublicKeyCredential.toJSON()`).
    /// Then run [`AddPasskey`](crate::commands::AddPasskey).
    pub fn finish_registration(
        &self,
        read: &mut dyn Read,
        vault: &Vault,
        now: Timestamp,
        ceremony: CeremonyId,
        answer: &str,
    ) -> Result<NewPasskey, Error> {
        let row = pending(read, vault, now, ceremony, REGISTRATION)?;
        let account = row.account.ok_or(Error::CeremonyExpired)?;
        let (_, state): (SessionId, PasskeyRegistration) = from_json(&row.state)?;
        let answer: RegisterPublicKeyCredential = answered(answer)?;
        let passkey = self
            .0
            .finish_passkey_registration(&answer, &state)
            .map_err(|error| refused(&error))?;
        let credential_id = passkey.cred_id().as_slice().to_vec();
        Ok(NewPasskey {
            ceremony,
            account,
            credential_id,
            credential: to_json(&passkey)?,
        })
    }

    /// First half of signing in, or of confirming who one is, with a passkey. Run it in
    /// `database.write(CommunityId::CITY, …)`.
    pub fn start_sign_in(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Started, Error> {
        let (mut options, state) = self
            .0
            .start_discoverable_authentication()
            .map_err(|error| refused(&error))?;
        // Whether the browser asks in the login field or in a dialog is the page's choice.
        options.mediation = None;
        begin(tx, ctx, SIGN_IN, None, &state, &options)
    }

    /// Second half of signing in: checks the browser's answer. Then run
    /// [`StartSession`](crate::commands::StartSession) or [`ConfirmIdentity`](crate::commands::ConfirmIdentity).
    pub fn finish_sign_in(
        &self,
        read: &mut dyn Read,
        vault: &Vault,
        now: Timestamp,
        ceremony: CeremonyId,
        answer: &str,
    ) -> Result<Verified, Error> {
        let row = pending(read, vault, now, ceremony, SIGN_IN)?;
        let state: DiscoverableAuthentication = from_json(&row.state)?;
        let answer: PublicKeyCredential = answered(answer)?;
        let (user, credential_id) = self
            .0
            .identify_discoverable_authentication(&answer)
            .map_err(|error| refused(&error))?;
        let found = store::find_passkey(read, credential_id)?;
        let (id, account, credential) = found
            .filter(|(_, account, _)| account.uuid() == user)
            .ok_or_else(unknown_passkey)?;
        let mut passkey: Passkey = from_json(&credential)?;
        let result = self
            .0
            .finish_discoverable_authentication_v2(&answer, state, &passkey)
            .map_err(|error| refused(&error))?;
        passkey.update_credential(&result);
        let passkey = PasskeyUse {
            id,
            ceremony,
            credential: to_json(&passkey)?,
        };
        Ok(Verified {
            account,
            assurance: Assurance::Passkey,
            keys: None,
            passkey: Some(passkey),
        })
    }
}

const REGISTRATION: &str = "registration";
const SIGN_IN: &str = "sign_in";

/// The actor's account, if this session may add a passkey: freshly confirmed, with a passkey if there is one, or
/// whoever learns a password could add their own; and the limit not reached.
pub(crate) fn may_add(
    tx: &mut dyn Tx,
    ctx: &Context,
    session: SessionId,
) -> Result<AccountId, Error> {
    let account = ctx.actor.account_id().ok_or(Error::NotSignedIn)?;
    let assurance = crate::commands::fresh(tx, ctx, session)?;
    let held = store::list_passkeys(tx, account)?.len();
    if held > 0 && assurance != Assurance::Passkey {
        return Err(Error::ConfirmFirst);
    }
    if u64::try_from(held).is_ok_and(|held| held >= PASSKEYS_LIMIT) {
        return Err(Error::TooMany {
            what: "passkeys",
            limit: PASSKEYS_LIMIT,
        });
    }
    Ok(account)
}

fn begin(
    tx: &mut dyn Tx,
    ctx: &Context,
    kind: &'static str,
    account: Option<AccountId>,
    state: &impl serde::Serialize,
    options: &impl serde::Serialize,
) -> Result<Started, Error> {
    let ceremony = CeremonyId::from_uuid(ctx.new_uuid());
    let sealed = store::seal_ceremony(&ctx.vault, &ctx.random, &to_json(state)?)?;
    let expires_at = ctx.now.plus_seconds(CEREMONY_SECONDS);
    store::insert_ceremony(tx, ceremony, kind, account, &sealed, expires_at)?;
    Ok(Started {
        ceremony,
        options: to_json(options)?,
    })
}

fn pending(
    read: &mut dyn Read,
    vault: &Vault,
    now: Timestamp,
    ceremony: CeremonyId,
    kind: &str,
) -> Result<CeremonyRow, Error> {
    let row = store::find_ceremony(read, vault, ceremony)?;
    row.filter(|row| row.kind == kind && now < row.expires_at)
        .ok_or(Error::CeremonyExpired)
}

fn stored(rows: &[store::PasskeyRow]) -> Result<Vec<Passkey>, Error> {
    rows.iter().map(|row| from_json(&row.credential)).collect()
}

fn to_json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| unreadable(&error))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| unreadable(&error))
}

fn answered<T: serde::de::DeserializeOwned>(answer: &str) -> Result<T, Error> {
    serde_json::from_str(answer).map_err(|error| Error::PasskeyRefused {
        reason: error.to_string(),
    })
}

fn refused(error: &WebauthnError) -> Error {
    Error::PasskeyRefused {
        reason: error.to_string(),
    }
}

fn unknown_passkey() -> Error {
    Error::PasskeyRefused {
        reason: "this passkey belongs to no account".to_owned(),
    }
}

fn unreadable(error: &serde_json::Error) -> Error {
    Error::Internal {
        what: "a passkey",
        reason: error.to_string(),
    }
}

fn misconfigured(error: &dyn std::fmt::Display) -> Error {
    Error::Internal {
        what: "the address for passkeys",
        reason: error.to_string(),
    }
}
