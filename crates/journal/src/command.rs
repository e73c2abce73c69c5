//! Commands: the only way to change anything.

use db::Tx;
use kernel::Context;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::record::EntriesWritten;
use crate::{Error, store};

/// A typed change by an actor in a community.
///
/// `run` starts with `ctx.require(PERMISSION)?`, changes the module's tables and ends with one
/// [`record`](crate::record). It may run more than once (a batch that is replayed), so it touches nothing but the
/// transaction, and takes time and randomness from the context.
pub trait Command: Serialize + Send + Sync + 'static {
    /// The command's name, `module.thing.verb`.
    const NAME: &'static str;
    /// What the actor gets to know. Stored when an idempotency key was given, so it holds no secret.
    type Outcome: Serialize + DeserializeOwned + Send + 'static;
    /// The module's error.
    type Error: From<Error> + From<db::Error> + Send + 'static;

    /// Does it.
    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Self::Outcome, Self::Error>;
}

/// Runs a command in a transaction: answers a repeated idempotency key as before, and refuses a command that did not
/// write exactly one entry.
pub fn perform<C: Command>(
    tx: &mut dyn Tx,
    ctx: &Context,
    command: &C,
) -> Result<C::Outcome, C::Error> {
    ctx.random.rewind();
    let Some(key) = &ctx.idempotency_key else {
        return run_once(tx, ctx, command);
    };
    if key.is_empty() || key.len() > 200 {
        return Err(Error::KeyLength { length: key.len() }.into());
    }
    let fingerprint = fingerprint(command)?;
    if let Some((known, outcome)) = store::answer(tx, ctx, key)? {
        return if known == fingerprint {
            serde_json::from_str(&outcome).map_err(|error| json("a stored answer", &error).into())
        } else {
            Err(Error::KeyReused { key: key.clone() }.into())
        };
    }
    let outcome = run_once(tx, ctx, command)?;
    let text = serde_json::to_string(&outcome).map_err(|error| json("an answer", &error))?;
    store::insert_answer(tx, ctx, key, fingerprint, text)?;
    Ok(outcome)
}

fn run_once<C: Command>(
    tx: &mut dyn Tx,
    ctx: &Context,
    command: &C,
) -> Result<C::Outcome, C::Error> {
    let before = tx.cache().entry::<EntriesWritten>().0;
    let outcome = command.run(tx, ctx)?;
    let entries = tx.cache().entry::<EntriesWritten>().0 - before;
    if entries == 1 {
        Ok(outcome)
    } else {
        Err(Error::NotOneEntry {
            command: C::NAME,
            entries,
        }
        .into())
    }
}

fn fingerprint<C: Command>(command: &C) -> Result<[u8; 32], Error> {
    let input = serde_json::to_vec(command).map_err(|error| json("a command", &error))?;
    Ok(Sha256::new()
        .chain_update(C::NAME)
        .chain_update([0])
        .chain_update(input)
        .finalize()
        .into())
}

fn json(what: &'static str, error: &serde_json::Error) -> Error {
    Error::Json {
        what,
        reason: error.to_string(),
    }
}
