//! Meetings: several matters with one electorate and one window, each with its own law, count and result.

use ballot::resolution::{Choice, Matter};
use decisions::{
    AssemblyId, Call, CallAssembly, ChangeAssembly, ChangeDraft, CountVotes, Draft, Error,
    ExtendWindow, MAX_AGENDA, PublishAssembly, PublishResolution, PutOnAgenda, ResolutionId, Stage,
    TakeOffAgenda, Why, WithdrawResolution,
};
use test_kit::on_both_engines;

use crate::world::{COMMITTEE, LI, RESIDENT, WANG, World, open_rules};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    matters_are_published_together_under_their_own_law,
    a_ballot_may_leave_matters_blank,
    a_matter_of_a_meeting_is_neither_published_nor_moved_alone,
    an_empty_agenda_is_not_published_and_a_full_one_takes_no_more,
    a_matter_taken_off_is_a_draft_of_its_own,
    one_card_tells_of_all_matters,
    all_matters_are_extended_together,
    a_withdrawn_matter_leaves_the_others_as_they_are,
}

pub(crate) fn call(world: &World) -> AssemblyId {
    let Draft {
        meeting, window, ..
    } = world.draft();
    let call = Call {
        title: "2026 年第二次业主大会会议".to_owned(),
        meeting,
        window,
    };
    world.must(COMMITTEE, CallAssembly { call })
}

pub(crate) fn put(world: &World, assembly: AssemblyId, matter: Matter) -> ResolutionId {
    let draft = Draft {
        title: matter.name().to_owned(),
        matter,
        ..world.draft()
    };
    world.must(COMMITTEE, PutOnAgenda { assembly, draft })
}

pub(crate) fn publish(world: &World, assembly: AssemblyId) -> Result<Vec<String>, Error> {
    let is_confirmed = false;
    world.run(
        COMMITTEE,
        PublishAssembly {
            assembly,
            is_confirmed,
        },
    )
}

/// A published meeting with two matters, open for votes.
fn open(world: &World) -> (AssemblyId, ResolutionId, ResolutionId) {
    let assembly = call(world);
    let one = put(world, assembly, Matter::UseRepairFund);
    let other = put(world, assembly, Matter::Rebuild);
    publish(world, assembly).unwrap();
    world.set_now(world.window(one).opens.plus_seconds(60));
    (assembly, one, other)
}

fn matters_are_published_together_under_their_own_law(world: &World) {
    let (assembly, one, other) = open(world);
    let view = world
        .read(WANG, move |read, ctx| {
            decisions::assembly(read, ctx, assembly)
        })
        .unwrap();
    let terms: Vec<_> = view
        .matters
        .iter()
        .map(|matter| matter.resolution.publication.clone().unwrap())
        .collect();
    assert_eq!(
        [terms[0].number.as_str(), terms[1].number.as_str()],
        ["2026-1", "2026-2"]
    );
    assert_eq!(terms[0].published_at, terms[1].published_at);
    let consent = |place: usize| terms[place].terms.thresholds.consent_area.required;
    assert_ne!(consent(0), consent(1), "each matter keeps its own majority");
    for id in [one, other] {
        let history = world
            .read(WANG, move |read, ctx| decisions::history(read, ctx, id))
            .unwrap()
            .1;
        assert_eq!(history[0].kind, "decisions.assembly.published");
        assert_eq!(history.last().unwrap().kind, "decisions.assembly.called");
    }
}

fn a_ballot_may_leave_matters_blank(world: &World) {
    let (_, one, other) = open(world);
    world.cast(WANG, one, "101", Choice::For).unwrap();
    world.cast(LI, one, "102", Choice::Against).unwrap();
    world.cast(LI, other, "102", Choice::For).unwrap();
    world.close(one);
    for (id, units) in [(one, 2), (other, 1)] {
        world.must(COMMITTEE, CountVotes { resolution: id });
        let outcome = world
            .read(WANG, move |read, ctx| decisions::result(read, ctx, id))
            .unwrap()
            .outcome;
        assert_eq!(outcome.tally.participating.units, units);
    }
}

fn a_matter_of_a_meeting_is_neither_published_nor_moved_alone(world: &World) {
    let assembly = call(world);
    let id = put(world, assembly, Matter::UseRepairFund);
    let alone = world.run(
        COMMITTEE,
        PublishResolution {
            resolution: id,
            is_confirmed: true,
        },
    );
    assert!(matches!(alone, Err(Error::OnAgenda)), "{alone:?}");
    let mut draft = world.draft();
    draft.window.closes = draft.window.closes.plus_days(1);
    let moved = world.run(
        COMMITTEE,
        ChangeDraft {
            resolution: id,
            draft: draft.clone(),
        },
    );
    assert!(matches!(moved, Err(Error::WindowOfAgenda)), "{moved:?}");
    let call = Call {
        title: "改期".to_owned(),
        meeting: draft.meeting,
        window: draft.window,
    };
    world.must(COMMITTEE, ChangeAssembly { assembly, call });
    assert_eq!(world.window(id), draft.window, "the matter follows");
}

fn an_empty_agenda_is_not_published_and_a_full_one_takes_no_more(world: &World) {
    let assembly = call(world);
    let empty = publish(world, assembly);
    assert!(matches!(empty, Err(Error::EmptyAgenda)), "{empty:?}");
    let unseen = world.read(RESIDENT, move |read, ctx| {
        decisions::assembly(read, ctx, assembly).map(|_| ())
    });
    assert!(matches!(unseen, Err(Error::NoSuchAssembly)), "{unseen:?}");
    for _ in 0..MAX_AGENDA {
        put(world, assembly, Matter::OtherMajor);
    }
    let draft = world.draft();
    let more = world.run(COMMITTEE, PutOnAgenda { assembly, draft });
    assert!(matches!(more, Err(Error::AgendaFull { .. })), "{more:?}");
    assert_eq!(publish(world, assembly).unwrap().len(), MAX_AGENDA);
    let again = publish(world, assembly);
    assert!(matches!(again, Err(Error::WrongStage { .. })), "{again:?}");
}

fn a_matter_taken_off_is_a_draft_of_its_own(world: &World) {
    let assembly = call(world);
    let id = put(world, assembly, Matter::UseRepairFund);
    world.must(COMMITTEE, TakeOffAgenda { resolution: id });
    world.must(
        COMMITTEE,
        PublishResolution {
            resolution: id,
            is_confirmed: false,
        },
    );
    let gone = world.run(COMMITTEE, TakeOffAgenda { resolution: id });
    assert!(matches!(gone, Err(Error::WrongStage { .. })), "{gone:?}");
}

fn one_card_tells_of_all_matters(world: &World) {
    world.adopt(open_rules());
    let (assembly, one, other) = open(world);
    let cards = || {
        let waiting = world.read(WANG, decisions::waiting).unwrap();
        waiting
            .into_iter()
            .map(|card| (card.assembly, card.why))
            .collect::<Vec<_>>()
    };
    assert_eq!(cards(), [(Some(assembly), Why::ToVote)]);
    world.cast(WANG, other, "101", Choice::For).unwrap();
    assert_eq!(cards(), [(Some(assembly), Why::ToVote)], "one is blank");
    world.cast(WANG, one, "101", Choice::For).unwrap();
    assert_eq!(cards(), []);
}

fn all_matters_are_extended_together(world: &World) {
    world.adopt(open_rules());
    let (_, one, other) = open(world);
    let closes = world.window(one).closes.plus_days(5);
    let extend = |resolution| ExtendWindow {
        resolution,
        closes,
        reason: "参与不足".to_owned(),
    };
    world.must(COMMITTEE, extend(other));
    assert_eq!(
        [world.window(one).closes, world.window(other).closes],
        [closes; 2]
    );
    let again = world.run(COMMITTEE, extend(one));
    assert!(matches!(again, Err(Error::AlreadyExtended)), "{again:?}");
    let history = world
        .read(WANG, move |read, ctx| decisions::history(read, ctx, one))
        .unwrap()
        .1;
    assert_eq!(history[0].kind, "decisions.window.extended");
}

fn a_withdrawn_matter_leaves_the_others_as_they_are(world: &World) {
    let (assembly, one, other) = open(world);
    let reason = "另行论证".to_owned();
    world.must(
        COMMITTEE,
        WithdrawResolution {
            resolution: one,
            reason,
        },
    );
    world.cast(WANG, other, "101", Choice::For).unwrap();
    let view = world
        .read(WANG, move |read, ctx| {
            decisions::assembly(read, ctx, assembly)
        })
        .unwrap();
    let stages: Vec<Stage> = view.matters.iter().map(|matter| matter.stage).collect();
    assert_eq!(stages, [Stage::Withdrawn, Stage::Voting]);
}
