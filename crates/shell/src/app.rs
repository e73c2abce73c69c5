//! The program's state, shared by all handlers.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use db::{Database, Read};
use identity::{Directory, Sessions};
use journal::Journal;
use kernel::{Actor, CommunityId, Context, Randomness, Timestamp, Vault};
use web_ui::Messages;

use crate::{Failure, Metrics, Navigation};

/// Where the time comes from: the system's clock, or a test's.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What the operator set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address people use, such as `https://linli.example`; links in documents and QR codes start with it.
    pub public_url: String,
    /// The city's name, where the operator gave one.
    pub city_name: Option<String>,
    /// Whether browsers reach Linli by HTTPS, so that cookies may insist on it.
    pub secure: bool,
    /// Whether everything shown is demo data.
    pub demo: bool,
    /// Whether `X-Forwarded-For` names the client: only behind a proxy that sets it.
    pub trust_proxy: bool,
}

/// What a community shows of itself on every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommunityFace {
    /// Its name.
    pub name: String,
    /// Whether its data is invented.
    pub demo: bool,
}

/// How the shell learns a community's face without knowing the module that keeps it.
pub type FindCommunity = fn(&mut dyn Read, CommunityId) -> Result<Option<CommunityFace>, Failure>;

/// What the roof puts together.
pub struct Parts {
    /// The journal and its database.
    pub journal: Journal,
    /// The keys for personal data.
    pub vault: Vault,
    /// Who may do what.
    pub directory: Directory,
    /// Whose session a token is.
    pub sessions: Sessions,
    /// All texts.
    pub messages: Arc<Messages>,
    /// The main navigation.
    pub navigation: Navigation,
    /// The clock.
    pub clock: Clock,
    /// What the operator set.
    pub settings: Settings,
    /// Finds a community's face.
    pub find_community: FindCommunity,
}

/// The state; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    parts: Parts,
    metrics: Metrics,
    faces: RwLock<HashMap<CommunityId, CommunityFace>>,
}

impl App {
    /// The state of these parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            parts,
            metrics: Metrics::new(),
            faces: RwLock::default(),
        }))
    }

    /// The journal.
    pub fn journal(&self) -> &Journal {
        &self.0.parts.journal
    }

    /// The database.
    pub fn database(&self) -> &Database {
        self.0.parts.journal.database()
    }

    /// The keys for personal data.
    pub fn vault(&self) -> &Vault {
        &self.0.parts.vault
    }

    /// Who may do what.
    pub fn directory(&self) -> &Directory {
        &self.0.parts.directory
    }

    /// Whose session a token is.
    pub fn sessions(&self) -> &Sessions {
        &self.0.parts.sessions
    }

    /// All texts.
    pub fn messages(&self) -> &Arc<Messages> {
        &self.0.parts.messages
    }

    /// The main navigation.
    pub fn navigation(&self) -> &Navigation {
        &self.0.parts.navigation
    }

    /// What the operator set.
    pub fn settings(&self) -> &Settings {
        &self.0.parts.settings
    }

    /// What is measured.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// The server's time.
    pub fn now(&self) -> Timestamp {
        (self.0.parts.clock)()
    }

    /// Fresh randomness for one command.
    pub fn randomness(&self) -> Result<Randomness, Failure> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)
            .map_err(|error| Failure::internal("the system's randomness", &error))?;
        Ok(Randomness::from_seed(seed))
    }

    /// Linli acting by itself in a community, with every permission.
    pub fn system_context(&self, community: CommunityId) -> Result<Context, Failure> {
        Ok(Context {
            actor: Actor::System,
            community,
            now: self.now(),
            random: self.randomness()?,
            grants: self.directory().system(),
            vault: self.vault().clone(),
            idempotency_key: None,
        })
    }

    /// What a community shows of itself. Names are remembered: a community is renamed once in years.
    pub async fn community(&self, id: CommunityId) -> Result<Option<CommunityFace>, Failure> {
        if let Some(face) = self
            .0
            .faces
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
        {
            return Ok(Some(face.clone()));
        }
        let find = self.0.parts.find_community;
        let face = self.database().read(move |read| find(read, id)).await?;
        if let Some(face) = &face {
            let mut faces = self.0.faces.write().unwrap_or_else(PoisonError::into_inner);
            faces.insert(id, face.clone());
        }
        Ok(face)
    }
}
