//! The JSON twin, as a program sees it.

use crate::support::{HERE, PASSWORD, Site};
use axum::http::{StatusCode, header};
use kernel::Role;

async fn token(site: &Site, login: &str) -> String {
    let body = format!(r#"{{"login":"{login}","password":"{PASSWORD}"}}"#);
    let answer = site.call("POST", "/api/v1/sessions", "", "", &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.session(), None, "a program gets no cookie");
    answer.json()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_works_until_its_session_is_deleted() {
    let site = Site::new();
    site.person("wang", "王小明", &[(HERE, Role::Owner)]).await;
    let token = token(&site, "wang").await;
    let me = site.call("GET", "/api/v1/me", &token, "", "").await.json();
    assert_eq!(me["name"], "王小明");
    assert_eq!(me["roles"][0]["role"], "owner");
    assert_eq!(me["roles"][0]["community"], HERE.to_string());
    let ended = site
        .call("DELETE", "/api/v1/sessions/current", &token, "", "")
        .await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    let after = site.call("GET", "/api/v1/me", &token, "", "").await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        after.header(header::CONTENT_TYPE),
        "application/problem+json"
    );
    assert_eq!(after.json()["type"], "/problems/error-sign-in-first");
}

#[tokio::test]
async fn what_goes_wrong_is_told_as_problem_details() {
    let site = Site::new();
    site.person("wang", "王小明", &[(HERE, Role::Owner)]).await;
    let wrong = r#"{"login":"wang","password":"guess guess"}"#;
    let answer = site.call("POST", "/api/v1/sessions", "", "", wrong).await;
    assert_eq!(
        answer.header(header::CONTENT_TYPE),
        "application/problem+json"
    );
    let problem = answer.json();
    assert_eq!(problem["type"], "/problems/identity-error-sign-in-refused");
    assert_eq!(
        (problem["status"].as_u64(), answer.status),
        (Some(401), StatusCode::UNAUTHORIZED)
    );
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .starts_with("Login or password"),
        "{problem}"
    );
    for _ in 0..4 {
        site.call("POST", "/api/v1/sessions", "", "", wrong).await;
    }
    let locked = site.call("POST", "/api/v1/sessions", "", "", wrong).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(locked.header(header::RETRY_AFTER), "2");
    let malformed = site
        .call("POST", "/api/v1/sessions", "", "", r#"{"login":7}"#)
        .await;
    assert_eq!(malformed.json()["type"], "/problems/error-json-field");
}

#[tokio::test]
async fn members_and_invitations_have_the_same_guards_as_their_pages() {
    let site = Site::new();
    let owner = site.person("owner", "王小明", &[(HERE, Role::Owner)]).await;
    site.person("committee", "李建国", &[(HERE, Role::CommitteeMember)])
        .await;
    let (own, desk) = (token(&site, "owner").await, token(&site, "committee").await);
    let base = format!("/api/v1/communities/{HERE}");
    let (members, invitations) = (format!("{base}/members"), format!("{base}/invitations"));
    let invitation = r#"{"name":"陈阿婆","role":"owner"}"#;
    for (method, path, body) in [
        ("GET", &members, String::new()),
        (
            "POST",
            &members,
            format!(r#"{{"account":"{owner}","role":"butler","reason":"me"}}"#),
        ),
        ("GET", &invitations, String::new()),
        ("POST", &invitations, invitation.to_owned()),
    ] {
        let denied = site.call(method, path, &own, "", &body).await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN, "{method} {path}");
        assert_eq!(denied.json()["type"], "/problems/error-denied");
        assert_eq!(
            site.call(method, path, "", "", &body).await.status,
            StatusCode::FORBIDDEN
        );
    }
    let list = site.call("GET", &members, &desk, "", "").await.json();
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert!(
        list.as_array()
            .unwrap()
            .iter()
            .any(|member| member["name"] == "王*明")
    );
    let body = format!(r#"{{"account":"{owner}","role":"butler","reason":"contract"}}"#);
    assert_eq!(
        site.call("POST", &members, &desk, "", &body).await.status,
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn a_repeated_key_answers_the_same_invitation() {
    let site = Site::new();
    site.person("committee", "李建国", &[(HERE, Role::CommitteeMember)])
        .await;
    let desk = token(&site, "committee").await;
    let path = format!("/api/v1/communities/{HERE}/invitations");
    let body = r#"{"name":"陈阿婆","role":"owner"}"#;
    let first = site.call("POST", &path, &desk, "key-1", body).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let again = site.call("POST", &path, &desk, "key-1", body).await.json();
    assert_eq!(
        (&first.json()["id"], &first.json()["code"]),
        (&again["id"], &again["code"])
    );
    let other = site
        .call(
            "POST",
            &path,
            &desk,
            "key-1",
            r#"{"name":"别人","role":"owner"}"#,
        )
        .await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    let fresh = site.call("POST", &path, &desk, "key-2", body).await.json();
    assert_ne!(first.json()["code"], fresh["code"]);
    let open = site.call("GET", &path, &desk, "", "").await.json();
    assert_eq!(open.as_array().unwrap().len(), 2);
    assert!(!open.to_string().contains("陈阿婆"));
    let id = first.json()["id"].as_str().unwrap().to_owned();
    let withdrawn = site
        .call("DELETE", &format!("{path}/{id}"), &desk, "", "")
        .await;
    assert_eq!(withdrawn.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn the_description_names_every_path() {
    let site = Site::new();
    let description = site
        .call("GET", "/api/v1/openapi.json", "", "", "")
        .await
        .json();
    for path in [
        "/api/v1/sessions",
        "/api/v1/sessions/current",
        "/api/v1/me",
        "/api/v1/passkeys/sign-in",
        "/api/v1/passkeys/registration",
        "/api/v1/communities/{community}/members",
        "/api/v1/communities/{community}/invitations",
        "/api/v1/communities/{community}/invitations/{code}",
    ] {
        assert!(description["paths"][path].is_object(), "{path}");
    }
}
