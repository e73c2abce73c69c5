//! What tallying promises: the winners that cities announced, the same as a slow exact count on
//! any small election, and clear errors for files that are none.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails panics"
)]

use std::path::Path;

use ballot::BallotError;
use ballot::pabulib::{Election, Fate, Rule, Tally, VoteType, parse, render_text, tally};
use proptest::prelude::*;

mod slow;

const ADD1: &str = include_str!("data/add1.pb");
const CUMULATIVE: &str = include_str!("data/cumulative.pb");
const ORDINAL: &str = include_str!("data/ordinal.pb");

fn read(text: &str) -> Election {
    parse(text.as_bytes()).unwrap()
}

fn counted(text: &str, rule: Option<Rule>) -> Tally {
    tally(&read(text), rule).unwrap()
}

fn sorted(ids: &[impl AsRef<str>]) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().map(|id| id.as_ref().to_owned()).collect();
    ids.sort();
    ids
}

/// The real elections, where they are at hand; they are not ours to publish.
fn real_elections() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/pabulib");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: no Pabulib files at {}", folder.display());
        return Vec::new();
    };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "pb"));
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    files
        .iter()
        .map(|path| (name(path), std::fs::read(path).unwrap()))
        .collect()
}

#[test]
fn every_real_election_gives_the_winners_that_were_announced() {
    let mut compared = 0;
    for (name, bytes) in real_elections() {
        let election = parse(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let result = tally(&election, None).unwrap();
        assert!(
            result.cost.value <= result.budget.value,
            "{name} overspends"
        );
        let official = election.official_winners();
        if official.is_empty() {
            continue; // The file announces no winners.
        }
        assert_eq!(sorted(&result.selected), sorted(&official), "{name}");
        compared += 1;
    }
    assert!(
        compared == 0 || compared >= 20,
        "only {compared} files had winners"
    );
}

#[test]
fn lodz_2022_by_other_rules_agrees_with_pabutools() {
    let Some((_, bytes)) = real_elections()
        .into_iter()
        .find(|(name, _)| name == "Poland_Lodz_2022")
    else {
        return;
    };
    let election = parse(&bytes).unwrap();
    for (rule, projects, cost) in [
        (Rule::EqualShares, 29, 2_987_680),
        (Rule::EqualSharesAdd1, 44, 5_985_880),
        (Rule::Phragmen, 55, 6_047_180),
        (Rule::Greedy, 16, 6_112_868),
    ] {
        let result = tally(&election, Some(rule)).unwrap();
        assert_eq!(
            (result.selected.len(), result.cost.value),
            (projects, cost),
            "{rule}"
        );
    }
}

#[test]
fn add1_funds_more_than_plain_equal_shares() {
    let plain = counted(ADD1, Some(Rule::EqualShares));
    assert_eq!(plain.selected, ["a"]);
    assert_eq!(plain.per_voter.unwrap().to_string(), "2.5");
    let add1 = counted(ADD1, None);
    assert_eq!(add1.rule, Rule::EqualSharesAdd1);
    assert_eq!(add1.selected, ["a", "c"]);
    assert_eq!(
        sorted(&add1.selected),
        sorted(&read(ADD1).official_winners())
    );
    assert_eq!(
        add1.projects[0].name,
        "Benches; under the \"old\" camphor tree"
    );
}

#[test]
fn the_result_says_who_paid_and_what_was_missing() {
    let Fate::Bought {
        price,
        paid_in_full,
        paid_the_rest,
    } = &counted(ADD1, None).projects[0].why
    else {
        panic!("project a is bought");
    };
    assert_eq!(
        (price.to_string().as_str(), *paid_in_full, *paid_the_rest),
        ("2", 3, 0)
    );
    // b's two supporters had 2.5 each at the budget and paid 2 for a.
    let Fate::TooLittleMoney { have } = &counted(ADD1, Some(Rule::EqualShares)).projects[1].why
    else {
        panic!("project b lacks money");
    };
    assert_eq!(have.to_string(), "1");
}

#[test]
fn scores_add_points_and_thresholds_hold() {
    let result = counted(CUMULATIVE, None);
    assert_eq!(result.selected, ["path", "pond"]);
    assert_eq!(result.cost.to_string(), "100.5");
    assert_eq!(result.projects[2].why, Fate::BelowThreshold);
    let without = counted(CUMULATIVE, Some(Rule::Greedy));
    assert!(matches!(without.projects[2].why, Fate::DoesNotFit { .. }));
    assert_eq!(result.warnings, Vec::<String>::new());
}

#[test]
fn ranks_give_points_by_the_length_of_the_ballot_and_no_skip_stops() {
    let election = read(ORDINAL);
    let scores: Vec<i64> = election
        .projects
        .iter()
        .map(|project| project.score)
        .collect();
    assert_eq!(scores, [5, 4, 1]);
    let result = tally(&election, None).unwrap();
    assert_eq!(result.selected, ["first"]);
    assert_eq!(result.projects[2].why, Fate::Stopped);
    assert_eq!(
        counted(ORDINAL, Some(Rule::Greedy)).selected,
        ["first", "third"]
    );
}

#[test]
fn a_choice_of_one_is_one() {
    let file = "META\nkey;value\nbudget;5\nvote_type;choose-1\nrule;greedy\nPROJECTS\nproject_id;cost\na;5\nb;5\nVOTES\nvoter_id;vote\n1;b\n2;b\n3;a\n";
    assert_eq!(counted(file, None).selected, ["b"]);
    let two = file.replace("1;b\n", "1;b,a\n");
    assert!(matches!(
        parse(two.as_bytes()),
        Err(BallotError::Pabulib { line: 12, .. })
    ));
}

#[test]
fn ties_are_named_with_what_decided_them() {
    let file = |costs: [&str; 2]| {
        format!(
            "META\nkey;value\nbudget;10\nvote_type;approval\nrule;equalshares\nPROJECTS\nproject_id;cost\na;{}\nb;{}\nVOTES\nvoter_id;vote\n1;a,b\n2;a,b\n",
            costs[0], costs[1]
        )
    };
    let same = counted(&file(["8", "8"]), None);
    assert_eq!(same.ties[0].projects, ["a", "b"]);
    assert_eq!(same.ties[0].decided_by.name(), "file_order");
    assert_eq!(same.selected, ["a"]);
    let cheaper = counted(&file(["8", "6"]), None);
    assert_eq!(
        (
            cheaper.ties[0].decided_by.name(),
            cheaper.selected[0].as_str()
        ),
        ("lower_cost", "b")
    );
    let greedy = counted(&file(["8", "8"]), Some(Rule::Greedy));
    assert_eq!((greedy.ties.len(), greedy.selected[0].as_str()), (1, "a"));
    let roomy = counted(&file(["5", "5"]), Some(Rule::Greedy));
    assert_eq!(roomy.ties, [], "both fit, so nothing was decided by order");
}

#[test]
fn greedy_may_overrule_equal_shares_where_more_voters_prefer_it() {
    // Pabulib's own case: v1 and v2 see one project either way, so equal shares stands.
    let file = "META\nkey;value\nbudget;2\nvote_type;approval\nrule;equalshares-comparison\nPROJECTS\nproject_id;cost\na;1\nb;1\nc;1\nVOTES\nvoter_id;vote\nv1;a\nv2;a\nv3;b\n";
    let result = counted(file, None);
    let comparison = result.comparison.unwrap();
    assert_eq!(
        (comparison.prefer_equal_shares, comparison.prefer_greedy),
        (0, 1)
    );
    assert!(comparison.greedy_stands);
    assert_eq!(result.selected, ["a", "b"]);
    assert!(
        matches!(result.projects[1].why, Fate::ByComparison { .. }) && result.projects[1].funded
    );
}

#[test]
fn names_of_rules_are_read_as_the_files_and_we_write_them() {
    for (name, rule) in [
        ("greedy", Rule::Greedy),
        ("greedy-no-skip", Rule::GreedyNoSkip),
        ("equalshares", Rule::EqualShares),
        ("equalshares/add1", Rule::EqualSharesAdd1),
        (
            "equalshares/add1-comparison",
            Rule::EqualSharesAdd1Comparison,
        ),
        ("equal_shares_add1", Rule::EqualSharesAdd1),
        ("phragmen", Rule::Phragmen),
    ] {
        assert_eq!(Rule::from_meta(name), Some(rule), "{name}");
    }
    let unknown = ADD1.replace("equalshares/add1", "greedy-custom");
    assert!(matches!(
        tally(&read(&unknown), None),
        Err(BallotError::RuleNotCounted { .. })
    ));
    assert_eq!(counted(&unknown, Some(Rule::Greedy)).selected, ["a", "b"]);
}

#[test]
fn an_election_without_ballots_funds_nothing_by_support() {
    let file = &ADD1[..ADD1.find("v1;").unwrap()];
    for rule in [Rule::EqualShares, Rule::EqualSharesAdd1, Rule::Phragmen] {
        assert_eq!(
            counted(file, Some(rule)).selected,
            Vec::<String>::new(),
            "{rule}"
        );
    }
}

#[test]
fn json_and_text_show_the_result() {
    let result = counted(ADD1, None);
    let json = serde_json::to_value(&result).unwrap();
    assert_eq!(json["rule"], "equal-shares-add1");
    assert_eq!(json["budget"], 10);
    assert_eq!(json["cost"], 10);
    assert_eq!(json["selected"], serde_json::json!(["a", "c"]));
    assert_eq!(json["projects"][0]["why"]["reason"], "bought");
    assert_eq!(
        serde_json::to_value(counted(CUMULATIVE, None)).unwrap()["cost"].to_string(),
        "100.5"
    );
    let text = render_text(&result);
    assert!(
        text.starts_with("equal-shares-add1: 2 of 3 projects, 10 of 10"),
        "{text}"
    );
    assert!(text.contains("bought: 3 supporters paid 2 each"), "{text}");
}

#[test]
fn what_the_file_declares_otherwise_is_a_warning() {
    let file = ADD1
        .replace("num_votes;4", "num_votes;5")
        .replace("a;6;3;", "a;6;9;")
        .replace("v4;c", "v4;c,c");
    let warnings = read(&file).warnings.join("\n");
    for part in [
        "num_votes 5, but the file has 4",
        "project a has 9 votes",
        "1 repetitions of a project",
    ] {
        assert!(warnings.contains(part), "{part}:\n{warnings}");
    }
}

#[test]
fn faults_are_named_with_their_line() {
    for (from, to, line, part) in [
        ("META\n", "", 1, "the section META"),
        ("key;value", "schlüssel;value", 2, "must be key"),
        ("budget;10", "budget;ten", 9, "budget is `ten`"),
        ("budget;10\n", "", 13, "no budget"),
        ("budget;10\n", "budget;10\nbudget;11\n", 10, "stands twice"),
        (
            "vote_type;approval",
            "vote_type;acclamation",
            10,
            "no vote type",
        ),
        ("PROJECTS\n", "", 18, "VOTES stands here"),
        ("project_id;cost", "project_id;price", 15, "the column cost"),
        (
            "b;4;2",
            "b;-4;2",
            17,
            "the cost is `-4`: it must not be negative",
        ),
        ("b;4;2", "b;99999999999999999999;2", 17, "too large"),
        ("b;4;2", "b;4,5;2", 17, "write a number such as"),
        ("b;4;2", "b;9999999999999999;2", 17, "the cost is too large"),
        ("b;4;2", "a;4;2", 17, "the project a stands twice"),
        ("Lamps;0", "Lamps;7", 17, "selected is `7`"),
        ("VOTES\n", "", 19, "the cost is `vote`"),
        ("voter_id;vote", "voter_id;ballot", 20, "the column vote"),
        ("v2;a,b", "v1;a,b", 22, "the voter v1 stands twice"),
        ("v2;a,b", "v2;a,z", 22, "the project z"),
        ("v2;a,b", ";a", 22, "voter_id is empty"),
        ("v2;a,b", "v2;\"a,b", 22, "never closed"),
        ("v2;a,b", "META", 22, "META stands here"),
    ] {
        let file = ADD1.replacen(from, to, 1);
        match parse(file.as_bytes()) {
            Err(BallotError::Pabulib {
                line: found,
                reason,
            }) => {
                assert!(reason.contains(part), "{to:?}: {reason}");
                assert_eq!(found, line, "{to:?}: {reason}");
            }
            other => panic!("{to:?} gave {other:?}"),
        }
    }
    let latin = [&ADD1.as_bytes()[..30], b"\xE9\n", &ADD1.as_bytes()[30..]].concat();
    assert!(matches!(
        parse(&latin),
        Err(BallotError::Pabulib { line: 3, .. })
    ));
    let points = CUMULATIVE.replace("1;path,pole;3,2", "1;path,pole;3");
    assert!(matches!(
        parse(points.as_bytes()),
        Err(BallotError::Pabulib { line: 16, .. })
    ));
    let negative = CUMULATIVE.replace("2;path;4", "2;path;-4");
    assert!(matches!(
        parse(negative.as_bytes()),
        Err(BallotError::Pabulib { line: 17, .. })
    ));
}

#[test]
fn amounts_beyond_exact_counting_are_refused() {
    let file = ADD1
        .replace("budget;10\n", "budget;900000000000.001\n")
        .replace("a;6;", "a;900000000000;");
    let election = read(&file);
    assert!(tally(&election, Some(Rule::Greedy)).is_ok());
    assert!(
        tally(&election, Some(Rule::EqualShares)).is_ok(),
        "still below 2^61"
    );
    let finest = ADD1.replace("budget;10\n", "budget;999999.999999999\n");
    assert!(tally(&read(&finest), Some(Rule::EqualShares)).is_ok());
}

/// A small election: budget, costs, ballots as sets of projects.
fn any_election() -> impl Strategy<Value = (i64, Vec<i64>, Vec<Vec<usize>>)> {
    (1..6_usize).prop_flat_map(|projects| {
        let costs = prop::collection::vec(1..12_i64, projects);
        let ballot = prop::collection::btree_set(0..projects, 0..=projects);
        let ballots = prop::collection::vec(ballot.prop_map(|set| set.into_iter().collect()), 1..9);
        (1..40_i64, costs, ballots)
    })
}

/// A larger one, with costs and shares that leave long fractions: several rounds build on each other.
fn larger_election() -> impl Strategy<Value = (i64, Vec<i64>, Vec<Vec<usize>>)> {
    (8..16_usize).prop_flat_map(|projects| {
        let costs = prop::collection::vec(50..700_i64, projects);
        let ballot = prop::collection::btree_set(0..projects, 1..6);
        let ballots =
            prop::collection::vec(ballot.prop_map(|set| set.into_iter().collect()), 20..50);
        (1000..4000_i64, costs, ballots)
    })
}

fn written(budget: i64, costs: &[i64], ballots: &[Vec<usize>]) -> String {
    use std::fmt::Write as _;
    let mut text = format!(
        "META\nkey;value\nbudget;{budget}\nvote_type;approval\nrule;greedy\nPROJECTS\nproject_id;cost\n"
    );
    for (index, cost) in costs.iter().enumerate() {
        writeln!(text, "{index};{cost}").unwrap();
    }
    text.push_str("VOTES\nvoter_id;vote\n");
    for (index, ballot) in ballots.iter().enumerate() {
        let ids: Vec<String> = ballot.iter().map(ToString::to_string).collect();
        writeln!(text, "v{index};{}", ids.join(",")).unwrap();
    }
    text
}

fn winners(budget: i64, costs: &[i64], ballots: &[Vec<usize>], rule: Rule) -> Vec<usize> {
    let result = counted(&written(budget, costs, ballots), Some(rule));
    result
        .selected
        .iter()
        .map(|id| id.parse().unwrap())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn larger_elections_agree_with_the_slow_exact_count((budget, costs, ballots) in larger_election()) {
        let fast = |rule| winners(budget, &costs, &ballots, rule);
        prop_assert_eq!(fast(Rule::EqualShares), slow::equal_shares_at_the_budget(budget, &costs, &ballots));
        prop_assert_eq!(fast(Rule::Phragmen), slow::phragmen(budget, &costs, &ballots));
        prop_assert_eq!(fast(Rule::EqualSharesAdd1), slow::add1(budget, &costs, &ballots));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn equal_shares_agrees_with_the_slow_exact_count((budget, costs, ballots) in any_election()) {
        let fast = winners(budget, &costs, &ballots, Rule::EqualShares);
        prop_assert_eq!(fast, slow::equal_shares_at_the_budget(budget, &costs, &ballots));
    }

    #[test]
    fn add1_agrees_with_the_slow_exact_count((budget, costs, ballots) in any_election()) {
        let fast = winners(budget, &costs, &ballots, Rule::EqualSharesAdd1);
        prop_assert_eq!(fast, slow::add1(budget, &costs, &ballots));
    }

    #[test]
    fn phragmen_agrees_with_the_slow_exact_count((budget, costs, ballots) in any_election()) {
        let fast = winners(budget, &costs, &ballots, Rule::Phragmen);
        prop_assert_eq!(fast, slow::phragmen(budget, &costs, &ballots));
    }

    #[test]
    fn no_rule_overspends_and_greedy_leaves_nothing_that_fits((budget, costs, ballots) in any_election()) {
        for &rule in Rule::ALL {
            let selected = winners(budget, &costs, &ballots, rule);
            let cost: i64 = selected.iter().map(|&index| costs[index]).sum();
            prop_assert!(cost <= budget, "{rule}");
            if rule == Rule::Greedy {
                let fits = (0..costs.len()).filter(|index| !selected.contains(index)).any(|index| cost + costs[index] <= budget);
                prop_assert!(!fits);
            }
        }
    }

    #[test]
    fn the_order_of_ballots_never_matters(
        (budget, costs, ballots, shuffled) in any_election()
            .prop_flat_map(|(b, c, ballots)| (Just(b), Just(c), Just(ballots.clone()), Just(ballots).prop_shuffle()))
    ) {
        for &rule in Rule::ALL {
            prop_assert_eq!(winners(budget, &costs, &ballots, rule), winners(budget, &costs, &shuffled, rule));
        }
    }

    #[test]
    fn money_in_another_unit_changes_no_winner((budget, costs, ballots) in any_election()) {
        let cents = |amount: i64| format!("{}.{:02}", amount / 100, amount % 100);
        for rule in [Rule::Greedy, Rule::GreedyNoSkip, Rule::EqualShares, Rule::Phragmen] {
            let mut text = written(budget, &costs, &ballots).replace(&format!("budget;{budget}\n"), &format!("budget;{}\n", cents(budget)));
            for (index, cost) in costs.iter().enumerate() {
                text = text.replacen(&format!("\n{index};{cost}\n"), &format!("\n{index};{}\n", cents(*cost)), 1);
            }
            let fine: Vec<usize> = counted(&text, Some(rule)).selected.iter().map(|id| id.parse().unwrap()).collect();
            prop_assert_eq!(fine, winners(budget, &costs, &ballots, rule));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn a_broken_file_is_tallied_or_refused_without_panic(
        file in prop::sample::select(vec![ADD1, CUMULATIVE, ORDINAL]),
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), prop::sample::select(vec!["", "\"", ";", "\n", "\r", ",", "0", "9999999999", ".", "-", "META", "v1", "\u{0}"])),
            1..4,
        ),
    ) {
        let mut chars: Vec<String> = file.chars().map(String::from).collect();
        for (at, with) in changes {
            *at.get_mut(&mut chars) = with.to_owned();
        }
        match parse(chars.concat().as_bytes()) {
            Err(error) => prop_assert!(!error.to_string().is_empty()),
            Ok(election) => {
                prop_assert!(VoteType::ALL.contains(&election.meta.vote_type));
                // Add1 tries one endowment after another; ten digits of money are too many for a test.
                for rule in [Rule::Greedy, Rule::GreedyThreshold, Rule::GreedyNoSkip, Rule::EqualShares, Rule::Phragmen] {
                    if let Ok(result) = tally(&election, Some(rule)) {
                        prop_assert!(result.cost.value <= result.budget.value);
                    }
                }
            }
        }
    }
}
