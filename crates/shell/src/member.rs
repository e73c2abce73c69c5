//! Someone in a community, or in the city: the extractor of every handler under `/c/{community}`.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use db::Read;
use journal::{Command, SetCommand};
use kernel::{CommunityId, Context, Kind, Permission, Role};
use maud::Markup;
use web_ui::{Heading, NavItem, Ui};

use crate::{App, CommunityFace, Failure, Place, Visitor};

/// A visitor in a community, with whatever roles they hold there; perhaps none.
#[derive(Clone)]
pub struct Member {
    /// The visitor.
    pub visitor: Visitor,
    /// The community.
    pub community: CommunityId,
    /// What it shows of itself.
    pub face: CommunityFace,
}

impl Member {
    /// The program's state.
    pub fn app(&self) -> &App {
        &self.visitor.app
    }

    /// A context for the community at the time of the request.
    pub fn context(&self) -> Result<Context, Failure> {
        self.visitor.context(self.community)
    }

    /// Asks a question in one snapshot of the database.
    pub async fn read<T, E, F>(&self, question: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        E: Into<Failure> + From<db::Error> + Send + 'static,
        F: FnOnce(&mut dyn Read, &Context) -> Result<T, E> + Send + 'static,
    {
        let ctx = self.context()?;
        self.app()
            .database()
            .read(move |read| question(read, &ctx))
            .await
            .map_err(Into::into)
    }

    /// Sends a command.
    pub async fn execute<C: Command>(&self, command: C) -> Result<C::Outcome, Failure>
    where
        C::Error: Into<Failure>,
    {
        self.app()
            .journal()
            .execute(self.context()?, command)
            .await
            .map_err(Into::into)
    }

    /// Sends a command of which many come in at once.
    pub async fn execute_together<C: SetCommand>(&self, command: C) -> Result<C::Outcome, Failure>
    where
        C::Error: Into<Failure>,
    {
        self.app()
            .journal()
            .execute_together(self.context()?, command)
            .await
            .map_err(Into::into)
    }

    /// Whether to show something; commands check for themselves.
    pub fn may(&self, permission: Permission) -> bool {
        self.context().is_ok_and(|ctx| ctx.may(permission))
    }

    /// The path of a page of this community: `member.path("decisions")`.
    pub fn path(&self, rest: &str) -> String {
        format!("/c/{}/{rest}", self.community)
    }

    /// The page context in this community.
    pub fn ui(&self) -> Ui {
        let mut ui = self.visitor.ui();
        ui.community_name.clone_from(&self.face.name);
        ui.home_href = format!("/c/{}", self.community);
        ui.demo |= self.face.demo;
        ui.acting = self.visitor.acting(Some(self.community));
        if let Some(user) = &mut ui.user {
            user.role_label = self.role_label();
        }
        ui.navigation = self.navigation(&ui);
        ui
    }

    /// A page of this community.
    pub fn page(&self, heading: impl Into<Heading>, body: Markup) -> Markup {
        self.ui().page(heading, body)
    }

    fn navigation(&self, ui: &Ui) -> Vec<NavItem> {
        let home = NavItem {
            href: ui.home_href.clone(),
            label: ui.t("nav-home").into_owned(),
            icon: web_ui::Icon::Home,
            current: ui.path == ui.home_href,
            badge: 0,
        };
        let entries = self
            .app()
            .navigation()
            .in_community(self.community)
            .filter(|entry| self.may(entry.permission));
        let places = entries.map(|entry| {
            let href = self.path(entry.path);
            let current = ui.path.starts_with(&href);
            NavItem {
                href,
                label: ui.t(entry.label).into_owned(),
                icon: entry.icon,
                current,
                badge: 0,
            }
        });
        std::iter::once(home).chain(places).collect()
    }

    /// The weightiest of the visitor's roles here, in their language.
    fn role_label(&self) -> String {
        const WEIGHTIEST_FIRST: [Role; 9] = [
            Role::CommitteeMember,
            Role::CityStaff,
            Role::Supervisor,
            Role::Administrator,
            Role::Butler,
            Role::Provider,
            Role::Applicant,
            Role::Owner,
            Role::Resident,
        ];
        let Some(session) = &self.visitor.session else {
            return String::new();
        };
        let roles = session.signed_in.roles(self.community, self.visitor.now);
        WEIGHTIEST_FIRST
            .into_iter()
            .find(|role| roles.contains(*role))
            .map(|role| {
                let key = format!("role-{}", role.name().replace('_', "-"));
                self.app()
                    .messages()
                    .text(self.visitor.language, &key, &[])
                    .into_owned()
            })
            .unwrap_or_default()
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        let community = community_in_path(parts, app).await?;
        let place = parts.extensions.get::<Place>().copied().unwrap_or_default();
        if !place.holds(community) {
            return Err(no_such_community());
        }
        let face = if community == CommunityId::CITY {
            visitor.city()
        } else {
            app.community(community)
                .await?
                .ok_or_else(no_such_community)?
        };
        Ok(Self {
            visitor,
            community,
            face,
        })
    }
}

async fn community_in_path(parts: &mut Parts, app: &App) -> Result<CommunityId, Failure> {
    let parameters = RawPathParams::from_request_parts(parts, app)
        .await
        .map_err(|error| Failure::malformed(error.to_string()))?;
    let id = parameters
        .iter()
        .find(|(name, _)| *name == "community")
        .map(|(_, value)| value);
    id.and_then(|id| id.parse().ok())
        .ok_or_else(no_such_community)
}

fn no_such_community() -> Failure {
    Failure::new(
        Kind::NotFound,
        "error-no-such-community",
        "there is no such community",
    )
}
