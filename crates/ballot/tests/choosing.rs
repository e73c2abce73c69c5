//! What choosing promises: the winners of published elections, the same as a slow count by the definitions, ties told,
//! and clear errors for ballots that are none.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails panics"
)]

use ballot::BallotError;
use ballot::choosing::{Cast, EliminatedBy, Method, choose, parse, render_text};
use proptest::prelude::*;

const BURLINGTON: &str = include_str!("data/burlington_2009.toi");

/// `5 ACBED`: five ballots, A best.
fn letters(lines: &[&str]) -> Vec<Cast> {
    let read = |line: &&str| {
        let (times, order) = line.split_once(' ').unwrap();
        let order = order.bytes().map(|letter| usize::from(letter - b'A'));
        Cast::ranking(times.parse().unwrap(), order)
    };
    lines.iter().map(read).collect()
}

/// Schulze 2011, the example of 45 voters.
fn schulze_45() -> Vec<Cast> {
    letters(&[
        "5 ACBED", "5 ADECB", "8 BEDAC", "3 CABED", "7 CAEBD", "2 CBADE", "7 DCEBA", "8 EBADC",
    ])
}

#[test]
fn schulzes_own_example_comes_out_as_he_says() {
    let chosen = choose(Method::Schulze, 5, &schulze_45()).unwrap();
    let pairwise = chosen.pairwise.unwrap();
    assert_eq!(chosen.winners, [4]);
    assert_eq!(pairwise.beats_all, None);
    assert_eq!(pairwise.order, [[4], [0], [2], [1], [3]]);
    assert_eq!(pairwise.prefer[0], [0, 20, 26, 30, 22]);
    assert_eq!(pairwise.strength[0], [0, 28, 28, 30, 24]);
    assert_eq!(pairwise.strength[4], [25, 28, 28, 31, 0]);
}

#[test]
fn burlington_2009_has_another_winner_by_each_method() {
    let profile = parse(BURLINGTON.as_bytes()).unwrap();
    let winner = |method| {
        let chosen = choose(method, 3, &profile.casts).unwrap();
        let names: Vec<_> = chosen
            .winners
            .iter()
            .map(|w| profile.options[*w].as_str())
            .collect();
        names.join("+")
    };
    assert_eq!(winner(Method::Single), "Wright");
    assert_eq!(winner(Method::InstantRunoff), "Kiss");
    assert_eq!(winner(Method::Schulze), "Montroll");
    let chosen = choose(Method::Schulze, 3, &profile.casts).unwrap();
    assert_eq!(
        chosen.pairwise.unwrap().beats_all,
        Some(1),
        "Montroll beats both others"
    );
}

#[test]
fn the_rounds_of_a_run_off_tell_where_every_ballot_went() {
    let profile = parse(BURLINGTON.as_bytes()).unwrap();
    let runoff = choose(Method::InstantRunoff, 3, &profile.casts)
        .unwrap()
        .runoff
        .unwrap();
    assert_eq!(runoff.rounds.len(), 2);
    let gone = runoff.rounds[0].eliminated.as_ref().unwrap();
    assert_eq!(
        (gone.option, gone.decided_by),
        (1, EliminatedBy::FewestVotes)
    );
    let last = &runoff.rounds[1];
    assert_eq!(last.exhausted, 455);
    let counted: u64 = last.votes.iter().flatten().sum();
    assert_eq!(
        counted + last.exhausted,
        profile.casts.iter().map(|cast| cast.times).sum::<u64>()
    );
}

#[test]
fn a_tie_names_all_winners() {
    let approvals = [
        Cast::approving(2, [0, 2]),
        Cast::approving(2, [1]),
        Cast::approving(1, []),
    ];
    let chosen = choose(Method::Approval, 3, &approvals).unwrap();
    assert_eq!(
        (chosen.winners, chosen.scores, chosen.blank),
        (vec![0, 1, 2], vec![2, 2, 2], 1)
    );
    let half = letters(&["3 AB", "3 BA"]);
    assert_eq!(
        choose(Method::InstantRunoff, 2, &half).unwrap().winners,
        [0, 1]
    );
    assert_eq!(choose(Method::Schulze, 2, &half).unwrap().winners, [0, 1]);
}

#[test]
fn a_tied_elimination_goes_by_earlier_rounds_and_then_by_the_list_and_says_so() {
    // D goes first; its ballot lifts C to B's three. Before, C had fewer.
    let casts = letters(&["4 A", "3 BA", "2 CA", "1 DC"]);
    let rounds = choose(Method::InstantRunoff, 4, &casts)
        .unwrap()
        .runoff
        .unwrap()
        .rounds;
    let second = rounds[1].eliminated.as_ref().unwrap();
    assert_eq!((second.option, second.tied.as_slice()), (2, &[1, 2][..]));
    assert_eq!(second.decided_by, EliminatedBy::EarlierRounds);
    let casts = letters(&["3 A", "2 BA", "2 CA"]);
    let rounds = choose(Method::InstantRunoff, 3, &casts)
        .unwrap()
        .runoff
        .unwrap()
        .rounds;
    let first = rounds[0].eliminated.as_ref().unwrap();
    assert_eq!(
        (first.option, first.decided_by),
        (2, EliminatedBy::ListOrder)
    );
}

#[test]
fn nobody_is_chosen_by_blank_ballots() {
    for method in Method::ALL {
        let chosen = choose(*method, 2, &[Cast::approving(3, [])]).unwrap();
        assert_eq!(
            (chosen.winners.len(), chosen.ballots, chosen.blank),
            (0, 3, 3)
        );
    }
}

#[test]
fn a_ballot_that_is_none_is_named_and_nothing_is_counted() {
    let wrong = |method, cast| match choose(method, 3, &[Cast::ranking(1, [0]), cast]) {
        Err(BallotError::Choice { ballot: 2, reason }) => reason,
        other => panic!("{other:?}"),
    };
    assert!(wrong(Method::Schulze, Cast::ranking(1, [0, 0])).contains("twice"));
    assert!(wrong(Method::Schulze, Cast::ranking(1, [3])).contains("no option 4"));
    assert!(wrong(Method::Single, Cast::approving(1, [0, 1])).contains("only one"));
    assert!(wrong(Method::InstantRunoff, Cast::approving(1, [0, 1])).contains("order"));
    assert!(wrong(Method::Schulze, Cast::ranking(u64::MAX, [1])).contains("2^53"));
    assert!(choose(Method::Single, 0, &[]).is_err() && choose(Method::Single, 201, &[]).is_err());
}

#[test]
fn a_file_that_is_none_is_refused_with_its_line() {
    let head = "# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n";
    for (line, expected) in [
        ("1: 3", "no option"),
        ("x: 1", "no number of ballots"),
        ("1, 2", "count: 1,2,3"),
        ("1: {1", "never closed"),
        ("1: {1,{2}", "within braces"),
    ] {
        match parse(format!("{head}{line}\n").as_bytes()) {
            Err(BallotError::Line { line: 4, reason }) => {
                assert!(reason.contains(expected), "{reason}");
            }
            other => panic!("{line}: {other:?}"),
        }
    }
    assert!(parse(b"").is_err());
    assert!(parse(b"# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: a\n").is_err());
    assert!(parse(b"# NUMBER ALTERNATIVES: 99999999999\n").is_err());
    let blank = parse(format!("{head}2: 1\n3:\n4: {{}}, {{1,2}}\n").as_bytes()).unwrap();
    assert_eq!(blank.casts[1].groups.len(), 0);
    assert_eq!(blank.casts[2].groups, [[0, 1]]);
}

#[test]
fn the_text_names_the_winner_and_the_way() {
    let profile = parse(BURLINGTON.as_bytes()).unwrap();
    for (method, needle) in [
        (
            Method::InstantRunoff,
            "eliminated: Montroll (the fewest ballots)",
        ),
        (Method::Schulze, "Montroll wins every comparison"),
        (Method::Single, "3297  Wright"),
    ] {
        let chosen = choose(method, 3, &profile.casts).unwrap();
        let text = render_text(&chosen, &profile.options);
        assert!(text.contains(needle), "{text}");
    }
}

/// Ballots over up to five options, complete or not.
fn profiles() -> impl Strategy<Value = (usize, Vec<Cast>)> {
    (1_usize..=5).prop_flat_map(|options| {
        let order = Just((0..options).collect::<Vec<_>>()).prop_shuffle();
        let cast = (order, 0..=options, 1_u64..4)
            .prop_map(|(order, named, times)| Cast::ranking(times, order.into_iter().take(named)));
        (Just(options), prop::collection::vec(cast, 0..12))
    })
}

/// The strongest chain from a to b by trying every path.
fn strongest(prefer: &[Vec<u64>], a: usize, b: usize, seen: &mut Vec<usize>) -> u64 {
    let mut best = 0;
    for next in 0..prefer.len() {
        if seen.contains(&next) || prefer[a][next] <= prefer[next][a] {
            continue;
        }
        let step = prefer[a][next];
        seen.push(next);
        let rest = if next == b {
            step
        } else {
            strongest(prefer, next, b, seen)
        };
        seen.pop();
        best = best.max(step.min(rest));
    }
    best
}

/// How many of the ballots count for each of those left, one by one.
fn tops(casts: &[Cast], left: &[usize]) -> Vec<u64> {
    left.iter()
        .map(|option| {
            let top = |cast: &&Cast| {
                cast.groups.iter().map(|g| g[0]).find(|o| left.contains(o)) == Some(*option)
            };
            casts.iter().filter(top).map(|cast| cast.times).sum()
        })
        .collect()
}

proptest! {
    #[test]
    fn chains_are_the_strongest_of_all_paths((options, casts) in profiles()) {
        let chosen = choose(Method::Schulze, options, &casts).unwrap();
        if let Some(pairwise) = chosen.pairwise {
            for a in 0..options {
                for b in (0..options).filter(|b| *b != a) {
                    prop_assert_eq!(pairwise.strength[a][b], strongest(&pairwise.prefer, a, b, &mut vec![a]));
                }
            }
            let placed: usize = pairwise.order.iter().map(Vec::len).sum();
            prop_assert_eq!(placed, options);
        }
    }

    #[test]
    fn whoever_wins_every_comparison_is_schulzes_only_winner((options, casts) in profiles()) {
        let chosen = choose(Method::Schulze, options, &casts).unwrap();
        if let Some(winner) = chosen.pairwise.and_then(|pairwise| pairwise.beats_all) {
            prop_assert_eq!(chosen.winners, [winner]);
        }
    }

    #[test]
    fn each_round_drops_one_with_the_fewest_until_one_has_more_than_half((options, casts) in profiles()) {
        let chosen = choose(Method::InstantRunoff, options, &casts).unwrap();
        let Some(runoff) = chosen.runoff else { return Ok(()) };
        let mut left: Vec<usize> = (0..options).collect();
        for round in &runoff.rounds {
            let counts = tops(&casts, &left);
            let shown: Vec<u64> = left.iter().map(|o| round.votes[*o].unwrap()).collect();
            prop_assert_eq!(&shown, &counts);
            prop_assert_eq!(round.votes.iter().flatten().count(), left.len());
            let total: u64 = counts.iter().sum();
            let best = *counts.iter().max().unwrap();
            if let Some(gone) = &round.eliminated {
                let place = left.iter().position(|o| *o == gone.option).unwrap();
                prop_assert_eq!(counts[place], *counts.iter().min().unwrap());
                prop_assert!(2 * best <= total);
                left.remove(place);
            } else {
                let winners: Vec<usize> =
                    left.iter().zip(&counts).filter(|(_, n)| **n == best).map(|(o, _)| *o).collect();
                prop_assert_eq!(&chosen.winners, &winners);
                prop_assert!(winners.len() == 1 || winners.len() == left.len());
            }
        }
    }

    #[test]
    fn neither_order_nor_bundling_of_ballots_matters((options, casts) in profiles()) {
        let mut single: Vec<Cast> = casts
            .iter()
            .flat_map(|cast| (0..cast.times).map(|_| Cast { times: 1, ..cast.clone() }))
            .collect();
        single.reverse();
        for method in [Method::Single, Method::InstantRunoff, Method::Schulze] {
            prop_assert_eq!(choose(method, options, &casts).unwrap(), choose(method, options, &single).unwrap());
        }
    }

    #[test]
    fn the_reader_never_panics(text in "(# NUMBER ALTERNATIVES: [0-9]{1,3}\n)?([0-9:{},a \n#]{0,80})") {
        let _ = parse(text.as_bytes());
    }
}
