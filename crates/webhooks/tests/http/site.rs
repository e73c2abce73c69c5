//! A site with this module alone, asked through HTTP in the same process; its clock moves when a test says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use db::{Database, Read, Tx};
use identity::commands::{CreateAccount, GrantRole, StartSession};
use identity::{
    Directory, HashCost, Lockout, Login, Passwords, PermissionRule, SessionPolicy, SessionToken,
    Sessions, candidate,
};
use journal::{Change, Command, Journal, record};
use kernel::{CommunityId, Context, Role, Timestamp, Uuid, Vault};
use serde::Serialize;
use shell::{App, CommunityFace, Failure, Navigation, Parts, Settings};
use tower::ServiceExt;
use web_ui::{Language, MessageSource, Messages};
use webhooks::{AddWebhook, Endpoint, Kinds, Secret, WebhookId, follower, send_due};

pub(crate) const HERE: CommunityId = CommunityId::from_uuid(Uuid::from_u128(1));
pub(crate) const THERE: CommunityId = CommunityId::from_uuid(Uuid::from_u128(2));
const PASSWORD: &str = "bamboo by the gate";
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
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// The databases that a test runs on: SQLite, and PostgreSQL where it is there.
pub(crate) fn engines(name: &str) -> Vec<String> {
    let postgres = test_kit::PostgresCluster::shared().map(|cluster| cluster.database(name));
    std::iter::once("sqlite::memory:".to_owned())
        .chain(postgres)
        .collect()
}

/// Something that another module writes.
#[derive(Serialize)]
pub(crate) struct Note {
    pub(crate) kind: u8,
    pub(crate) text: &'static str,
}

impl Command for Note {
    const NAME: &'static str = "notes.note.write";
    type Outcome = u64;
    type Error = journal::Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u64, journal::Error> {
        let kind = match self.kind {
            0 => "notes.note.written",
            _ => "other.thing.done",
        };
        let change = Change::new(kind, "note/1")
            .public(serde_json::json!({ "text": self.text }))
            .private(serde_json::json!({ "name": "王小明" }));
        Ok(record(tx, ctx, change)?.position)
    }
}

impl Site {
    /// A site on SQLite whose data is invented, so that events may go to this very machine.
    pub(crate) fn demo() -> Self {
        Self::new("sqlite::memory:", true)
    }

    pub(crate) fn new(url: &str, demo: bool) -> Self {
        let database = Database::open(url, db::Options::default()).unwrap();
        let module = webhooks::module();
        let migrations: Vec<_> = journal::MIGRATIONS
            .iter()
            .chain(identity::MIGRATIONS)
            .chain(decisions::MIGRATIONS)
            .chain(module.migrations)
            .copied()
            .collect();
        database.migrate(&migrations).unwrap();
        let journal_texts = journal::MESSAGES.iter().map(|(tag, text)| {
            MessageSource::new(Language::from_tag(tag).unwrap(), "journal", text)
        });
        let texts = web_ui::MESSAGES
            .into_iter()
            .chain(shell::MESSAGES)
            .chain(journal_texts)
            .chain(module.messages);
        let vault = Vault::new(&[[1; 32]]);
        let signer = proof::SigningKey::from_seed("test.linli.example", &[7; 32]).unwrap();
        let now = Arc::new(AtomicI64::new(1_790_000_000_000_000));
        let clock = Arc::clone(&now);
        let rules = module
            .permissions
            .iter()
            .map(|(permission, roles)| PermissionRule {
                permission: *permission,
                roles,
            });
        let app = App::new(Parts {
            journal: Journal::new(database, signer),
            vault: vault.clone(),
            directory: Directory::new(rules.chain(identity::PERMISSIONS.iter().copied()), []),
            sessions: Sessions::new(SessionPolicy::default(), vault, 1_000),
            messages: Arc::new(Messages::build(texts).unwrap()),
            navigation: Navigation::of(std::slice::from_ref(&module)),
            clock: Arc::new(move || Timestamp::from_micros(clock.fetch_add(1, Ordering::SeqCst))),
            settings: Settings {
                public_url: "https://linli.example".to_owned(),
                city_name: None,
                secure: true,
                demo,
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

    pub(crate) async fn run<C: Command>(&self, command: C) -> Result<C::Outcome, C::Error> {
        self.run_in(HERE, command).await
    }

    pub(crate) async fn run_in<C: Command>(
        &self,
        community: CommunityId,
        command: C,
    ) -> Result<C::Outcome, C::Error> {
        let ctx = self.app.system_context(community).unwrap();
        self.app.journal().execute(ctx, command).await
    }

    pub(crate) async fn note(&self, text: &'static str) -> u64 {
        self.run(Note { kind: 0, text }).await.unwrap()
    }

    /// Adds a webhook and says its secret.
    pub(crate) async fn add(&self, url: &str, kinds: &str) -> (WebhookId, Secret) {
        let ctx = self.app.system_context(HERE).unwrap();
        let now = ctx.now;
        let command = AddWebhook {
            endpoint: Endpoint::parse(url, true).unwrap(),
            kinds: Kinds::parse(kinds).unwrap(),
            description: "测试".to_owned(),
        };
        let id = self.app.journal().execute(ctx, command).await.unwrap();
        (id, self.secret_made_at(id, now).await)
    }

    pub(crate) async fn secret_made_at(&self, id: WebhookId, now: Timestamp) -> Secret {
        let mut ctx = self.app.system_context(HERE).unwrap();
        ctx.now = now;
        let secret = self
            .app
            .database()
            .read(move |read| webhooks::new_secret(read, &ctx, id))
            .await;
        secret.unwrap().unwrap()
    }

    pub(crate) async fn summary(&self, id: WebhookId) -> webhooks::Summary {
        let ctx = self.app.system_context(HERE).unwrap();
        let found = self.app.database();
        found
            .read(move |read| webhooks::webhook(read, &ctx, id))
            .await
            .unwrap()
    }

    /// Lets the follower catch up, sends what is due, and says how many calls that were.
    pub(crate) async fn send(&self) -> u64 {
        journal::follow_community(self.app.database(), HERE, &follower())
            .await
            .unwrap();
        send_due(&self.app).await.unwrap()
    }

    /// The token of a new person with these roles.
    pub(crate) async fn person(&self, login: &str, roles: &[(CommunityId, Role)]) -> String {
        let passwords = Passwords::new(CHEAP).unwrap();
        let create = CreateAccount {
            login: Login::parse(login).unwrap(),
            name: "王小明".to_owned(),
            password: Some(passwords.hash(PASSWORD, &[]).unwrap()),
            language: identity::Language::English,
            elder: false,
        };
        let account = self.run_in(CommunityId::CITY, create).await.unwrap();
        for (community, role) in roles {
            let grant = GrantRole {
                account,
                role: *role,
                organisation: None,
                until: None,
                reason: "test".to_owned(),
            };
            self.run_in(*community, grant).await.unwrap();
        }
        let (vault, now, name) = (self.app.vault().clone(), self.app.now(), login.to_owned());
        let found = self.app.database();
        let found = found
            .read(move |read| candidate(read, &vault, now, &name, "10.0.0.1"))
            .await
            .unwrap();
        let verified = found.verify(&passwords, PASSWORD, Lockout::default());
        let token = SessionToken::generate().unwrap();
        let start = StartSession::new(verified.ok().unwrap(), token.hash(), "a test");
        self.run_in(CommunityId::CITY, start).await.unwrap();
        token.expose().clone()
    }

    /// A request by the holder of a token; `kind` is the body's media type.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        token: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::ACCEPT_LANGUAGE, "en")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, kind);
        let request = request.body(Body::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let location = parts.headers.get(header::LOCATION);
        Answer {
            status: parts.status,
            location: location
                .map_or("", |path| path.to_str().unwrap())
                .to_owned(),
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        let answer = self.ask("GET", path, token, "text/plain", Vec::new()).await;
        for key in ["webhooks-", "record-", "ui-", "entry-"] {
            let raw = answer
                .body
                .split(['>', '<', '"'])
                .any(|part| part.starts_with(key));
            assert!(!raw, "a text is missing on {path}: {key}\n{}", answer.body);
        }
        answer
    }

    pub(crate) async fn post(&self, path: &str, token: &str, form: &str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        self.ask("POST", path, token, kind, form.as_bytes().to_vec())
            .await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, token: &str, json: &str) -> Answer {
        let kind = "application/json";
        self.ask(method, path, token, kind, json.as_bytes().to_vec())
            .await
    }

    /// Sends a file as a browser's form does.
    pub(crate) async fn upload(&self, path: &str, token: &str, file: &[u8]) -> Answer {
        let head = "--cut\r\nContent-Disposition: form-data; name=\"receipt\"; filename=\"r.json\"\r\n\
            Content-Type: application/json\r\n\r\n";
        let body = [head.as_bytes(), file, b"\r\n--cut--\r\n"].concat();
        self.ask(
            "POST",
            path,
            token,
            "multipart/form-data; boundary=cut",
            body,
        )
        .await
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the shell asks in this form")]
fn find_community(_: &mut dyn Read, id: CommunityId) -> Result<Option<CommunityFace>, Failure> {
    let face = |name: &str| CommunityFace {
        name: name.to_owned(),
        demo: false,
    };
    Ok(match id {
        HERE => Some(face("仓桥社区")),
        THERE => Some(face("府山社区")),
        _ => None,
    })
}
