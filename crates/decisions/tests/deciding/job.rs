//! The whole job, from the draft to the announcement.

use ballot::resolution::Choice;
use decisions::{
    AnnounceResult, AnswerObjection, Channel, CountVotes, Error, RaiseObjection, RecordVote,
    ResolutionId, Stage,
};
use test_kit::on_both_engines;

use crate::world::{COMMITTEE, LI, WANG, World, ZHAO, open_rules};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_community_decides,
}

fn a_community_decides(world: &World) {
    world.adopt(open_rules());
    let id = world.open();
    world.cast(WANG, id, "101", Choice::For).unwrap();
    world.cast(LI, id, "102", Choice::For).unwrap();
    world.cast(LI, id, "103", Choice::For).unwrap();
    for (unit, choice) in [
        ("201", Choice::For),
        ("202", Choice::Against),
        ("203", Choice::Abstain),
    ] {
        let vote = RecordVote {
            resolution: id,
            unit: world.unit(unit),
            choice,
            channel: Channel::Paper,
            received_at: world.now(),
            evidence: "表决票第 7 号".to_owned(),
        };
        world.must(COMMITTEE, vote);
    }
    world.close(id);
    assert!(
        world.must(COMMITTEE, CountVotes { resolution: id }),
        "it passed"
    );
    the_numbers_are_right(world, id);
    objections_hold_the_announcement_up(world, id);
    let stage = world
        .read(WANG, move |read, ctx| decisions::view(read, ctx, id))
        .unwrap()
        .stage;
    assert_eq!(stage, Stage::Announced);
}

fn the_numbers_are_right(world: &World, id: ResolutionId) {
    let result = world
        .read(WANG, move |read, ctx| decisions::result(read, ctx, id))
        .unwrap();
    let total = result.outcome.total;
    // 王, 李, 赵 with 钱, 孙, 周, 吴 and the developer: seven heads over eight units.
    assert_eq!((total.units, total.heads, total.area.get()), (8, 7, 80_000));
    let tally = &result.outcome.tally;
    assert_eq!(
        (tally.participating.units, tally.participating.heads),
        (6, 5)
    );
    assert_eq!((tally.in_favour.units, tally.in_favour.heads), (4, 3));
    assert_eq!((tally.unserved.units, tally.unserved.heads), (2, 2));
    assert!(tally.participation_met && tally.consent_met);
    assert!(
        tally
            .thresholds
            .iter()
            .all(|check| check.citation.contains("第二百七十八条"))
    );
}

fn objections_hold_the_announcement_up(world: &World, id: ResolutionId) {
    let early = world.run(
        COMMITTEE,
        AnnounceResult {
            resolution: id,
            remark: String::new(),
        },
    );
    assert!(
        matches!(
            early,
            Err(Error::WrongStage {
                stage: Stage::Objection,
                ..
            })
        ),
        "{early:?}"
    );
    let text = "请公布比选记录。".to_owned();
    let objection = world.must(
        ZHAO,
        RaiseObjection {
            resolution: id,
            text,
        },
    );
    world.set_now(world.now().plus_days(9));
    let late = world.run(
        WANG,
        RaiseObjection {
            resolution: id,
            text: "太晚".to_owned(),
        },
    );
    assert!(
        matches!(
            late,
            Err(Error::WrongStage {
                stage: Stage::Settled,
                ..
            })
        ),
        "{late:?}"
    );
    let unanswered = world.run(
        COMMITTEE,
        AnnounceResult {
            resolution: id,
            remark: String::new(),
        },
    );
    assert!(
        matches!(unanswered, Err(Error::ObjectionsUnanswered { count: 1 })),
        "{unanswered:?}"
    );
    let text = "已张贴在公告栏。".to_owned();
    world.must(
        COMMITTEE,
        AnswerObjection {
            resolution: id,
            objection,
            text,
        },
    );
    let again = AnswerObjection {
        resolution: id,
        objection,
        text: "再答".to_owned(),
    };
    assert!(matches!(
        world.run(COMMITTEE, again),
        Err(Error::NoSuchPart { .. })
    ));
    assert!(world.must(
        COMMITTEE,
        AnnounceResult {
            resolution: id,
            remark: "30 日内实施。".to_owned()
        }
    ));
}
