//! Readers: connections that only read, each question in one snapshot.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crossbeam_channel::Receiver;

use crate::command::panicked;
use crate::session::Session;
use crate::{Error, Read, ReadCache, Row, Value};

/// A question on its way to a reader: asks and answers.
pub(crate) type Question = Box<dyn FnOnce(&mut dyn Session, &ReadCache) + Send>;

/// A closure and its listener as a question.
pub(crate) fn question<T, E, F, A>(ask: F, listener: A) -> Question
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: FnOnce(&mut dyn Read) -> Result<T, E> + Send + 'static,
    A: FnOnce(Result<T, E>) + Send + 'static,
{
    Box::new(move |session, cache| {
        let answer = catch_unwind(AssertUnwindSafe(|| {
            session.begin()?;
            ask(&mut Snapshot { session, cache })
        }));
        listener(answer.unwrap_or_else(|panic| Err(panicked(panic.as_ref()).into())));
    })
}

/// Answers questions until the queue is closed and empty.
pub(crate) fn serve(mut session: Box<dyn Session>, queue: &Receiver<Question>, cache: &ReadCache) {
    while let Ok(question) = queue.recv() {
        question(session.as_mut(), cache);
        // After the answer is on its way: nothing was written, so how the transaction ends does not matter.
        session.rollback();
    }
}

struct Snapshot<'session> {
    session: &'session mut dyn Session,
    cache: &'session ReadCache,
}

impl Read for Snapshot<'_> {
    fn query(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.session.query(sql, parameters)
    }

    fn query_many(&mut self, sql: &'static str, asked: &[Vec<Value>]) -> Result<Vec<Row>, Error> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        self.session.query_many(sql, asked)
    }

    fn remembered(&self) -> Option<&ReadCache> {
        Some(self.cache)
    }
}
