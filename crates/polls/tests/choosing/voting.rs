//! Collecting, casting, counting, and what is refused on the way.

use ballot::choosing::Method;
use kernel::Problem as _;
use polls::{
    Board, ChangePoll, CollectCredential, CountPoll, DraftPoll, Entitled, Error, PublishPoll,
    Stage, WithdrawPoll, code_of,
};
use test_kit::on_both_engines;

use crate::world::{COMMITTEE, KEY, LI, OTHER_KEY, Phone, STRANGER, WANG, World, ZHAO};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    residents_choose_and_everyone_can_recount,
    children_and_the_undated_have_no_vote_and_the_latter_are_told,
    a_household_has_one_vote_and_a_building_only_its_own,
    a_credential_is_given_once_and_again_only_to_the_same_device,
    a_credential_votes_once_and_what_is_in_the_box_stays,
    nobody_collects_for_others,
    the_servers_clock_decides,
    ballots_of_other_polls_and_blinded_garbage_are_refused,
    a_withdrawn_poll_takes_and_counts_nothing,
    what_is_published_does_not_change,
}

fn residents_choose_and_everyone_can_recount(world: &World) {
    let poll = world.open(Method::InstantRunoff);
    let mine = world.vote(WANG, poll, world.elector("101", 1970), "1,2");
    world.vote(LI, poll, world.elector("102", 1985), "2,1");
    world.vote(ZHAO, poll, world.elector("201", 1990), "3,2");
    world.close(poll);
    let winners = world.must(COMMITTEE, CountPoll { poll });
    let view = world
        .read(WANG, move |read, ctx| polls::view(read, ctx, poll))
        .unwrap();
    assert_eq!(
        (view.stage, view.counted.unwrap().winners().to_vec()),
        (Stage::Counted, winners.clone())
    );
    let text = world
        .read(WANG, move |read, ctx| polls::board_text(read, ctx, poll))
        .unwrap();
    let board: Board = serde_json::from_str(&text).unwrap();
    board.check().unwrap();
    assert_eq!(board.count().unwrap().winners(), winners);
    assert_eq!(
        (board.electors, board.collected, board.ballots.len()),
        (4, 3, 3)
    );
    let code = code_of(&mine.serial()).to_lowercase().replace('-', " ");
    let found = world.read(WANG, move |read, ctx| {
        polls::find_ballot(read, ctx, poll, &code)
    });
    assert_eq!(found.unwrap().unwrap().choice, "1,2");
    let nothing = world.read(WANG, move |read, ctx| {
        polls::find_ballot(read, ctx, poll, "0000")
    });
    assert_eq!(nothing.unwrap(), None);
    let mut stuffed = board.clone();
    "3".clone_into(&mut stuffed.ballots[0].choice);
    assert!(stuffed.check().is_err(), "an altered board shows");
    let mut doubled = board;
    doubled.ballots.push(doubled.ballots[0].clone());
    assert!(matches!(doubled.check(), Err(Error::AlreadyUsed)));
}

fn children_and_the_undated_have_no_vote_and_the_latter_are_told(world: &World) {
    let poll = world.published(world.draft(Method::Single));
    let view = world
        .read(WANG, move |read, ctx| polls::view(read, ctx, poll))
        .unwrap();
    let published = view.poll.publication.unwrap();
    assert_eq!((published.electors, published.left_out), (4, 1));
    assert_eq!(view.own.len(), 1, "one's own vote, not the household's");
}

fn a_household_has_one_vote_and_a_building_only_its_own(world: &World) {
    let mut draft = world.draft(Method::Single);
    draft.entitled = Entitled::Households;
    "1幢".clone_into(&mut draft.building);
    let poll = world.published(draft.clone());
    let view = world
        .read(ZHAO, move |read, ctx| polls::view(read, ctx, poll))
        .unwrap();
    assert_eq!(view.poll.publication.unwrap().electors, 2);
    assert!(view.own.is_empty(), "another building's");
    let view = world
        .read(WANG, move |read, ctx| polls::view(read, ctx, poll))
        .unwrap();
    assert_eq!(view.own[0].label, "101");
    "9幢".clone_into(&mut draft.building);
    let poll = world.must(COMMITTEE, DraftPoll { draft });
    let refused = world.run(
        COMMITTEE,
        PublishPoll {
            poll,
            key: KEY.to_vec(),
        },
    );
    assert!(matches!(refused, Err(Error::NoElectors)));
}

fn a_credential_is_given_once_and_again_only_to_the_same_device(world: &World) {
    let poll = world.published(world.draft(Method::Single));
    let elector = world.elector("101", 1970);
    let (phone, tablet) = (Phone::new(1), Phone::new(2));
    world.collect(WANG, poll, elector, &phone).unwrap();
    let again = world.collect(WANG, poll, elector, &tablet);
    assert!(matches!(again, Err(Error::AlreadyCollected)));
    let blinded = phone.blinded.message().to_vec();
    let same = blinded.clone();
    let known = world.read(WANG, move |read, ctx| {
        polls::is_collected_with(read, ctx, poll, elector, &same)
    });
    assert!(known.unwrap(), "a lost answer can be asked for again");
    let sign = world.read(WANG, move |read, ctx| {
        polls::sign(read, ctx, poll, elector, &blinded)
    });
    assert_eq!(sign.unwrap().len(), 256);
    let other = tablet.blinded.message().to_vec();
    let sign = world.read(WANG, move |read, ctx| {
        polls::sign(read, ctx, poll, elector, &other)
    });
    assert!(
        matches!(sign, Err(Error::AlreadyCollected)),
        "nothing else is signed"
    );
}

fn a_credential_votes_once_and_what_is_in_the_box_stays(world: &World) {
    let poll = world.open(Method::Single);
    let elector = world.elector("101", 1970);
    let phone = Phone::new(1);
    let credential = world.collect(WANG, poll, elector, &phone).unwrap();
    let ballot = phone.ballot(poll, "1", credential.clone());
    world.cast(poll, ballot.clone()).unwrap();
    let changed = phone.ballot(poll, "2", credential);
    assert!(matches!(
        world.cast(poll, changed.clone()),
        Err(Error::AlreadyUsed)
    ));
    assert!(matches!(
        world.cast(poll, ballot.clone()),
        Err(Error::AlreadyUsed)
    ));
    let ctx = world.system();
    let database = world.journal.database();
    let same = database.read_blocking(move |read| polls::is_in_box(read, &ctx, poll, &ballot));
    assert!(same.unwrap(), "the very ballot is answered as before");
    let ctx = world.system();
    let other = database.read_blocking(move |read| polls::is_in_box(read, &ctx, poll, &changed));
    assert!(!other.unwrap());
}

fn nobody_collects_for_others(world: &World) {
    let poll = world.published(world.draft(Method::Single));
    let elector = world.elector("101", 1970);
    for who in [STRANGER, LI] {
        let refused = world.collect(who, poll, elector, &Phone::new(5));
        assert!(matches!(refused, Err(Error::NotEntitled)));
    }
}

fn the_servers_clock_decides(world: &World) {
    let draft = world.draft(Method::Single);
    let window = draft.window;
    let poll = world.published(draft);
    let (early, late) = (Phone::new(1), Phone::new(2));
    let credential = world
        .collect(WANG, poll, world.elector("101", 1970), &early)
        .unwrap();
    let ballot = early.ballot(poll, "1", credential);
    world.set_now(window.opens.plus_seconds(-1));
    let before = world.cast(poll, ballot.clone());
    assert!(matches!(
        before,
        Err(Error::WrongStage {
            stage: Stage::Notice,
            ..
        })
    ));
    world.set_now(window.opens);
    world.cast(poll, ballot).unwrap();
    let credential = world
        .collect(LI, poll, world.elector("102", 1985), &late)
        .unwrap();
    let ballot = late.ballot(poll, "1", credential);
    world.set_now(window.closes);
    let after = world.cast(poll, ballot);
    assert!(matches!(
        after,
        Err(Error::WrongStage {
            stage: Stage::Closed,
            ..
        })
    ));
    let after = world.collect(ZHAO, poll, world.elector("201", 1990), &Phone::new(3));
    assert!(matches!(after, Err(Error::WrongStage { .. })));
}

fn ballots_of_other_polls_and_blinded_garbage_are_refused(world: &World) {
    let first = world.draft(Method::Single);
    let poll = world.open(Method::Single);
    let other = world.must(
        COMMITTEE,
        DraftPoll {
            draft: first.clone(),
        },
    );
    let key = OTHER_KEY.to_vec();
    world.must(COMMITTEE, PublishPoll { poll: other, key });
    let phone = Phone::new(1);
    let credential = world
        .collect(WANG, poll, world.elector("101", 1970), &phone)
        .unwrap();
    let moved = phone.ballot(other, "1", credential.clone());
    world.set_now(first.window.opens.plus_seconds(60));
    let refused = world.cast(other, moved).unwrap_err();
    assert_eq!(refused.code(), "polls-error-credential");
    let sealed_for_the_other = phone.ballot(other, "1", credential.clone());
    let refused = world.cast(poll, sealed_for_the_other).unwrap_err();
    assert_eq!(refused.code(), "polls-error-seal");
    for choice in ["1,2", "4", "甲", "1;drop table poll"] {
        let refused = world.cast(poll, phone.ballot(poll, choice, credential.clone()));
        assert!(matches!(refused, Err(Error::Choice { .. })), "{choice}");
    }
    let elector = world.elector("102", 1985);
    let short = CollectCredential {
        poll,
        elector,
        blinded: vec![1; 9],
    };
    assert_eq!(
        world.run(LI, short).unwrap_err().code(),
        "polls-error-blinded"
    );
}

fn a_withdrawn_poll_takes_and_counts_nothing(world: &World) {
    let poll = world.open(Method::Single);
    let phone = Phone::new(1);
    let credential = world
        .collect(WANG, poll, world.elector("101", 1970), &phone)
        .unwrap();
    let reason = "供应商退出".to_owned();
    world.must(COMMITTEE, WithdrawPoll { poll, reason });
    let late = world.cast(poll, phone.ballot(poll, "1", credential));
    assert!(matches!(
        late,
        Err(Error::WrongStage {
            stage: Stage::Withdrawn,
            ..
        })
    ));
    world.close(poll);
    let count = world.run(COMMITTEE, CountPoll { poll });
    assert!(matches!(count, Err(Error::WrongStage { .. })));
}

fn what_is_published_does_not_change(world: &World) {
    let mut draft = world.draft(Method::Single);
    let poll = world.published(draft.clone());
    "每餐 20 元".clone_into(&mut draft.options[0].price);
    let changed = world.run(COMMITTEE, ChangePoll { poll, draft });
    assert!(matches!(
        changed,
        Err(Error::WrongStage {
            stage: Stage::Notice,
            ..
        })
    ));
    let again = world.run(
        COMMITTEE,
        PublishPoll {
            poll,
            key: KEY.to_vec(),
        },
    );
    assert!(matches!(again, Err(Error::WrongStage { .. })));
}
