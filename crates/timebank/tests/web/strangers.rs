//! What a stranger tries: forms that another site sends, ids that are none, broken bodies, texts without end, scripts in names.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::town::{HERE, Town, api, elder, page, volunteer};

#[tokio::test]
async fn a_form_that_another_site_sends_is_refused() {
    let town = Town::new().await;
    let before = town.entry_kinds().await;
    let ids = &town.ids;
    let forms = [
        (&town.helper, "/donations".to_owned(), "minutes=10"),
        (&town.committee, "/desk/pool".to_owned(), "hours=9&reason=x"),
        (
            &town.elder,
            format!("/requests/{}/cancellation", ids.waiting),
            "reason=x",
        ),
        (
            &town.helper,
            format!("/requests/{}/acceptance", ids.waiting),
            "",
        ),
        (&town.elder, format!("/elders/{}/withdrawal", ids.elder), ""),
    ];
    for (who, rest, body) in forms {
        let path = page(HERE, &rest);
        let request = Request::post(&path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site")
            .header("origin", "https://evil.example");
        let answer = town.send(who, request, Body::from(body)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(town.entry_kinds().await, before, "{path}");
        // From Linli's own page the same form is taken.
        let request = Request::post(&path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        if rest == "/donations" {
            let answer = town.send(who, request, Body::from(body)).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
            return;
        }
    }
}

#[tokio::test]
async fn ids_that_are_none_and_broken_bodies_are_refused_with_a_reason() {
    let town = Town::new().await;
    let before = town.entry_kinds().await;
    for id in ["1", "null", "%00", "'--", "🏮", &"a".repeat(3_000)] {
        for rest in [
            format!("/elders/{id}/requests"),
            format!("/desk/requests/{id}"),
        ] {
            let answer = town.get(&town.butler, &page(HERE, &rest)).await;
            assert!(answer.status.is_client_error(), "{rest}: {answer:?}");
        }
        let path = api(HERE, &format!("visits/{id}/confirmation"));
        let answer = town
            .call(&town.butler, &Method::POST, &path, r#"{"longer":false}"#)
            .await;
        assert!(answer.status.is_client_error(), "{path}: {answer:?}");
    }
    for rest in [
        "elders",
        "check-in",
        "gifts",
        "donations",
        "services",
        "scheme",
    ] {
        for body in [
            "{",
            "\u{0}",
            "null",
            "[]",
            "{}",
            "<xml/>",
            r#"{"minutes":1e99}"#,
        ] {
            let path = api(HERE, rest);
            let answer = town.call(&town.committee, &Method::POST, &path, body).await;
            assert!(answer.status.is_client_error(), "{rest} {body}: {answer:?}");
        }
    }
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
    let known = || elder("王奶奶", "1940-01-01", "signed");
    let requests = format!("elders/{}/requests", town.ids.elder);
    let ask =
        |begins: &str| json!({ "service": town.ids.service, "begins": begins, "paid_by": "elder" });
    let complaint = format!("visits/{}/complaint", town.ids.visit);
    let settlement = format!("complaints/{}/settlement", town.ids.complaint);
    let tried = [
        ("elders", changed(known(), "name", json!(long))),
        ("elders", changed(known(), "birth", json!("2999-01-01"))),
        ("elders", changed(known(), "birth", json!("1850-01-01"))),
        ("elders", changed(known(), "birth", json!("yesterday"))),
        ("elders", changed(known(), "gender", json!("none"))),
        (
            "elders",
            changed(known(), "languages", json!(vec!["x"; 100])),
        ),
        ("elders", changed(known(), "evidence", json!(" "))),
        ("services", json!({ "title": long, "minutes": 60 })),
        ("services", json!({ "title": "x", "minutes": -1 })),
        ("services", json!({ "title": "x", "minutes": 481 })),
        ("pool", json!({ "minutes": i64::MAX, "reason": "x" })),
        ("pool", json!({ "minutes": i64::MIN, "reason": "x" })),
        ("donations", json!({ "minutes": i64::MIN })),
        ("donations", json!({ "minutes": 600_000 })),
        ("gifts", json!({ "minutes": 1 })),
        (
            "gifts",
            json!({ "elder": town.ids.elder, "account": town.ids.account, "minutes": 1 }),
        ),
        (
            "scheme",
            json!({ "scheme": "atlantis", "confirm_after_days": 3 }),
        ),
        (
            "scheme",
            json!({ "scheme": "nanjing", "confirm_after_days": 61 }),
        ),
        (requests.as_str(), ask("now")),
        (requests.as_str(), ask("1970-01-01T00:00:00Z")),
        (requests.as_str(), ask("9999-12-31T00:00:00Z")),
        (complaint.as_str(), json!({ "said": long })),
        (
            settlement.as_str(),
            json!({ "right_minutes": 61, "ruling": "x" }),
        ),
        (
            settlement.as_str(),
            json!({ "right_minutes": -1, "ruling": "x" }),
        ),
        (
            settlement.as_str(),
            json!({ "right_minutes": 1, "ruling": long }),
        ),
    ];
    for (rest, body) in &tried {
        let answer = town.post_json(&town.committee, rest, body).await;
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
    let mut named = elder(script, "1941-01-01", "signed");
    named["door"] = json!(script);
    let id = town.made(&town.butler, "elders", &named).await;
    let mut changed = volunteer();
    changed["name"] = json!(script);
    let path = api(HERE, "volunteer");
    let enrolled = town
        .send_json(&town.helper, Method::PUT, &path, &changed)
        .await;
    assert_eq!(enrolled.status, StatusCode::OK, "{}", enrolled.body);
    for (who, rest) in [
        (&town.committee, "/desk".to_owned()),
        (&town.butler, format!("/elders/{id}/requests")),
        (&town.butler, format!("/desk/requests/{}", town.ids.waiting)),
        (&town.helper, "/volunteer".to_owned()),
        (&town.elder, String::new()),
    ] {
        let answer = town.get(who, &page(HERE, &rest)).await;
        assert_eq!(answer.status, StatusCode::OK, "{rest}: {}", answer.body);
        assert!(!answer.body.contains("<script>alert"), "{rest}");
    }
    // What was typed wrong stands in the form again, as text.
    let typed =
        "name=%3Cscript%3Ealert(1)&birth=never&gender=male&languages=x&phone=1&building=x&door=x";
    let path = page(HERE, "/elders/new");
    let again = town.post(&town.elder, &path, typed).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!again.body.contains("<script>alert") && again.body.contains("alert(1)"));
}
