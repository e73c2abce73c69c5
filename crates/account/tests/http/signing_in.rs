//! Signing in and out, as a browser sees it.

use crate::support::{HERE, PASSWORD, Site, THERE};
use axum::http::{StatusCode, header};
use kernel::Role;

#[tokio::test]
async fn the_right_password_opens_a_session_that_only_the_browser_holds() {
    let site = Site::new();
    site.person("13900001234", "王小明", &[(HERE, Role::Owner)])
        .await;
    let fields = [
        ("login", "139 0000 1234"),
        ("password", PASSWORD),
        ("next", "/me"),
    ];
    let answer = site.post("/sign-in", "", &fields).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/me")
    );
    let line = answer.session_line().unwrap();
    for flag in [
        "; Path=/",
        "; HttpOnly",
        "; Secure",
        "; SameSite=Lax",
        "; Max-Age=2592000",
    ] {
        assert!(line.contains(flag), "{flag} in {line}");
    }
    let me = site.get("/me", &answer.session().unwrap()).await;
    assert_eq!(me.status, StatusCode::OK);
    assert!(me.body.contains("王小明") && me.body.contains("仓桥社区") && me.body.contains("业主"));
    assert!(me.body.contains("Firefox · Windows"));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_are_told_alike() {
    let site = Site::new();
    site.person("13900001234", "王小明", &[]).await;
    let wrong = site
        .post(
            "/sign-in",
            "",
            &[("login", "13900001234"), ("password", "guess guess")],
        )
        .await;
    let unknown = site
        .post(
            "/sign-in",
            "",
            &[("login", "13900009999"), ("password", "guess guess")],
        )
        .await;
    let nonsense = site
        .post(
            "/sign-in",
            "",
            &[("login", "?"), ("password", "guess guess")],
        )
        .await;
    for answer in [&wrong, &unknown, &nonsense] {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.session(), None);
        assert_eq!(answer.problem(), wrong.problem());
        assert!(!answer.body.contains("guess guess"));
    }
    assert!(wrong.problem().contains("账号或密码不对"));
}

#[tokio::test]
async fn after_five_failures_even_the_right_password_waits_and_the_page_says_how_long() {
    let site = Site::new();
    site.person("13900001234", "王小明", &[]).await;
    for _ in 0..5 {
        site.post(
            "/sign-in",
            "",
            &[("login", "13900001234"), ("password", "guess guess")],
        )
        .await;
    }
    let waits = site
        .post(
            "/sign-in",
            "",
            &[("login", "13900001234"), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(waits.header(header::RETRY_AFTER), "2");
    assert!(waits.problem().contains("2 秒"), "{}", waits.problem());
    assert_eq!(waits.session(), None);
    site.pass_seconds(3);
    site.sign_in("13900001234").await;
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    let cookie = site.sign_in("wang").await;
    let answer = site.post("/sign-out", &cookie, &[]).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/")
    );
    assert!(answer.session_line().unwrap().contains("Max-Age=0"));
    let me = site.get("/me", &cookie).await;
    assert_eq!(
        (me.status, me.location()),
        (StatusCode::SEE_OTHER, "/sign-in?next=/me")
    );
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_and_changes_nothing() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    let cookie = site.sign_in("wang").await;
    let forged = site
        .post_from("cross-site", "/sign-out", &cookie, &[])
        .await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let fields = [("login", "wang"), ("password", PASSWORD)];
    let forged = site.post_from("cross-site", "/sign-in", "", &fields).await;
    assert_eq!(
        (forged.status, forged.session()),
        (StatusCode::FORBIDDEN, None)
    );
    assert_eq!(site.get("/me", &cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_way_after_signing_in_never_leaves_the_site() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    for evil in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/sign-out",
        "javascript:alert(1)",
    ] {
        let fields = [("login", "wang"), ("password", PASSWORD), ("next", evil)];
        let answer = site.post("/sign-in", "", &fields).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, "/"),
            "{evil}"
        );
    }
    let cookie = site.sign_in("wang").await;
    let answer = site.get("/sign-in?next=//evil.example", &cookie).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/")
    );
    let fields = [("password", PASSWORD), ("next", "//evil.example")];
    assert_eq!(
        site.post("/me/confirm", &cookie, &fields).await.location(),
        "/"
    );
}

#[tokio::test]
async fn the_front_door_leads_home() {
    let site = Site::new();
    let landing = site.get("/", "").await;
    assert_eq!(landing.status, StatusCode::OK);
    assert!(landing.body.contains("/sign-in") && !landing.body.contains("仓桥社区"));
    site.person(
        "one",
        "王小明",
        &[(HERE, Role::Owner), (HERE, Role::Resident)],
    )
    .await;
    let answer = site.get("/", &site.sign_in("one").await).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, format!("/c/{HERE}").as_str())
    );
    site.person("two", "李四", &[(HERE, Role::Owner), (THERE, Role::Owner)])
        .await;
    let answer = site.get("/", &site.sign_in("two").await).await;
    assert!(answer.body.contains("仓桥社区") && answer.body.contains("府山社区"));
    site.person("none", "赵六", &[]).await;
    let answer = site.get("/", &site.sign_in("none").await).await;
    assert!(answer.body.contains("您还没有加入社区"));
    let about = site.get("/about", "").await;
    assert!(about.body.contains("test.linli.example+"));
}

#[tokio::test]
async fn a_passkey_begins_with_a_ceremony_and_a_made_up_answer_opens_nothing() {
    let site = Site::new();
    let page = site.get("/sign-in", "").await;
    assert!(
        page.body.contains(r#"data-passkey="sign-in""#) && page.body.contains("/assets/passkey-")
    );
    let started = site
        .call("POST", "/api/v1/passkeys/sign-in", "", "", "")
        .await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.body);
    let started = started.json();
    assert_eq!(started["options"]["publicKey"]["rpId"], "linli.example.cn");
    let ceremony = started["ceremony"].as_str().unwrap();
    let fields = [("ceremony", ceremony), ("answer", "{}"), ("next", "/me")];
    let answer = site.post("/sign-in/passkey", "", &fields).await;
    assert_eq!(
        (answer.status, answer.session()),
        (StatusCode::UNAUTHORIZED, None)
    );
    assert!(answer.problem().contains("通行密钥"));
    let nobody = site
        .call("POST", "/api/v1/passkeys/registration", "", "", "")
        .await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}
