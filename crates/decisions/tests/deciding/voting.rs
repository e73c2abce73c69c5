//! Who may vote, when, how often; and what does not count.

use ballot::resolution::Choice;
use decisions::{
    CastVote, Channel, CountVotes, DeliveryChannel, Error, RecordDelivery, RecordVote, Rules, Stage,
};
use kernel::CommunityId;
use people::commands::AppointVoice;
use test_kit::on_both_engines;

use crate::world::{BUTLER, COMMITTEE, LI, QIAN, STRANGER, WANG, World, ZHAO, open_rules};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    a_non_owner_cannot_vote,
    votes_that_come_in_together_are_taken_as_if_one_by_one,
    votes_are_taken_from_the_opening_until_the_close,
    a_co_owner_votes_only_as_the_units_voice,
    a_vote_stands_unless_the_rules_let_it_change,
    a_change_of_channel_is_traced_and_counts_once,
    following_the_majority_needs_a_rule,
    silence_is_not_something_to_cast,
    a_paper_vote_needs_evidence_and_the_window,
    a_paper_vote_received_in_time_may_be_entered_after_the_close,
    what_an_owner_said_last_counts_and_not_what_was_entered_last,
    a_repeated_request_answers_the_same,
    turnout_shows_only_where_the_rules_allow,
    entries_that_tell_turnout_are_held_back_until_the_close,
    another_communitys_resolution_does_not_exist_here,
    silence_counts_only_after_a_delivery_that_warned,
}

fn a_non_owner_cannot_vote(world: &World) {
    let id = world.open();
    let refused = world.cast(STRANGER, id, "101", Choice::For);
    assert!(matches!(refused, Err(Error::NotYourUnit)), "{refused:?}");
    let others = world.cast(WANG, id, "102", Choice::For);
    assert!(matches!(others, Err(Error::NotYourUnit)), "{others:?}");
}

fn votes_that_come_in_together_are_taken_as_if_one_by_one(world: &World) {
    world.adopt(open_rules());
    let id = world.open();
    let votes = [
        (WANG, "101", Choice::For),
        (LI, "102", Choice::Against),
        (STRANGER, "103", Choice::For),
        (LI, "103", Choice::For),
        (ZHAO, "104", Choice::For),
        (WANG, "101", Choice::Against),
    ];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (database, community) = (world.journal.database().clone(), world.id);
    let busy = runtime.spawn(async move {
        let wait = move |_: &mut dyn db::Tx| Ok::<_, db::Error>(held.recv().is_err());
        database.write(community, wait).await
    });
    let sent = votes.map(|(who, unit, choice)| {
        let (journal, ctx, unit) = (world.journal.clone(), world.context(who), world.unit(unit));
        let vote = CastVote {
            resolution: id,
            unit,
            choice,
        };
        let answer = runtime.spawn(async move { journal.execute_together(ctx, vote).await });
        // In the queue before the next is sent.
        std::thread::sleep(std::time::Duration::from_millis(20));
        answer
    });
    drop(release);
    runtime.block_on(busy).unwrap().unwrap();
    let [wang, li, stranger, other, zhao, again] =
        sent.map(|answer| runtime.block_on(answer).unwrap());
    assert!(matches!(stranger, Err(Error::NotYourUnit)), "{stranger:?}");
    assert!(matches!(zhao, Err(Error::NotTheVoice)), "{zhao:?}");
    let (wang, li, other, again) = (wang.unwrap(), li.unwrap(), other.unwrap(), again.unwrap());
    assert_eq!(
        (wang.revision, li.revision, other.revision, again.revision),
        (1, 1, 1, 2)
    );
    assert_eq!(li.position, wang.position + 1);
    assert_eq!(other.position, wang.position + 2);
    assert_eq!(again.position, wang.position + 3);
    world.close(id);
    world.must(COMMITTEE, CountVotes { resolution: id });
    let result = world.read(WANG, move |read, ctx| decisions::result(read, ctx, id));
    let tally = result.unwrap().outcome.tally;
    assert_eq!((tally.participating.units, tally.in_favour.units), (3, 1));
}

fn votes_are_taken_from_the_opening_until_the_close(world: &World) {
    let opens = world.draft().window.opens;
    let id = world.published();
    world.set_now(opens.plus_seconds(-1));
    let early = world.cast(WANG, id, "101", Choice::For);
    assert!(
        matches!(
            early,
            Err(Error::NotOpenYet { opens: said }) if said == opens
        ),
        "{early:?}"
    );
    world.set_now(opens);
    world.cast(WANG, id, "101", Choice::For).unwrap();
    world.close(id);
    let late = world.cast(LI, id, "102", Choice::For);
    assert!(matches!(late, Err(Error::VoteOver { .. })), "{late:?}");
    world.set_now(world.now().plus_seconds(-1));
    world.cast(LI, id, "102", Choice::For).unwrap();
}

fn a_co_owner_votes_only_as_the_units_voice(world: &World) {
    world.adopt(open_rules());
    let id = world.open();
    let refused = world.cast(ZHAO, id, "104", Choice::For);
    assert!(matches!(refused, Err(Error::NotTheVoice)), "{refused:?}");
    let community = world.id;
    let mine = world
        .read(ZHAO, move |read, ctx| {
            people::queries::owners_of_account(read, community, ctx.actor.account_id().unwrap())
        })
        .unwrap();
    let consent = "钱丽书面同意".to_owned();
    world.must(
        ZHAO,
        AppointVoice {
            unit: world.unit("104"),
            owner: mine[0],
            consent,
        },
    );
    world.cast(ZHAO, id, "104", Choice::For).unwrap();
    let other = world.cast(QIAN, id, "104", Choice::Against);
    assert!(matches!(other, Err(Error::NotTheVoice)), "{other:?}");
}

fn a_vote_stands_unless_the_rules_let_it_change(world: &World) {
    let id = world.open();
    world.cast(WANG, id, "101", Choice::For).unwrap();
    let again = world.cast(WANG, id, "101", Choice::Against);
    assert!(matches!(again, Err(Error::AlreadyVoted)), "{again:?}");
}

fn a_change_of_channel_is_traced_and_counts_once(world: &World) {
    world.adopt(open_rules());
    let id = world.open();
    let first = world.cast(WANG, id, "101", Choice::Against).unwrap();
    let paper = RecordVote {
        resolution: id,
        unit: world.unit("101"),
        choice: Choice::For,
        channel: Channel::Paper,
        received_at: world.now(),
        evidence: "本人到业委会改投".to_owned(),
    };
    let second = world.must(COMMITTEE, paper);
    assert_eq!(second.revision, 2);
    assert_ne!(second.code, first.code);
    let community = world.id;
    let entry = world
        .journal
        .database()
        .read_blocking(move |read| journal::entry(read, community, second.position))
        .unwrap();
    let public = entry.public_value().unwrap();
    assert_eq!(public["replaces"], first.position);
    assert_eq!(
        (&public["replaced_channel"], &public["channel"]),
        (&"electronic".into(), &"paper".into())
    );
    world.close(id);
    world.must(COMMITTEE, CountVotes { resolution: id });
    let outcome = world
        .read(WANG, move |read, ctx| decisions::result(read, ctx, id))
        .unwrap()
        .outcome;
    assert_eq!(
        (
            outcome.tally.participating.units,
            outcome.tally.in_favour.units
        ),
        (1, 1)
    );
}

fn following_the_majority_needs_a_rule(world: &World) {
    let id = world.open();
    let refused = world.cast(WANG, id, "101", Choice::Follow);
    assert!(
        matches!(refused, Err(Error::FollowNotAllowed)),
        "{refused:?}"
    );
}

fn silence_is_not_something_to_cast(world: &World) {
    let id = world.open();
    for choice in [Choice::Silent, Choice::Unserved] {
        let refused = world.cast(WANG, id, "101", choice);
        assert!(
            matches!(refused, Err(Error::NotCastable { .. })),
            "{refused:?}"
        );
    }
}

fn a_paper_vote_needs_evidence_and_the_window(world: &World) {
    let id = world.open();
    let vote = |received_at, evidence: &str, channel| RecordVote {
        resolution: id,
        unit: world.unit("201"),
        choice: Choice::For,
        channel,
        received_at,
        evidence: evidence.to_owned(),
    };
    let bare = world.run(COMMITTEE, vote(world.now(), " ", Channel::Paper));
    assert!(matches!(bare, Err(Error::EvidenceMissing)), "{bare:?}");
    let electronic = world.run(COMMITTEE, vote(world.now(), "票", Channel::Electronic));
    assert!(
        matches!(electronic, Err(Error::NotByHand { .. })),
        "{electronic:?}"
    );
    for received_at in [world.now().plus_seconds(-120), world.now().plus_seconds(60)] {
        let outside = world.run(COMMITTEE, vote(received_at, "票", Channel::Paper));
        assert!(matches!(outside, Err(Error::OutsideWindow)), "{outside:?}");
    }
}

fn a_paper_vote_received_in_time_may_be_entered_after_the_close(world: &World) {
    let id = world.open();
    let received_at = world.now();
    world.close(id);
    let vote = |unit: &str| RecordVote {
        resolution: id,
        unit: world.unit(unit),
        choice: Choice::For,
        channel: Channel::Door,
        received_at,
        evidence: "上门登记表第 3 页".to_owned(),
    };
    world.must(COMMITTEE, vote("201"));
    world.must(COMMITTEE, CountVotes { resolution: id });
    let late = world.run(COMMITTEE, vote("202"));
    assert!(
        matches!(
            late,
            Err(Error::WrongStage {
                stage: Stage::Objection,
                ..
            })
        ),
        "{late:?}"
    );
}

fn what_an_owner_said_last_counts_and_not_what_was_entered_last(world: &World) {
    world.adopt(open_rules());
    let id = world.open();
    let paper = |unit: &str, received_at, choice| RecordVote {
        resolution: id,
        unit: world.unit(unit),
        choice,
        channel: Channel::Paper,
        received_at,
        evidence: "纸质票第 7 号".to_owned(),
    };
    let early = world.now();
    world.set_now(early.plus_seconds(3600));
    let online = world.cast(WANG, id, "101", Choice::For).unwrap();
    let older = world.run(COMMITTEE, paper("101", early, Choice::Against));
    assert!(
        matches!(older, Err(Error::LaterVoteStands { at }) if at == online.at),
        "{older:?}"
    );
    let own = |world: &World| {
        let view = world.read(WANG, move |read, ctx| decisions::view(read, ctx, id));
        let units = view.unwrap().own;
        units
            .into_iter()
            .find_map(|unit| unit.vote.filter(|_| unit.label == "101"))
            .unwrap()
    };
    assert_eq!(
        (own(world).choice.as_str(), own(world).revision),
        ("for", 1)
    );

    // A later one replaces it; the owner is told, and answers.
    world.set_now(early.plus_seconds(7200));
    world.must(COMMITTEE, paper("101", world.now(), Choice::Against));
    assert!(own(world).replaced_electronic);
    let told = world
        .read(WANG, |read, ctx| decisions::waiting(read, ctx))
        .unwrap();
    assert!(
        told.iter()
            .any(|one| one.id == id && one.why == decisions::Why::Replaced)
    );
    world.cast(WANG, id, "101", Choice::For).unwrap();
    assert!(!own(world).replaced_electronic);
    // The whole trace is there: for the owner with every choice, for the committee with what it recorded itself.
    let unit = world.unit("101");
    let trace = |who| {
        let trace = world.read(who, move |read, ctx| {
            decisions::unit_trace(read, ctx, id, unit)
        });
        let votes = trace.unwrap().votes.into_iter();
        votes
            .map(|vote| (vote.revision, vote.choice, vote.evidence))
            .collect::<Vec<_>>()
    };
    let (chosen, evidence) = (
        |choice: &str| Some(choice.to_owned()),
        "纸质票第 7 号".to_owned(),
    );
    let empty = String::new;
    let own_trace = vec![
        (3, chosen("for"), empty()),
        (2, chosen("against"), evidence.clone()),
        (1, chosen("for"), empty()),
    ];
    assert_eq!(trace(WANG), own_trace);
    let seen_by_committee = vec![
        (3, None, empty()),
        (2, chosen("against"), evidence),
        (1, None, empty()),
    ];
    assert_eq!(trace(COMMITTEE), seen_by_committee);
    let others = world.read(LI, move |read, ctx| {
        decisions::unit_trace(read, ctx, id, unit)
    });
    assert!(matches!(others, Err(Error::Denied(_))));
    let first = online.code;
    let replaced = world.read(WANG, move |read, ctx| {
        decisions::replaced_ballot(read, ctx, id, &first)
    });
    assert_eq!(replaced.unwrap().map(|(cast, _)| cast), Some(online.at));

    // After the close nobody can answer any more, so nothing replaces a vote cast on the platform.
    let received_at = early.plus_seconds(7300);
    world.set_now(received_at);
    world.close(id);
    let late = world.run(COMMITTEE, paper("101", received_at, Choice::Against));
    assert!(
        matches!(late, Err(Error::TooLateToReplace { .. })),
        "{late:?}"
    );
    world.must(COMMITTEE, paper("201", received_at, Choice::For));
}

fn a_repeated_request_answers_the_same(world: &World) {
    let id = world.open();
    let unit = world.unit("101");
    let send = |choice| {
        let mut ctx = world.context(WANG);
        ctx.idempotency_key = Some("tap-1".to_owned());
        world.journal.execute_blocking(
            ctx,
            CastVote {
                resolution: id,
                unit,
                choice,
            },
        )
    };
    let first = send(Choice::For).unwrap();
    assert_eq!(send(Choice::For).unwrap(), first);
    let other = send(Choice::Against);
    assert!(
        matches!(other, Err(Error::Journal(journal::Error::KeyReused { .. }))),
        "{other:?}"
    );
}

fn entries_that_tell_turnout_are_held_back_until_the_close(world: &World) {
    let held = |world: &World| {
        let (community, now) = (world.community.id, world.now());
        let ask = move |read: &mut dyn db::Read, _: &kernel::Context| {
            decisions::held_back(read, community, now)
        };
        world.read(COMMITTEE, ask).unwrap()
    };
    world.adopt(Rules {
        turnout_while_open: false,
        ..open_rules()
    });
    let id = world.open();
    world.cast(WANG, id, "101", Choice::For).unwrap();
    let closes = world.window(id).closes;
    let subject = format!("resolution/{id}/ballots");
    assert_eq!(held(world), [(subject.clone(), closes)]);
    let (community, ask) = (world.community.id, subject.clone());
    let entries = world
        .read(COMMITTEE, move |read, _| {
            Ok::<_, Error>(journal::history(read, community, &ask, u64::MAX >> 1, 10)?)
        })
        .unwrap();
    assert_eq!(
        entries[0].kind, "decisions.vote.cast",
        "the vote is among what is held"
    );
    world.close(id);
    assert_eq!(held(world), []);
}

fn turnout_shows_only_where_the_rules_allow(world: &World) {
    let id = world.open();
    world.cast(WANG, id, "101", Choice::For).unwrap();
    let turnout = |who| {
        world
            .read(who, move |read, ctx| decisions::view(read, ctx, id))
            .unwrap()
            .turnout
    };
    assert_eq!(turnout(WANG), None);
    assert_eq!(turnout(COMMITTEE), None);
    world.close(id);
    assert_eq!(
        turnout(WANG).map(|turnout| (turnout.units, turnout.heads, turnout.area.get())),
        Some((1, 1, 10_000))
    );
}

fn another_communitys_resolution_does_not_exist_here(world: &World) {
    let id = world.open();
    let unit = world.unit("101");
    let elsewhere = |mut ctx: kernel::Context| {
        ctx.community = CommunityId::from_uuid(kernel::Uuid::from_u128(101));
        ctx
    };
    let ctx = elsewhere(world.context(WANG));
    let cast = world.journal.execute_blocking(
        ctx,
        CastVote {
            resolution: id,
            unit,
            choice: Choice::For,
        },
    );
    assert!(matches!(cast, Err(Error::NoSuchResolution)), "{cast:?}");
    let ctx = elsewhere(world.context(COMMITTEE));
    let seen = world
        .journal
        .database()
        .read_blocking(move |read| decisions::view(read, &ctx, id));
    assert!(matches!(seen.err(), Some(Error::NoSuchResolution)));
}

fn silence_counts_only_after_a_delivery_that_warned(world: &World) {
    world.adopt(Rules {
        silence: ballot::resolution::SilenceRule::Participates,
        ..open_rules()
    });
    let id = world.open();
    world.cast(WANG, id, "101", Choice::For).unwrap();
    for (unit, warned_of_silence) in [("201", true), ("202", false)] {
        let delivery = RecordDelivery {
            resolution: id,
            unit: world.unit(unit),
            channel: DeliveryChannel::Hand,
            delivered_at: world.now(),
            evidence: "签收单".to_owned(),
            warned_of_silence,
        };
        world.must(BUTLER, delivery);
    }
    world.close(id);
    world.must(COMMITTEE, CountVotes { resolution: id });
    let cast = world
        .read(WANG, move |read, ctx| decisions::result(read, ctx, id))
        .unwrap()
        .outcome
        .cast;
    assert_eq!((cast.silent.units, cast.unserved.units), (1, 6));
}
