//! Every address of the module: who comes in, who is sent to sign in, who is refused, and where there is nothing at all.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request, StatusCode};
use kernel::{CommunityId, Role, Uuid};

use crate::town::{Answer, COMMUNITY, NOBODY, PROCESS, Person, Town};

/// Who is let in.
#[derive(Clone, Copy, PartialEq)]
enum For {
    Applicants,
    Staff,
    Both,
}
use For::{Applicants, Both, Staff};

/// Every page that is looked at. `FILE` is a submitted file.
const PAGES: [(&str, For); 24] = [
    ("", Both),
    ("/export", Staff),
    ("/new", Applicants),
    ("/new?process=zhejiang.construction_approval", Applicants),
    ("/units", Staff),
    ("/units/ecology/dissolution", Staff),
    ("/processes", Both),
    ("/processes/zhejiang.construction_approval/2026-11", Both),
    (
        "/processes/zhejiang.construction_approval/2026-11/migration",
        Staff,
    ),
    ("/calendar", Both),
    ("/supervision", Staff),
    ("/supervision/export?list=late", Staff),
    ("/supervision/export?list=stages", Staff),
    ("/responsibility", Staff),
    ("/responsibility/natural_resources", Staff),
    ("/responsibility/export", Staff),
    ("/analysis", Staff),
    ("/analysis/log.xes", Staff),
    ("/analysis/process.bpmn", Staff),
    ("/steps", Staff),
    ("/steps/export", Staff),
    ("/FILE", Both),
    ("/FILE/withdrawal", Applicants),
    ("/FILE/events/export", Both),
];

/// Every form, with the fields of one that would be understood.
const FORMS: [(&str, For, &str); 16] = [
    (
        "",
        Applicants,
        "process=zhejiang.construction_approval&title=x",
    ),
    (
        "/units",
        Staff,
        "unit=ecology&organisation=00000000-0000-0000-0000-000000000001",
    ),
    ("/units/ecology/dissolution", Staff, "successor=&reason="),
    ("/processes", Staff, "content=x"),
    (
        "/processes/zhejiang.construction_approval/2026-11/migration",
        Staff,
        "",
    ),
    ("/calendar", Staff, "content=x"),
    (
        "/FILE/edit",
        Applicants,
        "process=zhejiang.construction_approval&title=x",
    ),
    ("/FILE/papers", Applicants, ""),
    (
        "/FILE/papers/00000000-0000-0000-0000-000000000001/removal",
        Applicants,
        "",
    ),
    ("/FILE/submission", Applicants, "key=1"),
    ("/FILE/stages", Applicants, "key=2&seen=1&stage-works=on"),
    ("/FILE/correction", Applicants, "key=3&seen=1&stage=siting"),
    ("/FILE/withdrawal", Applicants, "key=4&seen=1&reason="),
    ("/FILE/acts", Staff, "key=5&seen=9&act=resume&stage=siting"),
    ("/FILE/reading", Staff, "reason="),
    ("/FILE/edit", Applicants, "process=&title="),
];

/// Every operation of the API below the community, with a body.
const OPERATIONS: [(Method, &str, For, &str); 28] = [
    (Method::GET, "approvals", Applicants, ""),
    (
        Method::POST,
        "approvals",
        Applicants,
        r#"{"process":"zhejiang.construction_approval","title":"x"}"#,
    ),
    (Method::GET, "approvals/queue", Staff, ""),
    (Method::GET, "approvals/FILE", Both, ""),
    (
        Method::PUT,
        "approvals/FILE",
        Applicants,
        r#"{"process":"zhejiang.construction_approval","title":"x"}"#,
    ),
    (Method::POST, "approvals/FILE/submission", Applicants, "{}"),
    (
        Method::POST,
        "approvals/FILE/stages",
        Applicants,
        r#"{"seen":1,"stages":[]}"#,
    ),
    (
        Method::POST,
        "approvals/FILE/correction",
        Applicants,
        r#"{"seen":1,"stage":"siting"}"#,
    ),
    (
        Method::POST,
        "approvals/FILE/withdrawal",
        Applicants,
        r#"{"seen":1,"reason":""}"#,
    ),
    (
        Method::POST,
        "approvals/FILE/acts",
        Staff,
        r#"{"seen":9,"act":{"act":"resume","stage":"siting"}}"#,
    ),
    (
        Method::POST,
        "approvals/FILE/readings",
        Staff,
        r#"{"reason":""}"#,
    ),
    (Method::POST, "approvals/FILE/papers", Applicants, ""),
    (
        Method::GET,
        "approvals/FILE/papers/00000000-0000-0000-0000-000000000001",
        Both,
        "",
    ),
    (
        Method::DELETE,
        "approvals/FILE/papers/00000000-0000-0000-0000-000000000001",
        Applicants,
        "",
    ),
    (Method::GET, "approval-units", Staff, ""),
    (
        Method::POST,
        "approval-units",
        Staff,
        r#"{"unit":"ecology","organisation":"00000000-0000-0000-0000-000000000001"}"#,
    ),
    (
        Method::POST,
        "approval-units/dissolution",
        Staff,
        r#"{"unit":"ecology","reason":""}"#,
    ),
    (Method::GET, "approval-processes", Both, ""),
    (
        Method::POST,
        "approval-processes",
        Staff,
        r#"{"content":"x"}"#,
    ),
    (
        Method::GET,
        "approval-processes/zhejiang.construction_approval/2026-11/migration",
        Staff,
        "",
    ),
    (
        Method::POST,
        "approval-processes/zhejiang.construction_approval/2026-11/migration",
        Staff,
        "{}",
    ),
    (Method::GET, "approval-calendar", Both, ""),
    (
        Method::POST,
        "approval-calendar",
        Staff,
        r#"{"content":"x"}"#,
    ),
    (Method::GET, "approval-supervision", Staff, ""),
    (
        Method::GET,
        "approval-supervision/natural_resources",
        Staff,
        "",
    ),
    (Method::GET, "approval-cards", Staff, ""),
    (Method::GET, "approval-log", Staff, ""),
    (
        Method::POST,
        "approval-fewer-steps",
        Staff,
        r#"{"changes":[]}"#,
    ),
];

async fn form(town: &Town, who: &Person, path: &str, body: &str) -> Answer {
    if path.ends_with("/papers") {
        return town
            .upload(who, path, ("x.html", "text/html", b"<script>"))
            .await;
    }
    town.post(who, path, body).await
}

async fn call(town: &Town, who: &Person, method: &Method, path: &str, body: &str) -> Answer {
    if path.ends_with("/papers") {
        return form(town, who, path, body).await;
    }
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(CONTENT_TYPE, "application/json");
    town.send(who, request, Body::from(body.to_owned())).await
}

fn paths(community: CommunityId, file: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let page = |rest: &str| format!("/c/{community}/approvals{}", rest.replace("FILE", file));
    let operation = |rest: &str| {
        format!(
            "/api/v1/communities/{community}/{}",
            rest.replace("FILE", file)
        )
    };
    (
        PAGES.iter().map(|(path, _)| page(path)).collect(),
        FORMS.iter().map(|(path, ..)| page(path)).collect(),
        OPERATIONS
            .iter()
            .map(|(_, path, ..)| operation(path))
            .collect(),
    )
}

#[tokio::test]
async fn whoever_has_not_signed_in_is_sent_to_sign_in_and_nothing_is_told_or_done() {
    let town = Town::new().await;
    let applicant = town.applicant().await;
    let file = town.submitted(&applicant, "兰亭未来社区一期").await;
    let before = town.entry_kinds().await.len();
    let (pages, forms, operations) = paths(CommunityId::CITY, &file);
    for path in &pages {
        let answer = town.get(&NOBODY, path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.location.unwrap().starts_with("/sign-in"), "{path}");
    }
    for (path, (_, _, body)) in forms.iter().zip(FORMS) {
        let answer = form(&town, &NOBODY, path, body).await;
        assert!(answer.status.is_client_error(), "{path}: {answer:?}");
    }
    for (path, (method, _, _, body)) in operations.iter().zip(&OPERATIONS) {
        let answer = call(&town, &NOBODY, method, path, body).await;
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        assert!(
            refused.contains(&answer.status),
            "{method} {path}: {answer:?}"
        );
        assert!(!answer.body.contains("兰亭"), "{method} {path}");
    }
    assert_eq!(town.entry_kinds().await.len(), before, "nothing was done");
}

#[tokio::test]
async fn each_role_comes_through_its_own_doors_and_no_other() {
    let town = Town::new().await;
    let applicant = town.applicant().await;
    let planner = town.planner().await;
    let file = town.submitted(&applicant, "兰亭未来社区一期").await;
    let before = town.entry_kinds().await.len();
    let (pages, forms, operations) = paths(CommunityId::CITY, &file);
    for (who, person) in [(Applicants, &applicant), (Staff, &planner)] {
        for (path, (_, whose)) in pages.iter().zip(PAGES) {
            let answer = town.get(person, path).await;
            if whose == who || whose == Both {
                assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
            } else {
                assert!(answer.status.is_client_error(), "{path}: {answer:?}");
                assert_ne!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            }
        }
        for (path, (_, whose, body)) in forms.iter().zip(FORMS) {
            if whose != who {
                let answer = form(&town, person, path, body).await;
                let refused = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND];
                assert!(refused.contains(&answer.status), "{path}: {answer:?}");
            }
        }
        for (path, (method, _, whose, body)) in operations.iter().zip(&OPERATIONS) {
            if *whose != who && *whose != Both {
                let answer = call(&town, person, method, path, body).await;
                assert_eq!(
                    answer.status,
                    StatusCode::FORBIDDEN,
                    "{method} {path}: {answer:?}"
                );
            }
        }
    }
    assert_eq!(town.entry_kinds().await.len(), before, "nothing was done");
}

#[tokio::test]
async fn what_is_understood_and_can_not_be_done_says_why_and_does_nothing() {
    let town = Town::new().await;
    let applicant = town.applicant().await;
    let planner = town.planner().await;
    let file = town.submitted(&applicant, "兰亭未来社区一期").await;
    let before = town.entry_kinds().await;
    let (_, forms, operations) = paths(CommunityId::CITY, &file);
    let person = |whose: For| if whose == Staff { &planner } else { &applicant };
    // The first form and the second operation are good.
    for (path, (_, whose, body)) in forms.iter().zip(FORMS).skip(1) {
        let answer = form(&town, person(whose), path, body).await;
        assert!(answer.status.is_client_error(), "{path}: {answer:?}");
        assert_ne!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    for (path, (method, _, whose, body)) in operations.iter().zip(&OPERATIONS).skip(2) {
        let answer = call(&town, person(*whose), method, path, body).await;
        if method == Method::GET || path.ends_with("approval-fewer-steps") {
            let missing = path.contains("/papers/");
            let wanted = if missing { 404 } else { 200 };
            assert_eq!(
                answer.status.as_u16(),
                wanted,
                "{method} {path}: {answer:?}"
            );
        } else {
            assert!(
                answer.status.is_client_error(),
                "{method} {path}: {answer:?}"
            );
            assert_ne!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
            assert!(!answer.code().is_empty(), "{method} {path}");
        }
    }
    assert_eq!(town.entry_kinds().await, before, "nothing was done");
}

#[tokio::test]
async fn approvals_stand_in_the_city_and_nowhere_else() {
    let town = Town::new().await;
    let applicant = town.applicant().await;
    let file = town.submitted(&applicant, "兰亭未来社区一期").await;
    let elsewhere = [
        (COMMUNITY, Role::CityStaff, "staff-elsewhere"),
        (COMMUNITY, Role::CommitteeMember, "committee-elsewhere"),
        (COMMUNITY, Role::Owner, "owner-elsewhere"),
    ];
    for (community, role, login) in elsewhere {
        let person = town.person_in(community, login, role, None).await;
        let nowhere = CommunityId::from_uuid(Uuid::from_u128(3));
        for place in [community, nowhere] {
            let (pages, _, operations) = paths(place, &file);
            for path in &pages {
                let answer = town.get(&person, path).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            }
            for (path, (method, _, _, body)) in operations.iter().zip(&OPERATIONS) {
                let answer = call(&town, &person, method, path, body).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
            }
        }
        // A role in a community is none in the city.
        let (pages, _, operations) = paths(CommunityId::CITY, &file);
        for path in &pages {
            let answer = town.get(&person, path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{login} {path}");
        }
        for (path, (method, _, _, body)) in operations.iter().zip(&OPERATIONS) {
            let answer = call(&town, &person, method, path, body).await;
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "{login} {method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn the_lists_above_name_every_address_of_the_description() {
    let town = Town::new().await;
    let description = town.get(&NOBODY, "/api/v1/openapi.json").await.json();
    let known: Vec<String> = OPERATIONS
        .iter()
        .map(|(method, path, ..)| {
            let path = path
                .replace("FILE", "{case}")
                .replace("00000000-0000-0000-0000-000000000001", "{paper}")
                .replace(PROCESS, "{process}")
                .replace("2026-11", "{version}")
                .replace("supervision/natural_resources", "supervision/{unit}");
            format!("{} {path}", method.as_str().to_lowercase())
        })
        .collect();
    let base = "/api/v1/communities/{community}/";
    for (path, operations) in description["paths"].as_object().unwrap() {
        let Some(rest) = path
            .strip_prefix(base)
            .filter(|rest| rest.starts_with("approval"))
        else {
            continue;
        };
        for method in operations.as_object().unwrap().keys() {
            let one = format!("{method} {rest}");
            assert!(known.contains(&one), "{one} is not tried");
        }
    }
}
