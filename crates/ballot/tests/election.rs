//! What an election promises: the double majority for every seat, one head one voice, ties told and never drawn.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails panics"
)]

use ballot::election::{Contest, Election, Fate, Picks, elect};
use ballot::resolution::{Owner, Requirement, Tally};
use proptest::prelude::*;
use units::Area;

fn more_than_half() -> Requirement {
    Requirement::new("1/2".parse().unwrap(), true, "Civil Code 278")
}

fn contest(candidates: u32, seats: u32, reserve: u32) -> Contest {
    Contest {
        candidates: (1..=candidates).collect(),
        withdrawn: Vec::new(),
        seats,
        reserve,
        heads: more_than_half(),
        area: more_than_half(),
    }
}

fn area(hundredths: i64) -> Area {
    Area::new(hundredths).unwrap()
}

/// Units of 100 m², each of its own owner.
fn ballots(cast: &[&[u32]]) -> Vec<Picks> {
    (0..)
        .zip(cast)
        .map(|(owner, picked)| Picks {
            owner: Owner::of([i32::to_string(&owner)]),
            area: area(10_000),
            picked: Some(picked.to_vec()),
        })
        .collect()
}

/// All who cast a ballot take part, each head once.
fn taking_part(units: &[Picks]) -> Tally {
    let cast: Vec<&Picks> = units.iter().filter(|unit| unit.picked.is_some()).collect();
    let mut owners: Vec<&Owner> = cast.iter().map(|unit| &unit.owner).collect();
    owners.sort();
    owners.dedup();
    Tally {
        units: u32::try_from(cast.len()).unwrap(),
        heads: u32::try_from(owners.len()).unwrap(),
        area: Area::sum(cast.iter().map(|unit| unit.area)).unwrap(),
    }
}

fn counted(contest: &Contest, units: &[Picks]) -> Election {
    elect(contest, units, taking_part(units)).unwrap()
}

fn fate(election: &Election, candidate: u32) -> Fate {
    let mut standings = election.standings.iter();
    standings
        .find(|one| one.candidate == candidate)
        .unwrap()
        .fate
}

#[test]
fn those_with_most_votes_win_the_seats_and_the_next_stand_in_reserve() {
    let units = ballots(&[&[1, 2], &[1, 2], &[1, 3], &[1, 2], &[2, 3], &[3, 4], &[3]]);
    let election = counted(&contest(4, 2, 1), &units);
    // 1 and 2 and 3 have four of seven, 4 has one.
    assert!(election.is_tied, "three tie for two seats");
    assert_eq!(fate(&election, 1), Fate::TiedForSeat);
    assert_eq!(election.filled, 0);
    let mut units = units;
    units.extend(ballots(&[&[1, 2]]).into_iter().map(|unit| Picks {
        owner: Owner::of(["another"]),
        ..unit
    }));
    let election = counted(&contest(4, 2, 1), &units);
    assert_eq!(fate(&election, 1), Fate::Elected);
    assert_eq!(fate(&election, 2), Fate::Elected);
    assert_eq!(
        fate(&election, 3),
        Fate::NotReached,
        "four of eight are not more than half"
    );
    assert_eq!(fate(&election, 4), Fate::NotReached);
    assert_eq!(election.filled, 2);
}

#[test]
fn equal_heads_are_told_apart_by_area() {
    let mut units = ballots(&[&[1], &[1], &[1, 2], &[2], &[2]]);
    units[0].area = area(9_000);
    let election = counted(&contest(2, 2, 0), &units);
    assert_eq!(election.standings[0].candidate, 2);
    assert_eq!(election.standings[1].place, Some(2));
    assert_eq!(election.filled, 2);
}

#[test]
fn a_majority_of_heads_without_one_of_area_is_none() {
    let mut units = ballots(&[&[1], &[1], &[2]]);
    units[2].area = area(50_000);
    let election = counted(&contest(2, 1, 0), &units);
    assert_eq!(fate(&election, 1), Fate::NotReached);
    assert_eq!(fate(&election, 2), Fate::NotReached);
}

#[test]
fn an_owner_of_two_units_is_one_head_and_only_for_whom_both_pick() {
    let mut units = ballots(&[&[1], &[1, 2], &[2]]);
    units[1].owner = units[0].owner.clone();
    let election = counted(&contest(2, 2, 0), &units);
    let one = |number| {
        let mut standings = election.standings.iter();
        standings.find(|one| one.candidate == number).unwrap().votes
    };
    assert_eq!((one(1).heads, one(1).units), (1, 2));
    assert_eq!((one(2).heads, one(2).units), (1, 2));
}

#[test]
fn whoever_withdrew_wins_nothing_and_the_ballots_count_for_the_others() {
    let units = ballots(&[&[1, 2], &[1, 2], &[1]]);
    let mut contest = contest(2, 2, 0);
    contest.withdrawn = vec![1];
    let election = counted(&contest, &units);
    assert_eq!(fate(&election, 1), Fate::Withdrawn);
    assert_eq!(fate(&election, 2), Fate::Elected);
}

#[test]
fn a_tie_above_leaves_everyone_below_waiting() {
    let units = ballots(&[&[1, 2], &[1, 2], &[1, 2], &[3], &[3]]);
    let mut contest = contest(3, 2, 1);
    let election = counted(&contest, &units);
    assert_eq!(election.filled, 2, "a tie that fits is no tie");
    contest.seats = 1;
    let units = ballots(&[&[1], &[2], &[1], &[2]]);
    contest.heads = Requirement::new("1/4".parse().unwrap(), false, "test");
    contest.area = contest.heads.clone();
    let mut units = units;
    units.extend(ballots(&[&[3]]).into_iter().map(|unit| Picks {
        owner: Owner::of(["x"]),
        ..unit
    }));
    contest.heads.required = "1/5".parse().unwrap();
    contest.area.required = "1/5".parse().unwrap();
    let election = counted(&contest, &units);
    assert_eq!(fate(&election, 1), Fate::TiedForSeat);
    assert_eq!(fate(&election, 2), Fate::TiedForSeat);
    assert_eq!(fate(&election, 3), Fate::Waits);
}

#[test]
fn ballots_that_are_none_are_refused_with_words() {
    let words = |contest: &Contest, cast: &[&[u32]]| {
        let units = ballots(cast);
        elect(contest, &units, taking_part(&units))
            .unwrap_err()
            .to_string()
    };
    let two = contest(3, 2, 0);
    assert!(words(&two, &[&[1, 2, 3]]).contains("at most 2"));
    assert!(words(&two, &[&[1], &[9]]).contains("ballot 2: no candidate has the number 9"));
    assert!(words(&two, &[&[1, 1]]).contains("picked twice"));
    assert!(words(&contest(2, 0, 0), &[]).contains("no seat"));
    assert!(words(&contest(0, 1, 0), &[]).contains("no candidate"));
}

/// Some owners with one to three units, each with a ballot of at most two of four candidates, or none.
fn electorate() -> impl Strategy<Value = Vec<Picks>> {
    let picked = proptest::option::of(proptest::sample::subsequence(vec![1, 2, 3, 4], 0..=2));
    let unit = (0_u8..12, 1_i64..20_000, picked);
    proptest::collection::vec(unit, 1..40).prop_map(|units| {
        units
            .into_iter()
            .map(|(owner, hundredths, picked)| Picks {
                owner: Owner::of([owner.to_string()]),
                area: area(hundredths),
                picked,
            })
            .collect()
    })
}

/// Heads and area for a candidate, by the definition and slowly.
fn naive(units: &[Picks], candidate: u32) -> (u32, i64) {
    let mut heads = 0;
    let mut seen: Vec<&Owner> = Vec::new();
    for unit in units {
        if seen.contains(&&unit.owner) {
            continue;
        }
        seen.push(&unit.owner);
        let of_one: Vec<&Vec<u32>> = units
            .iter()
            .filter(|other| other.owner == unit.owner)
            .filter_map(|other| other.picked.as_ref())
            .collect();
        if !of_one.is_empty() && of_one.iter().all(|picked| picked.contains(&candidate)) {
            heads += 1;
        }
    }
    let area = units
        .iter()
        .filter(|unit| {
            unit.picked
                .as_ref()
                .is_some_and(|picked| picked.contains(&candidate))
        })
        .map(|unit| unit.area.get())
        .sum();
    (heads, area)
}

proptest! {
    #[test]
    fn every_number_is_that_of_the_slow_count(units in electorate(), seats in 2_u32..4, reserve in 0_u32..3) {
        let contest = contest(4, seats, reserve);
        let election = counted(&contest, &units);
        let all = taking_part(&units);
        for one in &election.standings {
            let (heads, area) = naive(&units, one.candidate);
            prop_assert_eq!((one.votes.heads, one.votes.area.get()), (heads, area));
            let majority = 2 * heads > all.heads && 2 * area > all.area.get();
            prop_assert_eq!(one.reached, majority);
        }
    }

    #[test]
    fn nobody_below_is_placed_before_somebody_above(units in electorate(), seats in 2_u32..4, reserve in 0_u32..3) {
        let contest = contest(4, seats, reserve);
        let election = counted(&contest, &units);
        let placed = |fate| election.standings.iter().filter(|one| one.fate == fate).count();
        prop_assert!(placed(Fate::Elected) <= usize::try_from(seats).unwrap());
        prop_assert!(placed(Fate::Reserve) <= usize::try_from(reserve).unwrap());
        for elected in election.standings.iter().filter(|one| one.fate == Fate::Elected) {
            prop_assert!(elected.reached);
            let better = |one: &&ballot::election::Standing| {
                one.reached && (one.votes.heads, one.votes.area) > (elected.votes.heads, elected.votes.area)
            };
            prop_assert!(election.standings.iter().filter(better).all(|one| one.fate == Fate::Elected));
        }
    }

    #[test]
    fn the_order_of_the_ballots_is_nothing(mut units in electorate()) {
        let contest = contest(4, 2, 1);
        let before = counted(&contest, &units);
        units.reverse();
        prop_assert_eq!(before, counted(&contest, &units));
    }
}
