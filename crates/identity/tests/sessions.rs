//! Signing in, staying signed in, and ceasing to be.

mod support;

use identity::commands::{
    ActFor, ChangePassword, ConfirmIdentity, DisableAccount, EnableAccount, EndRole, EndSession,
    EndSessions, GrantRole, RegisterOrganisation, RotateSession, SetPassword,
};
use identity::{
    Error, Lockout, OrganisationKind, SessionPolicy, SessionToken, Sessions, candidate_again,
    queries, touch,
};
use kernel::{CommunityId, Role};
use support::{ADDRESS, HERE, PASSWORD, THERE, Town, on_each_engine};

const DAY: i64 = 86_400;

#[test]
fn a_person_signs_in_is_known_and_signs_out() {
    on_each_engine("sign_in", |town| {
        let account = town.person("139 0000 1234", &[(HERE, Role::Owner)]);
        let (token, session) = town.sign_in("+86 13900001234");
        let who = town.who(&token).unwrap();
        assert_eq!(
            (who.account, who.session, who.name.as_str()),
            (account, session, "王小明")
        );
        assert!(town.who(&SessionToken::generate().unwrap()).is_none());

        town.run_as(account, CommunityId::CITY, EndSession { session })
            .unwrap();
        assert!(
            town.who(&token).is_none(),
            "the token of an ended session was replayed"
        );
        let again = town.run_as(account, CommunityId::CITY, EndSession { session });
        assert!(matches!(again, Err(Error::NoSuchSession)));
    });
}

#[test]
fn nobody_ends_anothers_session_but_an_administrator() {
    on_each_engine("end_other", |town| {
        let owner = town.person("owner", &[(HERE, Role::Owner)]);
        let other = town.person("other", &[(HERE, Role::CommitteeMember)]);
        let (token, session) = town.sign_in("owner");
        let ended = town.run_as(other, CommunityId::CITY, EndSession { session });
        assert!(matches!(ended, Err(Error::NoSuchSession)));
        let all = || EndSessions {
            account: owner,
            keep: None,
        };
        assert!(matches!(
            town.run_as(other, CommunityId::CITY, all()),
            Err(Error::Denied(_))
        ));
        assert!(town.who(&token).is_some());
        assert_eq!(
            town.run_as(town.administrator, CommunityId::CITY, all())
                .unwrap(),
            1
        );
        assert!(town.who(&token).is_none());
    });
}

#[test]
fn a_residents_session_lasts_two_idle_weeks_and_thirty_days_at_most() {
    on_each_engine("expiry", |town| {
        town.person("owner", &[(HERE, Role::Owner)]);
        let (idle, _) = town.sign_in("owner");
        let (used, session) = town.sign_in("owner");
        for day in 1..30 {
            town.pass_seconds(DAY);
            let who = town
                .who(&used)
                .unwrap_or_else(|| panic!("signed out on day {day}"));
            assert!(who.touch_due(town.now()));
            let now = town.now();
            let write = move |tx: &mut dyn db::Tx| touch(tx, session, now);
            town.journal
                .database()
                .write_blocking(CommunityId::CITY, write)
                .unwrap();
            assert_eq!(town.who(&idle).is_some(), day < 14, "day {day}");
        }
        town.pass_seconds(DAY);
        assert!(town.who(&used).is_none());
    });
}

#[test]
fn a_staff_session_lasts_thirty_idle_minutes_and_touching_is_written_every_five() {
    on_each_engine("staff_expiry", |town| {
        town.person("butler", &[(HERE, Role::Owner), (HERE, Role::Butler)]);
        let (token, session) = town.sign_in("butler");
        let seen = town.who(&token).unwrap().last_seen_at;
        town.pass_seconds(4 * 60);
        assert!(!town.who(&token).unwrap().touch_due(town.now()));
        let now = town.now();
        let write = move |tx: &mut dyn db::Tx| touch(tx, session, now);
        town.journal
            .database()
            .write_blocking(CommunityId::CITY, write)
            .unwrap();
        let fresh = Sessions::new(SessionPolicy::default(), town.vault.clone(), 10);
        assert_eq!(town.who_by(&fresh, &token).unwrap().last_seen_at, seen);
        town.pass_seconds(26 * 60 - 1);
        assert!(town.who(&token).is_some());
        town.pass_seconds(1);
        assert!(town.who(&token).is_none());
    });
}

#[test]
fn a_role_given_or_ended_counts_at_once_and_asks_for_a_new_token() {
    on_each_engine("at_once", |town| {
        let account = town.person("owner", &[(HERE, Role::Owner)]);
        let (token, session) = town.sign_in("owner");
        let roles = |token: &SessionToken| {
            let who = town.who(token).unwrap();
            (
                who.roles(HERE, town.now()).contains(Role::Butler),
                who.rotation_due,
            )
        };
        assert_eq!(roles(&token), (false, false));
        town.grant(account, HERE, Role::Butler);
        assert_eq!(roles(&token), (true, true));
        let signed_in = town.who(&token).unwrap();
        let grants = signed_in.grants(&town.directory, HERE, town.now());
        assert!(grants.holds(identity::VIEW_MEMBERS));

        let next = SessionToken::generate().unwrap();
        let rotate = RotateSession {
            session,
            token: next.hash(),
        };
        town.run_as(account, CommunityId::CITY, rotate).unwrap();
        assert!(
            town.who(&token).is_none(),
            "the old token still opens the session"
        );
        assert_eq!(roles(&next), (true, false));

        let end = EndRole {
            account,
            role: Role::Butler,
            organisation: None,
            reason: "contract ended".to_owned(),
        };
        town.run_as(town.administrator, HERE, end).unwrap();
        assert_eq!(roles(&next), (false, true));
    });
}

#[test]
fn a_role_runs_out_at_its_end_though_the_session_is_remembered() {
    on_each_engine("until", |town| {
        let account = town.person("owner", &[(HERE, Role::Owner)]);
        let until = Some(town.now().plus_seconds(600));
        let reason = "holiday".to_owned();
        let grant = GrantRole {
            account,
            role: Role::Butler,
            organisation: None,
            until,
            reason,
        };
        town.run_as(town.administrator, HERE, grant).unwrap();
        let (token, _) = town.sign_in("owner");
        let butler = || {
            town.who(&token)
                .unwrap()
                .roles(HERE, town.now())
                .contains(Role::Butler)
        };
        assert!(butler());
        town.pass_seconds(601);
        assert!(!butler());
    });
}

#[test]
fn a_role_in_another_community_gives_nothing_here_and_the_citys_staff_counts_everywhere() {
    on_each_engine("elsewhere", |town| {
        town.person("member", &[(THERE, Role::CommitteeMember)]);
        town.person("street", &[(CommunityId::CITY, Role::CityStaff)]);
        town.person("desk", &[(CommunityId::CITY, Role::Butler)]);
        let roles = |login, community| {
            let (token, _) = town.sign_in(login);
            town.who(&token)
                .unwrap()
                .roles(community, town.now())
                .iter()
                .collect::<Vec<_>>()
        };
        assert_eq!(roles("member", THERE), [Role::CommitteeMember]);
        assert_eq!(roles("member", HERE), []);
        assert_eq!(roles("member", CommunityId::CITY), []);
        assert_eq!(roles("street", HERE), [Role::CityStaff]);
        assert_eq!(roles("desk", HERE), []);
    });
}

#[test]
fn a_disabled_account_is_out_at_once_and_comes_back_only_by_signing_in() {
    on_each_engine("disable", |town| {
        let account = town.person("owner", &[(HERE, Role::Owner)]);
        let (token, _) = town.sign_in("owner");
        assert!(town.who(&token).is_some());
        let disable = || DisableAccount {
            account,
            reason: "moved away".to_owned(),
        };
        town.run_as(town.administrator, CommunityId::CITY, disable())
            .unwrap();
        assert!(town.who(&token).is_none());
        let refused = town.sign_in_from("owner", PASSWORD, ADDRESS);
        assert!(matches!(refused, Err(Error::AccountDisabled)));
        town.run_as(
            town.administrator,
            CommunityId::CITY,
            EnableAccount { account },
        )
        .unwrap();
        assert!(
            town.who(&token).is_none(),
            "an ended session came back to life"
        );
        town.sign_in("owner");
    });
}

#[test]
fn a_sensitive_act_needs_a_confirmation_within_ten_minutes() {
    on_each_engine("confirm", |town| {
        let account = town.person("owner", &[(HERE, Role::Owner)]);
        let (elsewhere, _) = town.sign_in("owner");
        let (token, session) = town.sign_in("owner");
        town.pass_seconds(601);
        assert!(!town.who(&token).unwrap().recently_authenticated(town.now()));
        let third = SessionToken::generate().unwrap();
        let change = || ChangePassword {
            session,
            password: town.hash("willow by the bridge"),
            token: third.hash(),
        };
        let refused = town.run_as(account, CommunityId::CITY, change());
        assert!(matches!(refused, Err(Error::ConfirmFirst)));

        let (vault, now) = (town.vault.clone(), town.now());
        let candidate = town
            .read(move |read| candidate_again(read, &vault, now, account, ADDRESS))
            .unwrap();
        let verified = candidate
            .verify(&town.passwords, PASSWORD, Lockout::default())
            .unwrap();
        let second = SessionToken::generate().unwrap();
        let confirm = ConfirmIdentity::new(verified, session, second.hash());
        town.run_as(account, CommunityId::CITY, confirm).unwrap();
        assert!(town.who(&token).is_none() && town.who(&second).is_some());

        town.run_as(account, CommunityId::CITY, change()).unwrap();
        assert!(town.who(&second).is_none() && town.who(&third).is_some());
        assert!(
            town.who(&elsewhere).is_none(),
            "other sessions end with the old password"
        );
        assert!(town.sign_in_from("owner", PASSWORD, ADDRESS).is_err());
        town.sign_in_from("owner", "willow by the bridge", ADDRESS)
            .unwrap();
    });
}

#[test]
fn a_confirmation_is_good_for_its_own_account_only() {
    on_each_engine("confirm_other", |town| {
        let owner = town.person("owner", &[]);
        town.person("other", &[]);
        let (_, session) = town.sign_in("owner");
        let candidate = town.candidate("other", ADDRESS).unwrap();
        let verified = candidate
            .verify(&town.passwords, PASSWORD, Lockout::default())
            .unwrap();
        let token = SessionToken::generate().unwrap();
        let confirm = ConfirmIdentity::new(verified, session, token.hash());
        let refused = town.run_as(owner, CommunityId::CITY, confirm);
        assert!(matches!(refused, Err(Error::SignInRefused)));
    });
}

#[test]
fn a_person_acts_for_an_organisation_they_belong_to_where_it_belongs() {
    on_each_engine("act_for", |town| {
        let account = town.person("butler", &[]);
        let (token, session) = town.sign_in("butler");
        let register = RegisterOrganisation {
            kind: OrganisationKind::PropertyCompany,
            name: "绿城物业".to_owned(),
        };
        let company = town.run_as(town.administrator, HERE, register).unwrap();
        let act = || ActFor {
            session,
            organisation: Some(company),
        };
        let refused = town.run_as(account, CommunityId::CITY, act());
        assert!(matches!(refused, Err(Error::NotAMember)));

        let grant = GrantRole {
            account,
            role: Role::Butler,
            organisation: Some(company),
            until: None,
            reason: "contract".to_owned(),
        };
        town.run_as(town.administrator, HERE, grant).unwrap();
        town.run_as(account, CommunityId::CITY, act()).unwrap();
        let who = town.who(&token).unwrap();
        let acting = |community| match who.actor(community, town.now()) {
            kernel::Actor::Account { on_behalf_of, .. } => on_behalf_of,
            other => panic!("{other:?}"),
        };
        assert_eq!((acting(HERE), acting(THERE)), (Some(company), None));
    });
}

#[test]
fn staff_roles_wait_for_a_passkey_where_the_installation_says_so() {
    let policy = SessionPolicy {
        staff_need_passkey: true,
        ..SessionPolicy::default()
    };
    let town = Town::new("sqlite::memory:", policy);
    town.person("butler", &[(HERE, Role::Owner), (HERE, Role::Butler)]);
    let (token, _) = town.sign_in("butler");
    let who = town.who(&token).unwrap();
    assert!(who.passkey_needed);
    assert_eq!(
        who.roles(HERE, town.now()).iter().collect::<Vec<_>>(),
        [Role::Owner]
    );
}

#[test]
fn the_command_line_sets_a_password_and_ends_the_sessions_and_nobody_else_does() {
    on_each_engine("set_password", |town| {
        let account = town.person("owner", &[]);
        let (token, _) = town.sign_in("owner");
        let set = || SetPassword {
            account,
            password: town.hash("willow by the bridge"),
            reason: "asked at the desk".to_owned(),
        };
        let refused = town.run_as(town.administrator, CommunityId::CITY, set());
        assert!(matches!(refused, Err(Error::NeedsAdministrator)));
        town.run_as_system(set()).unwrap();
        assert!(town.who(&token).is_none());
        town.sign_in_from("owner", "willow by the bridge", ADDRESS)
            .unwrap();
    });
}

#[test]
fn the_list_of_sessions_is_ones_own() {
    on_each_engine("list", |town| {
        let owner = town.person("owner", &[]);
        town.person("other", &[]);
        let (_, first) = town.sign_in("owner");
        let (_, second) = town.sign_in("owner");
        town.sign_in("other");
        let ctx = town.as_account(owner, CommunityId::CITY);
        let list = town
            .read(move |read| queries::own_sessions(read, &ctx))
            .unwrap();
        let mut listed: Vec<_> = list.iter().map(|own| own.session).collect();
        listed.sort_unstable();
        assert_eq!(listed, [first, second]);
        assert!(list.iter().all(|own| own.device == "Chrome on Windows"));
    });
}

#[test]
fn what_another_process_changes_is_seen_after_two_seconds_at_most() {
    let town = Town::new("sqlite::memory:", SessionPolicy::default());
    town.person("owner", &[]);
    let (token, session) = town.sign_in("owner");
    town.pass_seconds(600);
    let before = town.who(&token).unwrap().last_seen_at;
    let now = town.now();
    // Seen is written without a mark, as another process's writes are for this one.
    let write = move |tx: &mut dyn db::Tx| touch(tx, session, now);
    town.journal
        .database()
        .write_blocking(CommunityId::CITY, write)
        .unwrap();
    let remembered = town
        .sessions
        .remembered(&token, now)
        .map(|who| who.last_seen_at);
    assert!(remembered.is_none_or(|at| at == before));
    std::thread::sleep(std::time::Duration::from_millis(
        identity::REMEMBER_MILLISECONDS + 50,
    ));
    assert!(town.sessions.remembered(&token, now).is_none());
    assert_eq!(town.who(&token).unwrap().last_seen_at, now);
}
