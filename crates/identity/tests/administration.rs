//! The first administrator, the last one, personal data on the record, and what every module promises.

mod support;

use std::collections::BTreeSet;

use identity::commands::{
    AddLogin, CreateFirstAdministrator, EndRole, ReadPersonalData, RemoveLogin, UpdateProfile,
};
use identity::{Error, Language, Login, MESSAGES, PERMISSIONS, STATEMENTS, queries};
use kernel::{CommunityId, Role};
use support::{ADDRESS, HERE, PASSWORD, THERE, Town, on_each_engine};

#[test]
fn there_is_one_first_administrator_and_always_a_last_one() {
    on_each_engine("administrators", |town| {
        let account = town.account("second", "第二人");
        let again = town.run_as_system(CreateFirstAdministrator { account });
        assert!(matches!(again, Err(Error::AdministratorExists)));
        assert!(town.sign_in_from("second", PASSWORD, ADDRESS).is_err());
        let end = || EndRole {
            account: town.administrator,
            role: Role::Administrator,
            organisation: None,
            reason: "leaving".to_owned(),
        };
        let last = town.run_as(town.administrator, CommunityId::CITY, end());
        assert!(matches!(last, Err(Error::LastAdministrator)));
        town.person("heir", &[(CommunityId::CITY, Role::Administrator)]);
        town.run_as(town.administrator, CommunityId::CITY, end())
            .unwrap();
    });
}

#[test]
fn anothers_name_is_masked_until_its_reading_is_on_the_record() {
    on_each_engine("disclosure", |town| {
        let butler = town.person("butler", &[(HERE, Role::Butler)]);
        let owner = town.person("13900001234", &[(HERE, Role::Owner)]);
        let stranger = town.person("stranger", &[(THERE, Role::Owner)]);
        let seen = |by, of| {
            let ctx = town.as_account(by, HERE);
            town.read(move |read| queries::account(read, &ctx, of))
        };
        let own = seen(owner, owner).unwrap();
        assert_eq!(
            (own.name.as_str(), own.logins[0].as_str()),
            ("王小明", "13900001234")
        );
        let masked = seen(butler, owner).unwrap();
        assert_eq!(
            (masked.name.as_str(), masked.logins[0].as_str()),
            ("王*明", "139****1234")
        );
        assert!(matches!(seen(butler, stranger), Err(Error::NoSuchAccount)));
        assert!(matches!(seen(owner, butler), Err(Error::Denied(_))));

        let read = |fields: &[&str], reason: &str| ReadPersonalData {
            subject: format!("account/{owner}"),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            reason: reason.to_owned(),
        };
        let unreasoned = town.run_as(butler, HERE, read(&["name"], " "));
        assert!(matches!(
            unreasoned,
            Err(Error::InvalidText {
                field: "reason",
                ..
            })
        ));
        let fieldless = town.run_as(butler, HERE, read(&[], "letter returned"));
        assert!(matches!(
            fieldless,
            Err(Error::InvalidText {
                field: "fields",
                ..
            })
        ));
        let denied = town.run_as(owner, HERE, read(&["name"], "curious"));
        assert!(matches!(denied, Err(Error::Denied(_))));
        let granted = town
            .run_as(butler, HERE, read(&["name"], "letter returned"))
            .unwrap();
        let ctx = town.as_account(butler, HERE);
        let view = town
            .read(move |read| queries::disclosed_account(read, &ctx, owner, &granted))
            .unwrap();
        assert_eq!(
            (view.name.as_str(), view.logins[0].as_str()),
            ("王小明", "139****1234")
        );
    });
}

#[test]
fn members_are_listed_masked_and_page_by_page() {
    on_each_engine("members", |town| {
        let butler = town.person("butler", &[(HERE, Role::Butler), (HERE, Role::Owner)]);
        for n in 0..110 {
            town.person(&format!("owner{n}"), &[(HERE, Role::Owner)]);
        }
        town.person("stranger", &[(THERE, Role::Owner)]);
        let page = |after| {
            let ctx = town.as_account(butler, HERE);
            town.read(move |read| queries::members(read, &ctx, after))
                .unwrap()
        };
        let first = page(None);
        let last = first.last().unwrap();
        let second = page(Some((last.account, last.role)));
        assert_eq!((first.len(), second.len()), (100, 12));
        let all: BTreeSet<_> = first
            .iter()
            .chain(&second)
            .map(|m| (m.account, m.role))
            .collect();
        assert_eq!(all.len(), 112);
        assert!(first.iter().all(|member| member.name == "王*明"));
    });
}

#[test]
fn a_person_keeps_their_profile_and_logins() {
    on_each_engine("profile", |town| {
        let account = town.person("owner", &[]);
        let (token, session) = town.sign_in("owner");
        let profile = UpdateProfile {
            name: "王大明".to_owned(),
            language: Language::English,
            elder: true,
        };
        town.run_as(account, CommunityId::CITY, profile).unwrap();
        let who = town.who(&token).unwrap();
        assert_eq!(
            (who.name.as_str(), who.language, who.elder),
            ("王大明", Language::English, true)
        );

        let login = |text| Login::parse(text).unwrap();
        town.person("taken", &[]);
        let taken = AddLogin {
            session,
            login: login("taken"),
        };
        let taken = town.run_as(account, CommunityId::CITY, taken);
        assert!(matches!(taken, Err(Error::LoginTaken)));
        let add = AddLogin {
            session,
            login: login("13900001234"),
        };
        town.run_as(account, CommunityId::CITY, add).unwrap();
        let remove = |text| RemoveLogin {
            session,
            login: login(text),
        };
        town.run_as(account, CommunityId::CITY, remove("owner"))
            .unwrap();
        let last = town.run_as(account, CommunityId::CITY, remove("13900001234"));
        assert!(matches!(last, Err(Error::LastLogin)));
        town.sign_in("139 0000 1234");
        assert!(town.sign_in_from("owner", PASSWORD, ADDRESS).is_err());
    });
}

#[test]
fn what_the_community_record_shows_holds_no_personal_data() {
    let town = Town::new("sqlite::memory:", identity::SessionPolicy::default());
    let owner = town.person("13900001234", &[(HERE, Role::Owner)]);
    town.sign_in("13900001234");
    let _ = town.sign_in_from("13900001234", "wrong password", ADDRESS);
    for community in [CommunityId::CITY, HERE] {
        let entries = town
            .read(move |read| Ok(journal::entries(read, community, 0, 100)?))
            .unwrap();
        assert!(!entries.is_empty());
        for entry in entries {
            let shown = format!("{entry:?}");
            for secret in ["1390000", "王", "10.0.0.1", "Chrome", "bamboo"] {
                assert!(!shown.contains(secret), "{secret} in {shown}");
            }
        }
    }
    let _ = owner;
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    on_each_engine("statements", |town| {
        let prepared = town.journal.database().prepare_all(STATEMENTS);
        assert!(prepared.is_ok(), "{prepared:?}");
    });
}

#[test]
fn both_languages_have_every_text() {
    let keys = |text: &str| -> BTreeSet<String> {
        let keyed = text
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        keyed
            .filter_map(|line| line.split(" = ").next())
            .map(str::to_owned)
            .collect()
    };
    let [(_, chinese), (_, english)] = MESSAGES else {
        panic!("two languages")
    };
    assert_eq!(keys(chinese), keys(english));
    let needed = PERMISSIONS
        .iter()
        .map(|rule| format!("permission-{}", rule.permission.0.replace(['.', '_'], "-")))
        .chain(Role::ALL.map(|role| format!("identity-role-{}", role.name())))
        .chain(codes_in(include_str!("../src/error.rs")))
        .chain(codes_in(include_str!("../src/password.rs")));
    let known = keys(english);
    let missing: Vec<_> = needed.filter(|key| !known.contains(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The message keys that a source file names.
fn codes_in(source: &str) -> BTreeSet<String> {
    let quoted = source.split('"').skip(1).step_by(2);
    quoted
        .filter(|text| text.starts_with("identity-error-"))
        .map(str::to_owned)
        .collect()
}

/// Every command that asks for a permission refuses who has none, and every other asks who acts.
#[test]
fn who_holds_nothing_may_change_nothing() {
    use identity::commands as c;
    use identity::{CodeId, OneTimeCode, OrganisationKind, PasskeyId, SessionId, SessionToken};
    use kernel::{Actor, Grants, OrganisationId, Uuid};

    let town = Town::new("sqlite::memory:", identity::SessionPolicy::default());
    let victim = town.person("victim", &[(HERE, Role::Owner)]);
    let nobody = town.person("nobody", &[]);
    let code = OneTimeCode::generate().unwrap().index(&town.vault).unwrap();
    let token = SessionToken::generate().unwrap().hash();
    let session = SessionId::from_uuid(Uuid::from_u128(9));
    let (text, login) = (|| "text".to_owned(), || Login::parse("login").unwrap());
    let (role, organisation) = (Role::Butler, None);

    macro_rules! refused {
        ($($actor:expr, $place:expr, $command:expr => $error:pat),* $(,)?) => {$(
            let ctx = town.context($actor, $place, Grants::default());
            let answer = town.run(ctx, $command);
            assert!(matches!(answer, Err($error)), "{}: {answer:?}", stringify!($command));
        )*};
    }
    let anyone = Actor::Anonymous;
    let person = Actor::account(nobody);
    let city = CommunityId::CITY;
    let account = victim;
    refused! {
        person, city, town.account("new-one", "名") => Error::Denied(_),
        person, city, CreateFirstAdministrator { account: town.account("new-one", "名") }
            => Error::NeedsAdministrator,
        person, city, c::DisableAccount { account, reason: text() } => Error::Denied(_),
        person, city, c::EnableAccount { account } => Error::Denied(_),
        person, city, c::EndSessions { account, keep: None } => Error::Denied(_),
        person, city, c::Unlock { login: login() } => Error::Denied(_),
        person, city, c::SetPassword { account, password: town.hash(PASSWORD), reason: text() }
            => Error::NeedsAdministrator,
        person, HERE, c::GrantRole { account, role, organisation, until: None, reason: text() }
            => Error::Denied(_),
        person, HERE, EndRole { account, role, organisation, reason: text() }
            => Error::Denied(_),
        person, HERE, c::RegisterOrganisation {
            kind: OrganisationKind::Committee,
            name: text(),
        } => Error::Denied(_),
        person, HERE, c::Invite { code, name: text(), role: Role::Owner } => Error::Denied(_),
        person, HERE, c::IssueReset { code, account } => Error::Denied(_),
        person, HERE, c::WithdrawCode { code: CodeId::from_uuid(Uuid::nil()) }
            => Error::Denied(_),
        person, HERE, ReadPersonalData {
            subject: text(),
            fields: vec![text()],
            reason: text(),
        } => Error::Denied(_),
        anyone, city, UpdateProfile { name: text(), language: Language::Chinese, elder: false }
            => Error::NotSignedIn,
        anyone, city, AddLogin { session, login: login() } => Error::NotSignedIn,
        anyone, city, RemoveLogin { session, login: login() } => Error::NotSignedIn,
        anyone, city, c::ChangePassword { session, password: town.hash(PASSWORD), token }
            => Error::NotSignedIn,
        anyone, city, c::RotateSession { session, token } => Error::NotSignedIn,
        anyone, city, c::EndSession { session } => Error::NotSignedIn,
        anyone, city, c::ActFor {
            session,
            organisation: Some(OrganisationId::from_uuid(Uuid::nil())),
        } => Error::NotSignedIn,
        anyone, city, c::JoinWithCode { code } => Error::NotSignedIn,
        anyone, city, c::RenamePasskey {
            passkey: PasskeyId::from_uuid(Uuid::nil()),
            label: text(),
        } => Error::NotSignedIn,
        anyone, city, c::RemovePasskey { session, passkey: PasskeyId::from_uuid(Uuid::nil()) }
            => Error::NotSignedIn,
        person, city, c::RotateSession { session, token } => Error::NoSuchSession,
        person, city, AddLogin { session, login: login() } => Error::NoSuchSession,
        person, HERE, c::EndSession { session } => Error::Internal { .. },
    }
}
