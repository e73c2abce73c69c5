//! What pages do, programs do too: an application's whole way by the API, with receipts and the office around it.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use kernel::{CommunityId, Role};
use serde_json::{Value, json};

use crate::town::{PROCESS, Town, api, form};

fn office(rest: &str) -> String {
    format!("/api/v1/communities/{}/approval-{rest}", CommunityId::CITY)
}

#[tokio::test]
async fn an_application_goes_its_way_by_the_api() {
    let town = Town::new().await;
    let (applicant, planner) = (town.applicant().await, town.planner().await);
    let drafted = town.post_json(&applicant, &api(""), &form("旧名")).await;
    let case = drafted.json()["id"].as_str().unwrap().to_owned();
    let one = api(&format!("/{case}"));
    let request = Request::put(&one).header(CONTENT_TYPE, "application/json");
    let better = Body::from(form("兰亭未来社区一期").to_string());
    let changed = town.send(&applicant, request, better).await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT, "{}", changed.body);
    let pdf = ("申请表.pdf", "application/pdf", &b"%PDF-1.7 x"[..]);
    let papers = format!("{one}/papers");
    let mut ids = Vec::new();
    for _ in 0..2 {
        let added = town.upload(&applicant, &papers, pdf).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
        ids.push(added.json()["id"].as_str().unwrap().to_owned());
    }
    let second = format!("{papers}/{}", ids[1]);
    let removed = town
        .send(&applicant, Request::delete(&second), Body::empty())
        .await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.body);
    let sent = town
        .post_json(&applicant, &format!("{one}/submission"), &json!({}))
        .await;
    assert_eq!(sent.json()["number"], "2026-000001");
    let twice = town
        .post_json(&applicant, &format!("{one}/submission"), &json!({}))
        .await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "{}", twice.body);
    let too_late = town
        .send(
            &applicant,
            Request::delete(format!("{papers}/{}", ids[0])),
            Body::empty(),
        )
        .await;
    assert_eq!(
        too_late.status,
        StatusCode::CONFLICT,
        "what was submitted stays"
    );

    let missing = json!({ "act": "ask_correction", "stage": "siting", "missing": ["总平面图"] });
    town.act(&planner, &case, 1, missing.clone()).await;
    let again = town.act(&planner, &case, 2, missing).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
    let answer = json!({ "seen": 2, "stage": "siting", "note": "已补" });
    let answered = town
        .post_json(&applicant, &format!("{one}/correction"), &answer)
        .await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    for (seen, act) in [
        (3, json!({ "act": "accept", "stage": "siting" })),
        (
            4,
            json!({ "act": "suspend", "stage": "siting", "ground": "hearing" }),
        ),
        (5, json!({ "act": "resume", "stage": "siting" })),
        (
            6,
            json!({ "act": "extend", "stage": "siting", "days": 5, "approved_by": "局长", "reason": "资料多" }),
        ),
        (
            7,
            json!({ "act": "ask", "stage": "siting", "unit": "development_reform" }),
        ),
    ] {
        let done = town.act(&planner, &case, seen, act.clone()).await;
        assert_eq!(done.status, StatusCode::OK, "{act}: {}", done.body);
    }
    let file = town.get(&applicant, &one).await.json();
    assert_eq!(file["seen"], 8);
    assert_eq!(file["papers"].as_array().unwrap().len(), 1);
    let due = &file["report"]["stages"][0]["due"];
    assert!(due["date"].is_string(), "{due}");
    let paper = town.get(&planner, &format!("{papers}/{}", ids[0])).await;
    assert_eq!(paper.body, "%PDF-1.7 x");
    let own = town.get(&applicant, &api("")).await.json();
    assert_eq!(own[0]["title"], "兰亭未来社区一期");
    let gone = json!({ "seen": 8, "reason": "另行选址" });
    let withdrawn = town
        .post_json(&applicant, &format!("{one}/withdrawal"), &gone)
        .await;
    assert_eq!(withdrawn.status, StatusCode::OK, "{}", withdrawn.body);
}

#[tokio::test]
async fn a_unit_with_open_tasks_is_dissolved_only_into_another() {
    let town = Town::new().await;
    let (applicant, planner) = (town.applicant().await, town.planner().await);
    let case = town.submitted(&applicant, "镜湖幼儿园").await;
    let builders = town
        .department("住房和城乡建设局", &["housing_construction"])
        .await;
    let builder = town
        .person("clerk-builder", Role::CityStaff, Some(builders))
        .await;
    let path = office("units/dissolution");
    let body = |successor: Value| json!({ "unit": "natural_resources", "successor": successor, "reason": "机构改革" });
    let refused = town.post_json(&planner, &path, &body(Value::Null)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert_eq!(refused.code(), "approvals-error-unit-has-tasks");
    for wrong in ["natural_resources", "nobody"] {
        let refused = town.post_json(&planner, &path, &body(json!(wrong))).await;
        assert!(
            refused.status.is_client_error(),
            "{wrong}: {}",
            refused.body
        );
    }
    let heir = json!("housing_construction");
    let moved = town.post_json(&planner, &path, &body(heir)).await;
    assert_eq!(moved.json()["tasks"], 1, "{}", moved.body);
    assert_eq!(town.get(&planner, &api("/queue")).await.json(), json!([]));
    let queue = town.get(&builder, &api("/queue")).await.json();
    assert_eq!(queue[0]["case"], json!(case));
    let accept = json!({ "act": "accept", "stage": "siting" });
    assert_eq!(
        town.act(&builder, &case, 1, accept).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_office_keeps_definitions_and_the_calendar_by_the_api() {
    let town = Town::new().await;
    let (applicant, planner) = (town.applicant().await, town.planner().await);
    let case = town.submitted(&applicant, "镜湖幼儿园").await;
    let source = flow::builtin_sources()
        .iter()
        .find(|(name, _)| name.contains("construction_approval"));
    let source = source.unwrap().1;
    let newer = source
        .replace("version = \"2026-11\"", "version = \"2026-12\"")
        .replace("promised = { days = 15", "promised = { days = 10");
    let brought = town
        .post_json(&planner, &office("processes"), &json!({ "content": newer }))
        .await;
    assert_eq!(brought.status, StatusCode::CREATED, "{}", brought.body);
    let again = town
        .post_json(&planner, &office("processes"), &json!({ "content": newer }))
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let broken = newer.replace("lead = \"natural_resources\"", "lead = \"nobody\"");
    let refused = town
        .post_json(
            &planner,
            &office("processes"),
            &json!({ "content": broken }),
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let migration = office(&format!("processes/{PROCESS}/2026-12/migration"));
    let preview = town.get(&planner, &migration).await.json();
    assert_eq!(preview[0]["case"], json!(case));
    let moved = town.post_json(&planner, &migration, &json!({})).await;
    assert_eq!(moved.json()["cases"], json!([case]), "{}", moved.body);
    let nowhere = office(&format!("processes/{PROCESS}/1999/migration"));
    let nothing = town.post_json(&planner, &nowhere, &json!({})).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);

    let years = town.get(&planner, &office("calendar")).await.json();
    let year = |wanted: i64| {
        let all = years.as_array().unwrap().iter();
        all.clone()
            .find(|one| one["year"] == wanted)
            .unwrap()
            .clone()
    };
    assert_eq!(year(2027)["notices"], json!([]), "not published yet");
    assert!(!year(2026)["notices"].as_array().unwrap().is_empty());
    let wrong = json!({ "content": "kind = \"working_days\"\nyear = 2027" });
    let refused = town.post_json(&planner, &office("calendar"), &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let log = town.get(&planner, &office("log")).await.json();
    assert!(log["xes"].as_str().unwrap().contains("<log"), "{log}");
    assert!(log["bpmn"].as_str().unwrap().contains("bpmn"), "{log}");
    let steps = json!({ "process": PROCESS, "changes": [{ "change": "limit", "stage": "siting", "days": 9 }] });
    let what_if = town
        .post_json(&planner, &office("fewer-steps"), &steps)
        .await;
    assert_eq!(what_if.status, StatusCode::OK, "{}", what_if.body);
}
