//! A database: opened once, cloned freely, written in lanes and read beside them.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

use crossbeam_channel::{Sender, bounded};
use kernel::CommunityId;
use tokio::sync::oneshot;

use crate::address::Address;
use crate::checkpoint;
use crate::command::{Command, Job, Member, Together, panicked, stopped};
use crate::lane::Lane;
use crate::reader::{self, Question};
use crate::session::Session;
use crate::{Error, Options, Read, ReadCache, Tx};

/// A database on either engine. Clones share its connections.
///
/// ```
/// let database = db::Database::open("sqlite::memory:", db::Options::default())?;
/// let community = kernel::CommunityId::from_uuid(kernel::Uuid::nil());
/// let answer: i64 = database.write_blocking(community, |tx| {
///     tx.query_one("select $1 + 1", &[41_i64.into()])?.map_or(Ok(0), |row| row.get(0))
/// })?;
/// assert_eq!(answer, 42);
/// # Ok::<(), db::Error>(())
/// ```
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    address: Arc<Address>,
    queues: RwLock<Option<Queues>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

struct Queues {
    lanes: Vec<Sender<Box<dyn Job>>>,
    readers: Sender<Question>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Database").field(&self.engine()).finish()
    }
}

/// Which database software it is; for display, not for deciding what SQL to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite inside the process.
    Sqlite,
    /// PostgreSQL, or what speaks its protocol.
    Postgres,
}

impl std::fmt::Display for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

impl Database {
    /// Opens the database at `sqlite:PATH`, `sqlite::memory:` (for tests: its own, gone with the last clone) or
    /// `postgres://USER@HOST/NAME`, and starts its lanes and readers. Blocks until all are connected.
    ///
    /// The connection to PostgreSQL is not encrypted: reach it by its Unix socket (`postgres://USER@%2Frun%2F…/NAME`),
    /// on the same host, or through a tunnel. Its database should be made with `locale = 'C'`, so that text is
    /// ordered as on SQLite.
    pub fn open(url: &str, options: Options) -> Result<Self, Error> {
        let address = Arc::new(Address::parse(url, options)?);
        let options = address.options().clone();
        let inner = Inner {
            address,
            queues: RwLock::new(None),
            threads: Mutex::new(Vec::new()),
        };
        let lanes = match inner.address.engine() {
            Engine::Sqlite => 1,
            Engine::Postgres => options.lanes.max(1),
        };
        let mut queues = Vec::new();
        let mut committed = None;
        if inner.address.engine() == Engine::Sqlite {
            let (sender, receiver) = bounded(1);
            inner.start("linli-checkpoint", false, move |session| {
                checkpoint::serve(session, &receiver);
            })?;
            committed = Some(sender);
        }
        for _ in 0..lanes {
            let (sender, receiver) = bounded::<Box<dyn Job>>(options.queue_max);
            let (faults, batch_max) = (
                options.faults.clone().unwrap_or_default(),
                options.batch_max,
            );
            let committed = committed.clone();
            inner.start("linli-lane", false, move |session| {
                Lane::new(session, faults, batch_max, committed).serve(&receiver);
            })?;
            queues.push(sender);
        }
        // The lane holds the only sender, so that the checkpoints end with it.
        drop(committed);
        let (readers, receiver) = bounded::<Question>(options.queue_max);
        let remembered = Arc::new(ReadCache::default());
        for _ in 0..options.readers.max(1) {
            let (receiver, remembered) = (receiver.clone(), Arc::clone(&remembered));
            inner.start("linli-read", true, move |session| {
                reader::serve(session, &receiver, &remembered);
            })?;
        }
        let opened = Queues {
            lanes: queues,
            readers,
        };
        *inner.queues.write().unwrap_or_else(PoisonError::into_inner) = Some(opened);
        Ok(Self(Arc::new(inner)))
    }

    /// Runs a command to completion in its community's lane and answers once it is committed.
    ///
    /// The command may run more than once, each time on the state as it then is, and only its last run stands; so it
    /// reads and writes through `tx` alone. Once a call of `tx` fails, the whole command fails. If the caller stops
    /// waiting, the command runs all the same. [`Error::Unavailable`] leaves open whether it was committed.
    pub async fn write<T, E, F>(&self, community: CommunityId, command: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job = Command::new(command, move |outcome| drop(sender.send(outcome)));
        self.enqueue(community, Box::new(job))?;
        receiver.await.unwrap_or_else(|_| Err(stopped().into()))
    }

    /// [`Self::write`] for a thread that may wait.
    pub fn write_blocking<T, E, F>(&self, community: CommunityId, command: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    {
        if is_own_thread() {
            return Err(Error::Nested.into());
        }
        let (sender, receiver) = bounded(1);
        let job = Command::new(command, move |outcome| drop(sender.send(outcome)));
        self.enqueue(community, Box::new(job))?;
        receiver.recv().unwrap_or_else(|_| Err(stopped().into()))
    }

    /// [`Self::write`] for a command that the lane may run together with its like.
    pub async fn write_together<C: Together>(
        &self,
        community: CommunityId,
        command: C,
    ) -> Result<C::Answer, C::Error> {
        let (sender, receiver) = oneshot::channel();
        let job = Member::new(community, command, move |outcome| {
            drop(sender.send(outcome));
        });
        self.enqueue(community, Box::new(job))?;
        receiver.await.unwrap_or_else(|_| Err(stopped().into()))
    }

    /// Answers a question from one snapshot, which holds every write acknowledged before.
    pub async fn read<T, E, F>(&self, question: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut dyn Read) -> Result<T, E> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        self.ask(reader::question(question, move |answer| {
            drop(sender.send(answer));
        }))?;
        receiver.await.unwrap_or_else(|_| Err(stopped().into()))
    }

    /// [`Self::read`] for a thread that may wait.
    pub fn read_blocking<T, E, F>(&self, question: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut dyn Read) -> Result<T, E> + Send + 'static,
    {
        if is_own_thread() {
            return Err(Error::Nested.into());
        }
        let (sender, receiver) = bounded(1);
        self.ask(reader::question(question, move |answer| {
            drop(sender.send(answer));
        }))?;
        receiver.recv().unwrap_or_else(|_| Err(stopped().into()))
    }

    /// The database software.
    pub fn engine(&self) -> Engine {
        self.0.address.engine()
    }

    /// Takes no more work, finishes what waits, and disconnects. Later work answers [`Error::Unavailable`].
    pub fn close(&self) {
        self.0.close();
    }

    /// Whether the writer of every lane and a reader answer.
    pub fn check(&self) -> Result<(), Error> {
        let (sender, receiver) = bounded(self.lanes());
        for lane in 0..self.lanes() {
            let sender = sender.clone();
            let job = Command::new(select_one, move |outcome: Result<(), Error>| {
                drop(sender.send(outcome));
            });
            self.enqueue_in(lane, Box::new(job))?;
        }
        drop(sender);
        for _ in 0..self.lanes() {
            receiver.recv().unwrap_or_else(|_| Err(stopped()))?;
        }
        self.read_blocking(|read| read.query("select 1", &[]).map(drop))
    }

    /// The bytes that the database takes on its disk.
    pub fn size_bytes(&self) -> Result<u64, Error> {
        let bytes: i64 = match self.engine() {
            Engine::Sqlite => self.read_blocking(|read| {
                only(
                    read,
                    "select page_count * page_size from pragma_page_count, pragma_page_size",
                )
            })?,
            Engine::Postgres => self
                .read_blocking(|read| only(read, "select pg_database_size(current_database())"))?,
        };
        Ok(u64::try_from(bytes).unwrap_or_default())
    }

    /// Writes a consistent copy to a new file, while work goes on. SQLite only: a PostgreSQL server is backed up by
    /// its own tools, and the error says how.
    pub fn backup(&self, path: &Path) -> Result<(), Error> {
        self.0.address.backup(path)
    }

    /// A connection of its own, used on a thread of its own.
    pub(crate) fn with_session<T: Send>(
        &self,
        work: impl FnOnce(&mut dyn Session) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let address = &self.0.address;
        std::thread::scope(|scope| {
            scope
                .spawn(|| work(address.connect(false)?.as_mut()))
                .join()
                .unwrap_or_else(|panic| Err(panicked(panic.as_ref())))
        })
    }

    fn lanes(&self) -> usize {
        let queues = self.0.queues.read().unwrap_or_else(PoisonError::into_inner);
        queues.as_ref().map_or(1, |queues| queues.lanes.len())
    }

    fn enqueue(&self, community: CommunityId, job: Box<dyn Job>) -> Result<(), Error> {
        let lanes = u128::try_from(self.lanes()).unwrap_or(1).max(1);
        // The low half of a UUIDv7 is random, so communities spread evenly.
        let lane = usize::try_from((community.uuid().as_u128() & u128::from(u64::MAX)) % lanes);
        self.enqueue_in(lane.unwrap_or_default(), job)
    }

    fn enqueue_in(&self, lane: usize, job: Box<dyn Job>) -> Result<(), Error> {
        let queues = self.0.queues.read().unwrap_or_else(PoisonError::into_inner);
        let queues = queues.as_ref().ok_or_else(stopped)?;
        let queue = queues.lanes.get(lane).ok_or_else(stopped)?;
        queue.try_send(job).map_err(|error| refused(&error))
    }

    fn ask(&self, question: Question) -> Result<(), Error> {
        let queues = self.0.queues.read().unwrap_or_else(PoisonError::into_inner);
        let queues = queues.as_ref().ok_or_else(stopped)?;
        queues
            .readers
            .try_send(question)
            .map_err(|error| refused(&error))
    }
}

fn refused<T>(error: &crossbeam_channel::TrySendError<T>) -> Error {
    if error.is_full() {
        Error::Busy
    } else {
        stopped()
    }
}

fn select_one(tx: &mut dyn Tx) -> Result<(), Error> {
    tx.query("select 1", &[]).map(drop)
}

fn only(read: &mut dyn Read, sql: &'static str) -> Result<i64, Error> {
    read.query_one(sql, &[])?.map_or(Ok(0), |row| row.get(0))
}

/// Whether this thread is a lane or a reader, which would wait for itself.
fn is_own_thread() -> bool {
    std::thread::current()
        .name()
        .is_some_and(|name| name == "linli-lane" || name == "linli-read")
}

impl Inner {
    /// Starts a thread that connects and works; returns once it is connected.
    fn start(
        &self,
        name: &str,
        read_only: bool,
        work: impl FnOnce(Box<dyn Session>) + Send + 'static,
    ) -> Result<(), Error> {
        let (sender, receiver) = bounded(1);
        let address = Arc::clone(&self.address);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || match address.connect(read_only) {
                Ok(session) => {
                    drop(sender.send(Ok(())));
                    work(session);
                }
                Err(error) => drop(sender.send(Err(error))),
            })
            .map_err(|error| Error::Unavailable {
                reason: error.to_string(),
            })?;
        self.threads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(thread);
        receiver.recv().unwrap_or_else(|_| Err(stopped()))
    }

    fn close(&self) {
        drop(
            self.queues
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        if is_own_thread() {
            // The last clone was captured by a command or a question. Its thread can't wait for itself, nor for the
            // checkpoints, which end with the lane; all of them end by themselves once their queues are closed.
            return;
        }
        for thread in threads {
            let _ = thread.join();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}
