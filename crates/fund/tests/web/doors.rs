//! Every address of the module: who comes in, who is sent to sign in, who is refused, and what ids of another community open.

use axum::http::{Method, StatusCode};
use kernel::{CommunityId, Role};

use crate::town::{ELSEWHERE, HERE, Ids, NOBODY, Person, Town, api, page};

/// Who is let in: everybody here, or the committee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum For {
    All,
    Committee,
}
use For::{All, Committee};

/// Every page. Words in capitals are ids.
const PAGES: &[(&str, For)] = &[
    ("", All),
    ("/ledger", All),
    ("/ledger?year=2026&purse=general", All),
    ("/ledger/excel", All),
    ("/ledger/csv", All),
    ("/ledger/pdf", All),
    ("/purses/general", All),
    ("/purses/operation", All),
    ("/purses/PURPOSE", All),
    ("/purses/PURPOSE/excel", All),
    ("/book", All),
    ("/book?day=2026-11-20", All),
    ("/book/excel", All),
    ("/book/pdf", All),
    ("/files/FILE", Committee),
    ("/entries/VOUCHER", All),
    ("/entries/VOUCHER/receipt", All),
    ("/entries/VOUCHER/receipt/pdf", All),
    ("/entries/WAITING", Committee),
    ("/grants", All),
    ("/grants?stage=running", All),
    ("/grants/excel", All),
    ("/grants/new", All),
    ("/grants/GRANT", All),
    ("/mine", All),
    ("/desk", Committee),
];

/// Every form, with fields that are understood; those with files are sent with one.
const FORMS: &[(&str, For, &str)] = &[
    ("/entries/WAITING/confirmation", Committee, ""),
    ("/entries/WAITING/refusal", Committee, "reason=x"),
    ("/entries/VOUCHER/return", Committee, "UPLOAD reason=x"),
    (
        "/entries/VOUCHER/change",
        Committee,
        "UPLOAD reason=x&purse=PURPOSE",
    ),
    ("/grants/new", All, "title="),
    ("/grants/GRANT/reviews", Committee, "reason=x"),
    ("/grants/GRANT/decision", Committee, "reason=x"),
    ("/grants/GRANT/end", Committee, "reason=x"),
    ("/tranches/TRANCHE/evidence", All, "UPLOAD note="),
    ("/tranches/TRANCHE/check", Committee, "reason=x"),
    (
        "/tranches/TRANCHE/payment",
        Committee,
        "amount=1&reference=x",
    ),
    ("/gifts", All, "donor="),
    ("/gifts/GIFT/withdrawal", All, ""),
    (
        "/desk/vouchers",
        Committee,
        "UPLOAD kind=donation&purse=general&amount=1&means=bank&reference=x&day=2026-11-20&what=x&donor=x&display=named",
    ),
    (
        "/desk/charter",
        Committee,
        "name=x&how=x&standing=special_fund",
    ),
    ("/desk/purposes", Committee, "title=x&about=x"),
    ("/desk/purposes/PURPOSE/end", Committee, ""),
    (
        "/desk/votes",
        Committee,
        "round=VOUCHER&proposal=VOUCHER&title=x&plan=x&who=x&purse=general&tranche1=x&amount1=1",
    ),
];

/// Every question of a program.
const QUESTIONS: &[(&str, For)] = &[
    ("", All),
    ("lines", All),
    ("lines?year=2025&purse=operation", All),
    ("purses/general", All),
    ("purposes", All),
    ("mine", All),
    ("vouchers", Committee),
    ("vouchers/VOUCHER", All),
    ("vouchers/VOUCHER/receipt", All),
    ("files/FILE", Committee),
    ("grants", All),
    ("grants/GRANT", All),
];

/// Every operation that changes something, with a body that is understood.
const OPERATIONS: &[(Method, &str, For, &str)] = &[
    (
        Method::PUT,
        "charter",
        Committee,
        r#"{"name":"x","standing":"special_fund","how":"x"}"#,
    ),
    (
        Method::POST,
        "purposes",
        Committee,
        r#"{"title":"x","about":"x"}"#,
    ),
    (Method::POST, "purposes/PURPOSE/end", Committee, "{}"),
    (
        Method::POST,
        "gifts",
        All,
        r#"{"donor":"","display":"named","purse":"general","amount":1}"#,
    ),
    (Method::POST, "gifts/GIFT/withdrawal", All, "{}"),
    (
        Method::POST,
        "vouchers",
        Committee,
        "UPLOAD kind=donation&purse=general&amount=1&means=bank&reference=x&day=2026-11-20&what=x&donor=x&display=named",
    ),
    (
        Method::POST,
        "vouchers/WAITING/confirmation",
        Committee,
        "{}",
    ),
    (
        Method::POST,
        "vouchers/WAITING/refusal",
        Committee,
        r#"{"reason":"x"}"#,
    ),
    (
        Method::POST,
        "vouchers/VOUCHER/return",
        Committee,
        "UPLOAD reason=x",
    ),
    (
        Method::POST,
        "vouchers/VOUCHER/change",
        Committee,
        "UPLOAD reason=x&purse=PURPOSE",
    ),
    (
        Method::POST,
        "grants",
        All,
        r#"{"title":"","plan":"","who":"","purse":"general","tranches":[]}"#,
    ),
    (
        Method::POST,
        "voted-grants",
        Committee,
        r#"{"round":"VOUCHER","proposal":"VOUCHER",
            "grant":{"title":"x","plan":"x","who":"x","purse":"general","tranches":[{"title":"x","amount":1}]}}"#,
    ),
    (
        Method::POST,
        "grants/GRANT/reviews",
        Committee,
        r#"{"is_fit":true,"reason":"x"}"#,
    ),
    (
        Method::POST,
        "grants/GRANT/decision",
        Committee,
        r#"{"is_approved":true,"reason":"x"}"#,
    ),
    (
        Method::POST,
        "grants/GRANT/end",
        Committee,
        r#"{"is_finished":false,"reason":"x"}"#,
    ),
    (
        Method::POST,
        "tranches/TRANCHE/evidence",
        All,
        "UPLOAD note=",
    ),
    (
        Method::POST,
        "tranches/TRANCHE/check",
        Committee,
        r#"{"is_met":true,"reason":"x"}"#,
    ),
    (
        Method::POST,
        "tranches/TRANCHE/payment",
        Committee,
        r#"{"amount":1,"reference":"x"}"#,
    ),
];

fn filled(text: &str, ids: &Ids) -> String {
    let pairs = [
        ("PURPOSE", &ids.purpose),
        ("VOUCHER", &ids.voucher),
        ("WAITING", &ids.waiting),
        ("FILE", &ids.file),
        ("GRANT", &ids.grant),
        ("TRANCHE", &ids.tranche),
        ("GIFT", &ids.gift),
    ];
    let fill = |text: String, (word, id): &(&str, &String)| text.replace(word, id);
    pairs.iter().fold(text.to_owned(), fill)
}

/// The fields of a form that is sent with a file.
fn with_file(body: &str) -> Option<Vec<(&str, &str)>> {
    let fields = body.strip_prefix("UPLOAD ")?.split('&');
    Some(fields.filter_map(|field| field.split_once('=')).collect())
}

impl Town {
    async fn form(&self, who: &Person, community: CommunityId, at: usize) -> StatusCode {
        let (path, _, body) = FORMS[at];
        let path = page(community, &filled(path, &self.ids));
        let body = filled(body, &self.ids);
        let answer = if let Some(fields) = with_file(&body) {
            self.upload(who, &path, &fields).await
        } else {
            self.post(who, &path, &body).await
        };
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
        let answer = if let Some(fields) = with_file(&body) {
            self.upload(who, &path, &fields).await
        } else {
            self.call(who, method, &path, &body).await
        };
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
        assert!(!answer.body.contains("王"), "{path}");
    }
    for (question, _) in QUESTIONS {
        let path = api(HERE, &filled(question, &town.ids));
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
    // What is not for everybody is refused, or not to be found.
    let closed = [403, 404];
    for (as_whom, person) in [(All, &neighbour), (Committee, &town.treasurer)] {
        for (path, whose) in PAGES {
            let path = page(HERE, &filled(path, &town.ids));
            let answer = town.get(person, &path).await;
            let status = answer.status.as_u16();
            if *whose <= as_whom {
                assert_eq!(status, 200, "{as_whom:?} {path}: {}", answer.body);
            } else {
                assert!(closed.contains(&status), "{as_whom:?} {path}: {status}");
                assert!(!answer.body.contains("王"), "{path}");
            }
        }
        for (question, whose) in QUESTIONS {
            let answer = town
                .get(person, &api(HERE, &filled(question, &town.ids)))
                .await;
            let status = answer.status.as_u16();
            if *whose <= as_whom {
                assert_eq!(status, 200, "{as_whom:?} {question}: {}", answer.body);
            } else {
                assert!(closed.contains(&status), "{as_whom:?} {question}");
            }
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
    assert_eq!(town.entry_kinds().await, before, "nothing was done");
}

#[tokio::test]
async fn ids_of_another_community_open_nothing() {
    let town = Town::new().await;
    let roles = [Role::CommitteeMember, Role::Resident];
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
        assert!(!answer.body.contains("王"), "{path}");
    }
    for (at, (path, ..)) in FORMS.iter().enumerate() {
        if filled(path, &town.ids) != *path {
            let status = town.form(&foreign, ELSEWHERE, at).await;
            assert!(status.is_client_error(), "{path}: {status}");
        }
    }
    for (at, (_, path, _, body)) in OPERATIONS.iter().enumerate() {
        if filled(path, &town.ids) != *path {
            let status = town.operation(&foreign, ELSEWHERE, at).await;
            // A blank note is refused before anything is looked for.
            let is_blank = body.ends_with("note=");
            assert!(
                is_blank || status == StatusCode::NOT_FOUND,
                "{path}: {status}"
            );
        }
    }
    assert_eq!(town.entry_kinds().await, before, "nothing was done");
}

#[tokio::test]
async fn the_lists_above_name_every_address_of_the_description() {
    let town = Town::new().await;
    let description = town.get(&NOBODY, "/api/v1/openapi.json").await.json();
    let named = |path: &str| {
        let path = path.split('?').next().unwrap();
        let path = path
            .replace("WAITING", "VOUCHER")
            .replace("purses/general", "purses/{purse}");
        ["purpose", "voucher", "file", "grant", "tranche", "gift"]
            .iter()
            .fold(path, |path, id| {
                path.replace(&id.to_uppercase(), &format!("{{{id}}}"))
            })
    };
    let changing = OPERATIONS
        .iter()
        .map(|(method, path, ..)| format!("{} {}", method.as_str().to_lowercase(), named(path)));
    let telling = QUESTIONS
        .iter()
        .map(|(path, _)| format!("get {}", named(path)));
    let known: Vec<String> = changing.chain(telling).collect();
    let base = "/api/v1/communities/{community}/fund";
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
    assert!(described > 25, "{described}");
}
