//! A site in memory with two communities, and people who sign in to it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use axum::http::{Request, StatusCode};
use db::{Database, Options, Read};
use identity::commands::{CreateAccount, GrantRole, StartSession};
use identity::{
    Directory, HashCost, Language, Lockout, Login, Passwords, PermissionRule, SessionPolicy,
    SessionToken, Sessions, candidate,
};
use journal::{Command, Journal};
use kernel::{AccountId, CommunityId, Problem as _, Role, Timestamp, Uuid, Vault};
use people::commands::{CreateCommunity, ImportRoll};
use people::import::read_file;
use people::model::{Electorate, UnitsCounted};
use shell::{App, CommunityFace, Failure, Navigation, Parts, Settings};
use tower::ServiceExt as _;
use web_ui::{MessageSource, Messages};

/// A second community.
pub(crate) const OTHER: CommunityId = CommunityId::from_uuid(Uuid::from_u128(200));
/// 23 November 2026, noon in Shaoxing.
const NOON: Timestamp = Timestamp::from_micros(1_795_406_400_000_000);
const PASSWORD: &str = "bamboo by the gate";

pub(crate) struct Town {
    app: App,
    site: Router,
    pub(crate) community: CommunityId,
}

/// Someone who has signed in.
pub(crate) struct Person {
    pub(crate) account: AccountId,
    token: String,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) body: String,
}

impl Town {
    pub(crate) async fn new() -> Self {
        let database = Database::open("sqlite::memory:", Options::default()).unwrap();
        let migrations = [
            journal::MIGRATIONS,
            identity::MIGRATIONS,
            people::MIGRATIONS,
        ]
        .concat();
        database.migrate(&migrations).unwrap();
        let module = people::module();
        let vault = Vault::new(&[[9; 32]]);
        let rules = module
            .permissions
            .iter()
            .map(|(permission, roles)| PermissionRule {
                permission: *permission,
                roles,
            });
        let rules = rules.chain(identity::PERMISSIONS.iter().copied());
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
        let app = App::new(Parts {
            journal: Journal::new(database, signer),
            directory: Directory::new(rules, []),
            sessions: Sessions::new(SessionPolicy::default(), vault.clone(), 100),
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
        let site = shell::router(app.clone(), vec![module], Router::new());
        let town = Self {
            app,
            site,
            community: CommunityId::from_uuid(Uuid::from_u128(100)),
        };
        for community in [town.community, OTHER] {
            let create = CreateCommunity {
                name: "兰亭花园".to_owned(),
                place: "330602".to_owned(),
                address: String::new(),
                is_demo: false,
            };
            town.run(community, create).await;
        }
        town
    }

    /// As Linli itself.
    async fn run<C: Command>(&self, community: CommunityId, command: C) -> C::Outcome
    where
        C::Error: std::fmt::Debug,
    {
        let ctx = self.app.system_context(community).unwrap();
        self.app.journal().execute(ctx, command).await.unwrap()
    }

    pub(crate) async fn person(&self, role: Role) -> Person {
        let passwords = Passwords::new(HashCost {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        })
        .unwrap();
        let account = CreateAccount {
            login: Login::parse("someone-here").unwrap(),
            name: "陈建国".to_owned(),
            password: Some(passwords.hash(PASSWORD, &[]).unwrap()),
            language: Language::Chinese,
            elder: false,
        };
        let account = self.run(CommunityId::CITY, account).await;
        let mut person = Person {
            account,
            token: String::new(),
        };
        self.grant(&person, self.community, role).await;
        person.token = self.sign_in(account).await.token;
        person
    }

    pub(crate) async fn grant(&self, person: &Person, community: CommunityId, role: Role) {
        let reason = "test".to_owned();
        let grant = GrantRole {
            account: person.account,
            role,
            organisation: None,
            until: None,
            reason,
        };
        self.run(community, grant).await;
    }

    pub(crate) async fn sign_in(&self, account: AccountId) -> Person {
        let passwords = Passwords::new(HashCost {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        })
        .unwrap();
        let vault = self.app.vault().clone();
        let found = self
            .app
            .database()
            .read(move |read| candidate(read, &vault, NOON, "someone-here", "10.0.0.1"))
            .await
            .unwrap();
        let Ok(verified) = found.verify(&passwords, PASSWORD, Lockout::default()) else {
            unreachable!("the password is right");
        };
        let token = SessionToken::generate().unwrap();
        self.run(
            CommunityId::CITY,
            StartSession::new(verified, token.hash(), "test"),
        )
        .await;
        Person {
            account,
            token: token.expose(),
        }
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/c/{}/{rest}", self.community)
    }

    pub(crate) async fn import(&self, community: CommunityId, csv: &str) {
        let file = read_file(csv.as_bytes()).unwrap();
        let import = ImportRoll {
            units: file.units,
            residents: file.residents,
            file_sha256: "ab".repeat(32),
            is_confirmed: true,
        };
        self.run(community, import).await;
    }

    async fn electorate(&self) -> Electorate {
        let community = self.community;
        self.app
            .database()
            .read(move |read| people::queries::electorate(read, community, UnitsCounted::default()))
            .await
            .unwrap()
    }

    pub(crate) async fn units(&self) -> usize {
        self.electorate().await.units.len()
    }

    pub(crate) async fn unit(&self, number: &str) -> String {
        let units = self.electorate().await.units;
        units
            .iter()
            .find(|unit| unit.label.number == number)
            .unwrap()
            .unit
            .to_string()
    }

    /// The first owner of a unit.
    /// An owner of this unit and of no other.
    pub(crate) async fn owner(&self, number: &str) -> String {
        let units = self.electorate().await.units;
        let (of_unit, others): (Vec<_>, Vec<_>) =
            units.iter().partition(|unit| unit.label.number == number);
        let mut owners = of_unit.iter().flat_map(|unit| &unit.owners);
        owners
            .find(|owner| others.iter().all(|unit| !unit.owners.contains(owner)))
            .unwrap()
            .to_string()
    }

    pub(crate) async fn entry_kinds(&self) -> Vec<String> {
        let community = self.community;
        let entries = self
            .app
            .database()
            .read(move |read| journal::entries(read, community, 0, 1_000))
            .await
            .unwrap();
        entries.into_iter().map(|entry| entry.kind).collect()
    }

    pub(crate) async fn get(&self, who: &Person, path: &str) -> Answer {
        self.send(who, Request::get(path), Body::empty()).await
    }

    pub(crate) async fn delete(&self, who: &Person, path: &str) -> Answer {
        self.send(who, Request::delete(path), Body::empty()).await
    }

    pub(crate) async fn post(&self, who: &Person, path: &str, form: &str) -> Answer {
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(who, request, Body::from(form.to_owned())).await
    }

    pub(crate) async fn post_json(&self, who: &Person, path: &str, json: &str) -> Answer {
        let request = Request::post(path).header(CONTENT_TYPE, "application/json");
        self.send(who, request, Body::from(json.to_owned())).await
    }

    /// A program's request with a JSON body by another method than POST.
    pub(crate) async fn call_json(
        &self,
        who: &Person,
        method: &str,
        path: &str,
        json: &str,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(CONTENT_TYPE, "application/json");
        self.send(who, request, Body::from(json.to_owned())).await
    }

    pub(crate) async fn upload(&self, who: &Person, path: &str, file: &[u8]) -> Answer {
        let head = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"roll.csv\"\r\n\r\n";
        let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
        let request =
            Request::post(path).header(CONTENT_TYPE, "multipart/form-data; boundary=edge");
        self.send(who, request, Body::from(body)).await
    }

    async fn send(
        &self,
        who: &Person,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Answer {
        let request = request
            .header(AUTHORIZATION, format!("Bearer {}", who.token))
            .body(body)
            .unwrap();
        let response = self.site.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let location = response
            .headers()
            .get(LOCATION)
            .map(|value| value.to_str().unwrap().to_owned());
        let bytes = to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap()
            .to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer {
            status,
            location,
            bytes,
            body,
        }
    }
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
