//! Every page has its twin in the API: a handler of a page that is not named here fails, and so does an operation that
//! is named here and not described.

use std::collections::BTreeSet;

use crate::support::Site;

/// Handlers of pages and forms, and the operation that does or tells the same. Pages that only hold a form stand with
/// the operation that the form's twin is.
const TWINS: &[(&str, &str)] = &[
    ("home::page", "get /me"),
    ("about::page", "get /about"),
    ("sign_in::page", "post /sessions"),
    ("sign_in::sign_in", "post /sessions"),
    ("sign_in::with_passkey", "post /sessions/passkey"),
    ("sign_in::sign_out", "delete /sessions/current"),
    ("join::page", "post /codes/check"),
    ("join::redeem", "post /accounts"),
    ("join::join", "post /me/communities"),
    ("reset::page", "post /password-resets"),
    ("reset::redeem", "post /password-resets"),
    ("me::page", "get /me"),
    ("me::page", "get /sessions"),
    ("me::page", "get /me/passkeys"),
    ("me::update", "put /me"),
    ("me::end_others", "delete /sessions/others"),
    ("me::end_session", "delete /sessions/{session}"),
    ("confirm::page", "post /sessions/current/confirmation"),
    (
        "confirm::with_password",
        "post /sessions/current/confirmation",
    ),
    (
        "confirm::with_passkey",
        "post /sessions/current/confirmation/passkey",
    ),
    ("password::page", "put /me/password"),
    ("password::change", "put /me/password"),
    ("logins::page", "get /me/logins"),
    ("logins::add", "post /me/logins"),
    ("logins::remove", "post /me/logins/removal"),
    ("acting::choose", "put /sessions/current/organisation"),
    ("passkeys::page", "post /passkeys/registration"),
    ("passkeys::add", "post /me/passkeys"),
    ("passkeys::rename", "put /me/passkeys/{passkey}"),
    ("passkeys::remove", "delete /me/passkeys/{passkey}"),
    (
        "organisations::list",
        "get /communities/{community}/organisations",
    ),
    (
        "organisations::register",
        "post /communities/{community}/organisations",
    ),
    (
        "organisations::page",
        "get /communities/{community}/organisations/{organisation}",
    ),
    (
        "organisations::page",
        "get /communities/{community}/organisations/{organisation}/members",
    ),
    (
        "organisations::appoint",
        "post /communities/{community}/organisations/{organisation}/members",
    ),
    ("members::list", "get /communities/{community}/members"),
    (
        "members::page",
        "get /communities/{community}/members/{account}",
    ),
    ("members::grant", "post /communities/{community}/members"),
    (
        "members::end",
        "post /communities/{community}/members/{account}/roles/end",
    ),
    (
        "members::issue_reset",
        "post /communities/{community}/members/{account}/reset-codes",
    ),
    (
        "invitations::page",
        "get /communities/{community}/invitations",
    ),
    (
        "invitations::invite",
        "post /communities/{community}/invitations",
    ),
    (
        "invitations::withdraw",
        "delete /communities/{community}/invitations/{code}",
    ),
];

/// The handlers that the router of the pages names: `get(me::page)`, `.post(me::update)`.
fn handlers() -> BTreeSet<&'static str> {
    let router = include_str!("../../src/pages/mod.rs");
    let after = ["get(", "post("].map(|method| router.split(method).skip(1));
    after
        .into_iter()
        .flatten()
        .filter_map(|rest| rest.split(')').next())
        .collect()
}

#[tokio::test]
async fn every_page_has_a_twin_in_the_api() {
    let named: BTreeSet<&str> = TWINS.iter().map(|(handler, _)| *handler).collect();
    assert_eq!(named, handlers());
    let description = Site::new()
        .call("GET", "/api/v1/openapi.json", "", "", "")
        .await
        .json();
    for (_, twin) in TWINS {
        let (method, path) = twin.split_once(' ').unwrap();
        let described = &description["paths"][format!("/api/v1{path}")][method];
        assert!(described.is_object(), "{twin} is not described");
    }
}

#[tokio::test]
async fn the_description_says_where_a_token_is_needed_and_the_server_keeps_to_it() {
    let site = Site::new();
    let description = site
        .call("GET", "/api/v1/openapi.json", "", "", "")
        .await
        .json();
    assert_eq!(
        description["components"]["securitySchemes"]["bearer"]["scheme"],
        "bearer"
    );
    assert_eq!(
        description["security"],
        serde_json::json!([{ "bearer": [] }])
    );
    let mut open = BTreeSet::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation.get("security").is_some() {
                assert_eq!(operation["security"], serde_json::json!([{}]));
                open.insert(format!("{method} {path}"));
                continue;
            }
            let asked = path
                .replace("{community}", &crate::support::HERE.to_string())
                .split('/')
                .map(|part| {
                    if part.starts_with('{') {
                        "00000000-0000-7000-8000-000000000001"
                    } else {
                        part
                    }
                })
                .collect::<Vec<_>>()
                .join("/");
            let answer = site.call(&method.to_uppercase(), &asked, "", "", "").await;
            let status = answer.status.as_u16();
            // A body is read before anyone is asked who they are.
            assert!(
                [401, 403, 422].contains(&status),
                "{method} {path}: {status}"
            );
        }
    }
    let expected = [
        "get /api/v1/about",
        "post /api/v1/accounts",
        "post /api/v1/codes/check",
        "post /api/v1/passkeys/sign-in",
        "post /api/v1/password-resets",
        "post /api/v1/sessions",
        "post /api/v1/sessions/passkey",
    ];
    assert_eq!(open, expected.map(ToOwned::to_owned).into());
}
