//! The election of a committee: who may stand, the check with reasons, ballots with names, seats, reserve and withdrawals.

use ballot::election::Fate;
use ballot::resolution::{Choice, Matter};
use decisions::{
    AnnounceResult, CandidateId, CastElectionBallot, Channel, CheckCandidate, Condition,
    CountVotes, Draft, DraftResolution, ElectionPlan, Error, PlanElection, PublishResolution,
    PublishedRecord, RecordCandidateWithdrawal, RecordElectionBallot, RecordNomination,
    ResolutionId, Route, StandForCommittee, VoteCast, WithdrawCandidacy,
};
use kernel::Timestamp;
use test_kit::on_both_engines;

use crate::world::{COMMITTEE, LI, STRANGER, WANG, World, open_rules};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    members_are_elected_by_the_double_majority_and_the_next_stand_in_reserve,
    who_may_stand_is_the_laws_word,
    a_committee_has_the_size_that_the_law_knows,
    an_election_is_published_when_names_are_in_and_checked,
    a_ballot_names_candidates_who_stand_and_no_more_than_seats,
    a_candidate_who_withdraws_after_votes_wins_nothing,
    only_the_candidate_withdraws,
}

pub(crate) const ALL: &[Condition] = Condition::ALL;

/// A drafted election with room to nominate; the vote opens in forty days.
pub(crate) fn drafted(world: &World, seats: u32, reserve: u32) -> ResolutionId {
    let mut draft = Draft {
        matter: Matter::CommitteeElection,
        ..world.draft()
    };
    draft.window.opens = Timestamp::start_of(world.now().plus_days(40).date());
    draft.window.closes = draft.window.opens.plus_days(10);
    let id = world.must(COMMITTEE, DraftResolution { draft });
    let plan = ElectionPlan {
        seats,
        reserve,
        whole_committee: false,
        nominations_until: world.now().plus_days(10),
    };
    world.must(
        COMMITTEE,
        PlanElection {
            resolution: id,
            plan,
        },
    );
    id
}

fn nominate(
    world: &World,
    resolution: ResolutionId,
    unit: &str,
    declared: &[Condition],
) -> Result<CandidateId, Error> {
    let nomination = RecordNomination {
        resolution,
        unit: world.unit(unit),
        name: format!("候选人{unit}"),
        route: Route::Neighbourhood,
        supporters: 0,
        statement: "愿为大家服务".to_owned(),
        declared: declared.to_vec(),
        evidence: "推荐表".to_owned(),
    };
    world.run(COMMITTEE, nomination)
}

fn check(world: &World, resolution: ResolutionId, candidate: CandidateId) -> Result<(), Error> {
    let check = CheckCandidate {
        resolution,
        candidate,
        is_accepted: true,
        reason: "符合条件".to_owned(),
    };
    world.run(COMMITTEE, check)
}

fn publish(world: &World, resolution: ResolutionId) -> Result<String, Error> {
    let is_confirmed = true;
    world.run(
        COMMITTEE,
        PublishResolution {
            resolution,
            is_confirmed,
        },
    )
}

/// An open election in which the owners of 101, 201 and 202 stand, with numbers from 1.
fn open(world: &World, seats: u32, reserve: u32) -> (ResolutionId, Vec<CandidateId>) {
    let id = drafted(world, seats, reserve);
    let mut candidates = Vec::new();
    for unit in ["101", "201", "202"] {
        let candidate = nominate(world, id, unit, ALL).unwrap();
        check(world, id, candidate).unwrap();
        candidates.push(candidate);
        world.set_now(world.now().plus_seconds(60));
    }
    world.set_now(world.now().plus_days(11));
    publish(world, id).unwrap();
    world.set_now(world.window(id).opens.plus_seconds(60));
    (id, candidates)
}

fn paper(
    world: &World,
    resolution: ResolutionId,
    unit: &str,
    picks: &[u32],
) -> Result<VoteCast, Error> {
    let vote = RecordElectionBallot {
        resolution,
        unit: world.unit(unit),
        picks: picks.to_vec(),
        channel: Channel::Paper,
        received_at: world.now(),
        evidence: "票箱三".to_owned(),
    };
    world.run(COMMITTEE, vote)
}

fn fates(world: &World, id: ResolutionId) -> Vec<(u32, Fate)> {
    let view = world.read(WANG, move |read, ctx| decisions::result(read, ctx, id));
    let election = view.unwrap().election.unwrap();
    let standings = election.standings.into_iter();
    standings.map(|one| (one.candidate, one.fate)).collect()
}

fn members_are_elected_by_the_double_majority_and_the_next_stand_in_reserve(world: &World) {
    let (id, _) = open(world, 2, 1);
    let mine = CastElectionBallot {
        resolution: id,
        unit: world.unit("101"),
        picks: vec![2, 1],
    };
    world.must(WANG, mine);
    for (unit, picks) in [
        ("102", &[1, 2][..]),
        ("103", &[1, 2]),
        ("104", &[1, 3]),
        ("201", &[1, 3]),
        ("202", &[2, 3]),
        ("203", &[3]),
    ] {
        paper(world, id, unit, picks).unwrap();
    }
    world.close(id);
    assert!(world.must(COMMITTEE, CountVotes { resolution: id }));
    // Of six heads that take part four picked the first and the third each, and three the second.
    assert_eq!(
        fates(world, id),
        [
            (1, Fate::Elected),
            (3, Fate::Elected),
            (2, Fate::NotReached)
        ]
    );
    let text = world
        .read(WANG, move |read, ctx| {
            decisions::published_record(read, ctx, id)
        })
        .unwrap();
    assert!(!text.contains("候选人"), "the record names nobody");
    let record: PublishedRecord = serde_json::from_str(&text).unwrap();
    assert_eq!(record.election.unwrap()["filled"], 2);
    assert!(record.ballots.iter().all(|ballot| ballot.picks.is_some()));
    world.set_now(world.now().plus_days(9));
    let remark = String::new();
    world.must(
        COMMITTEE,
        AnnounceResult {
            resolution: id,
            remark,
        },
    );
}

fn who_may_stand_is_the_laws_word(world: &World) {
    let id = drafted(world, 1, 0);
    let stand = |declared: &[Condition]| StandForCommittee {
        resolution: id,
        statement: "愿意".to_owned(),
        declared: declared.to_vec(),
    };
    let refused = world.run(STRANGER, stand(ALL));
    assert!(matches!(refused, Err(Error::NotYourUnit)), "{refused:?}");
    let found = world.read(WANG, decisions::open_nominations).unwrap();
    assert_eq!(found[0].0, id, "an owner finds where to stand");
    let wang = world.must(WANG, stand(&ALL[..3]));
    let again = world.run(WANG, stand(ALL));
    assert!(matches!(again, Err(Error::StandsAlready)), "{again:?}");
    let unfit = check(world, id, wang);
    assert!(
        matches!(
            unfit,
            Err(Error::ConditionMissing {
                condition: Condition::Lawful,
                ..
            })
        ),
        "{unfit:?}"
    );
    let joint = RecordNomination {
        resolution: id,
        unit: world.unit("201"),
        name: "孙军".to_owned(),
        route: Route::Joint,
        supporters: 9,
        statement: "联名".to_owned(),
        declared: ALL.to_vec(),
        evidence: "联名表".to_owned(),
    };
    let few = world.run(COMMITTEE, joint);
    assert!(
        matches!(few, Err(Error::TooFewSupporters { least: 10 })),
        "{few:?}"
    );
    world.set_now(world.now().plus_days(10));
    let late = nominate(world, id, "201", ALL);
    assert!(matches!(late, Err(Error::NominationsOver)), "{late:?}");
}

fn a_committee_has_the_size_that_the_law_knows(world: &World) {
    let id = drafted(world, 1, 0);
    let plan = |seats, reserve, whole_committee| PlanElection {
        resolution: id,
        plan: ElectionPlan {
            seats,
            reserve,
            whole_committee,
            nominations_until: world.now().plus_days(10),
        },
    };
    for (seats, whole) in [(3, true), (6, true), (13, true), (0, false), (12, false)] {
        let refused = world.run(COMMITTEE, plan(seats, 0, whole));
        assert!(
            matches!(refused, Err(Error::Seats { .. })),
            "{seats}: {refused:?}"
        );
    }
    let many = world.run(COMMITTEE, plan(5, 3, true));
    assert!(
        matches!(many, Err(Error::ReserveTooLarge { most: 2 })),
        "{many:?}"
    );
    world.must(COMMITTEE, plan(5, 2, true));
    let mut late = plan(5, 2, true);
    late.plan.nominations_until = world.now().plus_days(26);
    let late = world.run(COMMITTEE, late);
    assert!(
        matches!(late, Err(Error::NominationsUntil { .. })),
        "{late:?}"
    );
    let other = world.drafted();
    let plan = PlanElection {
        resolution: other,
        ..plan(5, 2, true)
    };
    let none = world.run(COMMITTEE, plan);
    assert!(matches!(none, Err(Error::NotAnElection)), "{none:?}");
}

fn an_election_is_published_when_names_are_in_and_checked(world: &World) {
    let id = drafted(world, 1, 0);
    let candidate = nominate(world, id, "101", ALL).unwrap();
    let early = publish(world, id);
    assert!(
        matches!(early, Err(Error::NominationsOpen { .. })),
        "{early:?}"
    );
    world.set_now(world.now().plus_days(11));
    let unchecked = publish(world, id);
    assert!(
        matches!(unchecked, Err(Error::CandidatesUnchecked)),
        "{unchecked:?}"
    );
    let refusal = CheckCandidate {
        resolution: id,
        candidate,
        is_accepted: false,
        reason: "在物业公司任职".to_owned(),
    };
    world.must(COMMITTEE, refusal);
    let nobody = publish(world, id);
    assert!(
        matches!(nobody, Err(Error::TooFewCandidates { least: 1 })),
        "{nobody:?}"
    );
    check(world, id, candidate).unwrap();
    publish(world, id).unwrap();
}

fn a_ballot_names_candidates_who_stand_and_no_more_than_seats(world: &World) {
    world.adopt(open_rules());
    let (id, _) = open(world, 2, 0);
    let many = paper(world, id, "101", &[1, 2, 3]);
    assert!(
        matches!(many, Err(Error::TooManyPicks { seats: 2 })),
        "{many:?}"
    );
    for picks in [&[4][..], &[1, 1], &[0]] {
        let unknown = paper(world, id, "101", picks);
        assert!(
            matches!(unknown, Err(Error::NoSuchPart { .. })),
            "{unknown:?}"
        );
    }
    let plain = world.cast(WANG, id, "101", Choice::For);
    assert!(matches!(plain, Err(Error::PicksMissing)), "{plain:?}");
    let first = paper(world, id, "101", &[]).unwrap();
    world.set_now(world.now().plus_seconds(60));
    let changed = CastElectionBallot {
        resolution: id,
        unit: world.unit("101"),
        picks: vec![3],
    };
    assert_eq!(world.must(WANG, changed).revision, first.revision + 1);
    let other = world.published();
    world.set_now(world.window(other).opens);
    let picks = CastElectionBallot {
        resolution: other,
        unit: world.unit("101"),
        picks: vec![1],
    };
    let none = world.run(WANG, picks);
    assert!(matches!(none, Err(Error::NotAnElection)), "{none:?}");
}

fn a_candidate_who_withdraws_after_votes_wins_nothing(world: &World) {
    let (id, candidates) = open(world, 1, 0);
    for unit in ["101", "102", "103", "104", "201", "202"] {
        paper(world, id, unit, &[1]).unwrap();
    }
    let withdrawal = WithdrawCandidacy {
        resolution: id,
        candidate: candidates[0],
        reason: "工作变动".to_owned(),
    };
    world.must(WANG, withdrawal);
    let late = paper(world, id, "203", &[1]);
    assert!(
        matches!(late, Err(Error::CandidateWithdrew { number: 1 })),
        "{late:?}"
    );
    world.close(id);
    assert!(!world.must(COMMITTEE, CountVotes { resolution: id }));
    assert!(fates(world, id).contains(&(1, Fate::Withdrawn)));
}

fn only_the_candidate_withdraws(world: &World) {
    let (id, candidates) = open(world, 1, 0);
    let (reason, candidate) = ("x".to_owned(), candidates[0]);
    let other = world.run(
        LI,
        WithdrawCandidacy {
            resolution: id,
            candidate,
            reason: reason.clone(),
        },
    );
    assert!(matches!(other, Err(Error::NotTheCandidate)), "{other:?}");
    let on_paper = || RecordCandidateWithdrawal {
        resolution: id,
        candidate,
        reason: reason.clone(),
    };
    world.must(COMMITTEE, on_paper());
    let again = world.run(COMMITTEE, on_paper());
    assert!(matches!(again, Err(Error::NoSuchPart { .. })), "{again:?}");
    world.close(id);
}
