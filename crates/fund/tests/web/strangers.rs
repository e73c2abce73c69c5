//! What a stranger tries: forms that another site sends, ids that are none, broken bodies, texts without end, scripts in names,
//! amounts beyond all bounds.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::town::{HERE, Town, api, page, project};

#[tokio::test]
async fn a_form_that_another_site_sends_is_refused() {
    let town = Town::new().await;
    let before = town.entry_kinds().await;
    let confirm = format!("/entries/{}/confirmation", town.ids.waiting);
    for (rest, body) in [
        (confirm.as_str(), ""),
        ("/desk/purposes", "title=x&about=x"),
        ("/gifts", "donor=x&display=named&purse=general&amount=1"),
    ] {
        let path = page(HERE, rest);
        let request = Request::post(&path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site")
            .header("origin", "https://evil.example");
        let answer = town.send(&town.second, request, Body::from(body)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(town.entry_kinds().await, before, "nothing was done");
    let own = town.post(&town.second, &page(HERE, &confirm), "").await;
    assert_eq!(own.status, StatusCode::SEE_OTHER, "{}", own.body);
}

#[tokio::test]
async fn ids_that_are_none_and_broken_bodies_are_refused_with_a_reason() {
    let town = Town::new().await;
    let before = town.entry_kinds().await;
    for id in ["1", "null", "%00", "'--", "🏮", &"a".repeat(3_000)] {
        for rest in ["entries", "grants", "files", "purses"] {
            let path = page(HERE, &format!("/{rest}/{id}"));
            let answer = town.get(&town.chair, &path).await;
            assert!(answer.status.is_client_error(), "{rest}: {answer:?}");
        }
    }
    for rest in ["purposes", "gifts", "grants", "voted-grants", "charter"] {
        for body in [
            "{",
            "\u{0}",
            "null",
            "[]",
            "{}",
            "<xml/>",
            r#"{"amount":1e99}"#,
        ] {
            let method = if rest == "charter" {
                Method::PUT
            } else {
                Method::POST
            };
            let path = api(HERE, rest);
            let answer = town.call(&town.chair, &method, &path, body).await;
            assert!(answer.status.is_client_error(), "{rest} {body}: {answer:?}");
        }
    }
    for query in ["year=999999", "year=x", "purse='--", "purse=%00"] {
        let answer = town
            .get(&town.chair, &page(HERE, &format!("/ledger?{query}")))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{query}: falls back to all of this year"
        );
        let answer = town
            .get(&town.chair, &api(HERE, &format!("lines?{query}")))
            .await;
        assert!(!answer.status.is_server_error(), "{query}: {answer:?}");
    }
    let ahead = town
        .get(&town.chair, &page(HERE, "/book?day=9999-12-31"))
        .await;
    assert_eq!(ahead.status, StatusCode::OK);
    assert_eq!(town.entry_kinds().await, before, "nothing was done");
}

#[tokio::test]
async fn what_is_out_of_bounds_is_refused_and_not_echoed() {
    let town = Town::new().await;
    let before = town.entry_kinds().await;
    let long = "很长".repeat(50_000);
    let changed = |mut value: Value, field: &str, to: Value| {
        value[field] = to;
        value
    };
    let gift =
        || json!({ "donor": "李小雨", "display": "masked", "purse": "general", "amount": 100 });
    let tranches = |amount: i64| json!([{ "title": "x", "amount": amount }]);
    let many: Vec<Value> = (0..13)
        .map(|_| json!({ "title": "x", "amount": 1 }))
        .collect();
    let tried = [
        ("gifts", changed(gift(), "amount", json!(0))),
        ("gifts", changed(gift(), "amount", json!(i64::MIN))),
        ("gifts", changed(gift(), "amount", json!(i64::MAX))),
        ("gifts", changed(gift(), "donor", json!(long))),
        ("gifts", changed(gift(), "donor", json!("\u{0}"))),
        ("gifts", changed(gift(), "purse", json!("operation"))),
        ("gifts", changed(gift(), "purse", json!(town.ids.grant))),
        ("gifts", changed(gift(), "display", json!("secret"))),
        ("grants", changed(project("x"), "title", json!(long))),
        ("grants", changed(project("x"), "plan", json!(long))),
        ("grants", changed(project("x"), "tranches", json!([]))),
        ("grants", changed(project("x"), "tranches", json!(many))),
        ("grants", changed(project("x"), "tranches", tranches(-1))),
        (
            "grants",
            changed(project("x"), "tranches", tranches(i64::MAX)),
        ),
        ("purposes", json!({ "title": long, "about": "x" })),
        ("purposes", json!({ "title": " ", "about": "x" })),
    ];
    for (rest, body) in &tried {
        let answer = town.post_json(&town.chair, rest, body).await;
        assert!(answer.status.is_client_error(), "{rest}: {answer:?}");
        assert!(!answer.code().is_empty(), "{rest}");
        assert!(answer.body.len() < 5_000, "{rest} echoes what was sent");
    }
    assert_eq!(town.entry_kinds().await, before, "nothing was done");
}

#[tokio::test]
async fn what_people_write_is_shown_as_they_wrote_it_and_never_run() {
    let town = Town::new().await;
    let script = "<script>alert(1)</script>";
    let grant = town.made(&town.maker, "grants", &project(script)).await;
    let voucher = town.recorded("9", script).await;
    let confirm = format!("vouchers/{voucher}/confirmation");
    let confirmed = town.post_json(&town.second, &confirm, &json!({})).await;
    assert_eq!(confirmed.status, StatusCode::OK);
    for rest in [
        String::new(),
        "/ledger".to_owned(),
        "/grants".to_owned(),
        format!("/grants/{grant}"),
        format!("/entries/{voucher}"),
        "/purses/general".to_owned(),
        "/desk".to_owned(),
    ] {
        let answer = town.get(&town.treasurer, &page(HERE, &rest)).await;
        assert_eq!(answer.status, StatusCode::OK, "{rest}: {}", answer.body);
        assert!(!answer.body.contains("<script>alert"), "{rest}");
    }
    // What was typed wrong stands in the form again, as text; so does the rule that refuses.
    let typed = "title=%3Cscript%3Ealert(1)&plan=&who=&purse=general&tranche1=x&amount1=abc";
    let again = town
        .post(&town.maker, &page(HERE, "/grants/new"), typed)
        .await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!again.body.contains("<script>alert") && again.body.contains("alert(1)"));
}

#[tokio::test]
async fn the_desk_names_the_rule_to_who_moves_restricted_money() {
    let town = Town::new().await;
    let purse = town.ids.purpose.as_str();
    let fields = [
        ("kind", "set_aside"),
        ("purse", purse),
        ("target", "general"),
        ("amount", "10"),
        ("means", "within"),
        ("reference", "m1"),
        ("day", "2026-11-20"),
        ("what", "挪一下"),
    ];
    let before = town.entry_kinds().await;
    let answer = town
        .upload(&town.treasurer, &page(HERE, "/desk/vouchers"), &fields)
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("助餐") && answer.body.contains("慈善法"));
    assert!(
        answer.body.contains("挪一下"),
        "what was typed is still there"
    );
    assert_eq!(town.entry_kinds().await, before, "nothing was done");
}
