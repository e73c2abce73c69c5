//! Bare transfers of many callers at once: what waits is posted as one command, made durable once, and answered.

use std::sync::Arc;

use db::Tx;
use journal::{Change, Command, Journal, record};
use kernel::{Context, Permission};
use ledger::{Refusal, Request};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use crate::load::{self, Kept};
use crate::post::write;
use crate::{Error, Stamp, store};

/// Post bare transfers; held by Linli itself, for its jobs.
pub const POST: Permission = Permission("book.post");

/// The most requests of one batch.
const BATCH_MAX: usize = 4_096;
/// The most accounts whose overdue reservations are given back at once.
const OVERDUE_MAX: u32 = 1_000;
/// The most requests that wait; further callers wait to be let in.
const WAITING_MAX: usize = 16_384;

/// What became of one request of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// It stands in the book, at this number; `repeated` if it did so before.
    Done {
        /// The number of its record.
        seq: u64,
        /// Whether it had been done before.
        repeated: bool,
    },
    /// It was refused, and the others were not affected.
    Refused(Refusal),
}

/// Posts requests one by one in order: each is done or refused by itself, all are durable together.
#[derive(Serialize, Deserialize)]
pub struct PostBatch {
    /// The requests.
    pub requests: Vec<Request>,
    /// Whether the caller knows that the ids are new: then they are not looked up, and if one is not new after all the
    /// whole batch fails as a duplicate.
    #[serde(skip)]
    pub only_new: bool,
}

impl Command for PostBatch {
    const NAME: &'static str = "book.batch.post";
    type Outcome = Vec<Answer>;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Vec<Answer>, Error> {
        ctx.require(POST)?;
        let mut kept = load::take(tx, ctx.community)?;
        load::all(
            tx,
            ctx.community,
            &mut kept.book,
            self.requests.iter(),
            self.only_new,
        )?;
        let (answers, stamp) = self.post(tx, ctx, &mut kept)?;
        load::put_back(tx, ctx.community, kept);
        let change = Change::new("book.batch.posted", "book")
            .public(json!({ "requests": self.requests.len(), "book": stamp }));
        record(tx, ctx, change)?;
        Ok(answers)
    }
}

impl PostBatch {
    fn post(
        &self,
        tx: &mut dyn Tx,
        ctx: &Context,
        kept: &mut Kept,
    ) -> Result<(Vec<Answer>, Option<Stamp>), Error> {
        let mut written = Vec::with_capacity(self.requests.len());
        let mut answers = Vec::with_capacity(self.requests.len());
        for request in &self.requests {
            answers.push(match kept.book.apply(ctx.now.micros(), request) {
                Ok(receipt) => {
                    written.extend(receipt.written().map(Arc::clone));
                    Answer::Done {
                        seq: receipt.main().seq,
                        repeated: receipt.repeated,
                    }
                }
                Err(refusal) => Answer::Refused(refusal),
            });
        }
        let stamp = kept.stamp(&written);
        write(tx, ctx.community, kept, &written)?;
        Ok((answers, stamp))
    }
}

/// Gives back what is reserved past its deadline; says how many reservations those were. Whoever touches such an account
/// does so too; this is for those that nobody touches.
#[derive(Serialize, Deserialize)]
pub struct GiveBackOverdue;

impl Command for GiveBackOverdue {
    const NAME: &'static str = "book.overdue.give-back";
    type Outcome = usize;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<usize, Error> {
        ctx.require(POST)?;
        let mut kept = load::take(tx, ctx.community)?;
        let overdue = store::overdue(tx, ctx.community, ctx.now, OVERDUE_MAX)?;
        let overdue = overdue.into_iter().collect();
        load::accounts(tx, ctx.community, &mut kept.book, overdue)?;
        let given_back = kept.book.give_back_overdue(ctx.now.micros());
        let stamp = kept.stamp(&given_back);
        write(tx, ctx.community, &kept, &given_back)?;
        load::put_back(tx, ctx.community, kept);
        let change = Change::new("book.overdue.given-back", "book")
            .public(json!({ "reservations": given_back.len(), "book": stamp }));
        record(tx, ctx, change)?;
        Ok(given_back.len())
    }
}

/// Takes transfers of one community from many callers. Clones share the queue; it works until the last is dropped.
#[derive(Clone)]
pub struct Teller(mpsc::Sender<Waiting>);

struct Waiting {
    request: Request,
    answer: oneshot::Sender<Result<Answer, Arc<Error>>>,
}

impl Teller {
    /// Starts taking transfers, within a Tokio runtime. `context` says at which time and by whose right a batch is posted.
    pub fn start(journal: Journal, context: impl Fn() -> Context + Send + Sync + 'static) -> Self {
        let (sender, queue) = mpsc::channel(WAITING_MAX);
        tokio::spawn(serve(journal, context, queue));
        Self(sender)
    }

    /// Posts one transfer; on `Ok(Answer::Done)` it is durable.
    ///
    /// # Errors
    /// [`Error`] where the batch failed as a whole; whether it stands is then to be asked by sending the request again.
    pub async fn post(&self, request: Request) -> Result<Answer, Arc<Error>> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { request, answer };
        let stopped = || Arc::new(Error::Stopped);
        self.0.send(waiting).await.map_err(|_| stopped())?;
        answered.await.unwrap_or_else(|_| Err(stopped()))
    }
}

async fn serve(
    journal: Journal,
    context: impl Fn() -> Context + Sync,
    mut queue: mpsc::Receiver<Waiting>,
) {
    let mut batch = Vec::new();
    while queue.recv_many(&mut batch, BATCH_MAX).await > 0 {
        gather(&mut queue, &mut batch).await;
        let requests: Vec<Request> = batch.iter().map(|waiting| waiting.request).collect();
        match post(&journal, &context, requests).await {
            Ok(answers) => {
                for (waiting, answer) in batch.drain(..).zip(answers) {
                    // Whoever stopped waiting may ask again with the same id.
                    let _ = waiting.answer.send(Ok(answer));
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                for waiting in batch.drain(..) {
                    let _ = waiting.answer.send(Err(Arc::clone(&error)));
                }
            }
        }
    }
}

/// Lets those who were answered just now ask again before the next commit: without it, whoever is first goes alone, the
/// rest wait for that commit, and each batch holds half of what it could.
async fn gather(queue: &mut mpsc::Receiver<Waiting>, batch: &mut Vec<Waiting>) {
    while batch.len() < BATCH_MAX {
        let before = batch.len();
        tokio::task::yield_now().await;
        while batch.len() < BATCH_MAX
            && let Ok(waiting) = queue.try_recv()
        {
            batch.push(waiting);
        }
        if batch.len() == before {
            return;
        }
    }
}

/// First in the hope that the ids are new, which the database's unique index guards; then by looking them up.
async fn post(
    journal: &Journal,
    context: &(impl Fn() -> Context + Sync),
    requests: Vec<Request>,
) -> Result<Vec<Answer>, Error> {
    let hopeful = PostBatch {
        requests: requests.clone(),
        only_new: true,
    };
    match journal.execute(context(), hopeful).await {
        Err(Error::Database(db::Error::Duplicate { .. } | db::Error::Conflict)) => {
            let careful = PostBatch {
                requests,
                only_new: false,
            };
            journal.execute(context(), careful).await
        }
        outcome => outcome,
    }
}
