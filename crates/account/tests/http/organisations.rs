//! Organisations: registered by those who may, acted for by those whom they appoint.

use axum::http::StatusCode;
use db::Read;
use kernel::{CommunityId, Role};
use serde_json::Value;

use crate::support::{HERE, PASSWORD, Site, THERE};

fn path(rest: &str) -> String {
    format!("/c/{HERE}/{rest}")
}

async fn token(site: &Site, login: &str) -> String {
    let body = format!(r#"{{"login":"{login}","password":"{PASSWORD}"}}"#);
    let answer = site.call("POST", "/api/v1/sessions", "", "", &body).await;
    answer.json()["token"].as_str().unwrap().to_owned()
}

/// The public part of the newest entry of a community.
async fn newest(site: &Site, community: CommunityId) -> Value {
    let read = move |read: &mut dyn Read| {
        let entries = journal::entries(read, community, 0, 500)?;
        entries.last().unwrap().public_value()
    };
    site.app.database().read(read).await.unwrap()
}

#[tokio::test]
async fn a_company_is_registered_and_its_butler_acts_for_it_from_the_page() {
    let site = Site::new();
    let roles = [(HERE, Role::CommitteeMember)];
    site.person("committee", "李建国", &roles).await;
    site.person("butler", "周志强", &[(HERE, Role::Resident)])
        .await;
    let committee = site.sign_in("committee").await;
    let butler = site.sign_in("butler").await;
    assert!(
        !site
            .get("/me", &butler)
            .await
            .body
            .contains("/me/acting-for")
    );

    let wrong = [("kind", "club"), ("name", "")];
    let refused = site.post(&path("organisations"), &committee, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.problem().contains("类别"));
    let company = [("kind", "property_company"), ("name", "绿城物业")];
    let registered = site
        .post(&path("organisations"), &committee, &company)
        .await;
    assert_eq!(
        registered.status,
        StatusCode::SEE_OTHER,
        "{}",
        registered.body
    );
    let page = registered.location().to_owned();
    let organisation = page.rsplit('/').next().unwrap().to_owned();

    let fields = |login| [("login", login), ("role", "butler"), ("reason", "服务合同")];
    let nobody = site.post(&page, &committee, &fields("nobody")).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    let appointed = site.post(&page, &committee, &fields("butler")).await;
    assert_eq!(
        appointed.status,
        StatusCode::SEE_OTHER,
        "{}",
        appointed.body
    );
    let shown = site.get(&page, &committee).await;
    assert!(shown.body.contains("周*强") && !shown.body.contains("周志强"));

    let frame = site.get("/me", &butler).await;
    // A new role comes with a new token, as after every change of what someone may do.
    let butler = frame.session().unwrap();
    assert!(frame.body.contains("绿城物业") && frame.body.contains("/me/acting-for"));
    let choice = [("organisation", organisation.as_str()), ("next", "/me")];
    let chosen = site.post("/me/acting-for", &butler, &choice).await;
    assert_eq!(
        (chosen.status, chosen.location()),
        (StatusCode::SEE_OTHER, "/me")
    );
    let frame = site.get("/me", &butler).await;
    let option = format!(r#"<option value="{organisation}" selected>"#);
    assert!(
        frame.body.contains(&option),
        "the choice stands in the frame"
    );

    let invited = [("name", "陈阿婆"), ("role", "owner"), ("key", "")];
    let slip = site.post(&path("invitations"), &butler, &invited).await;
    assert_eq!(slip.status, StatusCode::OK);
    assert_eq!(newest(&site, HERE).await["on_behalf_of"], organisation);

    let oneself = [("organisation", ""), ("next", "//elsewhere")];
    let back = site.post("/me/acting-for", &butler, &oneself).await;
    assert_eq!(back.location(), "/");
    site.post(&path("invitations"), &butler, &invited).await;
    assert!(newest(&site, HERE).await.get("on_behalf_of").is_none());
}

#[tokio::test]
async fn who_may_not_register_or_appoint_is_refused() {
    let site = Site::new();
    site.person("owner", "王小明", &[(HERE, Role::Owner)]).await;
    let roles = [(THERE, Role::CommitteeMember)];
    site.person("elsewhere", "赵大海", &roles).await;
    for login in ["owner", "elsewhere"] {
        let cookie = site.sign_in(login).await;
        let list = site.get(&path("organisations"), &cookie).await;
        assert_eq!(list.status, StatusCode::FORBIDDEN);
        let company = [("kind", "provider"), ("name", "家电维修")];
        let refused = site.post(&path("organisations"), &cookie, &company).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let one = path("organisations/00000000-0000-0000-0000-000000000009");
        let fields = [("login", "owner"), ("role", "provider"), ("reason", "x")];
        let refused = site.post(&one, &cookie, &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let token = token(&site, login).await;
        let api = format!("/api/v1/communities/{HERE}/organisations");
        let body = r#"{"kind":"provider","name":"家电维修"}"#;
        let refused = site.call("POST", &api, &token, "", body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let refused = site.call("GET", &api, &token, "", "").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }
    // Nobody acts for an organisation that did not appoint them.
    let cookie = site.sign_in("owner").await;
    let choice = [("organisation", "00000000-0000-0000-0000-000000000009")];
    let refused = site.post("/me/acting-for", &cookie, &choice).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
}

#[tokio::test]
async fn a_program_registers_appoints_and_acts_for_an_organisation() {
    let site = Site::new();
    let roles = [(HERE, Role::CommitteeMember)];
    site.person("committee", "李建国", &roles).await;
    let fixer = site
        .person("fixer", "孙师傅", &[(HERE, Role::Resident)])
        .await;
    let committee = token(&site, "committee").await;
    let base = format!("/api/v1/communities/{HERE}/organisations");
    let body = r#"{"kind":"provider","name":"家电维修"}"#;
    let made = site.call("POST", &base, &committee, "", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let list = site.call("GET", &base, &committee, "", "").await.json();
    assert_eq!(
        (&list[0]["kind"], &list[0]["name"]),
        (&"provider".into(), &"家电维修".into())
    );

    let grant = format!(
        r#"{{"account":"{fixer}","role":"provider","organisation":"{id}","reason":"合同"}}"#
    );
    let members = format!("/api/v1/communities/{HERE}/members");
    let given = site.call("POST", &members, &committee, "", &grant).await;
    assert_eq!(given.status, StatusCode::NO_CONTENT, "{}", given.body);
    let acting = format!("{base}/{id}/members");
    let acting = site.call("GET", &acting, &committee, "", "").await.json();
    assert_eq!(acting[0]["account"], fixer.to_string());

    let token = token(&site, "fixer").await;
    let me = site.call("GET", "/api/v1/me", &token, "", "").await.json();
    assert_eq!(
        (&me["organisations"][0]["name"], &me["acting_for"]),
        (&"家电维修".into(), &Value::Null)
    );
    let choose = "/api/v1/sessions/current/organisation";
    let chosen = format!(r#"{{"organisation":"{id}"}}"#);
    let chosen = site.call("PUT", choose, &token, "", &chosen).await;
    assert_eq!(chosen.status, StatusCode::NO_CONTENT, "{}", chosen.body);
    let me = site.call("GET", "/api/v1/me", &token, "", "").await.json();
    assert_eq!(me["acting_for"], id);
    let unknown = r#"{"organisation":"00000000-0000-0000-0000-000000000009"}"#;
    let refused = site.call("PUT", choose, &token, "", unknown).await;
    assert!(refused.status.is_client_error());
}

#[tokio::test]
async fn the_city_is_a_place_with_departments_of_its_own() {
    let site = Site::new();
    let city = CommunityId::CITY;
    site.person("admin", "沈慧", &[(city, Role::Administrator)])
        .await;
    site.person("clerk", "王敏", &[(HERE, Role::Resident)])
        .await;
    site.person("committee", "李建国", &[(HERE, Role::CommitteeMember)])
        .await;
    let admin = site.sign_in("admin").await;
    let home = site.get("/", &admin).await;
    assert!(
        home.body.contains(&format!("/c/{city}\"")),
        "the city stands among the places: {}",
        home.body
    );
    let organisations = format!("/c/{city}/organisations");
    let department = [("kind", "city_department"), ("name", "自然资源和规划局")];
    let registered = site.post(&organisations, &admin, &department).await;
    assert_eq!(
        registered.status,
        StatusCode::SEE_OTHER,
        "{}",
        registered.body
    );
    let clerk = [
        ("login", "clerk"),
        ("role", "city_staff"),
        ("reason", "任命"),
    ];
    let appointed = site.post(registered.location(), &admin, &clerk).await;
    assert_eq!(
        appointed.status,
        StatusCode::SEE_OTHER,
        "{}",
        appointed.body
    );
    let clerk = site.sign_in("clerk").await;
    let page = site.get(&organisations, &clerk).await;
    assert!(page.status.is_success() && page.body.contains("自然资源和规划局"));
    let committee = site.sign_in("committee").await;
    let refused = site.get(&organisations, &committee).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
