//! A supervisor reads what their unit has no part in: with a reason, on the record, and without laying hands on it.

use axum::http::StatusCode;
use kernel::Role;
use serde_json::json;

use crate::town::{Person, Town, api, page};

async fn street(town: &Town) -> Person {
    let office = town
        .department("未来社区建设专班", &["transaction_centre"])
        .await;
    town.person("street-office", Role::CityStaff, Some(office))
        .await
}

#[tokio::test]
async fn a_file_opens_to_a_supervisor_after_a_reason_and_everybody_in_it_sees_that() {
    let town = Town::new().await;
    let (applicant, street) = (town.applicant().await, street(&town).await);
    let case = town.submitted(&applicant, "兰亭未来社区一期").await;
    let path = page(&format!("/{case}"));
    let closed = town.get(&street, &path).await;
    assert_eq!(closed.status, StatusCode::OK, "asks why");
    assert!(
        !closed.body.contains("兰亭") && closed.body.contains("督查"),
        "{}",
        closed.body
    );
    let blank = town
        .post(&street, &format!("{path}/reading"), "reason=+")
        .await;
    assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
    let paper = town.get(&street, &format!("{path}/events/export")).await;
    assert_eq!(
        paper.status,
        StatusCode::FORBIDDEN,
        "the way around is shut"
    );
    let opened = town
        .post(&street, &format!("{path}/reading"), "reason=petition")
        .await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    let file = town.get(&street, &path).await;
    assert!(file.body.contains("兰亭未来社区一期"), "{}", file.body);
    assert!(
        !file.body.contains("act=accept"),
        "there is nothing to do for them"
    );
    let seen = town.get(&applicant, &path).await;
    assert!(
        seen.body.contains("未来社区建设专班"),
        "the applicant sees who read it"
    );
    let last = town.entry_kinds().await.pop();
    assert_eq!(last.as_deref(), Some("approvals.case.read"));
}

#[tokio::test]
async fn programs_read_for_supervision_by_the_same_way() {
    let town = Town::new().await;
    let (applicant, street) = (town.applicant().await, street(&town).await);
    let case = town.submitted(&applicant, "兰亭未来社区一期").await;
    let path = api(&format!("/{case}"));
    let closed = town.get(&street, &path).await;
    assert_eq!(closed.status, StatusCode::FORBIDDEN);
    assert_eq!(closed.code(), "approvals-error-not-opened");
    let reason = json!({ "reason": "督查" });
    let opened = town
        .post_json(&street, &format!("{path}/readings"), &reason)
        .await;
    assert_eq!(opened.status, StatusCode::NO_CONTENT, "{}", opened.body);
    let file = town.get(&street, &path).await.json();
    assert_eq!(file["readings"].as_array().unwrap().len(), 1);
    let applicants = town
        .post_json(&applicant, &format!("{path}/readings"), &reason)
        .await;
    assert_eq!(applicants.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_a_clerk_does_stands_in_the_supervisors_view_at_once() {
    let town = Town::new().await;
    let (applicant, planner) = (town.applicant().await, town.planner().await);
    let supervision = format!(
        "/api/v1/communities/{}/approval-supervision",
        kernel::CommunityId::CITY
    );
    let files = async || town.get(&planner, &supervision).await.json()["files"].clone();
    assert_eq!(files().await, 0);
    let case = town.submitted(&applicant, "兰亭未来社区一期").await;
    assert_eq!(files().await, 1);
    let queue = async || town.get(&planner, &api("/queue")).await.json();
    assert_eq!(queue().await[0]["task"]["kind"], "take_in");
    let accept = json!({ "act": "accept", "stage": "siting" });
    town.act(&planner, &case, 1, accept).await;
    let lines = queue().await;
    let kinds: Vec<_> = lines
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["task"]["kind"])
        .collect();
    assert_eq!(kinds, [&json!("decide"), &json!("step")]);
    let fail = json!({ "act": "decide", "stage": "siting", "result": "failed", "reason": "x" });
    town.act(&planner, &case, 2, fail).await;
    assert_eq!(files().await, 0);
    assert_eq!(queue().await, json!([]));
}

#[tokio::test]
async fn the_process_as_it_really_went_is_drawn_in_the_readers_words() {
    let town = Town::new().await;
    let (applicant, street) = (town.applicant().await, street(&town).await);
    town.submitted(&applicant, "兰亭未来社区一期").await;
    let path = page("/analysis?process=zhejiang.construction_approval");
    let drawn = town.get(&street, &path).await;
    assert_eq!(drawn.status, StatusCode::OK);
    assert!(drawn.body.contains(": 提交申请"), "{}", drawn.body);
    assert!(!drawn.body.contains(": submitted"), "{}", drawn.body);
    let log = page("/analysis/log.xes?process=zhejiang.construction_approval");
    let log = town.get(&street, &log).await;
    assert!(
        log.body.contains("siting: submitted"),
        "programs read names: {}",
        log.body
    );
}

#[tokio::test]
async fn a_supervisor_sees_the_overview_and_the_lists_and_handles_nothing() {
    let town = Town::new().await;
    let applicant = town.applicant().await;
    let office = town.department("政务服务监督处", &[]).await;
    let supervisor = town
        .person("supervisor", Role::Supervisor, Some(office))
        .await;
    let case = town.submitted(&applicant, "兰亭未来社区一期").await;
    let first = town.get(&supervisor, &page("")).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(
        first.location.as_deref(),
        Some(page("/supervision").as_str())
    );
    for open in [
        "/supervision",
        "/responsibility",
        "/analysis",
        "/steps",
        "/calendar",
        "/processes",
    ] {
        let answer = town.get(&supervisor, &page(open)).await;
        assert_eq!(answer.status, StatusCode::OK, "{open}");
    }
    for shut in ["/new", "/units", "/export"] {
        let answer = town.get(&supervisor, &page(shut)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{shut}");
    }
    let before = town.entry_kinds().await.len();
    let act = json!({ "act": "accept", "stage": "siting" });
    let refused = town.act(&supervisor, &case, 1, act).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(town.entry_kinds().await.len(), before, "nothing was done");
}
