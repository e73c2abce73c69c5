//! What changes a published vote: its one extension, and corrections with two signatures.

use ballot::resolution::Choice;
use decisions::{
    AddAttachment, AnnounceResult, AttachmentId, Channel, ConfirmCorrection, CorrectionId,
    CountVotes, Error, ExtendWindow, ProposeCorrection, PublishedRecord, RecordVote,
    RefuseCorrection, ResolutionId, Rules, VoteCast,
};
use test_kit::on_both_engines;

use crate::world::{COMMITTEE, LI, SECOND, WANG, World, ZHAO, open_rules};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_vote_is_extended_once_and_votes_and_receipts_stand,
    an_extension_needs_a_rule_short_turnout_and_an_open_vote,
    an_extended_vote_is_held_back_and_counted_by_its_new_close,
    a_correction_counts_only_with_a_second_hand,
    a_correction_after_the_count_makes_it_again,
    a_vote_taken_down_for_the_wrong_unit_goes_and_leaves_its_trace,
    what_an_owner_cast_is_not_corrected,
    two_people_correct_the_same_vote_and_one_of_them_waits,
    a_vote_that_moved_on_is_not_corrected,
    nothing_is_announced_while_a_correction_waits,
}

fn extend(world: &World, resolution: ResolutionId, days: i64) -> Result<(), Error> {
    let command = ExtendWindow {
        resolution,
        closes: world.window(resolution).closes.plus_days(days),
        reason: "参与人数不足三分之二".to_owned(),
    };
    world.run(COMMITTEE, command)
}

fn a_vote_is_extended_once_and_votes_and_receipts_stand(world: &World) {
    world.adopt(open_rules());
    let id = world.open();
    let first = world.cast(WANG, id, "101", Choice::For).unwrap();
    let announced = world.window(id).closes;
    extend(world, id, 15).unwrap();
    let again = extend(world, id, 1);
    assert!(matches!(again, Err(Error::AlreadyExtended)), "{again:?}");
    world.set_now(announced.plus_seconds(1));
    world.cast(LI, id, "102", Choice::For).unwrap();
    let own = world.read(WANG, move |read, ctx| {
        let unit = decisions::view(read, ctx, id)?.own.remove(0).unit;
        decisions::own_receipt(read, ctx, id, unit)
    });
    assert_eq!(own.unwrap(), first.position);
    world.set_now(announced.plus_days(15));
    let late = world.cast(LI, id, "103", Choice::For);
    assert!(matches!(late, Err(Error::VoteOver { .. })), "{late:?}");
}

fn an_extension_needs_a_rule_short_turnout_and_an_open_vote(world: &World) {
    world.adopt(Rules {
        extension_days: 0,
        ..open_rules()
    });
    let id = world.open();
    let refused = extend(world, id, 1);
    assert!(
        matches!(refused, Err(Error::ExtensionNotProvided)),
        "{refused:?}"
    );
    world.set_now(world.now().plus_days(-16));
    world.adopt(open_rules());
    let id = world.open();
    for days in [0, -1, 16] {
        let refused = extend(world, id, days);
        assert!(
            matches!(refused, Err(Error::ExtensionLength { days: 15, .. })),
            "{refused:?}"
        );
    }
    for unit in ["101", "102", "103", "104", "201", "202"] {
        paper(world, id, unit, Choice::For);
    }
    let refused = extend(world, id, 3);
    assert!(matches!(refused, Err(Error::EnoughTakePart)), "{refused:?}");
    world.close(id);
    let late = extend(world, id, 3);
    assert!(matches!(late, Err(Error::WrongStage { .. })), "{late:?}");
}

fn an_extended_vote_is_held_back_and_counted_by_its_new_close(world: &World) {
    world.adopt(Rules {
        turnout_while_open: false,
        ..open_rules()
    });
    let id = world.open();
    let announced = world.window(id).closes;
    extend(world, id, 5).unwrap();
    let (community, now) = (world.id, announced.plus_days(1));
    let held = world
        .journal
        .database()
        .read_blocking(move |read| decisions::held_back(read, community, now))
        .unwrap();
    assert_eq!(held[0].1, announced.plus_days(5));
    world.set_now(now);
    let early = world.run(COMMITTEE, CountVotes { resolution: id });
    assert!(matches!(early, Err(Error::WrongStage { .. })), "{early:?}");
    world.close(id);
    world.must(COMMITTEE, CountVotes { resolution: id });
    assert_eq!(record(world, id).extended_from, Some(announced));
}

fn paper(world: &World, resolution: ResolutionId, unit: &str, choice: Choice) -> VoteCast {
    let vote = RecordVote {
        resolution,
        unit: world.unit(unit),
        choice,
        channel: Channel::Paper,
        received_at: world.now(),
        evidence: "票箱二".to_owned(),
    };
    world.must(COMMITTEE, vote)
}

fn scan(world: &World, resolution: ResolutionId) -> AttachmentId {
    let file = AddAttachment {
        resolution,
        evidence: true,
        name: "票.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        content: b"%PDF-1.7 ballot".to_vec(),
    };
    world.must(COMMITTEE, file)
}

fn propose(
    world: &World,
    resolution: ResolutionId,
    unit: &str,
    choice: Option<Choice>,
) -> Result<CorrectionId, Error> {
    let proposal = ProposeCorrection {
        resolution,
        unit: world.unit(unit),
        choice,
        reason: "录入时看错".to_owned(),
        scan: scan(world, resolution),
    };
    world.run(COMMITTEE, proposal)
}

fn confirm(world: &World, resolution: ResolutionId, correction: CorrectionId) {
    let confirmation = ConfirmCorrection {
        resolution,
        correction,
    };
    world.must(SECOND, confirmation);
}

fn record(world: &World, id: ResolutionId) -> PublishedRecord {
    let text = world
        .read(WANG, move |read, ctx| {
            decisions::published_record(read, ctx, id)
        })
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

fn a_correction_counts_only_with_a_second_hand(world: &World) {
    let id = world.open();
    let cast = paper(world, id, "201", Choice::For);
    let correction = propose(world, id, "201", Some(Choice::Against)).unwrap();
    let same = world.run(
        COMMITTEE,
        ConfirmCorrection {
            resolution: id,
            correction,
        },
    );
    assert!(matches!(same, Err(Error::SameHand)), "{same:?}");
    confirm(world, id, correction);
    world.close(id);
    world.must(COMMITTEE, CountVotes { resolution: id });
    let record = record(world, id);
    assert_eq!(
        record.ballots[0].code, cast.code,
        "the receipt still finds it"
    );
    assert_eq!(record.ballots[0].choice, Choice::Against);
    assert_eq!(record.corrections[0].choice, Some(Choice::Against));
    let unit = world.unit("201");
    let trace = world.read(COMMITTEE, move |read, ctx| {
        decisions::unit_trace(read, ctx, id, unit)
    });
    let votes = trace.unwrap().votes;
    assert_eq!(votes.len(), 2, "what was recorded first stays");
    assert_eq!(votes[0].corrected.as_deref(), Some("录入时看错"));
    assert_eq!(votes[1].choice.as_deref(), Some("for"));
}

fn a_correction_after_the_count_makes_it_again(world: &World) {
    world.adopt(open_rules());
    let id = world.open();
    for unit in ["101", "102", "103", "201", "202", "203"] {
        let choice = if unit > "200" {
            Choice::Against
        } else {
            Choice::For
        };
        paper(world, id, unit, choice);
    }
    world.close(id);
    assert!(!world.must(COMMITTEE, CountVotes { resolution: id }));
    let before = record(world, id);
    world.set_now(world.now().plus_days(2));
    for unit in ["201", "202", "203"] {
        let correction = propose(world, id, unit, Some(Choice::For)).unwrap();
        confirm(world, id, correction);
    }
    let counted = world.read(WANG, move |read, ctx| decisions::result(read, ctx, id));
    let counted = counted.unwrap();
    assert!(counted.outcome.passed());
    let until = counted.resolution.count.unwrap().objections_until;
    assert!(
        until >= world.now().plus_days(7),
        "objections are taken anew"
    );
    assert_eq!(record(world, id).corrections.len(), 3);
    let earlier = world
        .read(WANG, move |read, ctx| {
            let counts = decisions::counts_before(read, ctx, id)?;
            assert_eq!(counts.len(), 3);
            decisions::earlier_record(read, ctx, id, counts[0].0)
        })
        .unwrap();
    assert_eq!(
        serde_json::from_str::<PublishedRecord>(&earlier)
            .unwrap()
            .ballots,
        before.ballots
    );
}

fn a_vote_taken_down_for_the_wrong_unit_goes_and_leaves_its_trace(world: &World) {
    let id = world.open();
    paper(world, id, "202", Choice::For);
    let correction = propose(world, id, "202", None).unwrap();
    confirm(world, id, correction);
    paper(world, id, "202", Choice::Against);
    world.close(id);
    world.must(COMMITTEE, CountVotes { resolution: id });
    let record = record(world, id);
    assert_eq!(record.ballots.len(), 1);
    assert_eq!(record.ballots[0].choice, Choice::Against);
    assert_eq!(record.corrections[0].choice, None);
    let unit = world.unit("202");
    let trace = world.read(COMMITTEE, move |read, ctx| {
        decisions::unit_trace(read, ctx, id, unit)
    });
    assert_eq!(trace.unwrap().votes.len(), 3);
}

fn what_an_owner_cast_is_not_corrected(world: &World) {
    let id = world.open();
    world.cast(WANG, id, "101", Choice::For).unwrap();
    let refused = propose(world, id, "101", Some(Choice::Against));
    assert!(matches!(refused, Err(Error::CastByTheOwner)), "{refused:?}");
    paper(world, id, "201", Choice::For);
    let nothing = propose(world, id, "201", Some(Choice::For));
    assert!(
        matches!(nothing, Err(Error::CorrectsNothing)),
        "{nothing:?}"
    );
    let silent = propose(world, id, "201", Some(Choice::Silent));
    assert!(
        matches!(silent, Err(Error::NotCastable { .. })),
        "{silent:?}"
    );
}

fn two_people_correct_the_same_vote_and_one_of_them_waits(world: &World) {
    let id = world.open();
    paper(world, id, "201", Choice::For);
    let correction = propose(world, id, "201", Some(Choice::Against)).unwrap();
    let other = ProposeCorrection {
        resolution: id,
        unit: world.unit("201"),
        choice: Some(Choice::Abstain),
        reason: "看成弃权".to_owned(),
        scan: scan(world, id),
    };
    let refused = world.run(SECOND, other);
    assert!(
        matches!(refused, Err(Error::CorrectionWaits)),
        "{refused:?}"
    );
    confirm(world, id, correction);
    let again = world.run(
        SECOND,
        ConfirmCorrection {
            resolution: id,
            correction,
        },
    );
    assert!(matches!(again, Err(Error::CorrectionEnded)), "{again:?}");
}

fn a_vote_that_moved_on_is_not_corrected(world: &World) {
    world.adopt(open_rules());
    let id = world.open();
    paper(world, id, "101", Choice::For);
    let correction = propose(world, id, "101", Some(Choice::Abstain)).unwrap();
    world.set_now(world.now().plus_seconds(60));
    world.cast(WANG, id, "101", Choice::Against).unwrap();
    let confirmation = ConfirmCorrection {
        resolution: id,
        correction,
    };
    let refused = world.run(SECOND, confirmation);
    assert!(matches!(refused, Err(Error::VoteMovedOn)), "{refused:?}");
    let remark = "业主已自己投票".to_owned();
    world.must(
        SECOND,
        RefuseCorrection {
            resolution: id,
            correction,
            remark,
        },
    );
}

fn nothing_is_announced_while_a_correction_waits(world: &World) {
    let id = world.open();
    paper(world, id, "201", Choice::For);
    world.close(id);
    world.must(COMMITTEE, CountVotes { resolution: id });
    world.set_now(world.now().plus_days(9));
    let correction = propose(world, id, "201", Some(Choice::Against)).unwrap();
    let announce = || AnnounceResult {
        resolution: id,
        remark: String::new(),
    };
    let refused = world.run(COMMITTEE, announce());
    assert!(
        matches!(refused, Err(Error::CorrectionWaits)),
        "{refused:?}"
    );
    let unable = world.run(
        ZHAO,
        RefuseCorrection {
            resolution: id,
            correction,
            remark: "x".to_owned(),
        },
    );
    assert!(matches!(unable, Err(Error::Denied(_))), "{unable:?}");
    let remark = "原登记无误".to_owned();
    world.must(
        SECOND,
        RefuseCorrection {
            resolution: id,
            correction,
            remark,
        },
    );
    world.must(COMMITTEE, announce());
}
