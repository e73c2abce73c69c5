//! Every address of the module: who comes in, who is sent to sign in, who is refused, and what ids of another community open.

use axum::http::{Method, StatusCode};
use kernel::{CommunityId, Role};

use crate::town::{ELSEWHERE, HERE, Ids, NOBODY, Person, Town, api, page};

/// Who is let in: everybody here, staff, or the committee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum For {
    All,
    Staff,
    Committee,
}
use For::{All, Committee, Staff};

/// Every page. Words in capitals are ids.
const PAGES: &[(&str, For)] = &[
    ("", All),
    ("/requests", All),
    ("/volunteer", All),
    ("/statement", All),
    ("/statement/excel", All),
    ("/statement/pdf", All),
    ("/elders/new", All),
    ("/elders/ELDER/requests", Staff),
    ("/desk", Staff),
    ("/desk/excel", Staff),
    ("/desk/requests/WAITING", Staff),
    ("/desk/scheme", Committee),
    ("/desk/scheme?scheme=nanjing", Committee),
    ("/statement?until=2026-11-23", All),
    ("/certificates", All),
    ("/desk/clearing", Staff),
    ("/desk/clearing/excel", Staff),
    ("/desk/review", Committee),
];

/// Every form, with fields that are understood.
const FORMS: &[(&str, For, &str)] = &[
    ("/check-in", All, "code=00000000"),
    ("/check-out", All, "code=00000000"),
    ("/visits/VISIT/confirmation", Staff, ""),
    ("/visits/VISIT/cancellation", Staff, "reason=x"),
    ("/visits/VISIT/complaint", Staff, "said=x"),
    (
        "/visits/VISIT/times",
        Staff,
        "came=2026-11-23T09:00&left=2026-11-23T10:00",
    ),
    ("/requests/REQUEST/acceptance", All, ""),
    ("/requests/REQUEST/cancellation", Staff, "reason=x"),
    ("/gifts", All, "to=elder:ELDER&minutes=10"),
    ("/donations", All, "minutes=0"),
    ("/certificates", All, "from=yesterday"),
    ("/volunteer", All, "name="),
    ("/elders/new", All, "name="),
    (
        "/elders/ELDER/requests",
        Staff,
        "service=SERVICE&begins=2020-01-01T09:00",
    ),
    ("/elders/ELDER/withdrawal", Staff, ""),
    ("/elders/ELDER/entitlement", Committee, "hardship=on"),
    ("/elders/ELDER/relations", Staff, "number=0&evidence=x"),
    ("/crossings", All, "partner=PARTNER&minutes=10"),
    (
        "/desk/clearing",
        Committee,
        "partner=PARTNER&crossing=limit&hours=0&ground=x",
    ),
    (
        "/desk/clearing/offers/CROSSING/answer",
        Committee,
        "accept=yes",
    ),
    ("/desk/clearing/PARTNER/end", Committee, ""),
    ("/desk/review/SIGNAL/settlement", Committee, "note=x"),
    ("/desk/scheme", Committee, "scheme=nanjing"),
    ("/desk/services", Committee, "title=&minutes=0"),
    ("/desk/services/SERVICE/end", Committee, ""),
    ("/desk/volunteers/ACCOUNT/vetting", Staff, "note=x"),
    ("/desk/pool", Committee, "hours=0&reason=x"),
    (
        "/desk/complaints/COMPLAINT/settlement",
        Committee,
        "ruling=x",
    ),
];

/// Every operation that changes something, with a body that is understood.
const OPERATIONS: &[(Method, &str, For, &str)] = &[
    (
        Method::POST,
        "scheme",
        Committee,
        r#"{"scheme":"nanjing","confirm_after_days":0}"#,
    ),
    (
        Method::POST,
        "services",
        Committee,
        r#"{"title":"","minutes":0}"#,
    ),
    (Method::POST, "services/SERVICE/end", Committee, "{}"),
    (
        Method::POST,
        "pool",
        Committee,
        r#"{"minutes":0,"reason":"x"}"#,
    ),
    (
        Method::PUT,
        "volunteer",
        All,
        r#"{"name":"","birth":"1990-05-01","gender":"male","languages":[],"skills":[],"slots":[]}"#,
    ),
    (
        Method::POST,
        "volunteers/ACCOUNT/vetting",
        Staff,
        r#"{"is_fit":false,"note":"x"}"#,
    ),
    (
        Method::POST,
        "elders",
        All,
        r#"{"name":"","phone":"","birth":"1940-01-01","gender":"male","languages":[],"building":"","door":"",
            "consent":"own"}"#,
    ),
    (Method::POST, "elders/ELDER/withdrawal", Staff, "{}"),
    (
        Method::POST,
        "elders/ELDER/entitlement",
        Committee,
        r#"{"is_hardship":true}"#,
    ),
    (
        Method::POST,
        "elders/ELDER/relations",
        Staff,
        r#"{"number":1,"bond":"friend","evidence":"x"}"#,
    ),
    (
        Method::POST,
        "elders/ELDER/requests",
        Staff,
        r#"{"service":"SERVICE","begins":"2020-01-01T00:00:00Z","paid_by":"elder"}"#,
    ),
    (
        Method::POST,
        "requests/REQUEST/cancellation",
        Staff,
        r#"{"reason":"x"}"#,
    ),
    (
        Method::POST,
        "requests/REQUEST/acceptance",
        All,
        r#"{"for_team":false}"#,
    ),
    (
        Method::POST,
        "visits/VISIT/cancellation",
        Staff,
        r#"{"reason":"x"}"#,
    ),
    (Method::POST, "check-in", All, r#"{"code":"0000-0000"}"#),
    (Method::POST, "check-out", All, r#"{"code":"0000-0000"}"#),
    (
        Method::POST,
        "visits/VISIT/times",
        Staff,
        r#"{"came":"2026-11-23T01:00:00Z","left":"2026-11-23T02:00:00Z"}"#,
    ),
    (
        Method::POST,
        "visits/VISIT/confirmation",
        Staff,
        r#"{"longer":false}"#,
    ),
    (
        Method::POST,
        "visits/VISIT/complaint",
        Staff,
        r#"{"said":"x"}"#,
    ),
    (
        Method::POST,
        "complaints/COMPLAINT/settlement",
        Committee,
        r#"{"right_minutes":null,"ruling":"x"}"#,
    ),
    (
        Method::POST,
        "gifts",
        All,
        r#"{"elder":"ELDER","minutes":10}"#,
    ),
    (Method::POST, "donations", All, r#"{"minutes":0}"#),
    (
        Method::POST,
        "certificates",
        All,
        r#"{"from":"yesterday","until":null}"#,
    ),
    (
        Method::POST,
        "crossings",
        All,
        r#"{"partner":"PARTNER","minutes":10}"#,
    ),
    (
        Method::POST,
        "clearing/offers",
        Committee,
        r#"{"partner":"PARTNER","kind":"limit","minutes":0,"ground":"x"}"#,
    ),
    (
        Method::POST,
        "clearing/offers/CROSSING/answer",
        Committee,
        r#"{"accept":true}"#,
    ),
    (Method::POST, "clearing/PARTNER/end", Committee, "{}"),
    (
        Method::POST,
        "signals/SIGNAL/settlement",
        Committee,
        r#"{"note":"x"}"#,
    ),
];

/// Every operation that only tells.
const QUESTIONS: &[(&str, For)] = &[
    ("", All),
    ("requests", All),
    ("services", All),
    ("statement", All),
    ("clearing", Staff),
    ("signals", Committee),
    ("certificates/{position}", All),
];

fn filled(text: &str, ids: &Ids) -> String {
    text.replace("ELDER", &ids.elder)
        .replace("SERVICE", &ids.service)
        .replace("WAITING", &ids.waiting)
        .replace("REQUEST", &ids.request)
        .replace("VISIT", &ids.visit)
        .replace("COMPLAINT", &ids.complaint)
        .replace("ACCOUNT", &ids.account)
        .replace("PARTNER", &ELSEWHERE.to_string())
        .replace("CROSSING", &ids.request)
        .replace("SIGNAL", &ids.request)
}

impl Town {
    async fn form(&self, who: &Person, community: CommunityId, at: usize) -> StatusCode {
        let (path, _, body) = FORMS[at];
        let path = page(community, &filled(path, &self.ids));
        let answer = self.post(who, &path, &filled(body, &self.ids)).await;
        assert!(
            !answer.status.is_success() && !answer.status.is_server_error(),
            "{path}: {answer:?}"
        );
        answer.status
    }

    async fn operation(&self, who: &Person, community: CommunityId, at: usize) -> StatusCode {
        let (method, path, _, body) = &OPERATIONS[at];
        let path = api(community, &filled(path, &self.ids));
        let body = filled(body, &self.ids);
        let answer = self.call(who, method, &path, &body).await;
        assert!(answer.status.is_client_error(), "{path}: {answer:?}");
        assert!(!answer.code().is_empty(), "{path}");
        answer.status
    }
}

#[tokio::test]
async fn whoever_has_not_signed_in_or_has_no_role_here_learns_and_does_nothing() {
    let town = Town::new().await;
    let before = town.entry_kinds().await;
    let foreign = [
        (ELSEWHERE, Role::CommitteeMember),
        (ELSEWHERE, Role::Resident),
    ];
    let foreign = town.person("foreign-one", &foreign).await;
    for (path, _) in PAGES {
        let path = page(HERE, &filled(path, &town.ids));
        let answer = town.get(&NOBODY, &path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.location.unwrap().starts_with("/sign-in"), "{path}");
        let answer = town.get(&foreign, &path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}: {answer:?}");
        assert!(!answer.body.contains("沈奶奶"), "{path}");
    }
    for (question, _) in QUESTIONS {
        let path = api(HERE, &question.replace("{position}", "0"));
        let answer = town.get(&NOBODY, &path).await;
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        assert!(refused.contains(&answer.status), "{path}");
        let answer = town.get(&foreign, &path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    for (at, (path, ..)) in FORMS.iter().enumerate() {
        let status = town.form(&NOBODY, HERE, at).await;
        assert!(status.is_client_error(), "{path}: {status}");
        let status = town.form(&foreign, HERE, at).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
    for (at, (_, path, ..)) in OPERATIONS.iter().enumerate() {
        let status = town.operation(&NOBODY, HERE, at).await;
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        assert!(refused.contains(&status), "{path}: {status}");
        let status = town.operation(&foreign, HERE, at).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(town.entry_kinds().await, before, "nothing was done");
}

#[tokio::test]
async fn each_comes_through_their_own_doors_and_no_other() {
    let town = Town::new().await;
    let neighbour = town.person("neighbour", &[(HERE, Role::Owner)]).await;
    let before = town.entry_kinds().await;
    let people = [
        (All, &neighbour),
        (Staff, &town.butler),
        (Committee, &town.committee),
    ];
    for (as_whom, person) in people {
        for (path, whose) in PAGES {
            let path = page(HERE, &filled(path, &town.ids));
            let answer = town.get(person, &path).await;
            let wanted = if *whose <= as_whom { 200 } else { 403 };
            assert_eq!(answer.status.as_u16(), wanted, "{as_whom:?} {path}");
        }
        for (question, whose) in QUESTIONS {
            let answer = town
                .get(person, &api(HERE, &question.replace("{position}", "0")))
                .await;
            // No entry is anybody's certificate yet.
            let found = if question.contains("{position}") {
                404
            } else {
                200
            };
            let wanted = if *whose <= as_whom { found } else { 403 };
            assert_eq!(answer.status.as_u16(), wanted, "{as_whom:?} {question}");
        }
        for (at, (path, whose, _)) in FORMS.iter().enumerate() {
            if *whose > as_whom {
                let status = town.form(person, HERE, at).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{as_whom:?} {path}");
            }
        }
        for (at, (_, path, whose, _)) in OPERATIONS.iter().enumerate() {
            if *whose > as_whom {
                let status = town.operation(person, HERE, at).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{as_whom:?} {path}");
            }
        }
    }
    let own = page(HERE, &filled("/elders/ELDER/requests", &town.ids));
    assert_eq!(town.get(&town.elder, &own).await.status, StatusCode::OK);
    assert_eq!(town.entry_kinds().await, before, "nothing was done");
}

#[tokio::test]
async fn ids_of_another_community_open_nothing() {
    let town = Town::new().await;
    let roles = [Role::CommitteeMember, Role::Butler, Role::Resident];
    let all = roles.map(|role| (ELSEWHERE, role));
    let foreign = town.person("foreign-one", &all).await;
    let before = town.entry_kinds().await;
    for (path, _) in PAGES {
        if filled(path, &town.ids) == *path {
            continue;
        }
        let path = page(ELSEWHERE, &filled(path, &town.ids));
        let answer = town.get(&foreign, &path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.body.contains("沈奶奶"), "{path}");
    }
    for (at, (path, ..)) in FORMS.iter().enumerate() {
        if filled(path, &town.ids) != *path {
            let status = town.form(&foreign, ELSEWHERE, at).await;
            assert!(status.is_client_error(), "{path}: {status}");
        }
    }
    for (at, (_, path, ..)) in OPERATIONS.iter().enumerate() {
        if filled(path, &town.ids) != *path {
            let status = town.operation(&foreign, ELSEWHERE, at).await;
            // Who is no volunteer there is told so before anything is looked for.
            let is_no_volunteer = path.ends_with("acceptance");
            assert!(is_no_volunteer || status == StatusCode::NOT_FOUND, "{path}");
        }
    }
    assert_eq!(town.entry_kinds().await, before, "nothing was done");
}

#[tokio::test]
async fn the_lists_above_name_every_address_of_the_description() {
    let town = Town::new().await;
    let description = town.get(&NOBODY, "/api/v1/openapi.json").await.json();
    let named = |path: &str| {
        [
            "elder",
            "service",
            "request",
            "visit",
            "complaint",
            "account",
            "partner",
            "crossing",
            "signal",
        ]
        .iter()
        .fold(path.to_owned(), |path, id| {
            path.replace(&id.to_uppercase(), &format!("{{{id}}}"))
        })
    };
    let changing = OPERATIONS
        .iter()
        .map(|(method, path, ..)| format!("{} {}", method.as_str().to_lowercase(), named(path)));
    let telling = QUESTIONS.iter().map(|(path, _)| format!("get {path}"));
    let known: Vec<String> = changing.chain(telling).collect();
    let base = "/api/v1/communities/{community}/timebank";
    let mut described = 0;
    for (path, operations) in description["paths"].as_object().unwrap() {
        let Some(rest) = path.strip_prefix(base) else {
            continue;
        };
        for method in operations.as_object().unwrap().keys() {
            let one = format!("{method} {}", rest.trim_start_matches('/'));
            assert!(known.contains(&one), "{one} is not tried");
            described += 1;
        }
    }
    assert_eq!(described, known.len());
}

#[tokio::test]
async fn what_the_api_tells_is_described_field_by_field() {
    let town = Town::new().await;
    let description = town.get(&NOBODY, "/api/v1/openapi.json").await.json();
    let told = town.get(&town.elder, &api(HERE, "")).await.json();
    let visited = &told["requests"].as_array().unwrap()[..];
    let visited = visited.iter().find(|one| !one["visit"].is_null()).unwrap();
    let at = visited["begins"].as_str().unwrap();
    assert!(
        at.starts_with("2026-11-2") && at.ends_with("+08:00"),
        "{at}"
    );
    let pairs = [
        ("HoursBalance", &told["balance"]),
        ("VisitRequest", visited),
        ("CareVisit", &visited["visit"]),
    ];
    for (name, value) in pairs {
        let described = &description["components"]["schemas"][name]["properties"];
        let described: Vec<&String> = described.as_object().unwrap().keys().collect();
        let told: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(described, told, "{name}");
    }
}
