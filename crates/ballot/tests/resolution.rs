//! What the count of an owners' vote promises: the law's thresholds to the exact number, heads by
//! the Supreme Court's interpretation, and laws that hold for every electorate.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails panics"
)]

use ballot::BallotError;
use ballot::resolution::{
    Choice, Matter, Measured, Outcome, Owner, Requirement, Side, SilenceRule, Thresholds, Unit,
    count, render_text,
};
use proptest::prelude::*;
use proptest::sample::select;
use units::{Area, Ratio};

fn thresholds(consent: (i64, i64), strict: bool) -> Thresholds {
    let ratio = |(num, den)| Ratio::new(num, den).unwrap();
    Thresholds::of_both(
        &Requirement::new(ratio((2, 3)), false, "Civil Code 278"),
        &Requirement::new(ratio(consent), strict, "Civil Code 278"),
    )
}

fn ordinary() -> Thresholds {
    thresholds((1, 2), true)
}

fn weighty() -> Thresholds {
    thresholds((3, 4), false)
}

fn unit(number: &str, owner: &str, hundredths: i64, choice: Choice) -> Unit {
    let owner = match owner {
        "developer" => Owner::Developer,
        names => Owner::of(names.split(';')),
    };
    Unit {
        unit: number.to_owned(),
        owner,
        area: Area::new(hundredths).unwrap(),
        choice,
    }
}

/// So many units of 100 m² each for each choice, each of its own owner.
fn electorate(groups: &[(usize, Choice)]) -> Vec<Unit> {
    let choices = groups
        .iter()
        .flat_map(|&(times, choice)| std::iter::repeat_n(choice, times));
    (0..)
        .zip(choices)
        .map(|(n, choice)| unit(&format!("u{n}"), &format!("owner {n}"), 10_000, choice))
        .collect()
}

fn outcome(units: &[Unit], thresholds: &Thresholds, silence: SilenceRule) -> Outcome {
    count(units, thresholds, silence).unwrap()
}

#[test]
fn minhang_2021_passes_only_with_its_584_silent_owners() {
    // 703 of 1,291 returned (54.5%, below two thirds); 584 were served and silent. How the 703
    // divided is not reported; any clear majority shows the point.
    let units = electorate(&[
        (640, Choice::For),
        (63, Choice::Against),
        (584, Choice::Silent),
        (4, Choice::Unserved),
    ]);
    let counted = outcome(&units, &ordinary(), SilenceRule::FollowsMajority);
    assert!(counted.passed());
    assert_eq!(counted.tally.participating.heads, 1287);
    assert_eq!(counted.tally.in_favour.heads, 640 + 584);
    assert!(counted.silence_decides);

    let not_counted = outcome(&units, &ordinary(), SilenceRule::NotCounted);
    assert!(!not_counted.tally.participation_met);
    assert!(
        not_counted.tally.consent_met,
        "703 said enough, but were too few"
    );
    assert!(!not_counted.passed());
    assert_eq!(
        not_counted.tally.thresholds[0].least,
        Some(Measured::Heads(861))
    );

    let abstaining = outcome(&units, &ordinary(), SilenceRule::Participates);
    assert!(abstaining.tally.participation_met);
    assert!(!abstaining.tally.consent_met, "640 of 1,287 is no majority");
}

#[test]
fn minhang_2261_votes_of_which_1071_were_silent_show_all_three_readings() {
    let units = electorate(&[
        (1000, Choice::For),
        (190, Choice::Against),
        (1071, Choice::Silent),
    ]);
    let counted = outcome(&units, &ordinary(), SilenceRule::NotCounted);
    assert_eq!(counted.tally.participating.heads, 1190);
    assert_eq!(counted.cast.silent.heads, 1071);
    let passed: Vec<(SilenceRule, bool)> = counted
        .under_other_rules
        .iter()
        .map(|reading| (reading.silence, reading.passed))
        .collect();
    assert_eq!(
        passed,
        [
            (SilenceRule::Participates, false),
            (SilenceRule::FollowsMajority, true)
        ]
    );
    assert!(!counted.passed());
}

#[test]
fn exactly_two_thirds_take_part_and_that_is_enough() {
    let exactly = electorate(&[(200, Choice::For), (100, Choice::Unserved)]);
    assert!(outcome(&exactly, &ordinary(), SilenceRule::NotCounted).passed());
    let one_less = electorate(&[(199, Choice::For), (101, Choice::Unserved)]);
    assert!(
        !outcome(&one_less, &ordinary(), SilenceRule::NotCounted)
            .tally
            .participation_met
    );
}

#[test]
fn exactly_half_in_favour_is_no_majority() {
    let half = electorate(&[(50, Choice::For), (50, Choice::Against)]);
    assert!(
        !outcome(&half, &ordinary(), SilenceRule::NotCounted)
            .tally
            .consent_met
    );
    let one_more = electorate(&[(51, Choice::For), (50, Choice::Against)]);
    assert!(outcome(&one_more, &ordinary(), SilenceRule::NotCounted).passed());
}

#[test]
fn exactly_three_quarters_in_favour_is_enough() {
    let exactly = electorate(&[(75, Choice::For), (25, Choice::Abstain)]);
    assert!(outcome(&exactly, &weighty(), SilenceRule::NotCounted).passed());
    let one_less = electorate(&[(74, Choice::For), (26, Choice::Abstain)]);
    assert!(!outcome(&one_less, &weighty(), SilenceRule::NotCounted).passed());
}

#[test]
fn one_square_centimetre_of_area_can_be_missing() {
    let mut units = electorate(&[(2, Choice::For), (1, Choice::Unserved)]);
    assert!(outcome(&units, &ordinary(), SilenceRule::NotCounted).passed());
    units[2].area = Area::new(10_001).unwrap();
    let counted = outcome(&units, &ordinary(), SilenceRule::NotCounted);
    let met: Vec<bool> = counted
        .tally
        .thresholds
        .iter()
        .map(|check| check.met)
        .collect();
    assert_eq!(
        met,
        [true, false, true, true],
        "heads take part, area does not"
    );
    assert!(!counted.passed());
}

#[test]
fn those_who_abstain_stay_in_the_denominator() {
    let units = electorate(&[
        (50, Choice::For),
        (10, Choice::Against),
        (40, Choice::Abstain),
    ]);
    let counted = outcome(&units, &ordinary(), SilenceRule::NotCounted);
    assert!(
        !counted.tally.consent_met,
        "50 of 100 who take part, though 50 of 60 who chose"
    );
}

#[test]
fn one_buyer_of_several_units_is_one_head_and_so_is_the_developer() {
    let units = [
        unit("1", "wang", 9_000, Choice::For),
        unit("2", "wang", 9_000, Choice::For),
        unit("3", "developer", 9_000, Choice::Against),
        unit("4", "developer", 9_000, Choice::Against),
        unit("5", "li;wang", 9_000, Choice::For),
        unit("6", "wang;li", 9_000, Choice::For),
    ];
    let counted = outcome(&units, &ordinary(), SilenceRule::NotCounted);
    assert_eq!((counted.total.units, counted.total.heads), (6, 3));
    assert_eq!(counted.tally.in_favour.heads, 2, "wang, and wang with li");
    assert_eq!(counted.tally.in_favour.area.get(), 36_000);
    assert_eq!(counted.heads_of_several_units, 3);
}

#[test]
fn a_head_whose_units_disagree_abstains_while_its_area_counts_as_cast() {
    let units = [
        unit("1", "wang", 9_000, Choice::For),
        unit("2", "wang", 6_000, Choice::Against),
        unit("3", "li", 9_000, Choice::For),
    ];
    let counted = outcome(&units, &ordinary(), SilenceRule::NotCounted);
    let heads = |tally: ballot::resolution::Tally| (tally.heads, tally.area.get());
    assert_eq!(heads(counted.tally.in_favour), (1, 18_000));
    assert_eq!(heads(counted.tally.against), (0, 6_000));
    assert_eq!(heads(counted.tally.abstain), (1, 0));
    assert_eq!(counted.conflicts.len(), 1);
    assert_eq!(counted.conflicts[0].owner, "wang");
    assert_eq!(counted.conflicts[0].units.len(), 2);
    let text = render_text(&counted);
    assert!(text.contains("one head, different marks"), "{text}");
    assert!(text.contains("1 heads hold several units"), "{text}");
}

#[test]
fn what_an_owner_said_goes_before_following_and_silence() {
    let units = [
        unit("1", "wang", 9_000, Choice::For),
        unit("2", "wang", 9_000, Choice::Follow),
        unit("3", "wang", 9_000, Choice::Silent),
        unit("4", "wang", 9_000, Choice::Unserved),
    ];
    let counted = outcome(&units, &ordinary(), SilenceRule::NotCounted);
    assert_eq!(counted.cast.in_favour.heads, 1);
    assert_eq!(counted.tally.participating.units, 2);
    assert_eq!(counted.conflicts, []);
}

#[test]
fn without_a_majority_in_heads_and_area_followers_abstain() {
    let mut units = electorate(&[(2, Choice::For), (1, Choice::Against), (3, Choice::Follow)]);
    let with = outcome(&units, &ordinary(), SilenceRule::NotCounted);
    assert_eq!(
        (with.majority, with.tally.in_favour.heads),
        (Some(Side::For), 5)
    );

    units[2].area = Area::new(20_000).unwrap();
    let tied_by_area = outcome(&units, &ordinary(), SilenceRule::NotCounted);
    assert_eq!(
        (tied_by_area.majority, tied_by_area.tally.abstain.heads),
        (None, 3)
    );

    units[2].area = Area::new(20_001).unwrap();
    let disagreeing = outcome(&units, &ordinary(), SilenceRule::NotCounted);
    assert_eq!(
        (disagreeing.majority, disagreeing.tally.abstain.heads),
        (None, 3)
    );
}

#[test]
fn the_silent_may_follow_the_majority_against() {
    let units = electorate(&[(1, Choice::For), (2, Choice::Against), (6, Choice::Silent)]);
    let counted = outcome(&units, &ordinary(), SilenceRule::FollowsMajority);
    assert_eq!(counted.tally.against.heads, 8);
    assert!(!counted.passed());
}

#[test]
fn where_nobody_takes_part_nothing_passes() {
    let units = electorate(&[(3, Choice::Unserved), (3, Choice::Silent)]);
    let counted = outcome(&units, &ordinary(), SilenceRule::NotCounted);
    assert!(!counted.tally.participation_met && !counted.tally.consent_met);
    assert_eq!(counted.tally.thresholds[2].least, None);
}

/// A quorum makes abstention by absence stronger than a vote against; owners should know it.
#[test]
fn a_vote_against_can_carry_the_participation_that_lets_a_resolution_pass() {
    let absent = electorate(&[(199, Choice::For), (101, Choice::Unserved)]);
    assert!(!outcome(&absent, &ordinary(), SilenceRule::NotCounted).passed());
    let against = electorate(&[
        (199, Choice::For),
        (1, Choice::Against),
        (100, Choice::Unserved),
    ]);
    assert!(outcome(&against, &ordinary(), SilenceRule::NotCounted).passed());
}

#[test]
fn a_wrong_electorate_is_refused() {
    let refuse = |units: &[Unit]| count(units, &ordinary(), SilenceRule::NotCounted).unwrap_err();
    assert_eq!(refuse(&[]), BallotError::EmptyElectorate);
    let twice = [
        unit("1", "wang", 1, Choice::For),
        unit("1", "li", 1, Choice::For),
    ];
    assert_eq!(
        refuse(&twice),
        BallotError::DuplicateUnit {
            unit: "1".to_owned()
        }
    );
    let nobody = Unit {
        owner: Owner::Owners(Vec::new()),
        ..unit("1", "x", 1, Choice::For)
    };
    assert_eq!(
        refuse(&[nobody]),
        BallotError::NoOwner {
            unit: "1".to_owned()
        }
    );
    let huge = [
        unit("1", "a", i64::MAX, Choice::For),
        unit("2", "b", 1, Choice::For),
    ];
    assert!(matches!(refuse(&huge), BallotError::Units(_)));
}

#[test]
fn json_has_the_numbers_where_readers_expect_them() {
    let units = [
        unit("1", "wang", 8_953, Choice::For),
        unit("2", "li", 12_000, Choice::For),
        unit("3", "zhao", 5_000, Choice::Silent),
    ];
    let counted = outcome(&units, &ordinary(), SilenceRule::NotCounted);
    let json = serde_json::to_value(&counted).unwrap();
    assert_eq!(
        json["total"],
        serde_json::json!({"units": 3, "heads": 3, "area_m2": 259.53})
    );
    assert_eq!(json["for"]["area_m2"].to_string(), "209.53");
    for key in [
        "participating",
        "against",
        "abstain",
        "follow",
        "silent",
        "unserved",
    ] {
        assert!(json[key]["heads"].is_u64(), "{key}");
    }
    assert_eq!(json["silence"], "not_counted");
    assert_eq!(json["passed"], true);
    assert_eq!(
        json["thresholds"][1],
        serde_json::json!({
            "of": "area", "kind": "participation", "required": "2/3", "strict": false,
            "least": 173.02, "actual": {"part": 209.53, "whole": 259.53},
            "met": true, "citation": "Civil Code 278",
        }),
    );
    assert_eq!(json["under_other_rules"].as_array().unwrap().len(), 2);
}

#[test]
fn the_text_shows_each_threshold_with_its_numbers() {
    let units = electorate(&[(2, Choice::For), (1, Choice::Unserved)]);
    let text = render_text(&outcome(&units, &ordinary(), SilenceRule::NotCounted));
    assert!(text.starts_with("PASSED (silence: not_counted)"), "{text}");
    assert!(
        text.contains("participation by heads  2 of 3 = 66.66%; at least 2/3, so 2"),
        "{text}"
    );
    assert!(text.contains("200.00 m² of 300.00 m²"), "{text}");
}

#[test]
fn names_are_read_with_either_dash_and_wrong_ones_list_the_right_ones() {
    assert_eq!("not-counted".parse(), Ok(SilenceRule::NotCounted));
    assert_eq!("follows_majority".parse(), Ok(SilenceRule::FollowsMajority));
    assert_eq!("use-repair-fund".parse(), Ok(Matter::UseRepairFund));
    assert_eq!(Matter::ALL.len(), 9);
    let error = "usual".parse::<SilenceRule>().unwrap_err().to_string();
    assert!(
        error.contains("not_counted, participates, follows_majority"),
        "{error}"
    );
    assert_eq!(
        serde_json::to_string(&Matter::OtherMajor).unwrap(),
        "\"other_major\""
    );
}

fn any_choice() -> impl Strategy<Value = Choice> {
    select(Choice::ALL)
}

fn any_silence() -> impl Strategy<Value = SilenceRule> {
    select(SilenceRule::ALL)
}

fn any_thresholds() -> impl Strategy<Value = Thresholds> {
    prop_oneof![Just(ordinary()), Just(weighty())]
}

/// Electorates in which owners hold several units, alone, together and as developer.
fn any_electorate() -> impl Strategy<Value = Vec<Unit>> {
    let owner = select(vec!["a", "b", "c", "d", "e", "a;b", "developer"]);
    let one = (owner, 1..30_000_i64, any_choice());
    prop::collection::vec(one, 1..24).prop_map(|rows| {
        (0..)
            .zip(rows)
            .map(|(n, (o, area, c))| unit(&format!("u{n}"), o, area, c))
            .collect()
    })
}

proptest! {
    #[test]
    fn the_order_of_units_never_matters(
        (units, shuffled) in any_electorate().prop_flat_map(|units| (Just(units.clone()), Just(units).prop_shuffle())),
        silence in any_silence(),
    ) {
        prop_assert_eq!(outcome(&units, &ordinary(), silence), outcome(&shuffled, &ordinary(), silence));
    }

    #[test]
    fn sides_add_up_under_every_rule(units in any_electorate(), silence in any_silence()) {
        let counted = outcome(&units, &ordinary(), silence);
        prop_assert_eq!(usize::try_from(counted.total.units).unwrap(), units.len());
        for reading in counted.under_other_rules.iter().chain([&counted.tally]) {
            let sides = [reading.in_favour, reading.against, reading.abstain];
            let whole = reading.participating;
            prop_assert_eq!(sides.iter().map(|t| t.units).sum::<u32>(), whole.units);
            prop_assert_eq!(sides.iter().map(|t| t.heads).sum::<u32>(), whole.heads);
            prop_assert_eq!(Area::sum(sides.map(|t| t.area)).unwrap(), whole.area);
            prop_assert!(whole.heads <= counted.total.heads && whole.area <= counted.total.area);
        }
    }

    #[test]
    fn a_vote_changed_to_for_never_undoes_a_pass(
        units in any_electorate(),
        index in any::<prop::sample::Index>(),
        silence in any_silence(),
        thresholds in any_thresholds(),
    ) {
        let before = outcome(&units, &thresholds, silence);
        let mut changed = units.clone();
        index.get_mut(&mut changed).choice = Choice::For;
        let after = outcome(&changed, &thresholds, silence);
        prop_assert!(!before.passed() || after.passed(), "{before:?}\n{after:?}");
    }

    #[test]
    fn a_new_unit_in_favour_never_undoes_a_pass(
        units in any_electorate(),
        owner in select(vec!["a", "b", "a;b", "developer", "newcomer"]),
        area in 1..30_000_i64,
        silence in any_silence(),
        thresholds in any_thresholds(),
    ) {
        let before = outcome(&units, &thresholds, silence);
        let mut more = units.clone();
        more.push(unit("new", owner, area, Choice::For));
        prop_assert!(!before.passed() || outcome(&more, &thresholds, silence).passed());
    }

    #[test]
    fn splitting_a_unit_changes_neither_heads_nor_area(
        units in any_electorate(),
        index in any::<prop::sample::Index>(),
        silence in any_silence(),
    ) {
        let mut split = units.clone();
        let part = index.get_mut(&mut split);
        let (whole, half) = (part.area.get(), part.area.get() / 2);
        part.area = Area::new(half).unwrap();
        let other = Unit { unit: "other half".to_owned(), area: Area::new(whole - half).unwrap(), ..part.clone() };
        split.push(other);
        let (before, after) = (outcome(&units, &ordinary(), silence), outcome(&split, &ordinary(), silence));
        let heads_and_areas = |o: &Outcome| {
            [o.total, o.tally.participating, o.tally.in_favour, o.tally.against, o.tally.abstain]
                .map(|t| (t.heads, t.area))
        };
        prop_assert_eq!(heads_and_areas(&before), heads_and_areas(&after));
        prop_assert_eq!(before.passed(), after.passed());
    }

    #[test]
    fn measuring_all_areas_in_another_scale_changes_no_result(
        units in any_electorate(),
        times in 1..1000_i64,
        silence in any_silence(),
        thresholds in any_thresholds(),
    ) {
        let mut scaled = units.clone();
        for unit in &mut scaled {
            unit.area = unit.area.checked_mul(times).unwrap();
        }
        let met = |units: &[Unit]| -> Vec<bool> {
            outcome(units, &thresholds, silence).tally.thresholds.iter().map(|check| check.met).collect()
        };
        prop_assert_eq!(met(&units), met(&scaled));
    }

    #[test]
    fn heads_agree_with_a_slow_count_by_owner(units in any_electorate()) {
        let mut owners: Vec<&Owner> = units.iter().map(|unit| &unit.owner).collect();
        owners.sort();
        owners.dedup();
        let mut expected = [0_u32; 6];
        for owner in &owners {
            let mine: Vec<Choice> = units.iter().filter(|u| &u.owner == *owner).map(|u| u.choice).collect();
            let has = |choice| mine.contains(&choice);
            let said = [Choice::For, Choice::Against, Choice::Abstain].into_iter().filter(|&c| has(c)).collect::<Vec<_>>();
            let at = match said.as_slice() {
                [one] => Choice::ALL.iter().position(|c| c == one).unwrap(),
                [] if has(Choice::Follow) => 3,
                [] if has(Choice::Silent) => 4,
                [] => 5,
                _ => 2,
            };
            expected[at] += 1;
        }
        let cast = outcome(&units, &ordinary(), SilenceRule::NotCounted).cast;
        let heads = [cast.in_favour, cast.against, cast.abstain, cast.follow, cast.silent, cast.unserved].map(|t| t.heads);
        prop_assert_eq!(heads, expected);
    }
}
