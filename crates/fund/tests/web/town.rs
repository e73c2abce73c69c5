//! A site in memory with two communities; in the first a fund with a purpose, a donation, a voucher that waits, and a project.

use std::sync::Arc;

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
use kernel::{CommunityId, Problem as _, Role, Timestamp, Uuid, Vault};
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
    pub(crate) maker: Person,
    pub(crate) treasurer: Person,
    pub(crate) second: Person,
    pub(crate) chair: Person,
    /// The ids that addresses name.
    pub(crate) ids: Ids,
}

/// Ids of things that exist, as addresses name them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    pub(crate) purpose: String,
    /// A donation that is booked, and one that waits.
    pub(crate) voucher: String,
    pub(crate) waiting: String,
    pub(crate) file: String,
    pub(crate) grant: String,
    pub(crate) tranche: String,
    pub(crate) gift: String,
}

/// Someone who has signed in; without a token, somebody who has not.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) token: String,
}

/// Somebody who has not signed in.
pub(crate) const NOBODY: Person = Person {
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
        let committee = [(HERE, Role::CommitteeMember)];
        town.treasurer = town.person("treasurer", &committee).await;
        town.second = town.person("second-one", &committee).await;
        town.chair = town.person("chair-one", &committee).await;
        town.maker = town.person("maker-one", &[(HERE, Role::Resident)]).await;
        town.open().await;
        town
    }

    fn empty() -> Self {
        let database = Database::open("sqlite::memory:", Options::default()).unwrap();
        let migrations = [
            journal::MIGRATIONS,
            identity::MIGRATIONS,
            people::MIGRATIONS,
            polls::MIGRATIONS,
            book::MIGRATIONS,
            fund::MIGRATIONS,
        ];
        database.migrate(&migrations.concat()).unwrap();
        let module = fund::module();
        let vault = Vault::new(&[[9; 32]]);
        let others = identity::PERMISSIONS.iter().copied();
        let rules = [module.permissions, people::PERMISSIONS, polls::PERMISSIONS]
            .concat()
            .into_iter()
            .map(|(permission, roles)| PermissionRule { permission, roles })
            .chain(others);
        let journal_texts = journal::MESSAGES.iter().filter_map(|(tag, text)| {
            web_ui::Language::from_tag(tag)
                .map(|language| MessageSource::new(language, "journal", text))
        });
        let book_texts = book::MESSAGES.iter().filter_map(|(tag, text)| {
            web_ui::Language::from_tag(tag)
                .map(|language| MessageSource::new(language, "book", text))
        });
        let texts = web_ui::MESSAGES
            .into_iter()
            .chain(shell::MESSAGES)
            .chain(journal_texts)
            .chain(book_texts)
            .chain(module.messages);
        let signer = proof::SigningKey::from_seed("test.linli", &[7; 32]).unwrap();
        let app = App::new(Parts {
            journal: Journal::new(database, signer),
            directory: Directory::new(rules, []),
            sessions: Sessions::new(DAYS_LONG, vault.clone(), 100),
            vault,
            messages: Arc::new(Messages::build(texts).unwrap()),
            navigation: Navigation::of(std::slice::from_ref(&module)),
            clock: Arc::new(|| NOON),
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
            maker: NOBODY,
            treasurer: NOBODY,
            second: NOBODY,
            chair: NOBODY,
            ids: Ids::default(),
        }
    }

    /// Opens the fund: a charter, a purpose, a donation that is booked and one that waits, a project that was approved.
    async fn open(&mut self) {
        let charter = json!({
            "name": "兰亭社区基金", "standing": "public_foundation", "how": "转账", "surplus_share": 3000,
            "surplus_ground": "决议", "prior_income": 1000, "prior_net": 1000,
        });
        let path = api(HERE, "charter");
        let set = self
            .send_json(&self.chair, Method::PUT, &path, &charter)
            .await;
        assert_eq!(set.status, StatusCode::NO_CONTENT, "{}", set.body);
        let purpose = json!({ "title": "助餐", "about": "只付餐费" });
        self.ids.purpose = self.made(&self.chair, "purposes", &purpose).await;
        self.ids.voucher = self.recorded("1", "王淑芬").await;
        let rest = format!("vouchers/{}/confirmation", self.ids.voucher);
        let confirmed = self.post_json(&self.second, &rest, &json!({})).await;
        assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.body);
        self.ids.waiting = self.recorded("2", "王淑芬").await;
        let path = api(HERE, &format!("vouchers/{}", self.ids.voucher));
        let told = self.get(&self.treasurer, &path).await.json();
        self.ids.file = text(&told["files"][0]["id"]);
        self.ids.grant = self.made(&self.maker, "grants", &project("楼道扶手")).await;
        let rest = format!("grants/{}/reviews", self.ids.grant);
        let fit = json!({ "is_fit": true, "reason": "可行" });
        self.made(&self.second, &rest, &fit).await;
        let rest = format!("grants/{}/decision", self.ids.grant);
        let approved = json!({ "is_approved": true, "reason": "可行" });
        self.done(&self.chair, &rest, &approved).await;
        let path = api(HERE, &format!("grants/{}", self.ids.grant));
        let told = self.get(&self.maker, &path).await.json();
        self.ids.tranche = text(&told["tranches"][0]["id"]);
        let gift =
            json!({ "donor": "李小雨", "display": "masked", "purse": "general", "amount": 100 });
        self.ids.gift = self.made(&self.maker, "gifts", &gift).await;
    }

    /// A donation that the treasurer recorded; its id.
    pub(crate) async fn recorded(&self, reference: &str, donor: &str) -> String {
        let fields = [
            ("kind", "donation"),
            ("purse", "general"),
            ("amount", "900000"),
            ("means", "bank"),
            ("reference", reference),
            ("day", "2026-11-20"),
            ("what", "捐赠"),
            ("donor", donor),
            ("display", "masked"),
        ];
        let path = api(HERE, "vouchers");
        let answer = self.upload(&self.treasurer, &path, &fields).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    /// A form with a picture as its file.
    pub(crate) async fn upload(&self, who: &Person, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!(
                "--seam\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.into_bytes());
        }
        body.extend_from_slice(
            b"--seam\r\ncontent-disposition: form-data; name=\"file\"; filename=\"slip.png\"\r\n\
            content-type: image/png\r\n\r\n\x89PNG\r\n\x1a\nslip\r\n--seam--\r\n",
        );
        let request =
            Request::post(path).header(CONTENT_TYPE, "multipart/form-data; boundary=seam");
        self.send(who, request, Body::from(body)).await
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

/// A page of the fund.
pub(crate) fn page(community: CommunityId, rest: &str) -> String {
    format!("/c/{community}/fund{rest}")
}

/// An operation of the fund.
pub(crate) fn api(community: CommunityId, rest: &str) -> String {
    let slash = if rest.is_empty() { "" } else { "/" };
    format!("/api/v1/communities/{community}/fund{slash}{rest}")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

pub(crate) fn project(title: &str) -> Value {
    json!({
        "title": title, "plan": "给3幢装扶手", "who": "3幢邻里小组", "purse": "general",
        "tranches": [{ "title": "凭发票", "amount": 5000 }],
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
