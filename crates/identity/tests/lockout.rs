//! Guessing passwords gets slow, and tells nobody who exists.

mod support;

use identity::commands::Unlock;
use identity::{Error, Login};
use kernel::CommunityId;
use support::{ADDRESS, PASSWORD, Town, on_each_engine};

#[test]
fn failures_delay_from_the_fifth_and_lock_from_the_tenth_whether_the_login_exists_or_not() {
    on_each_engine("lockout", |town| {
        town.person("owner", &[]);
        let schedule = |login: &str, address: &str| {
            let fail = |_| {
                let refused = town.sign_in_from(login, "wrong password", address);
                assert!(matches!(refused, Err(Error::SignInRefused)), "{refused:?}");
                match town.sign_in_from(login, "wrong password", address) {
                    Err(Error::TooManyAttempts { seconds }) => {
                        town.pass_seconds(seconds);
                        seconds
                    }
                    Err(Error::SignInRefused) => 0,
                    other => panic!("{other:?}"),
                }
            };
            (0..8).map(fail).collect::<Vec<_>>()
        };
        // Below the fifth failure both tries of a round count, from then on the second is refused uncounted.
        let expected = [0, 0, 2, 4, 8, 16, 32, 900];
        assert_eq!(schedule("owner", "10.0.0.2"), expected);
        assert_eq!(schedule("nobody", "10.0.0.3"), expected);
        assert_eq!(
            schedule("12345", "10.0.0.4"),
            expected,
            "not even a lawful login"
        );
    });
}

#[test]
fn a_lock_holds_against_the_right_password_from_anywhere_until_time_or_an_administrator() {
    on_each_engine("unlock", |town| {
        let owner = town.person("owner", &[]);
        let lock = || {
            for round in 0..10 {
                let _ = town.sign_in_from("owner", "wrong password", &format!("10.1.0.{round}"));
                town.pass_seconds(60);
            }
        };
        lock();
        let refused = town.sign_in_from("owner", PASSWORD, "10.2.0.1");
        assert!(matches!(
            refused,
            Err(Error::TooManyAttempts { seconds: 800..=900 })
        ));
        town.pass_seconds(15 * 60);
        town.sign_in_from("owner", PASSWORD, "10.2.0.1").unwrap();

        lock();
        let unlock = || Unlock {
            login: Login::parse("Owner").unwrap(),
        };
        let denied = town.run_as(owner, CommunityId::CITY, unlock());
        assert!(matches!(denied, Err(Error::Denied(_))));
        town.run_as(town.administrator, CommunityId::CITY, unlock())
            .unwrap();
        town.sign_in_from("owner", PASSWORD, "10.2.0.1").unwrap();
    });
}

#[test]
fn a_success_forgets_the_logins_failures_but_not_the_addresss() {
    on_each_engine("forget", |town| {
        town.person("mine", &[]);
        for victim in 0..60 {
            let login = format!("victim{victim}");
            let tried = town.sign_in_from(&login, "wrong password", ADDRESS);
            if let Err(Error::TooManyAttempts { seconds }) = tried {
                town.pass_seconds(seconds);
                town.sign_in_from(&login, "wrong password", ADDRESS)
                    .unwrap_err();
            }
            if victim < 29 {
                town.sign_in("mine");
            }
        }
        let refused = town.sign_in_from("mine", PASSWORD, ADDRESS);
        assert!(
            matches!(refused, Err(Error::TooManyAttempts { .. })),
            "{refused:?}"
        );
        town.sign_in_from("mine", PASSWORD, "10.9.9.9").unwrap();
    });
}

#[test]
fn a_failure_counted_between_look_up_and_session_still_refuses_the_session() {
    let town = Town::new("sqlite::memory:", identity::SessionPolicy::default());
    town.person("owner", &[]);
    let early = town.candidate("owner", ADDRESS).unwrap();
    for round in 0..10 {
        let _ = town.sign_in_from("owner", "wrong password", &format!("10.1.0.{round}"));
        if round < 9 {
            town.pass_seconds(60);
        }
    }
    let verified = early
        .verify(&town.passwords, PASSWORD, identity::Lockout::default())
        .unwrap();
    let token = identity::SessionToken::generate().unwrap();
    let start = identity::commands::StartSession::new(verified, token.hash(), "phone");
    let refused = town.run_as_anyone(start);
    assert!(
        matches!(refused, Err(Error::TooManyAttempts { .. })),
        "{refused:?}"
    );
}

#[test]
fn the_answer_for_an_unknown_login_is_the_answer_for_a_wrong_password_and_costs_a_hash_too() {
    let town = Town::new("sqlite::memory:", identity::SessionPolicy::default());
    town.person("owner", &[]);
    let answers = ["owner", "nobody", "?!"].map(|login| {
        let error = town
            .sign_in_from(login, "wrong password", ADDRESS)
            .unwrap_err();
        (kernel::Problem::code(&error), error.to_string())
    });
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);

    // With costs that show on a clock, both comparisons take the hash's time: the quickest of five runs each.
    let cost = identity::HashCost {
        memory_kib: 8 * 1024,
        passes: 2,
        lanes: 1,
    };
    let slow = identity::Passwords::new(cost).unwrap();
    let stored = slow.hash(PASSWORD, &[]).unwrap();
    let quickest = |hash: Option<&identity::PasswordHash>| {
        let run = |_| {
            let start = std::time::Instant::now();
            assert!(!slow.verify("wrong password", hash));
            start.elapsed()
        };
        (0..5).map(run).min().unwrap()
    };
    let (known, unknown) = (quickest(Some(&stored)), quickest(None));
    assert!(
        unknown * 3 > known && known * 3 > unknown,
        "{known:?} and {unknown:?}"
    );
}
