//! Passkeys against a device of our own: both ceremonies, and what must not work.

#![allow(clippy::unwrap_used, reason = "a test ends where its ground fails")]

#[path = "support/authenticator.rs"]
mod authenticator;
mod support;

use authenticator::{Authenticator, DOMAIN, ORIGIN};
use identity::commands::{AddPasskey, ConfirmIdentity, RemovePasskey, RenamePasskey, StartSession};
use identity::{
    Assurance, Error, PasskeyId, Passkeys, SessionId, SessionPolicy, SessionToken, Started,
    Verified, queries,
};
use kernel::{AccountId, Actor, CommunityId, Grants, Role};
use support::{HERE, Rows, Town, on_each_engine};

fn site() -> Passkeys {
    Passkeys::new(DOMAIN, ORIGIN, "Linli").unwrap()
}

fn start_registration(
    town: &Town,
    account: AccountId,
    session: SessionId,
) -> Result<Started, Error> {
    let ctx = town.as_account(account, CommunityId::CITY);
    let site = site();
    town.journal
        .database()
        .write_blocking(CommunityId::CITY, move |tx| {
            site.start_registration(tx, &ctx, session)
        })
}

fn register(
    town: &Town,
    device: &mut Authenticator,
    account: AccountId,
    session: SessionId,
) -> Result<PasskeyId, Error> {
    let Started { ceremony, options } = start_registration(town, account, session)?;
    let answer = device.create(&options);
    let mut rows = Rows(town.journal.database().clone());
    let now = town.now();
    let passkey = site().finish_registration(&mut rows, &town.vault, now, ceremony, &answer)?;
    let add = AddPasskey::new(passkey, session, "my phone".to_owned());
    town.run_as(account, CommunityId::CITY, add)
}

fn start_sign_in(town: &Town) -> Started {
    let ctx = town.context(Actor::Anonymous, CommunityId::CITY, Grants::default());
    let site = site();
    town.journal
        .database()
        .write_blocking(CommunityId::CITY, move |tx| site.start_sign_in(tx, &ctx))
        .unwrap()
}

fn verify(town: &Town, started: &Started, answer: &str) -> Result<Verified, Error> {
    let mut rows = Rows(town.journal.database().clone());
    site().finish_sign_in(&mut rows, &town.vault, town.now(), started.ceremony, answer)
}

fn sign_in(
    town: &Town,
    device: &mut Authenticator,
) -> Result<(SessionToken, SessionId, AccountId), Error> {
    let started = start_sign_in(town);
    let answer = device.get(&started.options);
    let verified = verify(town, &started, &answer)?;
    let account = verified.account();
    let token = SessionToken::generate()?;
    let session = town.run_as_anyone(StartSession::new(verified, token.hash(), "phone"))?;
    Ok((token, session, account))
}

#[test]
fn a_person_adds_a_passkey_and_signs_in_with_it_without_typing_a_login() {
    on_each_engine("passkey", |town| {
        let account = town.person("owner", &[(HERE, Role::Owner)]);
        let (_, session) = town.sign_in("owner");
        let mut device = Authenticator::new(1);
        let passkey = register(town, &mut device, account, session).unwrap();
        let (token, _, signed_in) = sign_in(town, &mut device).unwrap();
        assert_eq!(signed_in, account);
        assert_eq!(town.who(&token).unwrap().assurance, Assurance::Passkey);

        let rename = RenamePasskey {
            passkey,
            label: "old phone".to_owned(),
        };
        town.run_as(account, CommunityId::CITY, rename).unwrap();
        let ctx = town.as_account(account, CommunityId::CITY);
        let own = town
            .read(move |read| queries::own_passkeys(read, &ctx))
            .unwrap();
        assert_eq!((own.len(), own[0].label.as_str()), (1, "old phone"));
        assert!(own[0].last_used_at.is_some());

        town.run_as(
            account,
            CommunityId::CITY,
            RemovePasskey { session, passkey },
        )
        .unwrap();
        let gone = sign_in(town, &mut device);
        assert!(matches!(gone, Err(Error::PasskeyRefused { .. })));
    });
}

#[test]
fn an_answer_counts_once_in_time_and_for_its_own_ceremony() {
    on_each_engine("answer_once", |town| {
        let account = town.person("owner", &[]);
        let (_, session) = town.sign_in("owner");
        let mut device = Authenticator::new(1);
        register(town, &mut device, account, session).unwrap();
        let started = start_sign_in(town);
        let answer = device.get(&started.options);
        let start = |verified| {
            let token = SessionToken::generate().unwrap();
            town.run_as_anyone(StartSession::new(verified, token.hash(), "phone"))
        };
        let two = [
            verify(town, &started, &answer),
            verify(town, &started, &answer),
        ];
        let [first, second] = two.map(Result::unwrap);
        start(first).unwrap();
        assert!(
            matches!(start(second), Err(Error::CeremonyExpired)),
            "one answer, two sessions"
        );
        let replayed = verify(town, &started, &answer);
        assert!(matches!(replayed, Err(Error::CeremonyExpired)));

        let other = start_sign_in(town);
        let foreign = verify(town, &other, &answer);
        assert!(
            matches!(foreign, Err(Error::PasskeyRefused { .. })),
            "another challenge"
        );
        let answer = device.get(&other.options);
        town.pass_seconds(5 * 60);
        let late = verify(town, &other, &answer);
        assert!(matches!(late, Err(Error::CeremonyExpired)));
    });
}

#[test]
fn a_copied_device_another_site_an_unverified_person_and_nonsense_are_refused() {
    let town = Town::new("sqlite::memory:", SessionPolicy::default());
    let account = town.person("owner", &[]);
    let (_, session) = town.sign_in("owner");
    let mut device = Authenticator::new(1);
    register(&town, &mut device, account, session).unwrap();
    sign_in(&town, &mut device).unwrap();
    sign_in(&town, &mut device).unwrap();
    let refused = |device: &mut Authenticator| {
        let answer = sign_in(&town, device);
        assert!(
            matches!(answer, Err(Error::PasskeyRefused { .. })),
            "{answer:?}"
        );
    };
    device.counter = 0;
    refused(&mut device);
    device.counter = 10;
    device.origin = "https://linli.example.com";
    refused(&mut device);
    device.origin = ORIGIN;
    device.verifies_person = false;
    refused(&mut device);
    device.verifies_person = true;
    sign_in(&town, &mut device).unwrap();
    refused(&mut Authenticator::new(2));
    let started = start_sign_in(&town);
    for nonsense in ["", "{}", "null", "[1]", "{\"id\":1}"] {
        let answer = verify(&town, &started, nonsense);
        assert!(
            matches!(answer, Err(Error::PasskeyRefused { .. })),
            "{nonsense}"
        );
    }
}

#[test]
fn a_second_passkey_needs_the_first_so_a_stolen_password_adds_none() {
    let town = Town::new("sqlite::memory:", SessionPolicy::default());
    let account = town.person("owner", &[]);
    let (_, session) = town.sign_in("owner");
    let mut first = Authenticator::new(1);
    register(&town, &mut first, account, session).unwrap();
    let mut second = Authenticator::new(2);
    let refused = register(&town, &mut second, account, session);
    assert!(matches!(refused, Err(Error::ConfirmFirst)));

    let started = start_sign_in(&town);
    let answer = first.get(&started.options);
    let verified = verify(&town, &started, &answer).unwrap();
    let token = SessionToken::generate().unwrap();
    let confirm = ConfirmIdentity::new(verified, session, token.hash());
    town.run_as(account, CommunityId::CITY, confirm).unwrap();
    register(&town, &mut second, account, session).unwrap();
    town.pass_seconds(601);
    let stale = start_registration(&town, account, session);
    assert!(matches!(stale, Err(Error::ConfirmFirst)));
}

#[test]
fn a_passkey_brings_staff_roles_where_the_installation_asks_for_one() {
    let policy = SessionPolicy {
        staff_need_passkey: true,
        ..SessionPolicy::default()
    };
    let town = Town::new("sqlite::memory:", policy);
    let account = town.person("butler", &[(HERE, Role::Butler)]);
    let (_, session) = town.sign_in("butler");
    let mut device = Authenticator::new(1);
    register(&town, &mut device, account, session).unwrap();
    let (token, ..) = sign_in(&town, &mut device).unwrap();
    let who = town.who(&token).unwrap();
    assert!(!who.passkey_needed && who.roles(HERE, town.now()).contains(Role::Butler));
}

#[test]
fn an_address_without_a_name_has_no_passkeys() {
    for (domain, origin) in [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("a.cn", "https://b.cn"),
        ("a.cn", "a.cn"),
    ] {
        assert!(Passkeys::new(domain, origin, "Linli").is_err(), "{origin}");
    }
    assert!(Passkeys::new("localhost", "http://localhost:8080", "Linli").is_ok());
}
