//! What pages do to the roll, programs do too: by the same commands, with the same permissions, on the same record.

use axum::http::StatusCode;
use kernel::Role;
use serde_json::{Value, json};

use crate::GOOD;
use crate::town::{Answer, Town};

fn told(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn a_unit_changes_hands_and_facts_by_the_api() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    town.import(town.community, GOOD).await;
    let (unit, owner) = (town.unit("101").await, town.owner("101").await);
    let base = format!("/api/v1/communities/{}/units/{unit}", town.community);
    let facts = json!({ "exclusive_area_hundredths": 9_120, "area_source": "survey", "unit_use": "residential",
        "reason": "survey 2026" });
    let path = format!("{base}/facts");
    let corrected = town
        .call_json(&committee, "PUT", &path, &facts.to_string())
        .await;
    assert_eq!(
        corrected.status,
        StatusCode::NO_CONTENT,
        "{}",
        corrected.body
    );
    let wrong = json!({ "exclusive_area_hundredths": -1, "area_source": "survey", "unit_use": "residential",
        "reason": "x" });
    let refused = town
        .call_json(&committee, "PUT", &path, &wrong.to_string())
        .await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        refused.body
    );
    let sale = json!({ "on_roll": [owner], "new": [{ "kind": "person", "name": "周杰", "phone": "13900000009" }],
        "date": "2026-11-20", "evidence": "contract" });
    let sold = town
        .post_json(&committee, &format!("{base}/transfers"), &sale.to_string())
        .await;
    assert_eq!(sold.status, StatusCode::CREATED, "{}", sold.body);
    assert_eq!(told(&sold)["owners"].as_array().unwrap().len(), 2);
    let shown = told(&town.get(&committee, &base).await);
    assert_eq!(shown["exclusive_area_hundredths"], 9_120);
    assert_eq!(shown["owners"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_person_is_found_corrected_read_linked_and_erased_by_the_api() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    town.import(town.community, GOOD).await;
    let base = format!("/api/v1/communities/{}", town.community);
    let sought = json!({ "text": "13912341234" }).to_string();
    let found = town
        .post_json(&committee, &format!("{base}/persons/search"), &sought)
        .await;
    let found = told(&found);
    assert_eq!(
        (&found[0]["kind"], &found[0]["name"]),
        (&json!("owner"), &json!("王*明"))
    );
    let person = format!("{base}/persons/owner/{}", found[0]["id"].as_str().unwrap());

    let right = json!({ "name": "王晓明", "reason": "identity card" }).to_string();
    let corrected = town.call_json(&committee, "PATCH", &person, &right).await;
    assert_eq!(
        corrected.status,
        StatusCode::NO_CONTENT,
        "{}",
        corrected.body
    );
    let asked = json!({ "fields": ["name", "phone"], "reason": "leak" }).to_string();
    let read = town
        .post_json(&committee, &format!("{person}/readings"), &asked)
        .await;
    assert_eq!(
        told(&read),
        json!({ "name": "王晓明", "phone": "13912341234", "id_number": null })
    );
    let kinds = town.entry_kinds().await;
    assert!(kinds.ends_with(&[
        "people.person.corrected".to_owned(),
        "people.personal_data.read".to_owned()
    ]));

    let unknown = json!({ "login": "nobody-here", "evidence": "card" }).to_string();
    let refused = town
        .call_json(&committee, "PUT", &format!("{person}/login"), &unknown)
        .await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        refused.body
    );
    let unlinked = town
        .delete(&committee, &format!("{person}/login?reason=none"))
        .await;
    assert_eq!(unlinked.status, StatusCode::CONFLICT, "{}", unlinked.body);
    let reason = json!({ "reason": "asked" }).to_string();
    let erased = town
        .post_json(&committee, &format!("{person}/erasure"), &reason)
        .await;
    assert_eq!(
        erased.status,
        StatusCode::CONFLICT,
        "still an owner: {}",
        erased.body
    );
}

#[tokio::test]
async fn the_roll_leaves_masked_or_with_a_trace_by_the_api() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    town.import(town.community, GOOD).await;
    let base = format!("/api/v1/communities/{}", town.community);
    let template = told(
        &town
            .get(&committee, &format!("{base}/imports/template"))
            .await,
    );
    assert_eq!(template["units"][0]["required"], true);
    let masked = town.get(&committee, &format!("{base}/roll")).await;
    assert!(masked.body.contains("王*明") && !masked.body.contains("王小明"));
    let reason = json!({ "reason": "backup" }).to_string();
    let open = town
        .post_json(&committee, &format!("{base}/roll/exports"), &reason)
        .await;
    assert!(open.body.contains("王小明"), "{}", open.body);
    assert_eq!(
        town.entry_kinds().await.last().unwrap(),
        "people.roll.exported"
    );
}

#[tokio::test]
async fn the_api_of_the_roll_is_closed_to_those_who_may_not() {
    let town = Town::new().await;
    town.import(town.community, GOOD).await;
    let resident = town.person(Role::Resident).await;
    let (unit, owner) = (town.unit("101").await, town.owner("101").await);
    let base = format!("/api/v1/communities/{}", town.community);
    let reason = json!({ "reason": "x" });
    let person = format!("{base}/persons/owner/{owner}");
    let tries = [
        (
            "PUT",
            format!("{base}/units/{unit}/facts"),
            json!({ "exclusive_area_hundredths": 1,
            "area_source": "survey", "unit_use": "other", "reason": "x" }),
        ),
        (
            "POST",
            format!("{base}/units/{unit}/transfers"),
            json!({ "date": "2026-11-20", "evidence": "x" }),
        ),
        (
            "POST",
            format!("{base}/persons/search"),
            json!({ "text": "x" }),
        ),
        ("PATCH", person.clone(), reason.clone()),
        (
            "POST",
            format!("{person}/readings"),
            json!({ "fields": ["name"], "reason": "x" }),
        ),
        (
            "PUT",
            format!("{person}/login"),
            json!({ "login": "someone", "evidence": "x" }),
        ),
        ("POST", format!("{person}/erasure"), reason.clone()),
        ("POST", format!("{base}/roll/exports"), reason),
    ];
    for (method, path, body) in tries {
        let refused = town
            .call_json(&resident, method, &path, &body.to_string())
            .await;
        assert_eq!(
            refused.status,
            StatusCode::FORBIDDEN,
            "{method} {path}: {}",
            refused.body
        );
    }
    for path in [format!("{base}/roll"), format!("{base}/imports/template")] {
        assert_eq!(
            town.get(&resident, &path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    for path in [
        format!("{person}/login?reason=x"),
        format!("{base}/residents/{owner}?reason=x"),
    ] {
        assert_eq!(
            town.delete(&resident, &path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
}
