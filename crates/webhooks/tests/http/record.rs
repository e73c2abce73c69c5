//! The open record: entries page by page, the head, and receipts that hold or don't.

use axum::http::StatusCode;
use kernel::Role;
use proof::{HeadFile, Receipt, verify_receipt};

use crate::site::{HERE, Note, Site, THERE};

fn record(rest: &str) -> String {
    format!("/c/{HERE}/record{rest}")
}

fn journal(rest: &str) -> String {
    format!("/api/v1/communities/{HERE}/journal{rest}")
}

async fn receipt(site: &Site, position: u64) -> Receipt {
    let vault = site.app.vault().clone();
    let now = site.app.now();
    site.app
        .journal()
        .receipt(HERE, position, Some(vault), now)
        .await
        .unwrap()
}

/// The positions that a page lists, in its order.
fn listed(page: &str) -> Vec<u64> {
    let numbers = page.split(" · #").skip(1);
    numbers
        .map(|rest| rest.split('<').next().unwrap().parse().unwrap())
        .collect()
}

#[tokio::test]
async fn entries_are_listed_newest_first_page_by_page() {
    let site = Site::demo();
    let token = site.person("resident", &[(HERE, Role::Resident)]).await;
    for n in 0..120 {
        site.run(Note {
            kind: u8::from(n % 40 == 7),
            text: "one",
        })
        .await
        .unwrap();
    }
    let first = site.get(&record(""), &token).await.body;
    // Entry 0 is the role that was given.
    assert_eq!(listed(&first), (71..=120).rev().collect::<Vec<_>>());
    assert!(first.contains("Linli") && first.contains("notes.note.written"));
    let second = site.get(&record("?kind=&before=71"), &token).await.body;
    assert_eq!(listed(&second), (21..71).rev().collect::<Vec<_>>());
    let last = site.get(&record("?before=21"), &token).await.body;
    assert_eq!(listed(&last), (0..21).rev().collect::<Vec<_>>());
    let some = site.get(&record("?kind=other.thing"), &token).await.body;
    assert_eq!(listed(&some), [88, 48, 8]);
    assert!(!some.contains("before="), "nothing older");
    let none = site.get(&record("?kind=nothing"), &token).await.body;
    assert!(listed(&none).is_empty());
    let wrong = site.get(&record("?kind=No%20Such"), &token).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_page_of_many_matches_ends_where_the_next_begins() {
    let site = Site::demo();
    let token = site.person("resident", &[(HERE, Role::Resident)]).await;
    for n in 0..300 {
        site.run(Note {
            kind: u8::from(n % 2 == 0),
            text: "one",
        })
        .await
        .unwrap();
    }
    let mut path = record("?kind=notes");
    let mut seen = Vec::new();
    for _ in 0..4 {
        let page = site.get(&path, &token).await.body;
        seen.extend(listed(&page));
        let Some((before_link, _)) = page.split_once("rel=\"next\"") else {
            break;
        };
        let older = before_link.rsplit("before=").next().unwrap();
        path = record(&format!(
            "?kind=notes&before={}",
            older.split('"').next().unwrap()
        ));
    }
    let expected: Vec<u64> = (1..=300)
        .filter(|position| position % 2 == 0)
        .rev()
        .collect();
    assert_eq!(seen, expected, "every match once");
}

#[tokio::test]
async fn the_journal_is_read_from_any_position_without_naming_anyone() {
    let site = Site::demo();
    let token = site.person("owner", &[(HERE, Role::Owner)]).await;
    for _ in 0..5 {
        site.note("one").await;
    }
    let answer = site
        .call("GET", &journal("/entries?from=2&limit=3"), &token, "")
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let body = answer.json();
    assert_eq!(body["next"], 5);
    let entry = &body["entries"][0];
    assert_eq!(entry["position"], 2);
    assert_eq!(entry["by"], "linli");
    assert_eq!(entry["public"], serde_json::json!({ "text": "one" }));
    assert_eq!(entry["has_private_part"], true);
    let leaf = receipt(&site, 2).await;
    assert_eq!(
        entry["leaf_hash"],
        proof::leaf_hash(&leaf.entry).to_string()
    );
    assert!(!answer.body.contains("王小明"));
    let end = site
        .call("GET", &journal("/entries?from=900"), &token, "")
        .await
        .json();
    assert_eq!(
        (
            end["entries"].as_array().unwrap().len(),
            end["next"].is_null()
        ),
        (0, true)
    );
    for query in ["?from=-1", "?limit=x"] {
        let refused = site
            .call("GET", &journal(&format!("/entries{query}")), &token, "")
            .await;
        assert!(refused.status.is_client_error(), "{query}");
    }
    let most = format!("/entries?from={}&limit=0", u64::MAX);
    assert_eq!(
        site.call("GET", &journal(&most), &token, "").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_head_that_is_saved_proves_a_receipt_offline() {
    let site = Site::demo();
    let token = site.person("owner", &[(HERE, Role::Owner)]).await;
    let position = site.note("one").await;
    let receipt = receipt(&site, position).await;
    site.note("two").await;
    let key = site.app.journal().signer().verifying_key();
    for path in [record("/head?from=2"), journal("/head?from=2")] {
        let answer = site
            .ask("GET", &path, &token, "text/plain", Vec::new())
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        let head = HeadFile::from_json(answer.body.as_bytes()).unwrap();
        let verified = verify_receipt(&receipt, &head, Some(&key)).unwrap();
        assert_eq!((verified.entry.position, verified.head.size), (position, 3));
    }
    let page = site.get(&record(""), &token).await.body;
    assert!(page.contains(&key.to_string()), "the page names the key");
}

#[tokio::test]
async fn a_receipt_is_checked_and_each_refusal_told_in_words() {
    let site = Site::demo();
    let token = site.person("owner", &[(HERE, Role::Owner)]).await;
    let position = site.note("one").await;
    let good = receipt(&site, position).await;
    for _ in 0..3 {
        site.note("later").await;
    }
    let check = record("/check");
    assert_eq!(site.get(&check, &token).await.status, StatusCode::OK);
    let answer = site
        .upload(&check, &token, good.to_json().unwrap().as_bytes())
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.body.contains("The receipt holds"), "{}", answer.body);

    let altered = |change: &dyn Fn(&mut Receipt)| {
        let mut receipt = good.clone();
        change(&mut receipt);
        receipt.to_json().unwrap()
    };
    for (file, words) in [
        ("{}".to_owned(), "not a receipt of Linli"),
        ("\u{fffd}{{".to_owned(), "not a receipt of Linli"),
        (
            altered(&|receipt| receipt.what["public"]["text"] = "two".into()),
            "not what the signed entry says",
        ),
        (
            altered(&|receipt| receipt.entry.truncate(9)),
            "can&#39;t be read",
        ),
        (
            altered(&|receipt| receipt.inclusion.push(proof::Hash([1; 32]))),
            "belongs to another entry",
        ),
        (
            altered(&|receipt| receipt.head.head.size += 1),
            "not the one that was signed",
        ),
        (
            altered(&|receipt| receipt.head.signatures.clear()),
            "not signed by this server",
        ),
        (
            altered(&|receipt| {
                receipt.opening.as_mut().unwrap().value = r#"{"name":"李"}"#.to_owned();
            }),
            "private part is not what",
        ),
    ] {
        let answer = site.upload(&check, &token, file.as_bytes()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{file}");
        let body = answer.body.replace('\'', "&#39;");
        assert!(
            body.contains("The receipt does not hold") && body.contains(words),
            "{file}: {body}"
        );
    }
}

#[tokio::test]
async fn a_receipt_of_another_community_or_of_no_size_is_refused() {
    let site = Site::demo();
    let roles = [(HERE, Role::Owner), (THERE, Role::Owner)];
    let token = site.person("owner", &roles).await;
    let position = site.note("one").await;
    let file = receipt(&site, position).await.to_json().unwrap();
    site.run_in(
        THERE,
        Note {
            kind: 0,
            text: "there",
        },
    )
    .await
    .unwrap();
    let there = format!("/c/{THERE}/record/check");
    let answer = site.upload(&there, &token, file.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("belongs to another community"),
        "{}",
        answer.body
    );

    let large = vec![b' '; 256 * 1024 + 1];
    let answer = site.upload(&record("/check"), &token, &large).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let huge = vec![b' '; 1024 * 1024];
    let answer = site.upload(&record("/check"), &token, &huge).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let answer = site.upload(&record("/check"), &token, b"").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn whoever_does_not_belong_here_reads_no_record() {
    let site = Site::demo();
    let provider = site.person("provider", &[(HERE, Role::Provider)]).await;
    let foreign = site.person("foreign", &[(THERE, Role::Owner)]).await;
    for token in [provider, foreign] {
        for path in [
            record(""),
            record("/head"),
            record("/check"),
            journal("/head"),
            journal("/entries"),
        ] {
            let answer = site.get(&path, &token).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
        let answer = site.upload(&record("/check"), &token, b"{}").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
}
