//! A write lane: takes what waits, runs it in one transaction, commits once, then answers all.
//!
//! The first try goes without savepoints, and commands of a kind that stand next to each other run together; if one
//! fails after it wrote, the batch is rolled back and tried again, each command alone in its savepoint. A command that
//! met another process is repeated with a fresh view, a bounded number of times.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};

use crate::command::{Job, Outcome};
use crate::session::Session;
use crate::{Cache, Error, FaultPlan, Read, Row, Tx, Value};

/// How often a batch is tried before its commands are tried one by one, and each of those before it is given up.
const ATTEMPTS_MAX: u32 = 6;

/// How long commands that meet other writers are tried before they are given up.
const TRYING_MAX: Duration = Duration::from_secs(20);

/// After a batch was rolled back for one command, this many batches begin with savepoints.
const CAREFUL_BATCHES: u32 = 16;

/// One writing connection and what it remembers.
pub(crate) struct Lane {
    session: Box<dyn Session>,
    cache: Cache,
    faults: FaultPlan,
    batch_max: usize,
    careful_batches: u32,
    committed: Option<Sender<()>>,
}

/// How a try of a batch ended.
enum Ending {
    /// Every outcome stands.
    Committed,
    /// Nothing stands; a new try may succeed.
    Again(Error),
    /// The database refused the whole at commit; each command has to be tried apart to find whose fault it is.
    Apart(Error),
    /// Nothing is known to stand, and no new try is safe or sensible.
    Lost(Error),
}

impl Lane {
    /// A lane that tells of its commits, if anybody wants to know.
    pub(crate) fn new(
        session: Box<dyn Session>,
        faults: FaultPlan,
        batch_max: usize,
        committed: Option<Sender<()>>,
    ) -> Self {
        Self {
            session,
            cache: Cache::default(),
            faults,
            batch_max: batch_max.max(1),
            careful_batches: 0,
            committed,
        }
    }

    /// Works until the queue is closed and empty.
    pub(crate) fn serve(mut self, queue: &Receiver<Box<dyn Job>>) {
        let mut batch = Vec::new();
        while let Ok(first) = queue.recv() {
            batch.push(first);
            batch.extend(queue.try_iter().take(self.batch_max - 1));
            self.run(&mut batch, Instant::now() + TRYING_MAX);
            for job in batch.drain(..) {
                job.answer();
            }
            if let Some(committed) = &self.committed {
                // Full means that it is known already.
                let _ = committed.try_send(());
            }
        }
    }

    /// Runs commands until each has an outcome that is true of the database.
    fn run(&mut self, jobs: &mut [Box<dyn Job>], end: Instant) {
        let mut savepoints = self.careful_batches > 0;
        self.careful_batches = self.careful_batches.saturating_sub(1);
        let mut last = Error::Conflict;
        for attempt in 0..ATTEMPTS_MAX {
            match self.attempt(jobs, attempt, savepoints) {
                Ending::Committed => return,
                Ending::Again(error) => {
                    savepoints = true;
                    self.careful_batches = CAREFUL_BATCHES;
                    self.forget();
                    last = error;
                    if Instant::now() >= end {
                        break;
                    }
                    pause(&last, attempt);
                }
                Ending::Apart(error) => {
                    self.forget();
                    last = error;
                    break;
                }
                Ending::Lost(error) => {
                    self.forget();
                    fail(jobs, &error);
                    return;
                }
            }
        }
        if jobs.len() == 1 || Instant::now() >= end {
            fail(jobs, &last);
            return;
        }
        for job in jobs {
            self.run(std::slice::from_mut(job), end);
        }
    }

    /// One transaction with all commands in it, those settled before left out.
    fn attempt(&mut self, jobs: &mut [Box<dyn Job>], attempt: u32, savepoints: bool) -> Ending {
        match self.session.begin() {
            Ok(false) => {}
            Ok(true) => self.cache.clear(),
            Err(error @ Error::Conflict) => return Ending::Again(error),
            Err(error) => return Ending::Lost(error),
        }
        let mut rest = jobs;
        while let Some((job, others)) = rest.split_first_mut() {
            let like = if savepoints {
                0
            } else {
                like(job.as_ref(), others)
            };
            let (group, next) = others.split_at_mut(like);
            rest = next;
            let ending = if job.is_settled() {
                None
            } else if group.is_empty() {
                self.step(job.as_mut(), attempt, savepoints)
            } else {
                self.step_together(job.as_mut(), group)
            };
            if let Some(ending) = ending {
                return ending;
            }
        }
        let session = &mut self.session;
        match self.faults.call(|| session.commit()) {
            Ok(()) => Ending::Committed,
            Err(error @ Error::Conflict) => Ending::Again(error),
            Err(error @ (Error::Constraint { .. } | Error::Duplicate { .. })) => {
                Ending::Apart(error)
            }
            Err(error) => Ending::Lost(error),
        }
    }

    /// One command; `Some` if the transaction ended with it.
    fn step(&mut self, job: &mut dyn Job, attempt: u32, savepoints: bool) -> Option<Ending> {
        let mut tx = LaneTx::new(self, savepoints);
        let outcome = job.run(&mut tx);
        let LaneTx {
            is_marked,
            has_written,
            error,
            ..
        } = tx;
        if outcome == Outcome::Done && error.is_none() {
            return if is_marked {
                self.session.release().err().map(Ending::Again)
            } else {
                None
            };
        }
        self.cache.clear();
        if let (Outcome::Done, Some(error)) = (outcome, &error) {
            // The command swallowed the error; what it did is void all the same, on both engines.
            job.fail(error.clone());
        }
        let voided = self.session.is_voided_by_errors();
        match error {
            Some(error @ Error::Conflict) => return Some(Ending::Again(error)),
            Some(error) if self.session.is_lost() => {
                return Some(if attempt == 0 {
                    Ending::Again(error)
                } else {
                    Ending::Lost(error)
                });
            }
            // Another process may have come first: look again with a fresh view, once.
            Some(error @ Error::Duplicate { .. }) if voided && attempt == 0 => {
                return Some(Ending::Again(error));
            }
            Some(Error::Unavailable { .. }) => job.settle(),
            None if !has_written => {
                if outcome == Outcome::Panicked {
                    job.settle();
                }
                return if is_marked {
                    self.session.release().err().map(Ending::Again)
                } else {
                    None
                };
            }
            _ => {}
        }
        if outcome == Outcome::Panicked {
            job.settle();
        }
        if is_marked {
            self.session.rollback_to().err().map(Ending::Again)
        } else if has_written || voided {
            Some(Ending::Again(Error::Conflict))
        } else {
            None
        }
    }

    /// Commands of a kind, as one. If anything is wrong, it is found by trying each alone.
    fn step_together(&mut self, job: &mut dyn Job, others: &mut [Box<dyn Job>]) -> Option<Ending> {
        let mut tx = LaneTx::new(self, false);
        let outcome = job.run_with(others, &mut tx);
        match tx.error.take() {
            None if outcome == Outcome::Done => None,
            error => Some(Ending::Again(error.unwrap_or(Error::Conflict))),
        }
    }

    /// Rolls back, and forgets what was true only of what is rolled back.
    fn forget(&mut self) {
        self.session.rollback();
        self.cache.clear();
    }
}

/// How many of the commands that follow can be run together with this one.
fn like(job: &dyn Job, following: &[Box<dyn Job>]) -> usize {
    let Some(group) = job.group().filter(|_| !job.is_settled()) else {
        return 0;
    };
    following
        .iter()
        .take_while(|other| other.group() == Some(group) && !other.is_settled())
        .count()
}

fn fail(jobs: &mut [Box<dyn Job>], error: &Error) {
    for job in jobs {
        job.fail(error.clone());
    }
}

/// Waits a little after meeting another writer: 1, 2, 4 … ms, unevenly, so that two don't meet again.
fn pause(error: &Error, attempt: u32) {
    if *error != Error::Conflict || attempt == 0 {
        return;
    }
    let uneven = u64::from(std::process::id() % 7);
    let micros = (1_000_u64 << attempt.min(6)) + uneven * 211;
    std::thread::sleep(Duration::from_micros(micros));
}

/// A command's transaction in its lane.
struct LaneTx<'lane> {
    session: &'lane mut dyn Session,
    cache: &'lane mut Cache,
    faults: &'lane FaultPlan,
    savepoints: bool,
    is_marked: bool,
    has_written: bool,
    error: Option<Error>,
}

impl<'lane> LaneTx<'lane> {
    fn new(lane: &'lane mut Lane, savepoints: bool) -> Self {
        Self {
            session: lane.session.as_mut(),
            cache: &mut lane.cache,
            faults: &lane.faults,
            savepoints,
            is_marked: false,
            has_written: false,
            error: None,
        }
    }

    /// Makes a call, unless one failed before: after an error a transaction is void.
    fn call<T>(
        &mut self,
        writes: bool,
        make: impl FnOnce(&mut dyn Session) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let answer = self.mark(writes).and_then(|()| {
            self.has_written |= writes;
            let session = &mut *self.session;
            self.faults.call(|| make(session))
        });
        if let Err(error) = &answer {
            self.error = Some(error.clone());
        }
        answer
    }

    /// Sets the command's savepoint before its first call that needs one.
    fn mark(&mut self, writes: bool) -> Result<(), Error> {
        if self.savepoints && !self.is_marked && (writes || self.session.is_voided_by_errors()) {
            self.session.savepoint()?;
            self.is_marked = true;
        }
        Ok(())
    }
}

impl Read for LaneTx<'_> {
    fn query(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.call(!is_select(sql), |session| session.query(sql, parameters))
    }

    fn query_many(&mut self, sql: &'static str, asked: &[Vec<Value>]) -> Result<Vec<Row>, Error> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        self.call(false, |session| session.query_many(sql, asked))
    }
}

impl Tx for LaneTx<'_> {
    fn execute(&mut self, sql: &'static str, parameters: &[Value]) -> Result<u64, Error> {
        self.call(true, |session| session.execute(sql, parameters))
    }

    fn insert_many(&mut self, insert: &'static str, rows: &[Vec<Value>]) -> Result<u64, Error> {
        if rows.is_empty() {
            return Ok(0);
        }
        self.call(true, |session| session.insert_many(insert, rows))
    }

    fn cache(&mut self) -> &mut Cache {
        self.cache
    }
}

/// Whether a statement is sure not to write.
fn is_select(sql: &str) -> bool {
    sql.trim_start()
        .get(..6)
        .is_some_and(|word| word.eq_ignore_ascii_case("select"))
}
