//! What a person does with their own account.

use crate::support::{HERE, PASSWORD, Site};
use axum::http::{StatusCode, header};
use kernel::Role;

#[tokio::test]
async fn a_sensitive_act_asks_again_who_one_is_and_the_token_changes() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    let before = site.sign_in("wang").await;
    site.pass_seconds(601);
    for path in ["/me/password", "/me/logins", "/me/passkeys/new"] {
        let answer = site.get(path, &before).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), format!("/me/confirm?next={path}"));
    }
    let fields = [
        ("password", "rain on the roof"),
        ("repeated", "rain on the roof"),
    ];
    let refused = site.post("/me/password", &before, &fields).await;
    assert_eq!(refused.location(), "/me/confirm?next=/me/password");
    let wrong = site
        .post("/me/confirm", &before, &[("password", "guess guess")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let right = site
        .post(
            "/me/confirm",
            &before,
            &[("password", PASSWORD), ("next", "/me/password")],
        )
        .await;
    assert_eq!(right.location(), "/me/password");
    let after = right.session().unwrap();
    assert_ne!(before, after);
    assert_eq!(site.get("/me", &before).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        site.get("/me/password", &after).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_new_password_signs_the_other_devices_out() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    let (phone, desk) = (site.sign_in("wang").await, site.sign_in("wang").await);
    for (fields, sentence) in [
        (
            [
                ("password", "rain on the roof"),
                ("repeated", "rain on the rof"),
            ],
            "两次输入的密码不一样",
        ),
        ([("password", "short"), ("repeated", "short")], "8 个字符"),
        (
            [("password", "my wang gate"), ("repeated", "my wang gate")],
            "不要有您的姓名",
        ),
    ] {
        let answer = site.post("/me/password", &desk, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.problem().contains(sentence), "{}", answer.problem());
    }
    let fields = [
        ("password", "rain on the roof"),
        ("repeated", "rain on the roof"),
    ];
    let changed = site.post("/me/password", &desk, &fields).await;
    assert_eq!(
        (changed.status, changed.location()),
        (StatusCode::SEE_OTHER, "/me")
    );
    let renewed = changed.session().unwrap();
    assert_eq!(site.get("/me", &phone).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/me", &desk).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/me", &renewed).await.status, StatusCode::OK);
    let old = site
        .post("/sign-in", "", &[("login", "wang"), ("password", PASSWORD)])
        .await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_changed_role_brings_a_new_token_at_the_next_visit() {
    let site = Site::new();
    let account = site.person("wang", "王小明", &[(HERE, Role::Owner)]).await;
    let before = site.sign_in("wang").await;
    assert_eq!(site.get("/me", &before).await.session(), None);
    site.pass_seconds(1);
    site.grant(account, HERE, Role::CommitteeMember).await;
    let visit = site.get("/me", &before).await;
    assert!(visit.body.contains("业委会成员"));
    let after = visit.session().unwrap();
    assert_eq!(site.get("/me", &before).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/me", &after).await.session(), None);
}

#[tokio::test]
async fn a_lost_device_is_signed_out_from_another() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    let (lost, here, third) = (
        site.sign_in("wang").await,
        site.sign_in("wang").await,
        site.sign_in("wang").await,
    );
    let me = site
        .call("GET", "/api/v1/me", lost.split_once('=').unwrap().1, "", "")
        .await;
    assert_eq!(me.status, StatusCode::OK);
    let list = site.get("/me", &here).await;
    let paths: Vec<&str> = list
        .body
        .split("action=\"")
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let ends: Vec<&&str> = paths.iter().filter(|path| path.ends_with("/end")).collect();
    assert_eq!(ends.len(), 4, "three sessions and all others: {ends:?}");
    site.person("zhang", "张三", &[]).await;
    let stranger = site.sign_in("zhang").await;
    let foreign = site.post(ends[0], &stranger, &[]).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let answer = site.post("/me/sessions/others/end", &here, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    for gone in [&lost, &third] {
        assert_eq!(site.get("/me", gone).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(site.get("/me", &here).await.status, StatusCode::OK);
}

#[tokio::test]
async fn name_language_and_large_print_are_kept_and_take_effect() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    let cookie = site.sign_in("wang").await;
    let fields = [("name", "王晓明"), ("language", "en"), ("elder", "on")];
    let saved = site.post("/me", &cookie, &fields).await;
    assert_eq!(
        (saved.status, saved.location()),
        (StatusCode::SEE_OTHER, "/me")
    );
    let kept: Vec<&str> = saved
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|line| line.to_str().unwrap())
        .collect();
    assert!(
        kept.iter().any(|line| line.starts_with("language=en; ")),
        "{kept:?}"
    );
    assert!(
        kept.iter().any(|line| line.starts_with("mode=elder; ")),
        "{kept:?}"
    );
    let page = site.get("/me", &cookie).await;
    assert!(page.body.contains("王晓明") && page.body.contains("My account"));
    assert!(page.body.contains(r#"data-mode="elder""#));
    let empty = site
        .post("/me", &cookie, &[("name", " "), ("language", "zh-CN")])
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn another_login_signs_in_and_the_last_one_stays() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    site.person("taken", "张三", &[]).await;
    let cookie = site.sign_in("wang").await;
    let taken = site
        .post("/me/logins", &cookie, &[("login", "taken")])
        .await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    let added = site
        .post("/me/logins", &cookie, &[("login", "13900001234")])
        .await;
    assert_eq!(added.status, StatusCode::SEE_OTHER);
    site.sign_in("13900001234").await;
    assert_eq!(
        site.post("/me/logins/removal", &cookie, &[("login", "wang")])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    let last = site
        .post("/me/logins/removal", &cookie, &[("login", "13900001234")])
        .await;
    assert_eq!(last.status, StatusCode::CONFLICT);
    site.sign_in("13900001234").await;
}

#[tokio::test]
async fn a_passkey_is_offered_only_to_whoever_just_confirmed() {
    let site = Site::new();
    site.person("wang", "王小明", &[]).await;
    let cookie = site.sign_in("wang").await;
    let token = cookie.split_once('=').unwrap().1;
    let page = site.get("/me/passkeys/new", &cookie).await;
    assert!(page.body.contains(r#"data-passkey="create""#));
    let started = site
        .call("POST", "/api/v1/passkeys/registration", token, "", "")
        .await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.body);
    assert_eq!(
        started.json()["options"]["publicKey"]["rp"]["id"],
        "linli.example.cn"
    );
    site.pass_seconds(601);
    let late = site
        .call("POST", "/api/v1/passkeys/registration", token, "", "")
        .await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    assert_eq!(
        late.json()["type"],
        "/problems/identity-error-confirm-first"
    );
}
