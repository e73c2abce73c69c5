//! Passkeys from the first to the last half, with a device of our own in the browser's place.

use axum::http::StatusCode;
use kernel::Role;
use serde_json::Value;

use crate::authenticator::Authenticator;
use crate::support::{HERE, PASSWORD, Site};

/// What the browser gets for a ceremony: its id, and the options as text.
async fn begin(site: &Site, path: &str, cookie: &str) -> (String, String) {
    let token = cookie.split_once('=').map_or("", |(_, token)| token);
    let answer = site.call("POST", path, token, "", "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let begun: Value = answer.json();
    (
        begun["ceremony"].as_str().unwrap().to_owned(),
        begun["options"].to_string(),
    )
}

async fn add(site: &Site, cookie: &str, device: &mut Authenticator) {
    let (ceremony, options) = begin(site, "/api/v1/passkeys/registration", cookie).await;
    let answer = device.create(&options);
    let fields = [
        ("ceremony", ceremony.as_str()),
        ("answer", &answer),
        ("label", "我的手机"),
    ];
    let added = site.post("/me/passkeys", cookie, &fields).await;
    assert_eq!(
        (added.status, added.location()),
        (StatusCode::SEE_OTHER, "/me"),
        "{}",
        added.body
    );
}

#[tokio::test]
async fn a_passkey_is_added_signs_in_is_renamed_and_removed() {
    let site = Site::new();
    site.person("wang", "王小明", &[(HERE, Role::Owner)]).await;
    let cookie = site.sign_in("wang").await;
    let mut device = Authenticator::new(1);
    add(&site, &cookie, &mut device).await;
    let me = site.get("/me", &cookie).await;
    assert!(me.body.contains("我的手机"));

    let (ceremony, options) = begin(&site, "/api/v1/passkeys/sign-in", "").await;
    let answer = device.get(&options);
    let fields = [
        ("ceremony", ceremony.as_str()),
        ("answer", &answer),
        ("next", "/me"),
    ];
    let opened = site.post("/sign-in/passkey", "", &fields).await;
    assert_eq!(
        (opened.status, opened.location()),
        (StatusCode::SEE_OTHER, "/me"),
        "{}",
        opened.body
    );
    let by_passkey = opened.session().unwrap();
    assert!(
        site.get("/me", &by_passkey)
            .await
            .body
            .contains("<dd>通行密钥</dd>")
    );
    let replayed = site.post("/sign-in/passkey", "", &fields).await;
    assert_eq!(
        (replayed.status, replayed.session()),
        (StatusCode::CONFLICT, None)
    );

    let path = me.between(r#"action="/me/passkeys/"#, "/label").to_owned();
    let stranger = {
        site.person("zhang", "张三", &[]).await;
        site.sign_in("zhang").await
    };
    let foreign = site
        .post(&format!("/me/passkeys/{path}/removal"), &stranger, &[])
        .await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let renamed = site
        .post(
            &format!("/me/passkeys/{path}/label"),
            &cookie,
            &[("label", "旧手机")],
        )
        .await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER);
    assert!(site.get("/me", &cookie).await.body.contains("旧手机"));
    let removed = site
        .post(&format!("/me/passkeys/{path}/removal"), &cookie, &[])
        .await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    let (ceremony, options) = begin(&site, "/api/v1/passkeys/sign-in", "").await;
    let answer = device.get(&options);
    let fields = [("ceremony", ceremony.as_str()), ("answer", &answer)];
    assert_eq!(
        site.post("/sign-in/passkey", "", &fields).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn whoever_has_a_passkey_adds_another_only_with_the_first() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    let cookie = site.sign_in("wang").await;
    let mut device = Authenticator::new(1);
    add(&site, &cookie, &mut device).await;
    let asked = site.get("/me/passkeys/new", &cookie).await;
    assert_eq!(
        asked.location(),
        "/me/confirm?with=passkey&next=/me/passkeys/new"
    );
    let page = site.get(asked.location(), &cookie).await;
    assert!(
        page.body.contains(r#"data-passkey="confirm""#)
            && !page.body.contains(r#"name="password""#)
    );
    let fields = [("password", PASSWORD), ("next", "/me/passkeys/new")];
    let by_password = site
        .post("/me/confirm", &cookie, &fields)
        .await
        .session()
        .unwrap();
    assert_eq!(
        site.get("/me/passkeys/new", &by_password).await.status,
        StatusCode::SEE_OTHER
    );

    let (ceremony, options) = begin(&site, "/api/v1/passkeys/sign-in", "").await;
    let answer = device.get(&options);
    let fields = [
        ("ceremony", ceremony.as_str()),
        ("answer", &answer),
        ("next", "/me/passkeys/new"),
    ];
    let confirmed = site
        .post("/me/confirm/passkey", &by_password, &fields)
        .await;
    assert_eq!(
        confirmed.location(),
        "/me/passkeys/new",
        "{}",
        confirmed.body
    );
    let confirmed = confirmed.session().unwrap();
    assert_eq!(
        site.get("/me/passkeys/new", &confirmed).await.status,
        StatusCode::OK
    );
    add(&site, &confirmed, &mut Authenticator::new(2)).await;
}
