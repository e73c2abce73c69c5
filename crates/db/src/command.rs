//! A command on its way through a lane: the closure, its outcome, and who waits for it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Error, Tx};

/// What became of one run of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It answered `Ok`.
    Done,
    /// It answered `Err`.
    Refused,
    /// It panicked.
    Panicked,
}

/// A command whose types the lane does not know.
pub(crate) trait Job: Send {
    /// Runs the command once more and keeps its outcome in place of the last.
    fn run(&mut self, tx: &mut dyn Tx) -> Outcome;

    /// Replaces the outcome by this error.
    fn fail(&mut self, error: Error);

    /// Makes the outcome final: the command is not run again.
    fn settle(&mut self);

    /// Whether the outcome is final.
    fn is_settled(&self) -> bool;

    /// Tells the outcome to whoever waits.
    fn answer(self: Box<Self>);
}

/// A closure, its outcome and its listener.
pub(crate) struct Command<T, E, F, A> {
    run: F,
    outcome: Option<Result<T, E>>,
    is_settled: bool,
    listener: A,
}

impl<T, E, F, A> Command<T, E, F, A>
where
    T: Send,
    E: From<Error> + Send,
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send,
    A: FnOnce(Result<T, E>) + Send,
{
    pub(crate) fn new(command: F, listener: A) -> Self {
        Self {
            run: command,
            outcome: None,
            is_settled: false,
            listener,
        }
    }
}

impl<T, E, F, A> Job for Command<T, E, F, A>
where
    T: Send,
    E: From<Error> + Send,
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send,
    A: FnOnce(Result<T, E>) + Send,
{
    fn run(&mut self, tx: &mut dyn Tx) -> Outcome {
        let command = &mut self.run;
        let (outcome, result) = match catch_unwind(AssertUnwindSafe(|| command(tx))) {
            Ok(Ok(value)) => (Outcome::Done, Ok(value)),
            Ok(Err(error)) => (Outcome::Refused, Err(error)),
            Err(panic) => (Outcome::Panicked, Err(panicked(panic.as_ref()).into())),
        };
        self.outcome = Some(result);
        outcome
    }

    fn fail(&mut self, error: Error) {
        self.outcome = Some(Err(error.into()));
    }

    fn settle(&mut self) {
        self.is_settled = true;
    }

    fn is_settled(&self) -> bool {
        self.is_settled
    }

    fn answer(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or_else(|| Err(stopped().into()));
        (self.listener)(outcome);
    }
}

/// The error that a panic becomes.
pub(crate) fn panicked(panic: &(dyn Any + Send)) -> Error {
    let words = panic
        .downcast_ref::<&str>()
        .map(|words| (*words).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    Error::Panicked {
        message: words.unwrap_or_else(|| "no message".to_owned()),
    }
}

/// The error of a database that is closed, or closed before it answered.
pub(crate) fn stopped() -> Error {
    Error::Unavailable {
        reason: "it is being closed".to_owned(),
    }
}
