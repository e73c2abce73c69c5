//! Who belongs to a community, invitations on paper, and the way back in.

use crate::support::{HERE, PASSWORD, Site, THERE};
use axum::http::StatusCode;
use kernel::{CommunityId, Role};

fn path(community: CommunityId, rest: &str) -> String {
    format!("/c/{community}/{rest}")
}

#[tokio::test]
async fn members_are_shown_masked_and_only_to_those_who_may() {
    let site = Site::new();
    let owner = site.person("owner", "王小明", &[(HERE, Role::Owner)]).await;
    site.person("committee", "李建国", &[(HERE, Role::CommitteeMember)])
        .await;
    site.person("elsewhere", "赵大海", &[(THERE, Role::CommitteeMember)])
        .await;
    let list = path(HERE, "members");
    let one = path(HERE, &format!("members/{owner}"));
    let nobody = site.get(&list, "").await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
    for login in ["owner", "elsewhere"] {
        let cookie = site.sign_in(login).await;
        for page in [&list, &one, &path(HERE, "invitations")] {
            assert_eq!(
                site.get(page, &cookie).await.status,
                StatusCode::FORBIDDEN,
                "{login} {page}"
            );
        }
    }
    let cookie = site.sign_in("committee").await;
    let shown = site.get(&list, &cookie).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("王*明") && !shown.body.contains("王小明"));
    assert!(!shown.body.contains("赵"));
    let shown = site.get(&one, &cookie).await;
    assert!(
        shown.body.contains("王*明")
            && shown.body.contains("o***r")
            && !shown.body.contains("王小明")
    );
    // Someone of another community isn't there at all.
    let stranger = site
        .person("stranger", "钱七", &[(THERE, Role::Owner)])
        .await;
    let shown = site
        .get(&path(HERE, &format!("members/{stranger}")), &cookie)
        .await;
    assert_eq!(shown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_invitation_brings_one_person_in_once() {
    let site = Site::new();
    site.person("committee", "李建国", &[(HERE, Role::CommitteeMember)])
        .await;
    let cookie = site.sign_in("committee").await;
    let invitations = path(HERE, "invitations");
    let form = site.get(&invitations, &cookie).await;
    let key = form.between(r#"name="key" value=""#, "\"").to_owned();
    let fields = [("name", "陈阿婆"), ("role", "owner"), ("key", key.as_str())];
    let slip = site.post(&invitations, &cookie, &fields).await;
    assert_eq!(slip.status, StatusCode::OK);
    let code = slip
        .between(r#"<p class="receipt-code"><code>"#, "<")
        .to_owned();
    assert_eq!(code.len(), 11);
    assert!(
        slip.body.contains("https://linli.example.cn/join")
            && slip.body.contains("<svg class=\"qr\"")
    );
    // The form sent twice shows the same slip and invites once.
    let again = site.post(&invitations, &cookie, &fields).await;
    assert_eq!(
        again.between(r#"<p class="receipt-code"><code>"#, "<"),
        code
    );
    let list = site.get(&invitations, &cookie).await;
    assert_eq!(list.body.matches("/withdrawal").count(), 1);
    assert!(!list.body.contains(&code) && list.body.contains("陈*婆"));

    let typed = code.replace('-', " ").to_lowercase();
    let welcome = site
        .get(&format!("/join?code={}", typed.replace(' ', "%20")), "")
        .await;
    assert!(welcome.body.contains("陈阿婆") && welcome.body.contains("仓桥社区"));
    let join = [
        ("code", typed.as_str()),
        ("login", "13800005678"),
        ("password", PASSWORD),
        ("repeated", PASSWORD),
    ];
    let joined = site.post("/join", "", &join).await;
    assert_eq!(
        (joined.status, joined.location()),
        (StatusCode::SEE_OTHER, format!("/c/{HERE}").as_str())
    );
    let me = site.get("/me", &joined.session().unwrap()).await;
    assert!(me.body.contains("陈阿婆") && me.body.contains("13800005678"));
    // The same form again signs the same person in; anyone else finds the code used.
    assert_eq!(
        site.post("/join", "", &join).await.status,
        StatusCode::SEE_OTHER
    );
    let thief = [
        ("code", typed.as_str()),
        ("login", "thief"),
        ("password", PASSWORD),
        ("repeated", PASSWORD),
    ];
    let refused = site.post("/join", "", &thief).await;
    assert_eq!(
        (refused.status, refused.session()),
        (StatusCode::CONFLICT, None)
    );
    assert!(refused.problem().contains("已经用过"));
}

#[tokio::test]
async fn a_withdrawn_or_made_up_code_lets_nobody_in() {
    let site = Site::new();
    site.person("committee", "李建国", &[(HERE, Role::CommitteeMember)])
        .await;
    site.person("elsewhere", "赵大海", &[(THERE, Role::CommitteeMember)])
        .await;
    let cookie = site.sign_in("committee").await;
    let invitations = path(HERE, "invitations");
    let slip = site
        .post(
            &invitations,
            &cookie,
            &[("name", "陈阿婆"), ("role", "resident")],
        )
        .await;
    let code = slip
        .between(r#"<p class="receipt-code"><code>"#, "<")
        .to_owned();
    let list = site.get(&invitations, &cookie).await;
    let id = list
        .between(&format!("{invitations}/"), "/withdrawal")
        .to_owned();
    let other = site.sign_in("elsewhere").await;
    let foreign = site
        .post(
            &path(THERE, &format!("invitations/{id}/withdrawal")),
            &other,
            &[],
        )
        .await;
    assert_eq!(foreign.status, StatusCode::CONFLICT);
    assert_eq!(
        site.get(&format!("/join?code={code}"), "").await.status,
        StatusCode::OK
    );
    let withdrawn = site
        .post(&format!("{invitations}/{id}/withdrawal"), &cookie, &[])
        .await;
    assert_eq!(withdrawn.status, StatusCode::SEE_OTHER);
    assert_eq!(
        site.get(&format!("/join?code={code}"), "").await.status,
        StatusCode::CONFLICT
    );
    let made_up = site.get("/join?code=00000-00000", "").await;
    assert_eq!(made_up.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..20 {
        site.get("/join?code=00000-00000", "").await;
    }
    let guessing = site.get("/join?code=00000-00000", "").await;
    assert_eq!(guessing.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn whoever_has_an_account_joins_one_more_community() {
    let site = Site::new();
    site.person("committee", "李建国", &[(THERE, Role::CommitteeMember)])
        .await;
    site.person("owner", "王小明", &[(HERE, Role::Owner)]).await;
    let desk = site.sign_in("committee").await;
    let fields = [("name", "王小明"), ("role", "owner")];
    let slip = site.post(&path(THERE, "invitations"), &desk, &fields).await;
    let code = slip
        .between(r#"<p class="receipt-code"><code>"#, "<")
        .to_owned();
    let owner = site.sign_in("owner").await;
    let welcome = site.get(&format!("/join?code={code}"), &owner).await;
    assert!(welcome.body.contains("/join/community"));
    let joined = site
        .post("/join/community", &owner, &[("code", &code)])
        .await;
    assert_eq!(joined.location(), format!("/c/{THERE}"));
    assert!(site.get("/me", &owner).await.body.contains("府山社区"));
}

#[tokio::test]
async fn a_reset_code_sets_a_new_password_once_and_ends_every_session() {
    let site = Site::new();
    let owner = site.person("owner", "王小明", &[(HERE, Role::Owner)]).await;
    let colleague = site
        .person("colleague", "孙八", &[(HERE, Role::Butler)])
        .await;
    site.person("committee", "李建国", &[(HERE, Role::CommitteeMember)])
        .await;
    let (before, desk) = (site.sign_in("owner").await, site.sign_in("committee").await);
    let staff = site
        .post(
            &path(HERE, &format!("members/{colleague}/reset")),
            &desk,
            &[],
        )
        .await;
    assert_eq!(
        staff.status,
        StatusCode::FORBIDDEN,
        "only an administrator resets staff"
    );
    let slip = site
        .post(
            &path(HERE, &format!("members/{owner}/reset")),
            &desk,
            &[("key", "k1")],
        )
        .await;
    assert_eq!(slip.status, StatusCode::OK, "{}", slip.body);
    let code = slip
        .between(r#"<p class="receipt-code"><code>"#, "<")
        .to_owned();
    assert_eq!(
        site.get(&format!("/reset?code={code}"), "").await.status,
        StatusCode::OK
    );
    let new = "rain on the roof";
    let fields = [
        ("code", code.as_str()),
        ("password", new),
        ("repeated", new),
    ];
    let done = site.post("/reset", "", &fields).await;
    assert_eq!(
        (done.status, done.location()),
        (StatusCode::SEE_OTHER, "/sign-in")
    );
    assert_eq!(site.get("/me", &before).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        site.post("/reset", "", &fields).await.status,
        StatusCode::CONFLICT
    );
    let back = site
        .post("/sign-in", "", &[("login", "owner"), ("password", new)])
        .await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_role_is_given_and_ended_by_whoever_may_and_counts_at_once() {
    let site = Site::new();
    let owner = site.person("owner", "王小明", &[(HERE, Role::Owner)]).await;
    site.person("committee", "李建国", &[(HERE, Role::CommitteeMember)])
        .await;
    let (own, desk) = (site.sign_in("owner").await, site.sign_in("committee").await);
    let roles = path(HERE, &format!("members/{owner}/roles"));
    let forbidden = site
        .post(
            &roles,
            &desk,
            &[("role", "committee_member"), ("reason", "election")],
        )
        .await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
    let wrong_day = [
        ("role", "butler"),
        ("reason", "contract"),
        ("until", "tomorrow"),
    ];
    assert_eq!(
        site.post(&roles, &desk, &wrong_day).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let no_reason = site.post(&roles, &desk, &[("role", "butler")]).await;
    assert_eq!(no_reason.status, StatusCode::UNPROCESSABLE_ENTITY);
    let given = site
        .post(
            &roles,
            &desk,
            &[
                ("role", "butler"),
                ("reason", "contract"),
                ("until", "2099-12-31"),
            ],
        )
        .await;
    assert_eq!(given.status, StatusCode::SEE_OTHER);
    assert_eq!(
        site.post(&roles, &desk, &[("role", "butler"), ("reason", "twice")])
            .await
            .status,
        StatusCode::CONFLICT
    );
    assert_eq!(
        site.get(&path(HERE, "members"), &own).await.status,
        StatusCode::OK
    );
    let ended = site
        .post(
            &format!("{roles}/end"),
            &desk,
            &[("role", "butler"), ("reason", "contract ended")],
        )
        .await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(
        site.get(&path(HERE, "members"), &own).await.status,
        StatusCode::FORBIDDEN
    );
}
