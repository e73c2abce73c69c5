//! Nobody reaches into another community: every path of the API is tried by someone who holds every role next door.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use identity::commands::{CreateAccount, GrantRole, StartSession};
use identity::{HashCost, Language, Lockout, Login, Passwords, SessionToken};
use journal::Command;
use kernel::{AccountId, CommunityId, Role, Uuid};
use people::commands::CreateCommunity;
use serde_json::Value;
use shell::App;
use tower::ServiceExt as _;

use crate::compose;
use crate::config::{Config, Store, Web};
use crate::home;
use crate::opening::Opened;

const HOME: CommunityId = CommunityId::from_uuid(Uuid::from_u128(1));
const NEXT_DOOR: CommunityId = CommunityId::from_uuid(Uuid::from_u128(2));
const PASSWORD: &str = "two doors down the lane";

/// What is put to the public is listed for anyone; everything else that anyone may see has an id in its path.
const OPEN_TO_ANYONE: (&str, &str) = ("GET", "/api/v1/communities/{community}/consultations");

#[tokio::test(flavor = "multi_thread")]
async fn every_path_of_the_api_keeps_communities_apart() {
    let site = Site::open("apart").await;
    let mut tried = 0;
    for (path, methods) in site.paths().await {
        if !path.contains("{community}") {
            continue;
        }
        for method in methods {
            let next_door = site.status(&method, &path, NEXT_DOOR).await;
            if (method.as_str(), path.as_str()) == OPEN_TO_ANYONE {
                assert_eq!(next_door, StatusCode::OK, "{method} {path} is for anyone");
                continue;
            }
            let apart = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND];
            // A body that can't be read is refused before anyone looks at the community.
            let unread = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::BAD_REQUEST];
            assert!(
                apart.contains(&next_door) || (method != "GET" && unread.contains(&next_door)),
                "{method} {path} next door answers {next_door}"
            );
            tried += 1;
        }
    }
    assert!(tried > 20, "only {tried} operations were tried");
    let at_home = site
        .status("GET", "/api/v1/communities/{community}/resolutions", HOME)
        .await;
    assert_eq!(at_home, StatusCode::OK, "at home the same person may");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_communities_is_not_reached_in_the_city() {
    let site = Site::open("city").await;
    for path in ["resolutions", "units"] {
        let path = format!("/api/v1/communities/{{community}}/{path}");
        let in_city = site.status("GET", &path, CommunityId::CITY).await;
        assert_eq!(in_city, StatusCode::NOT_FOUND, "{path}");
    }
}

struct Site {
    app: App,
    router: axum::Router,
    token: String,
}

impl Site {
    async fn open(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("linli-isolation-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let store = Store {
            config: None,
            database: Some("sqlite::memory:".to_owned()),
            keys: Some(folder.join("linli.keys")),
        };
        let config = Config::decide(&store, &Web::default()).unwrap();
        let opened = Opened::or_made(&config).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let (app, modules) = compose::app(&config, opened, false).unwrap();
        let homes = home::homes(&modules);
        let router = shell::router(app.clone(), modules, home::routes(homes));
        let mut site = Self {
            app,
            router,
            token: String::new(),
        };
        for community in [HOME, NEXT_DOOR] {
            let create = CreateCommunity {
                name: "兰亭花园".to_owned(),
                place: "330602".to_owned(),
                address: String::new(),
                is_demo: false,
            };
            site.run(community, create).await;
        }
        site.token = site.sign_in().await.expose();
        site
    }

    async fn run<C: Command>(&self, community: CommunityId, command: C) -> C::Outcome
    where
        C::Error: std::fmt::Debug,
    {
        let ctx = self.app.system_context(community).unwrap();
        self.app.journal().execute(ctx, command).await.unwrap()
    }

    /// Someone with every role of a community, at home only.
    async fn sign_in(&self) -> SessionToken {
        let passwords = Arc::new(
            Passwords::new(HashCost {
                memory_kib: 8,
                passes: 1,
                lanes: 1,
            })
            .unwrap(),
        );
        let login = Login::parse("neighbour").unwrap();
        let account = CreateAccount {
            login: login.clone(),
            name: "王邻".to_owned(),
            password: Some(passwords.hash(PASSWORD, &[]).unwrap()),
            language: Language::Chinese,
            elder: false,
        };
        let account: AccountId = self.run(CommunityId::CITY, account).await;
        for role in [
            Role::Resident,
            Role::Owner,
            Role::Butler,
            Role::CommitteeMember,
            Role::Provider,
        ] {
            let grant = GrantRole {
                account,
                role,
                organisation: None,
                until: None,
                reason: "test".to_owned(),
            };
            self.run(HOME, grant).await;
        }
        let (vault, now) = (self.app.vault().clone(), self.app.now());
        let candidate = self
            .app
            .database()
            .read(move |read| identity::candidate(read, &vault, now, login.as_str(), "127.0.0.1"))
            .await
            .unwrap();
        let verified = candidate
            .verify(&passwords, PASSWORD, Lockout::default())
            .unwrap();
        let token = SessionToken::generate().unwrap();
        self.run(
            CommunityId::CITY,
            StartSession::new(verified, token.hash(), "test"),
        )
        .await;
        token
    }

    async fn send(&self, method: &str, path: &str) -> axum::response::Response {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(Body::from("{}"))
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn paths(&self) -> Vec<(String, Vec<String>)> {
        let answer = self.send("GET", "/api/v1/openapi.json").await;
        let bytes = axum::body::to_bytes(answer.into_body(), 10_000_000)
            .await
            .unwrap();
        let description: Value = serde_json::from_slice(&bytes).unwrap();
        let paths = description["paths"].as_object().unwrap();
        paths
            .iter()
            .map(|(path, operations)| {
                let methods = operations
                    .as_object()
                    .unwrap()
                    .keys()
                    .map(|method| method.to_uppercase());
                (path.clone(), methods.collect())
            })
            .collect()
    }

    /// The status of an operation in a community; every other parameter is an id that nothing has.
    async fn status(&self, method: &str, path: &str, community: CommunityId) -> StatusCode {
        let mut concrete = path
            .replace("{community}", &community.to_string())
            .replace("{number}", "2")
            .replace("{position}", "2");
        while let (Some(start), Some(end)) = (concrete.find('{'), concrete.find('}')) {
            concrete.replace_range(start..=end, &Uuid::from_u128(77).to_string());
        }
        self.send(method, &concrete).await.status()
    }
}
