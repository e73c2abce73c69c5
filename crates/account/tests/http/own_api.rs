//! One's own account, codes and members as a program keeps them: the same guards as the pages.

use axum::http::StatusCode;
use kernel::Role;
use serde_json::{Value, json};

use crate::authenticator::Authenticator;
use crate::support::{Answer, HERE, PASSWORD, Site, THERE};

const NEW: &str = "rain on the roof";

/// A program with a token, and what it asks.
struct Program<'a> {
    site: &'a Site,
    token: String,
}

impl<'a> Program<'a> {
    async fn of(site: &'a Site, login: &str) -> Self {
        let anyone = Self::nobody(site);
        let credentials = json!({ "login": login, "password": PASSWORD });
        let answer = anyone.ask("POST", "sessions", &credentials).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        anyone.with(&answer)
    }

    fn nobody(site: &'a Site) -> Self {
        let token = String::new();
        Self { site, token }
    }

    /// The same with the token that an answer told.
    fn with(&self, answer: &Answer) -> Self {
        let token = answer.json()["token"].as_str().unwrap().to_owned();
        Self {
            site: self.site,
            token,
        }
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        let path = format!("/api/v1/{path}");
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.site.call(method, &path, &self.token, "", &body).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.ask("GET", path, &Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.json()
    }

    async fn refused(&self, method: &str, path: &str, body: &Value) -> String {
        let answer = self.ask(method, path, body).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.body);
        let kind = answer.json()["type"].as_str().unwrap().to_owned();
        kind.replace("/problems/", "")
    }

    async fn done(&self, method: &str, path: &str, body: &Value) {
        let answer = self.ask(method, path, body).await;
        assert_eq!(
            answer.status,
            StatusCode::NO_CONTENT,
            "{path}: {}",
            answer.body
        );
    }
}

#[tokio::test]
async fn one_lists_and_ends_ones_own_sessions_and_nobody_elses() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    site.person("lili", "李建国", &[]).await;
    let here = Program::of(&site, "wang").await;
    let (lost, third) = (
        Program::of(&site, "wang").await,
        Program::of(&site, "wang").await,
    );
    let other = Program::of(&site, "lili").await;
    let list = here.get("sessions").await;
    assert_eq!(list.as_array().unwrap().len(), 3);
    let current = list
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["current"] == true);
    assert_eq!(current.count(), 1);
    let own = lost.get("sessions").await;
    let id = own
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["current"] == true)
        .unwrap()["id"]
        .clone();
    let path = format!("sessions/{}", id.as_str().unwrap());
    let theirs = other.refused("DELETE", &path, &Value::Null).await;
    assert_eq!(theirs, "identity-error-no-such-session");
    here.done("DELETE", &path, &Value::Null).await;
    assert_eq!(
        lost.refused("GET", "me", &Value::Null).await,
        "error-sign-in-first"
    );
    let ended = here.ask("DELETE", "sessions/others", &Value::Null).await;
    assert_eq!(ended.json(), json!({ "ended": 1 }));
    assert_eq!(
        third.refused("GET", "me", &Value::Null).await,
        "error-sign-in-first"
    );
    assert_eq!(here.get("sessions").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_sensitive_act_says_where_to_confirm_and_goes_with_the_new_token() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    let program = Program::of(&site, "wang").await;
    site.pass_seconds(601);
    let login = json!({ "login": "xiaoming" });
    for (method, path, body) in [
        ("PUT", "me/password", json!({ "password": NEW })),
        ("POST", "me/logins", login.clone()),
        ("POST", "me/logins/removal", json!({ "login": "wang" })),
        ("POST", "passkeys/registration", Value::Null),
    ] {
        let refused = program.ask(method, path, &body).await;
        assert_eq!(
            refused.status,
            StatusCode::FORBIDDEN,
            "{path}: {}",
            refused.body
        );
        let problem = refused.json();
        assert_eq!(problem["type"], "/problems/identity-error-confirm-first");
        assert_eq!(
            problem["confirm_at"],
            "/api/v1/sessions/current/confirmation"
        );
    }
    let at = "sessions/current/confirmation";
    let wrong = program
        .refused("POST", at, &json!({ "password": "guess guess" }))
        .await;
    assert_eq!(wrong, "identity-error-sign-in-refused");
    let right = program
        .ask("POST", at, &json!({ "password": PASSWORD }))
        .await;
    assert_eq!(right.status, StatusCode::OK, "{}", right.body);
    assert_eq!(
        program.refused("GET", "me", &Value::Null).await,
        "error-sign-in-first"
    );
    let program = program.with(&right);

    program.done("POST", "me/logins", &login).await;
    let logins = program.get("me/logins").await;
    assert_eq!(
        logins,
        json!([{ "login": "wang" }, { "login": "xiaoming" }])
    );
    program
        .done("POST", "me/logins/removal", &json!({ "login": "wang" }))
        .await;
    let last = program.refused("POST", "me/logins/removal", &login).await;
    assert_eq!(last, "identity-error-last-login");

    let weak = program
        .refused("PUT", "me/password", &json!({ "password": "short" }))
        .await;
    assert_eq!(weak, "identity-error-password-too-short");
    let changed = program
        .ask("PUT", "me/password", &json!({ "password": NEW }))
        .await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!(
        program.refused("GET", "me", &Value::Null).await,
        "error-sign-in-first"
    );
    program.with(&changed).get("me").await;
    let old = json!({ "login": "xiaoming", "password": PASSWORD });
    let refused = Program::nobody(&site)
        .refused("POST", "sessions", &old)
        .await;
    assert_eq!(refused, "identity-error-sign-in-refused");
}

#[tokio::test]
async fn name_language_and_print_are_set_and_a_foreign_language_is_refused() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    let program = Program::of(&site, "wang").await;
    let profile = |language: &str| json!({ "name": "王大明", "language": language, "elder": true });
    let foreign = program.refused("PUT", "me", &profile("fr")).await;
    assert_eq!(foreign, "account-error-language");
    program.done("PUT", "me", &profile("en")).await;
    let me = program.get("me").await;
    assert_eq!(
        (&me["name"], &me["language"], &me["elder"]),
        (&json!("王大明"), &json!("en"), &json!(true))
    );
    let nobody = Program::nobody(&site);
    assert_eq!(
        nobody.refused("PUT", "me", &profile("en")).await,
        "error-sign-in-first"
    );
}

#[tokio::test]
async fn a_passkey_is_added_signs_in_confirms_is_renamed_and_removed() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    site.person("lili", "李建国", &[]).await;
    let program = Program::of(&site, "wang").await;
    let mut device = Authenticator::new(1);
    let begun = program
        .ask("POST", "passkeys/registration", &Value::Null)
        .await
        .json();
    let answer: Value =
        serde_json::from_str(&device.create(&begun["options"].to_string())).unwrap();
    let new = json!({ "ceremony": begun["ceremony"], "answer": answer, "label": "我的手机" });
    let theirs = Program::of(&site, "lili")
        .await
        .refused("POST", "me/passkeys", &new)
        .await;
    assert_eq!(theirs, "identity-error-ceremony-expired");
    let added = program.ask("POST", "me/passkeys", &new).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    let path = format!("me/passkeys/{}", added.json()["id"].as_str().unwrap());

    let nobody = Program::nobody(&site);
    let mut proof = async || {
        let begun = nobody
            .ask("POST", "passkeys/sign-in", &Value::Null)
            .await
            .json();
        let answer: Value =
            serde_json::from_str(&device.get(&begun["options"].to_string())).unwrap();
        json!({ "ceremony": begun["ceremony"], "answer": answer })
    };
    let first = proof().await;
    let opened = nobody.ask("POST", "sessions/passkey", &first).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    let again = nobody.refused("POST", "sessions/passkey", &first).await;
    assert_eq!(again, "identity-error-ceremony-expired");
    let program = nobody.with(&opened);
    assert_eq!(program.get("me").await["assurance"], "passkey");

    program
        .done("PUT", &path, &json!({ "label": "旧手机" }))
        .await;
    site.pass_seconds(601);
    let stale = program.refused("DELETE", &path, &Value::Null).await;
    assert_eq!(stale, "identity-error-confirm-first");
    let second = proof().await;
    let confirmed = program
        .ask("POST", "sessions/current/confirmation/passkey", &second)
        .await;
    assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.body);
    let program = program.with(&confirmed);
    assert_eq!(program.get("me/passkeys").await[0]["label"], "旧手机");
    program.done("DELETE", &path, &Value::Null).await;
    assert_eq!(program.get("me/passkeys").await, json!([]));
}

#[tokio::test]
async fn a_code_tells_what_it_does_opens_an_account_and_joins_one_more_community() {
    let site = Site::new();
    site.person(
        "desk",
        "李建国",
        &[
            (HERE, Role::CommitteeMember),
            (THERE, Role::CommitteeMember),
        ],
    )
    .await;
    let (desk, nobody) = (Program::of(&site, "desk").await, Program::nobody(&site));
    let invite = async |community| {
        let path = format!("communities/{community}/invitations");
        let body = json!({ "name": "陈阿婆", "role": "owner" });
        desk.ask("POST", &path, &body).await.json()["code"].clone()
    };
    let (first, second) = (invite(HERE).await, invite(THERE).await);
    let meaning = nobody
        .ask("POST", "codes/check", &json!({ "code": first }))
        .await
        .json();
    assert_eq!(
        (&meaning["purpose"], &meaning["name"], &meaning["role"]),
        (&json!("invitation"), &json!("陈阿婆"), &json!("owner"))
    );
    let account = json!({ "code": first, "login": "chen", "password": PASSWORD, "language": "zh-CN", "elder": true });
    let opened = nobody.ask("POST", "accounts", &account).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    assert_eq!(opened.json()["community"], HERE.to_string());
    assert_eq!(
        nobody.refused("POST", "accounts", &account).await,
        "identity-error-code-settled"
    );
    let chen = Program::of(&site, "chen").await;
    assert_eq!(chen.get("me").await["elder"], true);

    let code = json!({ "code": second });
    assert_eq!(
        nobody.refused("POST", "me/communities", &code).await,
        "error-sign-in-first"
    );
    let joined = chen.ask("POST", "me/communities", &code).await;
    assert_eq!(joined.status, StatusCode::CREATED, "{}", joined.body);
    assert_eq!(joined.json()["community"], THERE.to_string());
    assert_eq!(chen.get("me").await["roles"].as_array().unwrap().len(), 2);
    let mut told = StatusCode::OK;
    for _ in 0..12 {
        told = nobody
            .ask("POST", "codes/check", &json!({ "code": "AAAA-AAAA-AA" }))
            .await
            .status;
    }
    assert_eq!(told, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_desk_sees_a_member_ends_a_role_and_helps_back_in() {
    let site = Site::new();
    let chen = site
        .person("chen-apo", "陈阿婆", &[(HERE, Role::Owner)])
        .await;
    let far = site.person("far", "外人", &[(THERE, Role::Owner)]).await;
    site.person("desk", "李建国", &[(HERE, Role::CommitteeMember)])
        .await;
    let (desk, owner) = (
        Program::of(&site, "desk").await,
        Program::of(&site, "chen-apo").await,
    );
    let member = format!("communities/{HERE}/members/{chen}");
    let (end, codes) = (
        format!("{member}/roles/end"),
        format!("{member}/reset-codes"),
    );
    let over = json!({ "role": "owner", "reason": "sold" });
    for (method, path, body) in [
        ("GET", &member, &Value::Null),
        ("POST", &end, &over),
        ("POST", &codes, &Value::Null),
    ] {
        assert_eq!(
            owner.refused(method, path, body).await,
            "error-denied",
            "{path}"
        );
    }
    let seen = desk.get(&member).await;
    assert_eq!(
        (&seen["name"], &seen["roles"][0]["role"]),
        (&json!("陈*婆"), &json!("owner"))
    );
    assert!(!seen.to_string().contains("chen-apo"), "{seen}");
    let elsewhere = format!("communities/{HERE}/members/{far}");
    let unknown = desk.refused("GET", &elsewhere, &Value::Null).await;
    assert_eq!(unknown, "identity-error-no-such-account");

    let path = format!("/api/v1/{codes}");
    let first = site
        .call("POST", &path, &desk.token, "key", "")
        .await
        .json();
    let again = site
        .call("POST", &path, &desk.token, "key", "")
        .await
        .json();
    assert_eq!(
        (&first["id"], &first["code"]),
        (&again["id"], &again["code"])
    );
    let nobody = Program::nobody(&site);
    nobody
        .done(
            "POST",
            "password-resets",
            &json!({ "code": first["code"], "password": NEW }),
        )
        .await;
    assert_eq!(
        owner.refused("GET", "me", &Value::Null).await,
        "error-sign-in-first"
    );

    desk.done("POST", &end, &over).await;
    assert_eq!(
        desk.refused("POST", &end, &over).await,
        "identity-error-no-such-role"
    );
}

#[tokio::test]
async fn the_desk_appoints_by_login_who_acts_for_an_organisation() {
    let site = Site::new();
    site.person("chen", "陈阿婆", &[(HERE, Role::Owner)]).await;
    site.person("desk", "李建国", &[(HERE, Role::CommitteeMember)])
        .await;
    let (desk, owner) = (
        Program::of(&site, "desk").await,
        Program::of(&site, "chen").await,
    );
    let organisations = format!("communities/{HERE}/organisations");
    let company = json!({ "kind": "property_company", "name": "绿城物业" });
    let registered = desk.ask("POST", &organisations, &company).await.json();
    let one = format!("{organisations}/{}", registered["id"].as_str().unwrap());
    assert_eq!(desk.get(&one).await["name"], "绿城物业");
    assert_eq!(
        owner.refused("GET", &one, &Value::Null).await,
        "error-denied"
    );
    let members = format!("{one}/members");
    let butler = json!({ "login": "chen", "role": "butler", "reason": "contract" });
    assert_eq!(
        owner.refused("POST", &members, &butler).await,
        "error-denied"
    );
    desk.done("POST", &members, &butler).await;
    assert_eq!(desk.get(&members).await[0]["name"], "陈*婆");
}

#[tokio::test]
async fn a_refusal_names_the_permission_and_what_cant_be_read() {
    let site = Site::new();
    site.person("wang", "王小明", &[(HERE, Role::Owner)]).await;
    let wang = Program::of(&site, "wang").await;
    let denied = wang
        .ask("GET", &format!("communities/{HERE}/members"), &Value::Null)
        .await;
    let problem = denied.json();
    assert_eq!(problem["permission"], "identity.view_members");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("“See the members”") && !detail.contains("identity."),
        "{detail}"
    );

    let malformed = wang.ask("PUT", "me", &json!({ "name": 7 })).await.json();
    assert_eq!(malformed["type"], "/problems/error-json-field");
    let detail = malformed["detail"].as_str().unwrap();
    assert!(
        detail.contains("name") && !detail.contains("expected"),
        "{detail}"
    );
    assert!(
        malformed["technical"]
            .as_str()
            .unwrap()
            .contains("invalid type")
    );
}

#[tokio::test]
async fn a_wrong_method_is_told_as_a_problem_with_the_right_ones() {
    let site = Site::new();
    site.person("wang", "王小明", &[(HERE, Role::Owner)]).await;
    let wang = Program::of(&site, "wang").await;
    let answer = wang.ask("PATCH", "me", &Value::Null).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.json()["type"], "/problems/error-wrong-method");
    let allowed = answer.headers["allow"].to_str().unwrap();
    assert!(allowed.contains("PUT"), "{allowed}");
}
