//! Who is asking: from cookies or a bearer token, once per request.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use identity::{SessionId, SessionToken, SignedIn};
use kernel::{Actor, CommunityId, Context, Timestamp};
use maud::Markup;
use web_ui::{Acting, Flash, FooterLink, Language, Ui, UserChip};

use crate::preferences::{Preferences, read_flash};
use crate::{App, CommunityFace, Failure};

/// Anyone at all, signed in or not.
#[derive(Clone)]
pub struct Visitor {
    /// The program's state.
    pub app: App,
    /// Who has signed in.
    pub session: Option<Session>,
    /// The language to answer in.
    pub language: Language,
    /// Whether large text and targets are wanted.
    pub elder: bool,
    /// Path and query of this page.
    pub path: String,
    /// The server's time when the request came in.
    pub now: Timestamp,
    /// A message to show once.
    pub flash: Option<Flash>,
    /// The caller's idempotency key.
    pub idempotency_key: Option<String>,
}

/// A session that is good, with the token it came by.
#[derive(Clone)]
pub struct Session {
    /// The token.
    pub token: SessionToken,
    /// Who, with which roles.
    pub signed_in: Arc<SignedIn>,
}

/// The cookie's name where browsers come by HTTPS; the prefix makes them refuse it otherwise.
const SECURE_COOKIE: &str = "__Host-linli";
/// The cookie's name on plain HTTP: local trials only.
const PLAIN_COOKIE: &str = "linli";

impl Visitor {
    /// The context of a command or query in a community.
    pub fn context(&self, community: CommunityId) -> Result<Context, Failure> {
        let (actor, grants) = match &self.session {
            Some(Session { signed_in, .. }) => (
                signed_in.actor(community, self.now),
                signed_in.grants(self.app.directory(), community, self.now),
            ),
            None => (Actor::Anonymous, self.app.directory().anonymous()),
        };
        Ok(Context {
            actor,
            community,
            now: self.now,
            random: self.app.randomness()?,
            grants,
            vault: self.app.vault().clone(),
            idempotency_key: self.idempotency_key.clone(),
        })
    }

    /// What the city shows of itself: the name that the operator gave it, or just "the city".
    pub fn city(&self) -> CommunityFace {
        let settings = self.app.settings();
        let unnamed = || {
            self.app
                .messages()
                .text(self.language, "city", &[])
                .into_owned()
        };
        CommunityFace {
            name: settings.city_name.clone().unwrap_or_else(unnamed),
            demo: settings.demo,
        }
    }

    /// The page context outside any community.
    pub fn ui(&self) -> Ui {
        let mut ui = Ui::new(self.app.messages().clone(), self.language);
        ui.elder = self.elder;
        ui.path.clone_from(&self.path);
        ui.now = self.now.micros();
        ui.demo = self.app.settings().demo;
        ui.flashes.extend(self.flash.clone());
        ui.user = self.session.as_ref().map(|session| UserChip {
            name: session.signed_in.name.clone(),
            role_label: String::new(),
            href: "/me".to_owned(),
        });
        ui.footer = footer(&ui);
        ui.acting = self.acting(None);
        ui
    }

    /// For whom the person acts, if there is anything to choose: in a community, or anywhere.
    pub(crate) fn acting(&self, community: Option<CommunityId>) -> Option<Acting> {
        let signed_in = &self.session.as_ref()?.signed_in;
        let choices: Vec<_> = signed_in
            .may_choose(community, self.now)
            .into_iter()
            .map(|(id, name)| (id.to_string(), name.to_owned()))
            .collect();
        let chosen = signed_in
            .organisation
            .map(|id| id.to_string())
            .filter(|chosen| choices.iter().any(|(id, _)| id == chosen))
            .unwrap_or_default();
        (!choices.is_empty()).then(|| Acting {
            action: "/me/acting-for".to_owned(),
            choices,
            chosen,
        })
    }

    /// A page outside any community.
    pub fn page(&self, heading: impl Into<web_ui::Heading>, body: Markup) -> Markup {
        self.ui().page(heading, body)
    }

    /// Who has signed in, or a failure that leads to the sign-in page.
    pub fn signed_in(&self) -> Result<&Session, Failure> {
        self.session.as_ref().ok_or_else(|| {
            Failure::new(
                kernel::Kind::Unauthenticated,
                "error-sign-in-first",
                "nobody has signed in",
            )
        })
    }
}

fn footer(ui: &Ui) -> Vec<FooterLink> {
    [("/about", "footer-about"), ("/api/v1", "footer-api")]
        .map(|(href, label)| FooterLink {
            href: href.to_owned(),
            label: ui.t(label).into_owned(),
        })
        .into()
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let now = app.now();
        let session = session(&parts.headers, app, now).await?;
        let preferences = Preferences::from_headers(&parts.headers);
        let language = preferences
            .language
            .or_else(|| {
                session
                    .as_ref()
                    .map(|session| language_of(session.signed_in.language))
            })
            .unwrap_or_else(|| accepted(&parts.headers));
        let elder = preferences.elder.unwrap_or_else(|| {
            session
                .as_ref()
                .is_some_and(|session| session.signed_in.elder)
        });
        let flash = read_flash(&parts.headers, app.messages(), language);
        let idempotency_key = text(&parts.headers, "idempotency-key").map(ToOwned::to_owned);
        Ok(Self {
            app: app.clone(),
            session,
            language,
            elder,
            path: parts
                .uri
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .to_owned(),
            now,
            flash,
            idempotency_key,
        })
    }
}

const fn language_of(language: identity::Language) -> Language {
    match language {
        identity::Language::Chinese => Language::Zh,
        identity::Language::English => Language::En,
    }
}

/// The language a browser asks for.
pub(crate) fn accepted(headers: &HeaderMap) -> Language {
    headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map_or(Language::Zh, Language::from_accept_language)
}

async fn session(
    headers: &HeaderMap,
    app: &App,
    now: Timestamp,
) -> Result<Option<Session>, Failure> {
    let Some(token) = token(headers) else {
        return Ok(None);
    };
    if let Some(signed_in) = app.sessions().remembered(&token, now) {
        return Ok(Some(Session { token, signed_in }));
    }
    let asking = app.clone();
    let asked = token.clone();
    let signed_in = app
        .database()
        .read(move |read| {
            asking
                .sessions()
                .authenticate(read, &asked, now)
                .map_err(Failure::from)
        })
        .await?;
    if let Some(signed_in) = signed_in
        .as_ref()
        .filter(|signed_in| signed_in.touch_due(now))
    {
        mark_seen(app, signed_in.session, now);
    }
    Ok(signed_in.map(|signed_in| Session { token, signed_in }))
}

/// Writes that a session was seen, beside the request: nobody waits for it, and its failure only ends a session sooner.
fn mark_seen(app: &App, session: SessionId, now: Timestamp) {
    let database = app.database().clone();
    tokio::spawn(async move {
        let seen = database
            .write(CommunityId::CITY, move |tx| {
                identity::touch(tx, session, now)
            })
            .await;
        if let Err(error) = seen {
            tracing::warn!(%error, "a session could not be marked as seen");
        }
    });
}

/// The token of a program's `Authorization: Bearer …` or of a browser's cookie.
fn token(headers: &HeaderMap) -> Option<SessionToken> {
    let bearer =
        text(headers, AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    let token = bearer
        .or_else(|| cookie(headers, SECURE_COOKIE))
        .or_else(|| cookie(headers, PLAIN_COOKIE))?;
    SessionToken::parse(token)
}

/// A cookie's value.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The `Set-Cookie` that keeps a session in a browser.
pub fn session_cookie(
    app: &App,
    token: &SessionToken,
    seconds: i64,
) -> Result<HeaderValue, Failure> {
    let (name, secure) = cookie_name(app);
    set_cookie(&format!(
        "{name}={}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        token.expose()
    ))
}

/// The `Set-Cookie` that ends it.
pub fn signed_out_cookie(app: &App) -> Result<HeaderValue, Failure> {
    let (name, secure) = cookie_name(app);
    set_cookie(&format!(
        "{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}"
    ))
}

fn cookie_name(app: &App) -> (&'static str, &'static str) {
    if app.settings().secure {
        (SECURE_COOKIE, "; Secure")
    } else {
        (PLAIN_COOKIE, "")
    }
}

pub(crate) fn set_cookie(text: &str) -> Result<HeaderValue, Failure> {
    HeaderValue::from_str(text).map_err(|error| Failure::internal("a cookie", &error))
}
