//! A site in memory with two communities; in the first an elder, a volunteer, a butler, a committee member, and a visit that
//! waits to be confirmed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use axum::http::{Method, Request, StatusCode};
use db::{Database, Options, Read};
use identity::commands::{CreateAccount, GrantRole, StartSession};
use identity::{
    Directory, Expiry, HashCost, Language, Lockout, Login, Passwords, PermissionRule,
    SessionPolicy, SessionToken, Sessions, candidate,
};
use journal::{Command, Journal};
use kernel::{AccountId, CommunityId, Problem as _, Role, Timestamp, Uuid, Vault};
use people::commands::CreateCommunity;
use serde_json::{Value, json};
use shell::{App, CommunityFace, Failure, Navigation, Parts, Settings};
use tower::ServiceExt as _;
use web_ui::{MessageSource, Messages};

pub(crate) const HERE: CommunityId = CommunityId::from_uuid(Uuid::from_u128(100));
pub(crate) const ELSEWHERE: CommunityId = CommunityId::from_uuid(Uuid::from_u128(200));
/// 23 November 2026, noon in Shaoxing.
const NOON: Timestamp = Timestamp::from_micros(1_795_406_400_000_000);
/// Nobody has to sign in again while the test's clock moves on.
const DAYS_LONG: SessionPolicy = {
    let month = 30 * 86_400;
    let expiry = Expiry {
        idle_seconds: month,
        absolute_seconds: month,
    };
    SessionPolicy {
        resident: expiry,
        staff: expiry,
        staff_need_passkey: false,
    }
};
const PASSWORD: &str = "bamboo by the gate";

pub(crate) struct Town {
    pub(crate) app: App,
    site: Router,
    clock: Arc<AtomicI64>,
    pub(crate) elder: Person,
    pub(crate) helper: Person,
    pub(crate) butler: Person,
    pub(crate) committee: Person,
    /// The ids that addresses name.
    pub(crate) ids: Ids,
}

/// Ids of things that exist, as addresses name them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    pub(crate) elder: String,
    pub(crate) service: String,
    /// A request that nobody has accepted, and one whose visit is over.
    pub(crate) waiting: String,
    pub(crate) request: String,
    pub(crate) visit: String,
    pub(crate) complaint: String,
    pub(crate) account: String,
}

/// Someone who has signed in; without a token, somebody who has not.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) account: AccountId,
    pub(crate) token: String,
}

/// Somebody who has not signed in.
pub(crate) const NOBODY: Person = Person {
    account: AccountId::from_uuid(Uuid::nil()),
    token: String::new(),
};

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| unreachable!("no JSON: {}", self.body))
    }

    /// The code of the problem that a program was told.
    pub(crate) fn code(&self) -> String {
        let kind = self.json()["type"].as_str().unwrap().to_owned();
        kind.strip_prefix("/problems/").unwrap().to_owned()
    }
}

impl Town {
    /// With a scheme, people and their things, each made by the API.
    pub(crate) async fn new() -> Self {
        let mut town = Self::empty();
        for community in [HERE, ELSEWHERE] {
            let create = CreateCommunity {
                name: "兰亭花园".to_owned(),
                place: "330602".to_owned(),
                address: String::new(),
                is_demo: false,
            };
            town.run(community, create).await;
        }
        town.committee = town
            .person("committee-one", &[(HERE, Role::CommitteeMember)])
            .await;
        town.butler = town.person("butler-one", &[(HERE, Role::Butler)]).await;
        town.elder = town.person("elder-one", &[(HERE, Role::Resident)]).await;
        town.helper = town.person("helper-one", &[(HERE, Role::Resident)]).await;
        town.ids.account = town.helper.account.to_string();
        town.open().await;
        town
    }

    fn empty() -> Self {
        let database = Database::open("sqlite::memory:", Options::default()).unwrap();
        let migrations = [
            journal::MIGRATIONS,
            identity::MIGRATIONS,
            people::MIGRATIONS,
            book::MIGRATIONS,
            timebank::MIGRATIONS,
        ];
        database.migrate(&migrations.concat()).unwrap();
        let module = timebank::module();
        let vault = Vault::new(&[[9; 32]]);
        let others = identity::PERMISSIONS.iter().copied();
        let rules = [module.permissions, people::PERMISSIONS]
            .concat()
            .into_iter()
            .map(|(permission, roles)| PermissionRule { permission, roles })
            .chain(others);
        let journal_texts = journal::MESSAGES.iter().filter_map(|(tag, text)| {
            web_ui::Language::from_tag(tag)
                .map(|language| MessageSource::new(language, "journal", text))
        });
        let texts = web_ui::MESSAGES
            .into_iter()
            .chain(shell::MESSAGES)
            .chain(journal_texts)
            .chain(module.messages);
        let signer = proof::SigningKey::from_seed("test.linli", &[7; 32]).unwrap();
        let clock = Arc::new(AtomicI64::new(NOON.micros()));
        let hand = Arc::clone(&clock);
        let app = App::new(Parts {
            journal: Journal::new(database, signer),
            directory: Directory::new(rules, []),
            sessions: Sessions::new(DAYS_LONG, vault.clone(), 100),
            vault,
            messages: Arc::new(Messages::build(texts).unwrap()),
            navigation: Navigation::of(std::slice::from_ref(&module)),
            clock: Arc::new(move || Timestamp::from_micros(hand.load(Ordering::Relaxed))),
            settings: Settings {
                public_url: "http://localhost".to_owned(),
                city_name: None,
                secure: false,
                demo: false,
                trust_proxy: false,
            },
            find_community,
        });
        Self {
            site: shell::router(app.clone(), vec![module], Router::new()),
            app,
            clock,
            elder: NOBODY,
            helper: NOBODY,
            butler: NOBODY,
            committee: NOBODY,
            ids: Ids::default(),
        }
    }

    /// Opens the time bank: a scheme, a service, an elder, a volunteer who was vetted, a request that waits and a visit that
    /// is over.
    async fn open(&mut self) {
        let scheme = json!({ "scheme": "hangzhou_xihu", "confirm_after_days": 3 });
        self.done(&self.committee, "scheme", &scheme).await;
        let service = json!({ "title": "陪同散步", "minutes": 60 });
        self.ids.service = self.made(&self.committee, "services", &service).await;
        let elder = elder("沈奶奶", "1940-02-29", "own");
        self.ids.elder = self.made(&self.elder, "elders", &elder).await;
        let path = api(HERE, "volunteer");
        let enrolled = self
            .send_json(&self.helper, Method::PUT, &path, &volunteer())
            .await;
        assert_eq!(enrolled.status, StatusCode::OK, "{}", enrolled.body);
        let vetting = format!("volunteers/{}/vetting", self.ids.account);
        let fit = json!({ "is_fit": true, "note": "身份证" });
        self.done(&self.committee, &vetting, &fit).await;
        let (request, visit) = self.visited().await;
        (self.ids.request, self.ids.visit) = (request, visit);
        let rest = format!("visits/{}/complaint", self.ids.visit);
        let said = json!({ "said": "只待了二十分钟" });
        self.ids.complaint = self.made(&self.elder, &rest, &said).await;
        self.ids.waiting = self.asked().await;
    }

    /// A request for two hours from now.
    pub(crate) async fn asked(&self) -> String {
        let begins = self.app.now().plus_seconds(7_200).rfc3339();
        let ask = json!({ "service": self.ids.service, "begins": begins, "paid_by": "elder" });
        let rest = format!("elders/{}/requests", self.ids.elder);
        self.made(&self.elder, &rest, &ask).await
    }

    /// A visit of an hour that is over; its request and itself.
    pub(crate) async fn visited(&self) -> (String, String) {
        let request = self.asked().await;
        let rest = format!("requests/{request}/acceptance");
        let accept = json!({ "for_team": false });
        let visit = self.made(&self.helper, &rest, &accept).await;
        let mine = self.get(&self.elder, &api(HERE, "")).await.json();
        let mut requests = mine["requests"].as_array().unwrap().iter();
        let this = requests.find(|one| one["id"] == request.as_str()).unwrap();
        let code = this["visit"]["code"].as_str().unwrap();
        let door = json!({ "code": code });
        self.wait(7_200);
        self.made(&self.helper, "check-in", &door).await;
        self.wait(3_600);
        let left = self.post_json(&self.helper, "check-out", &door).await;
        assert_eq!(left.status, StatusCode::OK, "{}", left.body);
        (request, visit)
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }

    /// As Linli itself.
    pub(crate) async fn run<C: Command>(&self, community: CommunityId, command: C) -> C::Outcome
    where
        C::Error: std::fmt::Debug,
    {
        let ctx = self.app.system_context(community).unwrap();
        self.app.journal().execute(ctx, command).await.unwrap()
    }

    /// Somebody with these roles, signed in.
    pub(crate) async fn person(&self, login: &str, roles: &[(CommunityId, Role)]) -> Person {
        let cost = HashCost {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        };
        let passwords = Passwords::new(cost).unwrap();
        let create = CreateAccount {
            login: Login::parse(login).unwrap(),
            name: "陈建国".to_owned(),
            password: Some(passwords.hash(PASSWORD, &[]).unwrap()),
            language: Language::Chinese,
            elder: false,
        };
        let account = self.run(CommunityId::CITY, create).await;
        for (community, role) in roles {
            let grant = GrantRole {
                account,
                role: *role,
                organisation: None,
                until: None,
                reason: "test".to_owned(),
            };
            self.run(*community, grant).await;
        }
        let (vault, login) = (self.app.vault().clone(), login.to_owned());
        let now = self.app.now();
        let found = self
            .app
            .database()
            .read(move |read| candidate(read, &vault, now, &login, "10.0.0.1"))
            .await
            .unwrap();
        let Ok(verified) = found.verify(&passwords, PASSWORD, Lockout::default()) else {
            unreachable!("the password is right");
        };
        let token = SessionToken::generate().unwrap();
        let start = StartSession::new(verified, token.hash(), "test");
        self.run(CommunityId::CITY, start).await;
        Person {
            account,
            token: token.expose(),
        }
    }

    pub(crate) async fn entry_kinds(&self) -> Vec<String> {
        let read = self.app.database();
        let entries = read
            .read(|read| journal::entries(read, HERE, 0, 1_000))
            .await
            .unwrap();
        entries.into_iter().map(|entry| entry.kind).collect()
    }

    /// Makes something by the API; its id.
    pub(crate) async fn made(&self, who: &Person, rest: &str, body: &Value) -> String {
        let answer = self.post_json(who, rest, body).await;
        assert_eq!(
            answer.status,
            StatusCode::CREATED,
            "{rest}: {}",
            answer.body
        );
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    async fn done(&self, who: &Person, rest: &str, body: &Value) {
        let answer = self.post_json(who, rest, body).await;
        assert_eq!(
            answer.status,
            StatusCode::NO_CONTENT,
            "{rest}: {}",
            answer.body
        );
    }

    pub(crate) async fn get(&self, who: &Person, path: &str) -> Answer {
        self.send(who, Request::get(path), Body::empty()).await
    }

    pub(crate) async fn post(&self, who: &Person, path: &str, form: &str) -> Answer {
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(who, request, Body::from(form.to_owned())).await
    }

    pub(crate) async fn post_json(&self, who: &Person, rest: &str, json: &Value) -> Answer {
        self.send_json(who, Method::POST, &api(HERE, rest), json)
            .await
    }

    pub(crate) async fn send_json(
        &self,
        who: &Person,
        method: Method,
        path: &str,
        json: &Value,
    ) -> Answer {
        self.call(who, &method, path, &json.to_string()).await
    }

    pub(crate) async fn call(
        &self,
        who: &Person,
        method: &Method,
        path: &str,
        body: &str,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(CONTENT_TYPE, "application/json");
        self.send(who, request, Body::from(body.to_owned())).await
    }

    pub(crate) async fn send(
        &self,
        who: &Person,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Answer {
        let request = if who.token.is_empty() {
            request
        } else {
            request.header(AUTHORIZATION, format!("Bearer {}", who.token))
        };
        let request = request.body(body).unwrap();
        let response = self.site.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let location = response.headers().get(LOCATION);
        let location = location.map(|value| value.to_str().unwrap().to_owned());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer {
            status,
            location,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// A page of the time bank.
pub(crate) fn page(community: CommunityId, rest: &str) -> String {
    format!("/c/{community}/timebank{rest}")
}

/// An operation of the time bank.
pub(crate) fn api(community: CommunityId, rest: &str) -> String {
    let slash = if rest.is_empty() { "" } else { "/" };
    format!("/api/v1/communities/{community}/timebank{slash}{rest}")
}

pub(crate) fn elder(name: &str, birth: &str, consent: &str) -> Value {
    json!({
        "name": name, "phone": "13800000001", "birth": birth, "gender": "female", "languages": ["绍兴话"],
        "building": "3幢", "door": "1单元502", "consent": consent, "evidence": "签字的同意书",
    })
}

pub(crate) fn volunteer() -> Value {
    json!({
        "name": "李小雨", "birth": "1990-05-01", "gender": "female", "languages": ["普通话"], "skills": [],
        "slots": ["weekday_afternoon"], "team": null,
    })
}

fn find_community(read: &mut dyn Read, id: CommunityId) -> Result<Option<CommunityFace>, Failure> {
    match people::queries::community(read, id) {
        Ok(community) => Ok(Some(CommunityFace {
            name: community.name,
            demo: community.is_demo,
        })),
        Err(error) if error.kind() == kernel::Kind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
