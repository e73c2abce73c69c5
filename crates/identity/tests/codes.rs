//! Codes on paper: invitations and new passwords.

mod support;

use identity::commands::{
    GrantRole, Invite, IssueReset, JoinWithCode, RedeemInvitation, RedeemReset, WithdrawCode,
};
use identity::{CodePurpose, Error, Language, Login, OneTimeCode, queries};
use kernel::{AccountId, CommunityId, Role};
use support::{ADDRESS, HERE, PASSWORD, THERE, Town, on_each_engine};

const DAY: i64 = 86_400;

fn invite(town: &Town, by: AccountId, role: Role) -> Result<OneTimeCode, Error> {
    let code = OneTimeCode::generate()?;
    let index = code.index(&town.vault)?;
    town.run_as(
        by,
        HERE,
        Invite {
            code: index,
            name: "李奶奶".to_owned(),
            role,
        },
    )?;
    Ok(code)
}

fn redeem(town: &Town, code: &OneTimeCode, login: &str) -> Result<AccountId, Error> {
    let redeemed = town.run_as_anyone(RedeemInvitation {
        code: code.index(&town.vault)?,
        login: Login::parse(login)?,
        password: town.hash(PASSWORD),
        language: Language::Chinese,
        elder: true,
    })?;
    assert_eq!(redeemed.community, HERE);
    Ok(redeemed.account)
}

fn reset(town: &Town, by: AccountId, account: AccountId) -> Result<OneTimeCode, Error> {
    let code = OneTimeCode::generate()?;
    town.run_as(
        by,
        HERE,
        IssueReset {
            code: code.index(&town.vault)?,
            account,
        },
    )?;
    Ok(code)
}

#[test]
fn an_invited_person_gets_in_with_the_printed_code_and_the_code_works_once() {
    on_each_engine("invite", |town| {
        let butler = town.person("butler", &[(HERE, Role::Butler)]);
        let printed = invite(town, butler, Role::Owner).unwrap().expose();
        let code = OneTimeCode::parse(&printed.to_lowercase()).unwrap();
        let (vault, now, typed) = (town.vault.clone(), town.now(), code.clone());
        let view = town
            .read(move |read| queries::look_up_code(read, &vault, now, &typed))
            .unwrap();
        let purpose = CodePurpose::Invitation {
            name: "李奶奶".to_owned(),
            role: Role::Owner,
        };
        assert_eq!((view.community, view.purpose), (HERE, purpose));

        let account = redeem(town, &code, "13900000001").unwrap();
        let (token, _) = town.sign_in("13900000001");
        let who = town.who(&token).unwrap();
        assert_eq!(
            (who.account, who.name.as_str(), who.elder),
            (account, "李奶奶", true)
        );
        assert!(who.roles(HERE, town.now()).contains(Role::Owner));
        assert!(!who.rotation_due);

        let twice = redeem(town, &code, "13900000002");
        assert!(matches!(twice, Err(Error::CodeSettled)), "{twice:?}");
        let nobody = town.sign_in_from("13900000002", PASSWORD, ADDRESS);
        assert!(matches!(nobody, Err(Error::SignInRefused)));
    });
}

#[test]
fn a_code_expires_is_withdrawn_and_must_be_known() {
    on_each_engine("code_ends", |town| {
        let butler = town.person("butler", &[(HERE, Role::Butler)]);
        let late = invite(town, butler, Role::Resident).unwrap();
        let withdrawn = OneTimeCode::generate().unwrap();
        let index = withdrawn.index(&town.vault).unwrap();
        let name = "李奶奶".to_owned();
        let id = town
            .run_as(
                butler,
                HERE,
                Invite {
                    code: index,
                    name,
                    role: Role::Resident,
                },
            )
            .unwrap();
        let foreign = town.person("foreign", &[(THERE, Role::Butler)]);
        let other = town.run_as(foreign, THERE, WithdrawCode { code: id });
        assert!(
            matches!(other, Err(Error::CodeSettled)),
            "another community's code"
        );
        town.run_as(butler, HERE, WithdrawCode { code: id })
            .unwrap();
        assert!(matches!(
            redeem(town, &withdrawn, "one"),
            Err(Error::CodeSettled)
        ));
        let unknown = OneTimeCode::generate().unwrap();
        assert!(matches!(
            redeem(town, &unknown, "one"),
            Err(Error::CodeUnknown)
        ));
        town.pass_seconds(30 * DAY - 60);
        let ctx = town.as_account(butler, HERE);
        let open = town
            .read(move |read| queries::open_codes(read, &ctx))
            .unwrap();
        assert_eq!(open.len(), 1);
        town.pass_seconds(60);
        assert!(matches!(
            redeem(town, &late, "one"),
            Err(Error::CodeExpired)
        ));
    });
}

#[test]
fn a_taken_login_leaves_the_code_unused() {
    on_each_engine("taken", |town| {
        let butler = town.person("butler", &[(HERE, Role::Butler)]);
        let code = invite(town, butler, Role::Owner).unwrap();
        assert!(matches!(
            redeem(town, &code, "BUTLER"),
            Err(Error::LoginTaken)
        ));
        redeem(town, &code, "13900000001").unwrap();
    });
}

#[test]
fn invitations_give_no_staff_role_and_need_the_permission_here() {
    on_each_engine("invite_limits", |town| {
        let butler = town.person("butler", &[(HERE, Role::Butler)]);
        let owner = town.person("owner", &[(HERE, Role::Owner)]);
        let elsewhere = town.person("elsewhere", &[(THERE, Role::CommitteeMember)]);
        let staff = invite(town, butler, Role::CommitteeMember);
        assert!(matches!(
            staff,
            Err(Error::RoleNotHere {
                role: Role::CommitteeMember
            })
        ));
        for person in [owner, elsewhere] {
            let denied = invite(town, person, Role::Resident);
            assert!(matches!(denied, Err(Error::Denied(_))), "{denied:?}");
        }
    });
}

#[test]
fn a_person_with_an_account_joins_with_a_code() {
    on_each_engine("join", |town| {
        let butler = town.person("butler", &[(HERE, Role::Butler)]);
        let owner = town.person("owner", &[(THERE, Role::Owner)]);
        let (token, _) = town.sign_in("owner");
        let code = invite(town, butler, Role::Owner).unwrap();
        let join = || JoinWithCode {
            code: code.index(&town.vault).unwrap(),
        };
        town.run_as(owner, CommunityId::CITY, join()).unwrap();
        let who = town.who(&token).unwrap();
        assert_eq!(who.communities(town.now()), [HERE, THERE]);
        let twice = town.run_as(owner, CommunityId::CITY, join());
        assert!(matches!(twice, Err(Error::CodeSettled)));
        let held = invite(town, butler, Role::Owner).unwrap();
        let join = JoinWithCode {
            code: held.index(&town.vault).unwrap(),
        };
        let again = town.run_as(owner, CommunityId::CITY, join);
        assert!(matches!(again, Err(Error::RoleHeld { .. })));
        redeem(town, &held, "13900000001").unwrap();
    });
}

#[test]
fn a_reset_code_sets_a_password_ends_the_sessions_and_lifts_the_lock() {
    on_each_engine("reset", |town| {
        let butler = town.person("butler", &[(HERE, Role::Butler)]);
        let owner = town.person("owner", &[(HERE, Role::Owner)]);
        let (token, _) = town.sign_in("owner");
        for round in 0..10 {
            let _ = town.sign_in_from("owner", "wrong password", &format!("10.1.0.{round}"));
            town.pass_seconds(if round < 9 { 60 } else { 0 });
        }
        let first = reset(town, butler, owner).unwrap();
        let second = reset(town, butler, owner).unwrap();
        let set = |code: &OneTimeCode| {
            let code = code.index(&town.vault).unwrap();
            town.run_as_anyone(RedeemReset {
                code,
                password: town.hash("willow by the bridge"),
            })
        };
        assert!(
            matches!(set(&first), Err(Error::CodeSettled)),
            "the newest code replaces"
        );
        assert!(town.who(&token).is_some());
        assert_eq!(set(&second).unwrap().account, owner);
        assert!(town.who(&token).is_none());
        assert!(town.sign_in_from("owner", PASSWORD, "10.2.0.1").is_err());
        town.sign_in_from("owner", "willow by the bridge", "10.2.0.1")
            .unwrap();
        assert!(matches!(set(&second), Err(Error::CodeSettled)));
        assert!(matches!(
            redeem(town, &second, "one"),
            Err(Error::CodeSettled)
        ));
    });
}

#[test]
fn a_desk_resets_neither_staff_nor_strangers_so_it_can_become_nobody() {
    on_each_engine("reset_limits", |town| {
        let butler = town.person("butler", &[(HERE, Role::Butler)]);
        let member = town.person(
            "member",
            &[(HERE, Role::Owner), (THERE, Role::CommitteeMember)],
        );
        let stranger = town.person("stranger", &[(THERE, Role::Owner)]);
        let refused = reset(town, butler, member);
        assert!(
            matches!(refused, Err(Error::NeedsAdministrator)),
            "{refused:?}"
        );
        for account in [stranger, town.administrator] {
            let refused = reset(town, butler, account);
            assert!(matches!(refused, Err(Error::NoSuchAccount)), "{refused:?}");
        }
        reset(town, town.administrator, member).unwrap();
    });
}

#[test]
fn an_invitation_code_is_no_reset_code_and_the_other_way_round() {
    on_each_engine("purpose", |town| {
        let butler = town.person("butler", &[(HERE, Role::Butler)]);
        let owner = town.person("owner", &[(HERE, Role::Owner)]);
        let invitation = invite(town, butler, Role::Owner).unwrap();
        let code = invitation.index(&town.vault).unwrap();
        let set = RedeemReset {
            code,
            password: town.hash(PASSWORD),
        };
        assert!(matches!(town.run_as_anyone(set), Err(Error::CodeUnknown)));
        let code = reset(town, butler, owner).unwrap();
        assert!(matches!(
            redeem(town, &code, "one"),
            Err(Error::CodeUnknown)
        ));
    });
}

#[test]
fn nobody_raises_themselves_or_others_above_their_own_standing() {
    on_each_engine("standing", |town| {
        let member = town.person("member", &[(HERE, Role::CommitteeMember)]);
        let owner = town.person("owner", &[(HERE, Role::Owner)]);
        let grant = |account, role| GrantRole {
            account,
            role,
            organisation: None,
            until: None,
            reason: "elected".to_owned(),
        };
        let himself = town.run_as(member, HERE, grant(member, Role::Butler));
        assert!(matches!(himself, Err(Error::OnOneself)));
        for role in [Role::CommitteeMember, Role::CityStaff] {
            let denied = town.run_as(member, HERE, grant(owner, role));
            assert!(matches!(denied, Err(Error::Denied(_))), "{role:?}");
        }
        town.run_as(member, HERE, grant(owner, Role::Butler))
            .unwrap();
        let twice = town.run_as(member, HERE, grant(owner, Role::Butler));
        assert!(matches!(twice, Err(Error::RoleHeld { role: Role::Butler })));
        let elsewhere = town.run_as(member, THERE, grant(owner, Role::Butler));
        assert!(matches!(elsewhere, Err(Error::Denied(_))));
        let misplaced = town.run_as(town.administrator, HERE, grant(owner, Role::Administrator));
        assert!(matches!(misplaced, Err(Error::RoleNotHere { .. })));
    });
}
