//! A site with this module alone, asked through HTTP in the same process; its clock moves when a test says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use account::{Options, module_with};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use db::{Database, Read};
use identity::commands::{CreateAccount, GrantRole};
use identity::{Directory, HashCost, Login, PERMISSIONS, Passwords, SessionPolicy, Sessions};
use journal::{Command, Journal};
use kernel::{AccountId, CommunityId, Role, Timestamp, Uuid, Vault};
use shell::{App, CommunityFace, Failure, Navigation, Parts, Settings};
use tower::ServiceExt;
use web_ui::Messages;

pub(crate) const HERE: CommunityId = CommunityId::from_uuid(Uuid::from_u128(1));
pub(crate) const THERE: CommunityId = CommunityId::from_uuid(Uuid::from_u128(2));
pub(crate) const PASSWORD: &str = "bamboo by the gate";
const CHEAP: HashCost = HashCost {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

pub(crate) struct Site {
    pub(crate) app: App,
    router: Router,
    now: Arc<AtomicI64>,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Site {
    pub(crate) fn new() -> Self {
        let database = Database::open("sqlite::memory:", db::Options::default()).unwrap();
        let module = module_with(Options {
            hash_cost: CHEAP,
            ..Options::default()
        });
        let migrations: Vec<_> = journal::MIGRATIONS
            .iter()
            .chain(module.migrations)
            .copied()
            .collect();
        database.migrate(&migrations).unwrap();
        let texts = web_ui::MESSAGES
            .into_iter()
            .chain(shell::MESSAGES)
            .chain(module.messages);
        let messages = Messages::build(texts).unwrap();
        assert!(
            messages.missing_keys().is_empty(),
            "{:?}",
            messages.missing_keys()
        );
        let vault = Vault::new(&[[1; 32]]);
        let signer = proof::SigningKey::from_seed("test.linli.example", &[7; 32]).unwrap();
        let now = Arc::new(AtomicI64::new(1_790_000_000_000_000));
        let clock = Arc::clone(&now);
        let app = App::new(Parts {
            journal: Journal::new(database, signer),
            vault: vault.clone(),
            directory: Directory::new(PERMISSIONS.iter().copied(), []),
            sessions: Sessions::new(SessionPolicy::default(), vault, 1_000),
            messages: Arc::new(messages),
            navigation: Navigation::of(std::slice::from_ref(&module)),
            clock: Arc::new(move || Timestamp::from_micros(clock.fetch_add(1, Ordering::SeqCst))),
            settings: Settings {
                public_url: "https://linli.example.cn".to_owned(),
                city_name: None,
                secure: true,
                demo: false,
                trust_proxy: false,
            },
            find_community,
        });
        Self {
            router: shell::router(app.clone(), vec![module], Router::new()),
            app,
            now,
        }
    }

    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// A person with these roles, given by Linli itself.
    pub(crate) async fn person(
        &self,
        login: &str,
        name: &str,
        roles: &[(CommunityId, Role)],
    ) -> AccountId {
        let password = Passwords::new(CHEAP).unwrap().hash(PASSWORD, &[]).unwrap();
        let command = CreateAccount {
            login: Login::parse(login).unwrap(),
            name: name.to_owned(),
            password: Some(password),
            language: identity::Language::default(),
            elder: false,
        };
        let account = self.run(CommunityId::CITY, command).await;
        for (community, role) in roles {
            self.grant(account, *community, *role).await;
        }
        account
    }

    pub(crate) async fn grant(&self, account: AccountId, community: CommunityId, role: Role) {
        let reason = "test".to_owned();
        self.run(
            community,
            GrantRole {
                account,
                role,
                organisation: None,
                until: None,
                reason,
            },
        )
        .await;
    }

    async fn run<C: Command>(&self, community: CommunityId, command: C) -> C::Outcome
    where
        C::Error: std::fmt::Debug,
    {
        let ctx = self.app.system_context(community).unwrap();
        self.app.journal().execute(ctx, command).await.unwrap()
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// A page, as a browser with this cookie asks for it.
    pub(crate) async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path)
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "none");
        let answer = self.ask(request.body(Body::empty()).unwrap()).await;
        assert!(
            !answer.body.contains("account-"),
            "a text is missing on {path}"
        );
        answer
    }

    /// A form, as a browser with this cookie sends it.
    pub(crate) async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from("same-origin", path, cookie, fields).await
    }

    pub(crate) async fn post_from(
        &self,
        site: &str,
        path: &str,
        cookie: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", site)
            .header(
                header::USER_AGENT,
                "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0",
            )
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(encoded(fields))).unwrap())
            .await
    }

    /// A program's request.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        token: &str,
        key: &str,
        json: &str,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT_LANGUAGE, "en");
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        if !json.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        self.ask(request.body(Body::from(json.to_owned())).unwrap())
            .await
    }

    /// Signs in and answers the cookie.
    pub(crate) async fn sign_in(&self, login: &str) -> String {
        let answer = self
            .post("/sign-in", "", &[("login", login), ("password", PASSWORD)])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.session().unwrap()
    }
}

impl Answer {
    pub(crate) fn header(&self, name: header::HeaderName) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.header(header::LOCATION)
    }

    /// The `Set-Cookie` line of the session.
    pub(crate) fn session_line(&self) -> Option<&str> {
        let lines = self.headers.get_all(header::SET_COOKIE).iter();
        lines
            .map(|line| line.to_str().unwrap())
            .find(|line| line.starts_with("__Host-linli="))
    }

    /// The session's cookie as a browser sends it back.
    pub(crate) fn session(&self) -> Option<String> {
        self.session_line()?
            .split(';')
            .next()
            .map(ToOwned::to_owned)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// What stands between two texts.
    pub(crate) fn between(&self, before: &str, after: &str) -> &str {
        let (_, rest) = self
            .body
            .split_once(before)
            .unwrap_or_else(|| panic!("no {before} in {}", self.body));
        rest.split_once(after).unwrap().0
    }

    /// What the error summary says.
    pub(crate) fn problem(&self) -> &str {
        self.between("error-summary", "</ul>")
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let value = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, text)| format!("{name}={}", value(text)))
        .collect();
    pairs.join("&")
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the shape that the shell asks for"
)]
fn find_community(_: &mut dyn Read, id: CommunityId) -> Result<Option<CommunityFace>, Failure> {
    let name = match id {
        HERE => "仓桥社区",
        THERE => "府山社区",
        _ => return Ok(None),
    };
    Ok(Some(CommunityFace {
        name: name.to_owned(),
        demo: false,
    }))
}
