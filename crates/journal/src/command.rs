//! Commands: the only way to change anything.

use db::{Answers, Together, Tx};
use kernel::{CommunityId, Context};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::record::EntriesWritten;
use crate::rows::Written;
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

/// A command of which many are run at once where they come in together: what each decides on is read for all, and
/// what all change is written for all, in a few statements.
pub trait SetCommand: Command + Sized {
    /// Runs commands of one community in their order, each as if those before it had been run; an answer each.
    ///
    /// As [`Command::run`] for each: it checks the permission, and writes one entry ([`record_all`](crate::record_all))
    /// for each that it does not refuse. One that is refused has written nothing.
    fn run_all(
        commands: &[(&Self, &Context)],
        community: CommunityId,
        tx: &mut dyn Tx,
    ) -> SetAnswers<Self>;
}

/// An answer for each of many commands, in their order; or why none of them could be run.
pub type SetAnswers<C> =
    Result<Vec<Result<<C as Command>::Outcome, <C as Command>::Error>>, <C as Command>::Error>;

/// A command with its circumstances, on its way to a lane.
pub(crate) struct Sent<C> {
    pub(crate) ctx: Context,
    pub(crate) command: C,
}

impl<C: SetCommand> Together for Sent<C> {
    type Answer = C::Outcome;
    type Error = C::Error;

    fn run(&self, tx: &mut dyn Tx) -> Result<C::Outcome, C::Error> {
        perform(tx, &self.ctx, &self.command)
    }

    fn run_together(sent: &[&Self], tx: &mut dyn Tx) -> Answers<Self> {
        let Some(first) = sent.first() else {
            return Ok(Vec::new());
        };
        for each in sent {
            each.ctx.random.rewind();
        }
        let commands: Vec<(&C, &Context)> =
            sent.iter().map(|each| (&each.command, &each.ctx)).collect();
        let before = tx.cache().entry::<EntriesWritten>().0;
        let answers = C::run_all(&commands, first.ctx.community, tx)?;
        let entries = tx.cache().entry::<EntriesWritten>().0 - before;
        let done = answers.iter().filter(|answer| answer.is_ok()).count();
        if usize::try_from(entries).is_ok_and(|entries| entries == done) {
            Ok(answers)
        } else {
            Err(Error::NotOneEntry {
                command: C::NAME,
                entries,
            }
            .into())
        }
    }
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
    tx.cache().entry::<Written>().0.clear();
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
