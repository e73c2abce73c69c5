//! Analyses in memory: made once for what they depend on, on a thread of their own, one at a time, and kept while they are looked at.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use kernel::CommunityId;
use sha2::{Digest, Sha256};
use shell::{App, Failure};
use tokio::sync::Notify;

use crate::commands::NoteReading;
use crate::found::{Found, STEPS};
use crate::model::{CircleId, MapOutcome, PlanChange};
use crate::store::Circle;
use crate::{Error, queries};

/// How many analyses are kept.
const KEPT: usize = 6;
/// How long a page waits for an analysis before it shows how far it has come.
const PATIENCE: Duration = Duration::from_millis(800);

/// What an analysis depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    community: CommunityId,
    circle: CircleId,
    inputs: [u8; 32],
    changes: Vec<PlanChange>,
}

/// The analyses of a running program. Cheap to clone: all clones are one.
#[derive(Clone, Default)]
pub struct Analyses(Arc<Shelf>);

#[derive(Default)]
struct Shelf {
    /// The one asked for last comes last.
    entries: Mutex<VecDeque<(Key, Arc<Entry>)>>,
    /// Held by the one that is being made: an analysis uses every core.
    turn: Mutex<()>,
}

#[derive(Default)]
struct Entry {
    step: AtomicU64,
    made: OnceLock<Result<Arc<Found>, String>>,
    done: Notify,
}

/// How an analysis stands.
#[derive(Clone, Debug)]
pub enum Standing {
    /// There is no street map yet.
    NoMap,
    /// It is being made: so many steps of so many.
    Working {
        /// Steps done.
        done: u64,
        /// Steps in all.
        all: u64,
    },
    /// It is there.
    Ready(Arc<Found>),
    /// The map or the types can't be used; why.
    Failed(String),
}

impl Standing {
    /// The analysis, or why there is none.
    pub fn ready(self) -> Result<Arc<Found>, Error> {
        match self {
            Self::Ready(found) => Ok(found),
            Self::NoMap => Err(Error::NoMap),
            Self::Working { .. } => Err(Error::Working),
            Self::Failed(reason) => Err(Error::Analysis { reason }),
        }
    }
}

impl Analyses {
    /// The analysis of a circle as it is, begun if nobody has yet; waits a moment for it.
    pub async fn of(
        &self,
        app: &App,
        community: CommunityId,
        circle: &Circle,
    ) -> Result<Standing, Failure> {
        let Some(map) = circle.map_in_use() else {
            return Ok(refused(circle));
        };
        let number = map.number;
        let key = Key {
            community,
            circle: circle.id,
            inputs: fingerprint(circle, number),
            changes: Vec::new(),
        };
        let (entry, is_new) = self.0.entry(key);
        if is_new {
            let (shelf, app, id) = (self.0.clone(), app.clone(), circle.id);
            let (entry, is_noted) = (entry.clone(), map.outcome.is_some());
            tokio::spawn(async move {
                let made = match make(&app, shelf.clone(), community, id, entry.clone()).await {
                    Ok(made) => {
                        if !is_noted {
                            note(&app, community, id, number, &made).await;
                        }
                        made
                    }
                    Err(broken) => {
                        // Not the map's fault: whoever asks next tries again.
                        shelf.forget(&entry);
                        Err(broken)
                    }
                };
                entry.finish(made);
            });
        }
        Ok(entry.standing().await)
    }

    /// What would be found after these changes; waits until it is there.
    pub async fn changed(
        &self,
        community: CommunityId,
        circle: &Circle,
        found: Arc<Found>,
        changes: Vec<PlanChange>,
    ) -> Result<Arc<Found>, Failure> {
        if changes.is_empty() {
            return Ok(found);
        }
        let number = circle.map_in_use().map_or(0, |map| map.number);
        let key = Key {
            community,
            circle: circle.id,
            inputs: fingerprint(circle, number),
            changes: changes.clone(),
        };
        if let Some(Ok(known)) = self
            .0
            .known(&key)
            .and_then(|entry| entry.made.get().cloned())
        {
            return Ok(known);
        }
        let shelf = self.0.clone();
        let made = tokio::task::spawn_blocking(move || {
            let _turn = shelf.turn.lock().unwrap_or_else(PoisonError::into_inner);
            found.changed(&changes)
        });
        let made = made
            .await
            .map_err(|error| Failure::internal("an analysis", &error))??;
        let made = Arc::new(made);
        let (entry, _) = self.0.entry(key);
        entry.finish(Ok(made.clone()));
        Ok(made)
    }
}

fn refused(circle: &Circle) -> Standing {
    let last = circle.maps.last().and_then(|map| map.outcome.as_ref());
    match last {
        Some(MapOutcome::Refused(reason)) => Standing::Failed(reason.clone()),
        _ => Standing::NoMap,
    }
}

impl Shelf {
    fn known(&self, key: &Key) -> Option<Arc<Entry>> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let place = entries.iter().position(|(known, _)| known == key)?;
        let (key, entry) = entries.remove(place)?;
        entries.push_back((key, entry.clone()));
        Some(entry)
    }

    fn forget(&self, entry: &Arc<Entry>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|(_, known)| !Arc::ptr_eq(known, entry));
    }

    /// The entry of a key, and whether it is new.
    fn entry(&self, key: Key) -> (Arc<Entry>, bool) {
        if let Some(entry) = self.known(&key) {
            return (entry, false);
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = Arc::new(Entry::default());
        entries.push_back((key, entry.clone()));
        while entries.len() > KEPT {
            entries.pop_front();
        }
        (entry, true)
    }
}

impl Entry {
    fn finish(&self, made: Result<Arc<Found>, String>) {
        // Two may have made the same; either is right.
        let _ = self.made.set(made);
        self.done.notify_waiters();
    }

    async fn standing(&self) -> Standing {
        let waiting = self.done.notified();
        if self.made.get().is_none() {
            let _ = tokio::time::timeout(PATIENCE, waiting).await;
        }
        match self.made.get() {
            Some(Ok(found)) => Standing::Ready(found.clone()),
            Some(Err(reason)) => Standing::Failed(reason.clone()),
            None => Standing::Working {
                done: self.step.load(Ordering::Relaxed),
                all: STEPS,
            },
        }
    }
}

/// Reads the inputs and analyses them: what was found or why the map can't be used; or else what broke on the way.
async fn make(
    app: &App,
    shelf: Arc<Shelf>,
    community: CommunityId,
    circle: CircleId,
    entry: Arc<Entry>,
) -> Result<Result<Arc<Found>, String>, String> {
    let inputs = app
        .database()
        .read(move |read| queries::inputs(read, community, circle))
        .await
        .map_err(|error| error.to_string())?;
    let made = tokio::task::spawn_blocking(move || {
        let _turn = shelf.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let step = |done| entry.step.store(done, Ordering::Relaxed);
        Found::of(&inputs, &step).map_err(|fault| fault.to_string())
    });
    let made = made.await.map_err(|error| error.to_string())?;
    Ok(made.map(Arc::new))
}

/// Keeps in the journal what a map held. Another process may have done so already.
async fn note(
    app: &App,
    community: CommunityId,
    circle: CircleId,
    number: u32,
    made: &Result<Arc<Found>, String>,
) {
    let outcome = match made {
        Ok(found) => MapOutcome::Read(found.summary()),
        Err(reason) => MapOutcome::Refused(reason.chars().take(500).collect()),
    };
    let command = NoteReading {
        circle,
        number,
        outcome,
    };
    let Ok(ctx) = app.system_context(community) else {
        return;
    };
    // Whoever is second is refused, and nothing is lost by that.
    let _ = app.journal().execute(ctx, command).await;
}

/// Of everything that an analysis is made of.
fn fingerprint(circle: &Circle, map: u32) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(map.to_be_bytes());
    hash.update(circle.types.unwrap_or(0).to_be_bytes());
    for list in circle.lists.iter().filter(|list| list.withdrawn.is_none()) {
        hash.update(list.id.to_bytes());
        hash.update(list.datum.name());
        hash.update([u8::from(list.swapped)]);
    }
    hash.finalize().into()
}

/// The circle and how its analysis stands.
pub(crate) async fn now(
    analyses: &Analyses,
    member: &shell::Member,
    id: CircleId,
) -> Result<(Circle, Standing), Failure> {
    let circle = member
        .read(move |read, ctx| queries::circle(read, ctx, id))
        .await?;
    let standing = analyses.of(member.app(), member.community, &circle).await?;
    Ok((circle, standing))
}

/// The circle and its analysis, or why there is none.
pub(crate) async fn ready(
    analyses: &Analyses,
    member: &shell::Member,
    id: CircleId,
) -> Result<(Circle, Arc<Found>), Failure> {
    let (circle, standing) = now(analyses, member, id).await?;
    Ok((circle, standing.ready()?))
}
