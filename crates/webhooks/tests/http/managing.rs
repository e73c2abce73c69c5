//! Webhooks through pages and API: who may, what is shown, and what never is.

use axum::http::StatusCode;
use kernel::Role;

use crate::receiver::Receiver;
use crate::site::{HERE, Site, THERE};

fn pages(rest: &str) -> String {
    format!("/c/{HERE}/webhooks{rest}")
}

fn api(rest: &str) -> String {
    format!("/api/v1/communities/{HERE}/webhooks{rest}")
}

/// The secret that a text holds.
fn secret_in(text: &str) -> Option<String> {
    let start = text.find("whsec_")?;
    let secret: String = text[start..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "_+/=".contains(*c))
        .collect();
    Some(secret)
}

#[tokio::test]
async fn a_secret_is_shown_once_and_on_no_page_after() {
    let (site, receiver) = (Site::demo(), Receiver::start().await);
    let token = site
        .person("committee", &[(HERE, Role::CommitteeMember)])
        .await;
    assert_eq!(site.get(&pages(""), &token).await.status, StatusCode::OK);
    let form = format!(
        "url={}&kinds=notes&description=Dashboard&key=once",
        receiver.url
    );
    let added = site.post(&pages(""), &token, &form).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.body);
    let secret = secret_in(&added.body).unwrap();
    assert_eq!(secret.len(), 50, "whsec_ and 32 bytes in Base64: {secret}");

    let again = site.post(&pages(""), &token, &form).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(secret_in(&again.body), None, "sent twice, shown once");
    let listed = site.call("GET", &api(""), &token, "").await.json();
    assert_eq!(
        listed.as_array().unwrap().len(),
        1,
        "sent twice, added once"
    );
    let id = listed[0]["id"].as_str().unwrap().to_owned();

    site.note("one").await;
    site.send().await;
    let one = format!("/{id}");
    let record = format!("/c/{HERE}/record");
    let journal = format!("/api/v1/communities/{HERE}/journal/entries");
    for path in [
        pages(""),
        pages(&one),
        pages(&format!("{one}/removal")),
        record,
    ] {
        let page = site.get(&path, &token).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        assert_eq!(secret_in(&page.body), None, "{path}");
    }
    for path in [
        api(""),
        api(&one),
        api(&format!("{one}/deliveries")),
        journal,
    ] {
        let answer = site.call("GET", &path, &token, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        assert_eq!(secret_in(&answer.body), None, "{path}");
    }
    let page = site.get(&pages(&one), &token).await.body;
    assert!(
        page.contains("Dashboard") && page.contains("delivered") && page.contains("answer 200"),
        "{page}"
    );

    let rotated = site
        .post(&pages(&format!("{one}/secret")), &token, "")
        .await;
    let newer = secret_in(&rotated.body).unwrap();
    assert_ne!(secret, newer);
    let page = site.get(&pages(&one), &token).await.body;
    assert_eq!(secret_in(&page), None);
    assert!(page.contains("The old secret signs too"), "{page}");
}

#[tokio::test]
async fn a_webhook_is_paused_tested_repeated_and_removed_on_its_page() {
    let (site, receiver) = (Site::demo(), Receiver::start().await);
    let token = site
        .person("committee", &[(HERE, Role::CommitteeMember)])
        .await;
    let (id, _) = site.add(&receiver.url, "notes").await;
    let one = pages(&format!("/{id}"));
    let position = site.note("one").await;
    site.send().await;
    let repetition = format!("/deliveries/{position}/repetition");
    for act in ["/pause", "/resumption", "/test", &repetition] {
        let answer = site.post(&format!("{one}{act}"), &token, "").await;
        assert_eq!(
            (answer.status, answer.location.as_str()),
            (StatusCode::SEE_OTHER, one.as_str()),
            "{act}"
        );
    }
    site.send().await;
    assert_eq!(receiver.positions()[..2], [position, position]);
    assert_eq!(receiver.received().len(), 3);
    let twice = site.post(&format!("{one}/resumption"), &token, "").await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let removed = site.post(&format!("{one}/removal"), &token, "").await;
    assert_eq!(removed.location, pages(""));
    assert_eq!(site.get(&one, &token).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_api_does_what_the_pages_do() {
    let (site, receiver) = (Site::demo(), Receiver::start().await);
    let token = site.person("staff", &[(HERE, Role::CityStaff)]).await;
    let body = format!(r#"{{"url":"{}","kinds":["notes"]}}"#, receiver.url);
    let added = site.call("POST", &api(""), &token, &body).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    assert!(
        added.json()["secret"]
            .as_str()
            .unwrap()
            .starts_with("whsec_")
    );
    let one = api(&format!("/{}", added.json()["id"].as_str().unwrap()));
    let position = site.note("one").await;
    site.send().await;
    let deliveries = site
        .call("GET", &format!("{one}/deliveries"), &token, "")
        .await
        .json();
    assert_eq!(deliveries[0]["position"], position);
    assert_eq!(deliveries[0]["outcome"], "delivered");
    assert_eq!(deliveries[0]["status"], 200);
    for (method, rest, status) in [
        ("PUT", "/pause".to_owned(), StatusCode::NO_CONTENT),
        ("DELETE", "/pause".to_owned(), StatusCode::NO_CONTENT),
        ("POST", "/test".to_owned(), StatusCode::ACCEPTED),
        (
            "POST",
            format!("/deliveries/{position}/repetition"),
            StatusCode::ACCEPTED,
        ),
        ("POST", "/secret".to_owned(), StatusCode::CREATED),
        ("DELETE", String::new(), StatusCode::NO_CONTENT),
        ("GET", String::new(), StatusCode::NOT_FOUND),
    ] {
        let answer = site.call(method, &format!("{one}{rest}"), &token, "").await;
        assert_eq!(answer.status, status, "{method} {rest}: {}", answer.body);
    }
}

#[tokio::test]
async fn what_is_typed_wrong_is_told_at_its_field() {
    let site = Site::new("sqlite::memory:", false);
    let token = site
        .person("committee", &[(HERE, Role::CommitteeMember)])
        .await;
    for (form, words) in [
        ("url=http://hooks.example.cn/", "must begin with https://"),
        ("url=https://10.1.2.3/", "private network"),
        ("url=https://127.0.0.1/", "private network"),
        (
            "url=https://a:b@hooks.example.cn/",
            "user name and password",
        ),
        ("url=nowhere", "Write it as https://host/path"),
        ("url=https://hooks.example.cn/&kinds=Votes", "begin a kind"),
    ] {
        let answer = site.post(&pages(""), &token, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.body.contains(words), "{form}: {}", answer.body);
    }
    let long = format!(
        "url=https://hooks.example.cn/&description={}",
        "x".repeat(201)
    );
    assert_eq!(
        site.post(&pages(""), &token, &long).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    for _ in 0..20 {
        let added = site
            .post(&pages(""), &token, "url=https://hooks.example.cn/")
            .await;
        assert_eq!(added.status, StatusCode::OK);
    }
    let one_more = site
        .post(&pages(""), &token, "url=https://hooks.example.cn/")
        .await;
    assert_eq!(one_more.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn another_communitys_webhook_does_not_exist_here() {
    let (site, receiver) = (Site::demo(), Receiver::start().await);
    let (foreign, _) = site.add(&receiver.url, "").await;
    let token = site
        .person("committee", &[(THERE, Role::CommitteeMember)])
        .await;
    let page = format!("/c/{THERE}/webhooks/{foreign}");
    let program = format!("/api/v1/communities/{THERE}/webhooks/{foreign}");
    for path in [page.clone(), format!("{page}/removal")] {
        assert_eq!(
            site.get(&path, &token).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    for act in [
        "/pause",
        "/resumption",
        "/secret",
        "/test",
        "/removal",
        "/deliveries/1/repetition",
    ] {
        let answer = site.post(&format!("{page}{act}"), &token, "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act}");
    }
    for (method, rest) in [
        ("GET", ""),
        ("DELETE", ""),
        ("PUT", "/pause"),
        ("DELETE", "/pause"),
        ("POST", "/secret"),
        ("POST", "/test"),
        ("GET", "/deliveries"),
        ("POST", "/deliveries/1/repetition"),
    ] {
        let answer = site
            .call(method, &format!("{program}{rest}"), &token, "")
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {rest}");
    }
    let here = site.get(&pages(&format!("/{foreign}")), &token).await;
    assert_eq!(
        here.status,
        StatusCode::FORBIDDEN,
        "and there she may not look"
    );
    assert!(
        site.summary(foreign).await.webhook.pause.is_none(),
        "nothing was done to it"
    );
}

#[tokio::test]
async fn owners_and_residents_have_no_say_in_webhooks() {
    let (site, receiver) = (Site::demo(), Receiver::start().await);
    let (id, _) = site.add(&receiver.url, "").await;
    let one = format!("/{id}");
    for (login, role) in [
        ("owner", Role::Owner),
        ("resident", Role::Resident),
        ("butler", Role::Butler),
    ] {
        let token = site.person(login, &[(HERE, role)]).await;
        for path in [pages(""), pages(&one), pages(&format!("{one}/removal"))] {
            assert_eq!(
                site.get(&path, &token).await.status,
                StatusCode::FORBIDDEN,
                "{login} {path}"
            );
        }
        let form = format!("url={}", receiver.url);
        assert_eq!(
            site.post(&pages(""), &token, &form).await.status,
            StatusCode::FORBIDDEN
        );
        for act in ["/pause", "/secret", "/test", "/removal"] {
            let answer = site.post(&pages(&format!("{one}{act}")), &token, "").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{login} {act}");
        }
        let json = format!(r#"{{"url":"{}"}}"#, receiver.url);
        assert_eq!(
            site.call("POST", &api(""), &token, &json).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            site.call("GET", &api(""), &token, "").await.status,
            StatusCode::FORBIDDEN
        );
        let record = site.get(&format!("/c/{HERE}/record"), &token).await;
        assert!(
            !record.body.contains("/webhooks"),
            "no link to what is closed"
        );
    }
}
