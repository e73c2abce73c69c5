//! How a text is put to the public and answered, through commands and queries, on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::collections::BTreeSet;

use consultation::{
    AnswerComments, COMMANDS, COMMENTS_A_DAY, Change, ChangeText, Channel, CommentOnText,
    ConsultationId, Draft, DraftText, EnterLetter, Error, IssueVersion, Outcome, PublishText,
    Stage, TextKind, View, WithdrawComment,
};
use db::{Read, Tx};
use journal::Command;
use kernel::{Actor, CommunityId, Grants, Role};
use test_kit::{Person, TestCommunity, on_both_engines};

const COMMITTEE: Person = Person(1, Role::CommitteeMember);
const BUTLER: Person = Person(2, Role::Butler);
const WANG: Person = Person(11, Role::Resident);
const LI: Person = Person(12, Role::Owner);

struct World(TestCommunity);

impl std::ops::Deref for World {
    type Target = TestCommunity;

    fn deref(&self) -> &TestCommunity {
        &self.0
    }
}

impl World {
    fn on_sqlite() -> Self {
        let tables = [consultation::MIGRATIONS];
        Self(TestCommunity::on_sqlite(
            &tables,
            &[consultation::PERMISSIONS],
        ))
    }

    fn on_postgres() -> Option<Self> {
        let tables = [consultation::MIGRATIONS];
        let permissions = [consultation::PERMISSIONS];
        TestCommunity::on_postgres("consultation", &tables, &permissions).map(Self)
    }

    fn draft(&self) -> Draft {
        Draft {
            title: "电动自行车停放管理办法".to_owned(),
            department: "业主委员会".to_owned(),
            kind: TextKind::Community,
            about: "消防检查要求整改。".to_owned(),
            clauses: ["前言", "（一）集中停放", "（二）统一充电 🔌"]
                .map(str::to_owned)
                .to_vec(),
            closes: self.now().plus_days(10),
            shortened: String::new(),
        }
    }

    fn published(&self) -> ConsultationId {
        let draft = self.draft();
        let consultation = self.must(COMMITTEE, DraftText { draft });
        self.must(COMMITTEE, PublishText { consultation });
        consultation
    }

    fn view(&self, who: Person, id: ConsultationId) -> Result<View, Error> {
        self.read(who, move |read, ctx| {
            consultation::consultation(read, ctx, id, 0, None)
        })
    }

    fn say(&self, who: Person, id: ConsultationId, clause: u32, text: &str) -> Result<u32, Error> {
        let comment = CommentOnText {
            consultation: id,
            clause,
            text: text.to_owned(),
        };
        self.run(who, comment)
    }
}

on_both_engines! { crate::World::on_sqlite(), crate::World::on_postgres();
    every_statement_can_be_prepared,
    a_text_is_drafted_published_commented_and_answered,
    after_the_end_nothing_comes_in,
    the_law_s_period_needs_a_reason_to_be_shorter,
    comments_keep_their_limits,
    whoever_has_no_account_comments_and_can_t_withdraw,
    the_next_version_waits_for_every_answer,
    every_tampering_is_found,
}

fn every_statement_can_be_prepared(world: &World) {
    for statements in consultation::STATEMENTS {
        world.journal.database().prepare_all(statements).unwrap();
    }
}

fn a_text_is_drafted_published_commented_and_answered(world: &World) {
    let mut draft = world.draft();
    let consultation = world.must(
        COMMITTEE,
        DraftText {
            draft: draft.clone(),
        },
    );
    assert!(matches!(
        world.view(WANG, consultation),
        Err(Error::NoSuchConsultation)
    ));
    draft.clauses.remove(0);
    world.must(
        COMMITTEE,
        ChangeText {
            consultation,
            draft: draft.clone(),
        },
    );
    world.must(COMMITTEE, PublishText { consultation });
    let changed = world.run(
        COMMITTEE,
        ChangeText {
            consultation,
            draft: draft.clone(),
        },
    );
    assert!(matches!(changed, Err(Error::WrongStage { .. })));
    assert_eq!(
        world
            .say(WANG, consultation, 1, "太远了，老人不方便。")
            .unwrap(),
        1
    );
    assert_eq!(
        world.say(LI, consultation, 1, "太远了 老人不方便").unwrap(),
        2
    );
    assert_eq!(world.say(LI, consultation, 0, "支持").unwrap(), 3);
    assert!(matches!(
        world.say(LI, consultation, 3, "x"),
        Err(Error::NoSuchClause { clause: 3 })
    ));
    let others = world.run(
        WANG,
        WithdrawComment {
            consultation,
            number: 3,
        },
    );
    assert!(matches!(others, Err(Error::OthersComment)));
    world.must(
        LI,
        WithdrawComment {
            consultation,
            number: 3,
        },
    );
    let answer = |numbers: Vec<u32>| AnswerComments {
        consultation,
        numbers,
        outcome: Outcome::Partly,
        reason: "东侧增设一处。".to_owned(),
    };
    let withdrawn = world.run(COMMITTEE, answer(vec![1, 3]));
    assert!(matches!(withdrawn, Err(Error::NoSuchComment { number: 3 })));
    world.must(COMMITTEE, answer(vec![2, 1, 2]));
    let again = world.run(COMMITTEE, answer(vec![1]));
    assert!(matches!(again, Err(Error::NoSuchComment { number: 1 })));
    let view = world.view(WANG, consultation).unwrap();
    assert_eq!(view.stage, Stage::Open);
    assert_eq!(view.one.draft, draft);
    assert_eq!(
        view.comments[1].same_as,
        Some(1),
        "like words are shown to staff"
    );
    assert_eq!(
        view.comments[2].text, "支持",
        "a withdrawn comment leaves its trace"
    );
    assert!(view.comments[2].withdrawn.is_some());
    let answers = view
        .comments
        .iter()
        .map(|one| one.answered.as_ref().map(|one| one.outcome));
    assert_eq!(
        answers.collect::<Vec<_>>(),
        [Some(Outcome::Partly), Some(Outcome::Partly), None]
    );
    assert_eq!(
        (view.count(Some(1), "partly"), view.count(None, "withdrawn")),
        (2, 1)
    );
    let of_clause = world
        .read(WANG, move |read, ctx| {
            consultation::consultation(read, ctx, consultation, 1, Some(1))
        })
        .unwrap();
    let numbers: Vec<u32> = of_clause.comments.iter().map(|one| one.number).collect();
    assert_eq!(numbers, [2]);
}

fn letter(world: &World, consultation: ConsultationId) -> EnterLetter {
    EnterLetter {
        consultation,
        clause: 2,
        channel: Channel::Letter,
        text: "请写明收费。".to_owned(),
        received: world.now(),
    }
}

fn after_the_end_nothing_comes_in(world: &World) {
    let consultation = world.published();
    let mine = world.say(WANG, consultation, 1, "早说").unwrap();
    let in_time = letter(world, consultation);
    let closes = world.draft().closes;
    world.set_now(closes.plus_seconds(-1));
    world.say(WANG, consultation, 1, "赶上了").unwrap();
    world.set_now(closes);
    for outcome in [
        world.say(WANG, consultation, 1, "迟了").map(|_| ()),
        world.run(
            WANG,
            WithdrawComment {
                consultation,
                number: mine,
            },
        ),
    ] {
        assert!(matches!(
            outcome,
            Err(Error::WrongStage {
                stage: Stage::Ended,
                ..
            })
        ));
    }
    let late = world.run(BUTLER, letter(world, consultation));
    assert!(matches!(late, Err(Error::Received)));
    let online = EnterLetter {
        channel: Channel::Online,
        ..letter(world, consultation)
    };
    assert!(matches!(
        world.run(BUTLER, online),
        Err(Error::Blank { field: "channel" })
    ));
    assert_eq!(
        world.must(BUTLER, in_time),
        3,
        "what came in time may be entered later"
    );
    let report = world
        .read(LI, move |read, ctx| {
            consultation::report(read, ctx, consultation)
        })
        .unwrap();
    assert_eq!(report.comments.len(), 3, "everything that came is shown");
}

fn the_law_s_period_needs_a_reason_to_be_shorter(world: &World) {
    let earliest = |kind| {
        let period = consultation::period(kind, world.now().date()).unwrap();
        assert!(period.grounds.iter().all(|ground| !ground.verified));
        period.earliest
    };
    assert_eq!(earliest(TextKind::Community), None);
    for kind in [TextKind::MajorDecision, TextKind::Normative] {
        let earliest = earliest(kind).unwrap();
        let publish = |closes, shortened: &str| {
            let shortened = shortened.to_owned();
            let draft = Draft {
                kind,
                closes,
                shortened,
                ..world.draft()
            };
            let consultation = world.must(COMMITTEE, DraftText { draft });
            world.run(COMMITTEE, PublishText { consultation })
        };
        publish(earliest, "").unwrap();
        let short = publish(earliest.plus_seconds(-1), " ");
        assert!(matches!(short, Err(Error::TooShort { .. })), "{kind:?}");
        publish(earliest.plus_seconds(-1), "汛期紧急").unwrap();
        assert!(matches!(publish(world.now(), "汛期紧急"), Err(Error::Over)));
    }
}

fn comments_keep_their_limits(world: &World) {
    let consultation = world.published();
    assert!(matches!(
        world.say(WANG, consultation, 0, " "),
        Err(Error::Blank { .. })
    ));
    let long = "長".repeat(4_001);
    assert!(matches!(
        world.say(WANG, consultation, 0, &long),
        Err(Error::TooLong { .. })
    ));
    for _ in 0..COMMENTS_A_DAY {
        world.say(WANG, consultation, 0, "刷屏").unwrap();
    }
    let more = world.say(WANG, consultation, 0, "刷屏");
    assert!(matches!(more, Err(Error::TooManyComments { .. })));
    world.say(LI, consultation, 0, "別人還可以說 👍").unwrap();
    world.set_now(world.now().plus_days(1).plus_seconds(1));
    world.say(WANG, consultation, 0, "次日").unwrap();
}

fn whoever_has_no_account_comments_and_can_t_withdraw(world: &World) {
    let consultation = world.published();
    let nameless = || {
        let mut ctx = world.context(WANG);
        ctx.actor = Actor::Anonymous;
        ctx
    };
    let say = |text: &str| {
        let comment = CommentOnText {
            consultation,
            clause: 1,
            text: text.to_owned(),
        };
        world.journal.execute_blocking(nameless(), comment)
    };
    // They are many people, whom the web holds back by their addresses.
    for turn in 0..=COMMENTS_A_DAY {
        say(&format!("第{turn}位路人")).unwrap();
    }
    let number = say("路过").unwrap();
    let withdraw = || WithdrawComment {
        consultation,
        number,
    };
    let outcome = world.journal.execute_blocking(nameless(), withdraw());
    assert!(matches!(outcome, Err(Error::OthersComment)));
    let outcome = world
        .journal
        .execute_blocking(world.context(WANG), withdraw());
    assert!(matches!(outcome, Err(Error::OthersComment)));
    let view = world.view(LI, consultation).unwrap();
    assert_eq!(view.count(Some(1), "waiting"), COMMENTS_A_DAY + 2);
}

fn the_next_version_waits_for_every_answer(world: &World) {
    let consultation = world.published();
    let number = world.say(WANG, consultation, 2, "东侧也设一处。").unwrap();
    let before = world.draft().clauses;
    let after = ["前言", "（一）集中停放，东西两侧各设一处", "（三）附则"].map(str::to_owned);
    let issue = |clauses: &[String]| {
        let version = IssueVersion {
            consultation,
            clauses: clauses.to_vec(),
            note: "按意见增设停放点。".to_owned(),
        };
        world.run(COMMITTEE, version)
    };
    assert!(matches!(
        issue(&after),
        Err(Error::WrongStage {
            stage: Stage::Open,
            ..
        })
    ));
    world.set_now(world.draft().closes);
    assert!(matches!(
        issue(&after),
        Err(Error::Unanswered { comments: 1 })
    ));
    let answer = AnswerComments {
        consultation,
        numbers: vec![number],
        outcome: Outcome::Adopted,
        reason: "已增设。".to_owned(),
    };
    world.must(COMMITTEE, answer);
    assert!(matches!(issue(&before), Err(Error::Unchanged)));
    assert!(matches!(issue(&[]), Err(Error::Clauses { .. })));
    assert_eq!(issue(&after).unwrap(), 2);
    assert!(matches!(issue(&after), Err(Error::Unchanged)));
    assert_eq!(issue(&before).unwrap(), 3, "back is a change too");
    let revision = |number| {
        world.read(WANG, move |read, ctx| {
            consultation::revision(read, ctx, consultation, number)
        })
    };
    let second = revision(2).unwrap();
    assert_eq!((second.before, second.adopted), (before, vec![(2, number)]));
    assert!(matches!(
        second.changes.as_slice(),
        [
            Change::Same { .. },
            Change::Changed {
                before: 2,
                after: 2,
                ..
            },
            Change::Removed { before: 3 },
            Change::Added { after: 3 },
        ]
    ));
    assert_eq!(revision(3).unwrap().before, after);
    for number in [0, 1, 4] {
        assert!(matches!(revision(number), Err(Error::NoSuchVersion { .. })));
    }
}

const TAMPERINGS: &[&str] = &[
    "update consultation set draft = replace(draft, '集中', '分散')",
    "update consultation set closes = closes + 1",
    "update consultation_publication set published_at = 1",
    "update consultation_comment set text = 'x'",
    "update consultation_comment set received_at = 1",
    "delete from consultation_withdrawal",
    "update consultation_answer set outcome = 'adopted'",
    "update consultation_answer set reason = 'x'",
    "delete from consultation_answered",
    "update consultation_version set clauses = replace(clauses, '甲', '乙')",
    "update consultation_version set note = 'x'",
    "delete from consultation_version",
];

fn every_tampering_is_found(world: &World) {
    let consultation = world.published();
    world.say(WANG, consultation, 1, "甲").unwrap();
    world.say(WANG, consultation, 1, "乙").unwrap();
    world.must(
        WANG,
        WithdrawComment {
            consultation,
            number: 1,
        },
    );
    let answer = AnswerComments {
        consultation,
        numbers: vec![2],
        outcome: Outcome::NotAdopted,
        reason: "另有规定。".to_owned(),
    };
    world.must(COMMITTEE, answer);
    world.set_now(world.draft().closes);
    let version = IssueVersion {
        consultation,
        clauses: vec!["甲".to_owned()],
        note: "乙".to_owned(),
    };
    world.must(COMMITTEE, version);
    assert_eq!(audited(world, ""), Vec::<String>::new());
    for tampering in TAMPERINGS {
        assert_ne!(
            audited(world, tampering),
            Vec::<String>::new(),
            "{tampering}"
        );
    }
}

struct Undone(Vec<String>);

impl From<db::Error> for Undone {
    fn from(error: db::Error) -> Self {
        panic!("{error}");
    }
}

/// What the audit finds after a tampering, which is undone.
fn audited(world: &World, tampering: &'static str) -> Vec<String> {
    let community = world.id;
    let key = world.journal.signer().verifying_key();
    let database = world.journal.database();
    let undone = database.write_blocking(community, move |tx: &mut dyn Tx| {
        if !tampering.is_empty() {
            assert!(
                tx.execute(tampering, &[])? > 0,
                "{tampering} changes nothing"
            );
        }
        Err::<(), Undone>(Undone(found(tx, community, &key).unwrap()))
    });
    undone.unwrap_err().0
}

fn found(
    read: &mut dyn Read,
    community: CommunityId,
    key: &proof::VerifyingKey,
) -> Result<Vec<String>, Error> {
    let mut audit = consultation::Audit::new();
    journal::audit(read, &TestCommunity::vault(), key, community, &mut |seen| {
        audit.see(seen);
        Ok(())
    })?;
    Ok(audit.compare(read, community)?.findings.lines().collect())
}

/// Sends a command without any permission and notes its name.
fn refused<C: Command<Error = Error>>(world: &World, tried: &mut BTreeSet<&str>, command: C) {
    let ctx = world.context_with(Actor::account(WANG.account()), Grants::default());
    let outcome = world.journal.execute_blocking(ctx, command);
    assert!(
        matches!(outcome.err(), Some(Error::Denied(_))),
        "{}",
        C::NAME
    );
    tried.insert(C::NAME);
}

#[test]
fn every_command_is_denied_without_its_permission() {
    let world = World::on_sqlite();
    let consultation = world.published();
    let draft = || world.draft();
    let tried = &mut BTreeSet::new();
    refused(&world, tried, DraftText { draft: draft() });
    refused(
        &world,
        tried,
        ChangeText {
            consultation,
            draft: draft(),
        },
    );
    refused(&world, tried, PublishText { consultation });
    let text = String::new();
    refused(
        &world,
        tried,
        CommentOnText {
            consultation,
            clause: 0,
            text,
        },
    );
    refused(
        &world,
        tried,
        WithdrawComment {
            consultation,
            number: 1,
        },
    );
    refused(&world, tried, letter(&world, consultation));
    let answer = AnswerComments {
        consultation,
        numbers: vec![1],
        outcome: Outcome::Adopted,
        reason: String::new(),
    };
    refused(&world, tried, answer);
    let version = IssueVersion {
        consultation,
        clauses: Vec::new(),
        note: String::new(),
    };
    refused(&world, tried, version);
    assert_eq!(*tried, COMMANDS.iter().map(|(name, _)| *name).collect());
}

fn keys(source: &str) -> BTreeSet<&str> {
    let lines = source.lines().filter_map(|line| line.split_once(" = "));
    lines.map(|(key, _)| key).collect()
}

#[test]
fn both_languages_say_the_same_and_every_error_has_a_text() {
    let zh = keys(include_str!("../../messages/zh-CN.ftl"));
    let en = keys(include_str!("../../messages/en.ftl"));
    assert_eq!(zh, en);
    for code in include_str!("../../src/error.rs").split('"') {
        let is_code = code.starts_with("consultation-error-");
        assert!(!is_code || en.contains(code), "{code} has no text");
    }
}
