//! A module's one public face.

use axum::Router;
use db::{Migration, Read, Statement};
use journal::Follower;
use kernel::{CommunityId, Context, Permission, Role, Timestamp};
use maud::Markup;
use utoipa_axum::router::OpenApiRouter;
use web_ui::{Icon, MessageSource, Ui};

use crate::App;

/// Everything the roof needs to know of a module.
pub struct Module {
    /// Its crate's name.
    pub name: &'static str,
    /// Where its pages and its API are reached.
    pub place: Place,
    /// Its tables.
    pub migrations: &'static [Migration],
    /// Its SQL, for the test that prepares all of it.
    pub statements: Vec<&'static [Statement]>,
    /// Its texts.
    pub messages: [MessageSource; 2],
    /// Its permissions and who holds them.
    pub permissions: &'static [(Permission, &'static [Role])],
    /// Its commands and the permission each needs.
    pub commands: &'static [(&'static str, Permission)],
    /// Its pages, with full paths.
    pub pages: Router<App>,
    /// Its API, with paths under `/api/v1`.
    pub api: OpenApiRouter<App>,
    /// Its places in the main navigation.
    pub navigation: Vec<NavEntry>,
    /// Its followers of the journal.
    pub followers: Vec<Follower>,
    /// What it does by itself when time passes.
    pub jobs: Vec<Job>,
    /// What it shows on a community's home page.
    pub home: Option<Home>,
}

/// Where a module stands. Elsewhere its paths lead to nothing, whoever asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// In every community, and not in the city.
    #[default]
    Communities,
    /// In the city alone ([`CommunityId::CITY`]).
    City,
    /// In both.
    Everywhere,
}

impl Place {
    /// Whether this community, or the city, is such a place.
    pub fn holds(self, community: CommunityId) -> bool {
        match self {
            Self::Communities => community != CommunityId::CITY,
            Self::City => community == CommunityId::CITY,
            Self::Everywhere => true,
        }
    }
}

/// What a module shows on a community's home page, asked anew for each view.
pub type Home = fn(&mut dyn Read, &Context) -> Result<Vec<HomeCard>, crate::Failure>;

/// A card on a community's home page.
pub struct HomeCard {
    /// Whether it waits for this person: such cards come first.
    pub needs_you: bool,
    /// Draws it.
    pub render: Box<dyn FnOnce(&Ui) -> Markup + Send>,
}

/// A place in the main navigation.
#[derive(Clone, Copy, Debug)]
pub struct NavEntry {
    /// Its path under the community, such as `decisions`.
    pub path: &'static str,
    /// The message that names it.
    pub label: &'static str,
    /// Its sign.
    pub icon: Icon,
    /// Who sees it.
    pub permission: Permission,
    /// Where it stands; smaller first.
    pub order: u8,
}

/// The main navigation: every module's entries, each where its module stands.
#[derive(Clone, Debug, Default)]
pub struct Navigation(Vec<(Place, NavEntry)>);

impl Navigation {
    /// The entries of these modules, in their order.
    pub fn of(modules: &[Module]) -> Self {
        let mut entries: Vec<_> = modules
            .iter()
            .flat_map(|module| module.navigation.iter().map(|entry| (module.place, *entry)))
            .collect();
        entries.sort_by_key(|(_, entry)| entry.order);
        Self(entries)
    }

    /// The entries of a community, or of the city.
    pub fn in_community(&self, community: CommunityId) -> impl Iterator<Item = &NavEntry> {
        let here = self
            .0
            .iter()
            .filter(move |(place, _)| place.holds(community));
        here.map(|(_, entry)| entry)
    }
}

/// Something a module does in a community when time passes.
#[derive(Clone, Copy)]
pub struct Job {
    /// Its name in the log.
    pub name: &'static str,
    /// Does what is due at `now` in the context's community, and says how much that was. It runs at least once a
    /// minute, in several processes perhaps, so it must find for itself what is still to do.
    pub run: fn(&App, Context, Timestamp) -> Result<u64, crate::Failure>,
}
