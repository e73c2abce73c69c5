//! What a stranger tries: requests from other sites, forged ids, broken bodies, scripts in names, files that are not what
//! they say, texts without end.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use kernel::Role;
use serde_json::json;

use crate::town::{Town, api, form, page};

const SCRIPT: &str = "<script>alert(1)</script>\"'&{{7*7}}";

#[tokio::test]
async fn a_form_that_another_site_sends_is_refused() {
    let town = Town::new().await;
    let (applicant, planner) = (town.applicant().await, town.planner().await);
    let case = town.submitted(&applicant, "镜湖幼儿园").await;
    let before = town.entry_kinds().await.len();
    for (path, who, body) in [
        (
            page(""),
            &applicant,
            "process=zhejiang.construction_approval&title=x".to_owned(),
        ),
        (
            page(&format!("/{case}/withdrawal")),
            &applicant,
            "seen=1&reason=x".to_owned(),
        ),
        (
            page(&format!("/{case}/acts")),
            &planner,
            "seen=1&act=accept&stage=siting".to_owned(),
        ),
        (
            page("/units"),
            &planner,
            format!("unit=ecology&organisation={}", town.planners),
        ),
        (
            page(&format!("/{case}/reading")),
            &planner,
            "reason=x".to_owned(),
        ),
    ] {
        let request = Request::post(&path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site")
            .header("origin", "https://evil.example");
        let answer = town.send(who, request, Body::from(body)).await;
        assert_eq!(
            answer.status,
            StatusCode::FORBIDDEN,
            "{path}: {}",
            answer.body
        );
    }
    assert_eq!(town.entry_kinds().await.len(), before, "nothing was done");
}

#[tokio::test]
async fn ids_that_are_nobodys_or_no_ids_lead_nowhere() {
    let town = Town::new().await;
    let (applicant, planner) = (town.applicant().await, town.planner().await);
    let rival = town.person("applicant-two", Role::Applicant, None).await;
    let case = town.submitted(&applicant, "镜湖幼儿园").await;
    let draft = town.post_json(&applicant, &api(""), &form("草稿")).await;
    let draft = draft.json()["id"].as_str().unwrap().to_owned();
    let unknown = "00000000-0000-4000-8000-000000000009";
    for id in [unknown, &draft] {
        for who in [&planner, &rival] {
            let answer = town.get(who, &page(&format!("/{id}"))).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}");
            assert!(!answer.body.contains("草稿"));
        }
    }
    for rest in [
        "",
        "/withdrawal",
        "/events/export",
        "/acts?act=accept&stage=siting",
    ] {
        let answer = town.get(&rival, &page(&format!("/{case}{rest}"))).await;
        let shut = [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN];
        assert!(shut.contains(&answer.status), "{rest}: {answer:?}");
    }
    for id in [
        "1",
        "..%2F..%2Fetc",
        "null",
        "%00",
        "'--",
        "🏮",
        &"a".repeat(3_000),
    ] {
        let answer = town.get(&planner, &page(&format!("/{id}"))).await;
        assert!(answer.status.is_client_error(), "{id}: {answer:?}");
        let told = town.get(&planner, &api(&format!("/{id}"))).await;
        assert!(told.status.is_client_error(), "{id}: {told:?}");
    }
    let unit = town
        .get(&planner, &page("/responsibility/%3Cscript%3E"))
        .await;
    assert_eq!(unit.status, StatusCode::NOT_FOUND);
    let process = town.get(&planner, &page("/processes/nothing/1")).await;
    assert_eq!(process.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_people_write_is_shown_as_they_wrote_it_and_never_run() {
    let town = Town::new().await;
    let (applicant, planner) = (town.applicant().await, town.planner().await);
    let mut filled = form(SCRIPT);
    for field in ["code", "place", "applicant", "contact", "phone", "note"] {
        let short: String = SCRIPT.chars().take(38).collect();
        filled[field] = json!(short);
    }
    let drafted = town.post_json(&applicant, &api(""), &filled).await;
    let case = drafted.json()["id"].as_str().unwrap().to_owned();
    let path = page(&format!("/{case}"));
    let upload = (
        "<b>plan</b>.pdf",
        "application/pdf",
        &b"%PDF-1.7 a plan"[..],
    );
    let added = town
        .upload(&applicant, &format!("{path}/papers"), upload)
        .await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let sent = town
        .post(&applicant, &format!("{path}/submission"), "key=s")
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let missing = json!({ "act": "ask_correction", "stage": "siting", "missing": [SCRIPT] });
    let asked = town.act(&planner, &case, 1, missing).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
    let pages = [
        (&applicant, path.clone()),
        (&applicant, page("")),
        (&planner, path.clone()),
        (&planner, page("")),
        (&planner, page("/supervision")),
        (&planner, format!("{path}/acts?act=refuse&stage=siting")),
        (
            &planner,
            format!(
                "{path}/acts?act=refuse&stage=%3Cscript%3Ealert(1)&of=%22%3E%3Cscript%3Ealert(2)"
            ),
        ),
        (&planner, page("/steps?process=%3Cscript%3Ealert(1)")),
        (&planner, page("/analysis?process=%3Cscript%3Ealert(1)")),
        (&planner, page("/supervision/export?list=%3Cscript%3E")),
    ];
    for (who, path) in pages {
        let answer = town.get(who, &path).await;
        assert!(
            !answer.body.contains("<script>alert"),
            "{path}: {}",
            answer.body
        );
        assert!(!answer.body.contains("<b>plan"), "{path}");
        assert!(!answer.status.is_server_error(), "{path}: {answer:?}");
    }
    let file = town.get(&applicant, &api(&format!("/{case}"))).await.json();
    let paper = file["papers"][0]["id"].as_str().unwrap();
    let kept = town
        .get(&applicant, &format!("{path}/papers/{paper}/file"))
        .await;
    let disposition = kept.disposition.unwrap();
    assert!(
        disposition.starts_with("attachment;") && !disposition.contains('<'),
        "{disposition}"
    );
}

#[tokio::test]
async fn a_file_that_is_not_what_it_says_is_not_taken() {
    let town = Town::new().await;
    let applicant = town.applicant().await;
    let drafted = town
        .post_json(&applicant, &api(""), &form("镜湖幼儿园"))
        .await;
    let case = drafted.json()["id"].as_str().unwrap().to_owned();
    let path = page(&format!("/{case}/papers"));
    let huge = [b"%PDF-1.7".to_vec(), vec![b'x'; 21 * 1024 * 1024]].concat();
    for (file, status) in [
        (("a.html", "text/html", &b"<script>"[..]), 422),
        (
            ("a.svg", "image/svg+xml", &b"<svg onload=alert(1)>"[..]),
            422,
        ),
        (("a.pdf", "application/pdf", &b"MZ a program"[..]), 422),
        (("a.png", "image/png", &b"<html>"[..]), 422),
        (("a.pdf", "application/pdf", &b""[..]), 422),
        (("a.pdf", "application/pdf", &huge[..]), 413),
    ] {
        let answer = town.upload(&applicant, &path, file).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{}: {}",
            file.0,
            answer.body
        );
    }
    let program = api(&format!("/{case}/papers"));
    let good = ("a.pdf", "application/pdf", &b"%PDF-1.7 x"[..]);
    for number in 0..60 {
        let answer = town.upload(&applicant, &program, good).await;
        assert_eq!(
            answer.status,
            StatusCode::CREATED,
            "{number}: {}",
            answer.body
        );
    }
    let one_more = town.upload(&applicant, &program, good).await;
    assert_eq!(one_more.code(), "approvals-error-too-many-papers");
    // A paper that is no paper of the process, and the paper of a file that is another's.
    let rival = town.person("applicant-two", Role::Applicant, None).await;
    let foreign = town.upload(&rival, &program, good).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn broken_bodies_and_endless_texts_are_refused_with_a_reason() {
    let town = Town::new().await;
    let (applicant, planner) = (town.applicant().await, town.planner().await);
    let case = town.submitted(&applicant, "镜湖幼儿园").await;
    let long = "很长".repeat(200_000);
    for (who, rest, body) in [
        (
            &applicant,
            String::new(),
            json!({ "process": "nothing", "title": "x" }),
        ),
        (
            &applicant,
            String::new(),
            json!({ "process": "zhejiang.construction_approval", "title": long }),
        ),
        (
            &applicant,
            String::new(),
            json!({ "process": long, "title": "x" }),
        ),
        (&applicant, String::new(), json!({ "title": 7 })),
        (&applicant, String::new(), json!([])),
        (
            &applicant,
            format!("/{case}/withdrawal"),
            json!({ "seen": 1, "reason": long }),
        ),
        (
            &applicant,
            format!("/{case}/withdrawal"),
            json!({ "seen": -1, "reason": "x" }),
        ),
        (
            &applicant,
            format!("/{case}/correction"),
            json!({ "seen": 1, "stage": "siting", "note": long }),
        ),
        (
            &applicant,
            format!("/{case}/stages"),
            json!({ "seen": 1, "stages": ["siting", "siting"] }),
        ),
        (
            &applicant,
            format!("/{case}/stages"),
            json!({ "seen": 1, "stages": vec!["x"; 10_000] }),
        ),
        (
            &planner,
            format!("/{case}/acts"),
            json!({ "seen": 1, "act": { "act": "refuse", "stage": "siting", "reason": long } }),
        ),
        (
            &planner,
            format!("/{case}/acts"),
            json!({ "seen": 1, "act": { "act": "ask_correction", "stage": "siting", "missing": [] } }),
        ),
        (
            &planner,
            format!("/{case}/acts"),
            json!({ "seen": 1, "act": { "act": "ask_correction", "stage": "siting", "missing": vec![""; 100_000] } }),
        ),
        (
            &planner,
            format!("/{case}/acts"),
            json!({ "seen": 1, "act": {} }),
        ),
    ] {
        let answer = town.post_json(who, &api(&rest), &body).await;
        assert!(
            answer.status.is_client_error(),
            "{rest}: {} {}",
            answer.status,
            answer.body
        );
        assert!(
            answer.body.len() < 20_000,
            "{rest}: the answer does not echo what was sent"
        );
    }
    for body in ["{", "\u{0}", "null", "{\"seen\":1", "<xml/>"] {
        let request =
            Request::post(api(&format!("/{case}/acts"))).header(CONTENT_TYPE, "application/json");
        let answer = town.send(&planner, request, Body::from(body)).await;
        assert!(answer.status.is_client_error(), "{body}: {answer:?}");
    }
    for (path, body) in [
        (
            format!("/{case}/acts"),
            "act=extend&stage=siting&days=99999999999999999999&approved_by=x&reason=x&seen=1"
                .to_owned(),
        ),
        (
            format!("/{case}/acts"),
            "act=accept&stage=siting&at=yesterday&seen=1".to_owned(),
        ),
        (
            format!("/{case}/acts"),
            "act=accept&stage=siting&at=9999-12-31T23:59&seen=1".to_owned(),
        ),
        (
            format!("/{case}/acts"),
            "act=accept&stage=siting&seen=%FF%FE".to_owned(),
        ),
        (
            "/processes".to_owned(),
            format!("content={}", "x".repeat(2_000_000)),
        ),
        (
            "/calendar".to_owned(),
            "content=kind%3D%22working_days%22".to_owned(),
        ),
        (
            "/units".to_owned(),
            format!("unit=mars&organisation={}", town.planners),
        ),
        (
            "/units".to_owned(),
            "unit=ecology&organisation=none".to_owned(),
        ),
    ] {
        let answer = town.post(&planner, &page(&path), &body).await;
        assert!(
            answer.status.is_client_error(),
            "{path} {body:.80}: {answer:?}"
        );
    }
}
