//! A command on its way through a lane: the closure, its outcome, and who waits for it.

use std::any::{Any, TypeId};
use std::panic::{AssertUnwindSafe, catch_unwind};

use kernel::CommunityId;

use crate::{Error, Tx};

/// A command that can be run together with its like, in fewer statements than apart.
pub trait Together: Send + 'static {
    /// What it answers.
    type Answer: Send + 'static;
    /// Why it is refused.
    type Error: From<Error> + Send + 'static;

    /// Runs it alone.
    fn run(&self, tx: &mut dyn Tx) -> Result<Self::Answer, Self::Error>;

    /// Runs commands of one community, each as if those before it had been run, and answers each. A command that is
    /// refused must have written nothing. If the whole fails, every command is run alone.
    fn run_together(commands: &[&Self], tx: &mut dyn Tx) -> Answers<Self>;
}

/// An answer for each command of a group, in their order; or why the group failed as a whole.
pub type Answers<C> =
    Result<Vec<Result<<C as Together>::Answer, <C as Together>::Error>>, <C as Together>::Error>;

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

    /// The commands that this one can be run together with; none if it runs alone.
    fn group(&self) -> Option<Group> {
        None
    }

    /// Runs this command and others of its group as one. Anything but `Done` says nothing of the single commands.
    fn run_with(&mut self, others: &mut [Box<dyn Job>], tx: &mut dyn Tx) -> Outcome {
        debug_assert!(others.is_empty(), "a command without a group runs alone");
        self.run(tx)
    }

    /// Itself, for the first of its group.
    fn as_any(&mut self) -> Option<&mut dyn Any> {
        None
    }
}

/// Which commands run together: those of one type in one community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    command: TypeId,
    community: CommunityId,
}

/// What a command's last run came to, and who waits to hear it.
struct Answering<T, E, A> {
    outcome: Option<Result<T, E>>,
    is_settled: bool,
    listener: A,
}

impl<T, E, A> Answering<T, E, A>
where
    E: From<Error>,
    A: FnOnce(Result<T, E>),
{
    const fn new(listener: A) -> Self {
        Self {
            outcome: None,
            is_settled: false,
            listener,
        }
    }

    /// Runs the command and keeps its outcome in place of the last.
    fn keep(&mut self, run: impl FnOnce() -> Result<T, E>) -> Outcome {
        let (outcome, result) = match catch_unwind(AssertUnwindSafe(run)) {
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

    fn answer(self) {
        let outcome = self.outcome.unwrap_or_else(|| Err(stopped().into()));
        (self.listener)(outcome);
    }
}

/// A closure on its way.
pub(crate) struct Command<T, E, F, A> {
    run: F,
    answering: Answering<T, E, A>,
}

impl<T, E, F, A> Command<T, E, F, A>
where
    T: Send,
    E: From<Error> + Send,
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send,
    A: FnOnce(Result<T, E>) + Send,
{
    pub(crate) const fn new(run: F, listener: A) -> Self {
        Self {
            run,
            answering: Answering::new(listener),
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
        self.answering.keep(|| (self.run)(tx))
    }

    fn fail(&mut self, error: Error) {
        self.answering.fail(error);
    }

    fn settle(&mut self) {
        self.answering.is_settled = true;
    }

    fn is_settled(&self) -> bool {
        self.answering.is_settled
    }

    fn answer(self: Box<Self>) {
        self.answering.answer();
    }
}

/// A command that can be run together with its like, on its way.
pub(crate) struct Member<C: Together, A> {
    command: C,
    community: CommunityId,
    answering: Answering<C::Answer, C::Error, A>,
}

impl<C, A> Member<C, A>
where
    C: Together,
    A: FnOnce(Result<C::Answer, C::Error>) + Send + 'static,
{
    pub(crate) const fn new(community: CommunityId, command: C, listener: A) -> Self {
        Self {
            command,
            community,
            answering: Answering::new(listener),
        }
    }
}

impl<C, A> Job for Member<C, A>
where
    C: Together,
    A: FnOnce(Result<C::Answer, C::Error>) + Send + 'static,
{
    fn run(&mut self, tx: &mut dyn Tx) -> Outcome {
        self.answering.keep(|| self.command.run(tx))
    }

    fn fail(&mut self, error: Error) {
        self.answering.fail(error);
    }

    fn settle(&mut self) {
        self.answering.is_settled = true;
    }

    fn is_settled(&self) -> bool {
        self.answering.is_settled
    }

    fn answer(self: Box<Self>) {
        self.answering.answer();
    }

    fn group(&self) -> Option<Group> {
        Some(Group {
            command: TypeId::of::<Self>(),
            community: self.community,
        })
    }

    fn run_with(&mut self, others: &mut [Box<dyn Job>], tx: &mut dyn Tx) -> Outcome {
        let others = others
            .iter_mut()
            .filter_map(|other| other.as_any()?.downcast_mut::<Self>());
        let group: Vec<&mut Self> = std::iter::once(self).chain(others).collect();
        let commands: Vec<&C> = group.iter().map(|member| &member.command).collect();
        let ran = catch_unwind(AssertUnwindSafe(|| C::run_together(&commands, tx)));
        match ran {
            Ok(Ok(answers)) if answers.len() == group.len() => {
                for (member, answer) in group.into_iter().zip(answers) {
                    member.answering.outcome = Some(answer);
                }
                Outcome::Done
            }
            Ok(_) => Outcome::Refused,
            Err(_) => Outcome::Panicked,
        }
    }

    fn as_any(&mut self) -> Option<&mut dyn Any> {
        Some(self)
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
