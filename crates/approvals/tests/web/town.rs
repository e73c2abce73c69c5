//! The city's site in memory: departments that hold units, clerks, applicants, somebody without any business there.

use std::sync::Arc;

use approvals::AppointUnit;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use axum::http::{Request, StatusCode};
use db::{Database, Options, Read};
use identity::commands::{ActFor, CreateAccount, GrantRole, RegisterOrganisation, StartSession};
use identity::{
    Directory, HashCost, Language, Lockout, Login, OrganisationKind, Passwords, PermissionRule,
    SessionPolicy, SessionToken, Sessions, candidate,
};
use journal::{Command, Journal};
use kernel::{Actor, CommunityId, OrganisationId, Role, Timestamp, Uuid, Vault};
use serde_json::{Value, json};
use shell::{App, CommunityFace, Failure, Navigation, Parts, Settings};
use tower::ServiceExt as _;
use web_ui::{MessageSource, Messages};

/// A residential community, where approvals have no place.
pub(crate) const COMMUNITY: CommunityId = CommunityId::from_uuid(Uuid::from_u128(100));
/// 23 November 2026, noon in Shaoxing.
const NOON: Timestamp = Timestamp::from_micros(1_795_406_400_000_000);
const PASSWORD: &str = "bamboo by the gate";
pub(crate) const PROCESS: &str = "zhejiang.construction_approval";

pub(crate) struct Town {
    app: App,
    site: Router,
    pub(crate) planners: OrganisationId,
}

/// Someone who has signed in; without a token, somebody who has not.
pub(crate) struct Person {
    pub(crate) token: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) disposition: Option<String>,
    pub(crate) body: String,
}

impl Answer {
    /// The code of the problem that a program was told.
    pub(crate) fn code(&self) -> String {
        let kind = self.json()["type"].as_str().unwrap().to_owned();
        kind.strip_prefix("/problems/").unwrap().to_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub(crate) const NOBODY: Person = Person {
    token: String::new(),
};

impl Town {
    pub(crate) async fn new() -> Self {
        let database = Database::open("sqlite::memory:", Options::default()).unwrap();
        let migrations = [
            journal::MIGRATIONS,
            identity::MIGRATIONS,
            approvals::MIGRATIONS,
        ];
        database.migrate(&migrations.concat()).unwrap();
        let module = approvals::module();
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
        let mut town = Self {
            app,
            site,
            planners: OrganisationId::from_uuid(Uuid::nil()),
        };
        town.planners = town
            .department("自然资源和规划局", &["natural_resources"])
            .await;
        town
    }

    /// Registers a department that holds these units.
    pub(crate) async fn department(&self, name: &str, units: &[&str]) -> OrganisationId {
        let (kind, name) = (OrganisationKind::CityDepartment, name.to_owned());
        let organisation = self.run(RegisterOrganisation { kind, name }).await;
        for unit in units {
            let unit = (*unit).to_owned();
            self.run(AppointUnit { unit, organisation }).await;
        }
        organisation
    }

    /// As Linli itself.
    pub(crate) async fn run<C: Command>(&self, command: C) -> C::Outcome
    where
        C::Error: std::fmt::Debug,
    {
        let ctx = self.app.system_context(CommunityId::CITY).unwrap();
        self.app.journal().execute(ctx, command).await.unwrap()
    }

    /// Someone with a role in the city, who acts for this organisation.
    pub(crate) async fn person(
        &self,
        login: &str,
        role: Role,
        organisation: Option<OrganisationId>,
    ) -> Person {
        self.person_in(CommunityId::CITY, login, role, organisation)
            .await
    }

    pub(crate) async fn person_in(
        &self,
        community: CommunityId,
        login: &str,
        role: Role,
        organisation: Option<OrganisationId>,
    ) -> Person {
        let cost = HashCost {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        };
        let passwords = Passwords::new(cost).unwrap();
        let account = CreateAccount {
            login: Login::parse(login).unwrap(),
            name: "陈建国".to_owned(),
            password: Some(passwords.hash(PASSWORD, &[]).unwrap()),
            language: Language::Chinese,
            elder: false,
        };
        let account = self.run(account).await;
        let grant = GrantRole {
            account,
            role,
            organisation,
            until: None,
            reason: "test".to_owned(),
        };
        let ctx = self.app.system_context(community).unwrap();
        self.app.journal().execute(ctx, grant).await.unwrap();
        let (vault, login) = (self.app.vault().clone(), login.to_owned());
        let database = self.app.database();
        let found = database
            .read(move |read| candidate(read, &vault, NOON, &login, "10.0.0.1"))
            .await
            .unwrap();
        let Ok(verified) = found.verify(&passwords, PASSWORD, Lockout::default()) else {
            unreachable!("the password is right");
        };
        let token = SessionToken::generate().unwrap();
        let session = self
            .run(StartSession::new(verified, token.hash(), "test"))
            .await;
        let mut ctx = self.app.system_context(CommunityId::CITY).unwrap();
        ctx.actor = Actor::account(account);
        let act_for = ActFor {
            session,
            organisation,
        };
        self.app.journal().execute(ctx, act_for).await.unwrap();
        Person {
            token: token.expose(),
        }
    }

    /// A clerk of the department that leads the first stages.
    pub(crate) async fn planner(&self) -> Person {
        let planners = Some(self.planners);
        self.person("clerk-planner", Role::CityStaff, planners)
            .await
    }

    pub(crate) async fn applicant(&self) -> Person {
        self.person("applicant-one", Role::Applicant, None).await
    }

    /// A submitted file, by the API; its id.
    pub(crate) async fn submitted(&self, who: &Person, title: &str) -> String {
        let drafted = self.post_json(who, &api(""), &form(title)).await;
        assert_eq!(drafted.status, StatusCode::CREATED, "{}", drafted.body);
        let id = drafted.json()["id"].as_str().unwrap().to_owned();
        let path = api(&format!("/{id}/submission"));
        let sent = self.post_json(who, &path, &json!({})).await;
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
        id
    }

    /// What a clerk does, by the API.
    pub(crate) async fn act(&self, who: &Person, case: &str, seen: u32, act: Value) -> Answer {
        let path = api(&format!("/{case}/acts"));
        let body = json!({ "seen": seen, "act": act });
        self.post_json(who, &path, &body).await
    }

    pub(crate) async fn entry_kinds(&self) -> Vec<String> {
        let read = self.app.database();
        let entries = read
            .read(|read| journal::entries(read, CommunityId::CITY, 0, 1_000))
            .await
            .unwrap();
        entries.into_iter().map(|entry| entry.kind).collect()
    }

    pub(crate) async fn get(&self, who: &Person, path: &str) -> Answer {
        self.send(who, Request::get(path), Body::empty()).await
    }

    pub(crate) async fn post(&self, who: &Person, path: &str, form: &str) -> Answer {
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(who, request, Body::from(form.to_owned())).await
    }

    pub(crate) async fn post_json(&self, who: &Person, path: &str, json: &Value) -> Answer {
        let request = Request::post(path).header(CONTENT_TYPE, "application/json");
        self.send(who, request, Body::from(json.to_string())).await
    }

    /// A form with a file in it, as a browser sends it.
    pub(crate) async fn upload(
        &self,
        who: &Person,
        path: &str,
        (name, media_type, content): (&str, &str, &[u8]),
    ) -> Answer {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"paper\"\r\n\r\nsite_plan\r\n\
             --edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: {media_type}\r\n\r\n"
        );
        let body = [head.as_bytes(), content, b"\r\n--edge--\r\n"].concat();
        let request =
            Request::post(path).header(CONTENT_TYPE, "multipart/form-data; boundary=edge");
        self.send(who, request, Body::from(body)).await
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
        let header = |name| {
            let value = response.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        let location = header(LOCATION);
        let disposition = header(axum::http::header::CONTENT_DISPOSITION);
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer {
            status,
            location,
            disposition,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// A page of the city's approvals.
pub(crate) fn page(rest: &str) -> String {
    format!("/c/{}/approvals{rest}", CommunityId::CITY)
}

/// An operation on the city's approvals.
pub(crate) fn api(rest: &str) -> String {
    format!("/api/v1/communities/{}/approvals{rest}", CommunityId::CITY)
}

pub(crate) fn form(title: &str) -> Value {
    json!({
        "process": PROCESS, "title": title, "place": "越城区兰亭路", "applicant": "兰亭置业", "contact": "王工",
        "phone": "13900000001", "stages": ["siting"],
    })
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the shell asks for one that may fail"
)]
fn find_community(_: &mut dyn Read, id: CommunityId) -> Result<Option<CommunityFace>, Failure> {
    let face = || CommunityFace {
        name: "兰亭花园".to_owned(),
        demo: false,
    };
    Ok((id == COMMUNITY).then(face))
}
