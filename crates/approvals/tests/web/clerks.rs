//! Clerks at their desks: two at once, one too late, one whose turn it is not.

use axum::http::StatusCode;
use kernel::Role;
use serde_json::json;

use crate::town::{Town, api, page};

#[tokio::test]
async fn of_two_decisions_at_the_same_moment_one_stands_and_the_other_is_told() {
    let town = Town::new().await;
    let applicant = town.applicant().await;
    let reform = town
        .department("发展和改革局", &["development_reform"])
        .await;
    let reformer = town
        .person("clerk-reform", Role::CityStaff, Some(reform))
        .await;
    let one = town.planner().await;
    let planners = Some(town.planners);
    let other = town.person("clerk-second", Role::CityStaff, planners).await;
    let case = town.submitted(&applicant, "镜湖幼儿园").await;
    let accept = json!({ "act": "accept", "stage": "siting" });
    assert_eq!(
        town.act(&one, &case, 1, accept).await.status,
        StatusCode::OK
    );
    for (seen, who, step) in [(2, &reformer, "project_record"), (3, &one, "land_permit")] {
        let finish = json!({ "act": "finish", "step": step });
        let done = town.act(who, &case, seen, finish).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    }
    let decide = |result: &str| json!({ "act": "decide", "stage": "siting", "result": result, "reason": "同日两人" });
    let (first, second) = tokio::join!(
        town.act(&one, &case, 4, decide("passed")),
        town.act(&other, &case, 4, decide("failed")),
    );
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT]);
    let late = [&first, &second]
        .into_iter()
        .find(|answer| answer.status == StatusCode::CONFLICT);
    assert_eq!(late.unwrap().code(), "approvals-error-clash");
    let file = town.get(&applicant, &api(&format!("/{case}"))).await.json();
    let decisions = file["events"].as_array().unwrap().iter();
    let decided = decisions.filter(|event| event["event"]["event"] == "decided");
    assert_eq!(decided.count(), 1, "{file}");
}

#[tokio::test]
async fn a_clerk_who_is_too_late_sees_what_happened_and_keeps_what_they_typed() {
    let town = Town::new().await;
    let (applicant, planner) = (town.applicant().await, town.planner().await);
    let case = town.submitted(&applicant, "镜湖幼儿园").await;
    let withdrawal = format!("/{case}/withdrawal");
    let gone = town
        .post(&applicant, &page(&withdrawal), "key=w1&seen=1&reason=x")
        .await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
    let acts = page(&format!("/{case}/acts"));
    // Read before the withdrawal.
    let refuse = "key=k1&seen=1&act=refuse&stage=siting&reason=not-ours";
    let late = town.post(&planner, &acts, refuse).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
    assert!(late.body.contains("not-ours"), "what was typed is kept");
    // And with the newest state in hand: nothing follows a withdrawal.
    let again = "key=k2&seen=2&act=refuse&stage=siting&reason=not-ours";
    let after = town.post(&planner, &acts, again).await;
    assert_eq!(
        after.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        after.body
    );
    let kinds = town.entry_kinds().await;
    assert!(!kinds.contains(&"approvals.case.refused".to_owned()));
}

#[tokio::test]
async fn the_same_form_sent_twice_is_heeded_once() {
    let town = Town::new().await;
    let (applicant, planner) = (town.applicant().await, town.planner().await);
    let case = town.submitted(&applicant, "镜湖幼儿园").await;
    let acts = page(&format!("/{case}/acts"));
    for _ in 0..2 {
        let sent = town
            .post(&planner, &acts, "key=once&seen=1&act=accept&stage=siting")
            .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    }
    let kinds = town.entry_kinds().await;
    let taken_in = kinds
        .iter()
        .filter(|kind| *kind == "approvals.case.accepted");
    assert_eq!(taken_in.count(), 1);
}

#[tokio::test]
async fn nobody_acts_for_a_unit_that_is_not_theirs_whatever_they_send() {
    let town = Town::new().await;
    let (applicant, planner) = (town.applicant().await, town.planner().await);
    let reform = town
        .department("发展和改革局", &["development_reform"])
        .await;
    let reformer = town
        .person("clerk-reform", Role::CityStaff, Some(reform))
        .await;
    let builders = town
        .department("住房和城乡建设局", &["housing_construction"])
        .await;
    let builder = town
        .person("clerk-builder", Role::CityStaff, Some(builders))
        .await;
    let nobodys = town.person("clerk-nobody", Role::CityStaff, None).await;
    let case = town.submitted(&applicant, "镜湖幼儿园").await;
    let accept = || json!({ "act": "accept", "stage": "siting" });
    for (who, status) in [
        (&reformer, StatusCode::FORBIDDEN),
        (&builder, StatusCode::NOT_FOUND),
        (&nobodys, StatusCode::NOT_FOUND),
        (&applicant, StatusCode::FORBIDDEN),
    ] {
        let answer = town.act(who, &case, 1, accept()).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    assert_eq!(
        town.act(&planner, &case, 1, accept()).await.status,
        StatusCode::OK
    );
    // A step of another unit, a reply for another, a stage that is not there, an event of another file.
    let other = town.submitted(&applicant, "别的项目").await;
    let file = town
        .get(&applicant, &api(&format!("/{other}")))
        .await
        .json();
    let foreign = file["events"][0]["event"]["id"].as_str().unwrap();
    for (act, status) in [
        (json!({ "act": "finish", "step": "project_record" }), 403),
        (
            json!({ "act": "reply", "stage": "siting", "unit": "development_reform", "reply": "同意" }),
            403,
        ),
        (json!({ "act": "accept", "stage": "nowhere" }), 404),
        (json!({ "act": "finish", "step": "nothing" }), 404),
        (
            json!({ "act": "retract", "of": foreign, "reason": "x" }),
            404,
        ),
        (
            json!({ "act": "hand_over", "stage": "siting", "to": "nobody", "reason": "x" }),
            422,
        ),
        (
            json!({ "act": "suspend", "stage": "siting", "ground": "" }),
            422,
        ),
        (
            json!({ "act": "suspend", "stage": "siting", "ground": "tender" }),
            422,
        ),
        (json!({ "act": "resume", "stage": "siting" }), 422),
        (
            json!({ "act": "extend", "stage": "siting", "days": 4_000_000_000_u32, "approved_by": "局长", "reason": "x" }),
            422,
        ),
        (
            json!({ "act": "extend", "stage": "siting", "days": -3, "approved_by": "局长", "reason": "x" }),
            422,
        ),
        (
            json!({ "act": "decide", "stage": "siting", "result": "passed", "reason": "x" }),
            422,
        ),
        (json!({ "act": "become", "stage": "siting" }), 422),
    ] {
        let answer = town.act(&planner, &case, 2, act.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{act}: {}", answer.body);
    }
    // The clock is the server's: neither tomorrow nor yesterday without a reason.
    let path = api(&format!("/{case}/acts"));
    for at in [
        1_795_406_400_000_001_i64,
        1_795_406_399_999_999,
        i64::MAX,
        i64::MIN,
    ] {
        let ground = json!({ "act": "suspend", "stage": "siting", "ground": "hearing" });
        let body = json!({ "seen": 2, "act": ground, "at_us": at });
        let answer = town.post_json(&planner, &path, &body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{at}: {}",
            answer.body
        );
    }
}
