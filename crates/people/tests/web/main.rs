//! The roll as a browser and a program meet it: requests in, pages and JSON out, on a database in memory.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod programs;
mod town;

use axum::http::StatusCode;
use kernel::{CommunityId, Role};

use town::{Answer, OTHER, Person, Town};

/// A file of an office: GBK, with a good line, an area ten times too large, a zero area, and a unit twice.
const FAULTY: &str = "楼栋,房号,专有面积,业主,手机\n\
    1幢,101,89.53,王小明,13912341234\n\
    1幢,102,0,李芳,13800000001\n\
    1幢,103,89.53,张伟,13800000002\n\
    1幢,101,89.53,陈静,13800000003\n\
    1幢,104,-3,赵敏,138\n";

/// The same with one area ten times too large and nothing else wrong.
const TENFOLD: &str = "楼栋,房号,专有面积,业主,手机\n\
    1幢,101,102.65,王小明,13912341234\n\
    1幢,102,102.65,李芳、张伟,13800000001、13800000002\n\
    1幢,103,110.00,张伟,13800000002\n\
    1幢,104,895.3,赵敏,13800000004\n";

const GOOD: &str = "楼栋,房号,专有面积,业主,手机\n\
    1幢,101,89.53,王小明,13912341234\n\
    1幢,102,89.53,李芳、张伟,13800000001、13800000002\n\
    1幢,103,90.00,张伟,13800000002\n";

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

/// Uploads a file and follows to its dry run.
async fn bring(town: &Town, who: &Person, file: &[u8]) -> (String, Answer) {
    let brought = town.upload(who, &town.path("people/import"), file).await;
    assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.body);
    let place = brought.location.unwrap();
    let shown = town.get(who, &place).await;
    (place, shown)
}

#[tokio::test]
async fn a_dry_run_lists_every_bad_line_of_a_gbk_file() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    let (place, shown) = bring(&town, &committee, &gbk(FAULTY)).await;
    assert_eq!(shown.status, StatusCode::OK);
    for told in ["专有面积为零", "已出现", "为负数", "不是电话号码"] {
        assert!(shown.body.contains(told), "{told}: {}", shown.body);
    }
    for line in ["3", "5", "6"] {
        assert!(shown.body.contains(&format!(">{line}</td>")), "line {line}");
    }
    assert!(
        !shown.body.contains(&format!("action=\"{place}\"")),
        "it can't be applied"
    );
    let excel = town.get(&committee, &format!("{place}/faults")).await;
    assert_eq!(excel.status, StatusCode::OK);
    let applied = town.post(&committee, &place, "").await;
    assert_eq!(applied.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(town.units().await, 0);
}

#[tokio::test]
async fn a_tenfold_area_is_imported_only_when_confirmed() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    let (place, shown) = bring(&town, &committee, TENFOLD.as_bytes()).await;
    assert!(shown.body.contains("需要确认的数值"), "{}", shown.body);
    assert!(shown.body.contains("895.30"), "{}", shown.body);
    let refused = town.post(&committee, &place, "").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(town.units().await, 0);
    let applied = town.post(&committee, &place, "confirmed=on").await;
    assert_eq!(applied.status, StatusCode::SEE_OTHER, "{}", applied.body);
    assert_eq!(town.units().await, 4);
    // Brought again, a unit's own area says what is far off, whatever is usual.
    let corrected = TENFOLD.replace("895.3", "89.53");
    let (place, shown) = bring(&town, &committee, corrected.as_bytes()).await;
    assert!(shown.body.contains("895.30") && shown.body.contains("89.53"));
    let refused = town.post(&committee, &place, "").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_is_gone_after_its_import() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    let (place, shown) = bring(&town, &committee, GOOD.as_bytes()).await;
    assert!(shown.body.contains("新增"), "{}", shown.body);
    let applied = town.post(&committee, &place, "").await;
    assert_eq!(applied.status, StatusCode::SEE_OTHER, "{}", applied.body);
    assert_eq!(
        town.get(&committee, &place).await.status,
        StatusCode::NOT_FOUND
    );
    let (_, again) = bring(&town, &committee, &gbk(GOOD)).await;
    assert!(again.body.contains("没有变化"), "{}", again.body);
    let kinds = town.entry_kinds().await;
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| *kind == "people.roll.uploaded")
            .count(),
        2
    );
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| *kind == "people.roll.imported")
            .count(),
        1
    );
}

#[tokio::test]
async fn the_template_imports_as_it_is() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    let template = town
        .get(&committee, &town.path("people/import/template"))
        .await;
    assert_eq!(template.status, StatusCode::OK);
    let (place, shown) = bring(&town, &committee, &template.bytes).await;
    assert_eq!(shown.status, StatusCode::OK);
    let applied = town.post(&committee, &place, "").await;
    assert_eq!(applied.status, StatusCode::SEE_OTHER, "{}", applied.body);
    assert_eq!(town.units().await, 1);
}

#[tokio::test]
async fn a_file_that_is_no_table_is_told_at_the_field() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    let answer = town
        .upload(
            &committee,
            &town.path("people/import"),
            b"\x89PNG\r\n\x1a\n\0\0\0",
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("field-error"), "{}", answer.body);
}

#[tokio::test]
async fn a_resident_sees_nothing_of_the_roll() {
    let town = Town::new().await;
    let resident = town.person(Role::Resident).await;
    for path in [
        "people",
        "people/import",
        "people/export",
        "people/export/masked",
        "people/find",
    ] {
        assert_eq!(
            town.get(&resident, &town.path(path)).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    let upload = town
        .upload(&resident, &town.path("people/import"), GOOD.as_bytes())
        .await;
    assert_eq!(upload.status, StatusCode::FORBIDDEN);
    assert_eq!(
        town.get(&resident, &town.path("people/mine")).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_unit_of_another_community_is_not_found() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    town.import(town.community, GOOD).await;
    let unit = town.unit("101").await;
    assert_eq!(
        town.get(&committee, &town.path(&format!("people/units/{unit}")))
            .await
            .status,
        StatusCode::OK
    );
    town.grant(&committee, OTHER, Role::CommitteeMember).await;
    let committee = town.sign_in(committee.account).await;
    for path in [
        format!("/c/{OTHER}/people/units/{unit}"),
        format!("/api/v1/communities/{OTHER}/units/{unit}"),
    ] {
        assert_eq!(
            town.get(&committee, &path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn names_show_masked_and_in_full_only_with_a_reason_on_the_record() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    town.import(town.community, GOOD).await;
    let unit = town.unit("101").await;
    let page = town
        .get(&committee, &town.path(&format!("people/units/{unit}")))
        .await;
    assert!(
        page.body.contains("王*明") && !page.body.contains("王小明"),
        "{}",
        page.body
    );
    let owner = town.owner("101").await;
    let path = town.path(&format!("people/persons/owner/{owner}/data"));
    let before = town.entry_kinds().await.len();
    let blank = town.post(&committee, &path, "fields=name&reason=").await;
    assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!blank.body.contains("王小明"));
    assert_eq!(town.entry_kinds().await.len(), before);
    let told = town
        .post(
            &committee,
            &path,
            "fields=name&fields=phone&reason=water+leak",
        )
        .await;
    assert!(
        told.body.contains("王小明") && told.body.contains("13912341234"),
        "{}",
        told.body
    );
    assert_eq!(
        town.entry_kinds().await.last().map(String::as_str),
        Some("people.personal_data.read")
    );
}

#[tokio::test]
async fn co_owners_get_their_voice_by_page_and_by_api() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    town.import(town.community, GOOD).await;
    let (unit, owner) = (town.unit("102").await, town.owner("102").await);
    let page = town.path(&format!("people/units/{unit}/voice"));
    let appointed = town
        .post(&committee, &page, &format!("owner={owner}&consent=letter"))
        .await;
    assert_eq!(
        appointed.status,
        StatusCode::SEE_OTHER,
        "{}",
        appointed.body
    );
    let api = format!("/api/v1/communities/{}/units/{unit}", town.community);
    let told = town.get(&committee, &api).await;
    assert!(
        told.body.contains(&format!("\"voice\":\"{owner}\"")),
        "{}",
        told.body
    );
    let ended = town
        .delete(&committee, &format!("{api}/voice?reason=sold"))
        .await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
}

#[tokio::test]
async fn a_program_imports_tables_after_a_dry_run() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    let path = format!("/api/v1/communities/{}/imports", town.community);
    let body = |dry_run: bool, area: &str| {
        format!(
            r#"{{"dry_run":{dry_run},"units":{{"header":["楼栋","房号","专有面积","业主"],"rows":[["1幢","101","{area}","王小明"]]}}}}"#
        )
    };
    let dry = town
        .post_json(&committee, &path, &body(true, "89.53"))
        .await;
    assert_eq!(dry.status, StatusCode::OK, "{}", dry.body);
    assert!(
        dry.body.contains(r#""applied":false,"units":{"added":1"#),
        "{}",
        dry.body
    );
    assert_eq!(town.units().await, 0);
    let faulty = town.post_json(&committee, &path, &body(false, "0")).await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(faulty.body.contains(r#""at":"line 2""#), "{}", faulty.body);
    let done = town
        .post_json(&committee, &path, &body(false, "89.53"))
        .await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.body);
    assert_eq!(town.units().await, 1);
    let listed = town.get(&committee, "/api/v1/communities").await;
    let (here, other): (String, CommunityId) = (town.community.to_string(), OTHER);
    assert!(
        listed.body.contains(&here) && !listed.body.contains(&other.to_string()),
        "{}",
        listed.body
    );
}

#[tokio::test]
async fn every_page_of_a_unit_opens_for_the_committee() {
    let town = Town::new().await;
    let committee = town.person(Role::CommitteeMember).await;
    town.import(town.community, GOOD).await;
    let (unit, owner) = (town.unit("102").await, town.owner("102").await);
    let pages = [
        "people".to_owned(),
        "people?q=10&building=".to_owned(),
        "people/export".to_owned(),
        "people/export/masked".to_owned(),
        format!("people/units/{unit}"),
        format!("people/units/{unit}/voice"),
        format!("people/units/{unit}/transfer"),
        format!("people/units/{unit}/facts"),
        format!("people/persons/owner/{owner}/data"),
        format!("people/persons/owner/{owner}/login"),
        format!("people/persons/owner/{owner}/correction"),
        format!("people/persons/owner/{owner}/erasure"),
    ];
    for page in pages {
        assert_eq!(
            town.get(&committee, &town.path(&page)).await.status,
            StatusCode::OK,
            "{page}"
        );
    }
    let facts = town.path(&format!("people/units/{unit}/facts"));
    let changed = "exclusive_area=91.20&area_source=survey&unit_use=residential&reason=survey+2026";
    assert_eq!(
        town.post(&committee, &facts, changed).await.status,
        StatusCode::SEE_OTHER
    );
    let transfer = town.path(&format!("people/units/{unit}/transfer"));
    let sale = "kind-1=person&name-1=Li&phone-1=13900000009&date=2026-11-20&evidence=contract";
    assert_eq!(
        town.post(&committee, &transfer, sale).await.status,
        StatusCode::SEE_OTHER
    );
    let page = town
        .get(&committee, &town.path(&format!("people/units/{unit}")))
        .await;
    assert!(
        page.body.contains("91.20") && page.body.contains("L*"),
        "{}",
        page.body
    );
    let erasure = town.path(&format!("people/persons/owner/{owner}/erasure"));
    assert!(page.body.contains(&erasure), "{}", page.body);
    let erased = town.post(&committee, &erasure, "reason=sold").await;
    assert_eq!(erased.status, StatusCode::SEE_OTHER, "{}", erased.body);
    let found = town
        .post(&committee, &town.path("people/find"), "text=13900000009")
        .await;
    assert!(found.body.contains(&unit), "{}", found.body);
}
