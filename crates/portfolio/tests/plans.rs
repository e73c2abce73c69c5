//! Plans against every possible plan, bad input, and what a plan says about itself.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::collections::HashMap;

use common::{Seeded, made};
use portfolio::{
    Blocker, Error, Gap, Limits, Move, Plan, Project, Proof, Quarter, Solver, greedy, move_cost,
    parse, solve,
};
use proptest::prelude::*;

fn exact() -> Limits<'static> {
    Limits {
        gap: Gap::NONE,
        nodes: 100_000,
        solver: Solver::Own,
        ..Limits::default()
    }
}

/// Two projects that each take the whole budget of two quarters.
const TWO: &str = r#"
    first = "2026Q1"
    quarters = 4
    [[budget]]
    year = 2026
    yuan = 3_000_000
    [[unit]]
    id = "bureau"
    capacity = 1
    [[project]]
    id = "A"
    unit = "bureau"
    cost_yuan = 2_000_000
    quarters = 2
    benefit = 900
    [[project]]
    id = "B"
    name = "River bank"
    unit = "bureau"
    cost_yuan = "1000000.00"
    quarters = 2
    benefit = 400
"#;

#[test]
fn two_projects_share_a_unit_one_after_the_other() {
    let outcome = solve(&parse(TWO).unwrap(), &exact()).unwrap();
    let starts: Vec<String> = outcome
        .placed
        .iter()
        .map(|it| it.start.to_string())
        .collect();
    assert_eq!(starts, ["2026Q1", "2026Q3"]);
    assert_eq!(
        (outcome.bound, outcome.gap_ppm),
        (Some(outcome.value), Some(0))
    );
    let waits = &outcome.waiting[0];
    assert_eq!(
        (waits.project.as_str(), waits.instead.clone()),
        ("B", vec!["A".to_owned()])
    );
    assert!(
        matches!(waits.blockers[0], Blocker::Lacks { lacking: 1, .. }),
        "{waits:?}"
    );
    let binding: Vec<_> = outcome.limits.iter().filter(|limit| limit.binds).collect();
    assert_eq!(binding.len(), 2, "the unit in two quarters: {binding:?}");
}

#[test]
fn a_move_by_hand_says_what_it_costs_and_whom_it_pushes() {
    let plan = parse(TWO).unwrap();
    let before = solve(&plan, &exact()).unwrap();
    let first: Quarter = "2026Q1".parse().unwrap();
    let moved = move_cost(&plan, &before, "B", Move::To(first), &exact()).unwrap();
    // 900 points twice two percent later, 400 points twice two percent sooner; ease is 100.
    assert_eq!(moved.loses, 900_000 * 4 / 100 - 400_000 * 4 / 100);
    assert_eq!(moved.shifts.len(), 1);
    assert_eq!(moved.shifts[0].project, "A");
    let out = move_cost(&plan, &before, "B", Move::Out, &exact()).unwrap();
    assert!(out.outcome.placed.iter().all(|it| it.project != "B"));
    assert!(out.loses > 0);
    assert!(move_cost(&plan, &before, "C", Move::Out, &exact()).is_err());
}

#[test]
fn what_has_started_stays_and_a_move_is_weighed() {
    let plan = parse(TWO).unwrap();
    let before = solve(&plan, &exact()).unwrap();
    let next = plan.replanned(&before, "2026Q2".parse().unwrap());
    let after = solve(&next, &exact()).unwrap();
    let a = after.placed.iter().find(|it| it.project == "A").unwrap();
    assert_eq!((a.start.to_string().as_str(), a.started), ("2026Q1", true));
    let b = after.placed.iter().find(|it| it.project == "B").unwrap();
    assert_eq!((b.start.to_string().as_str(), b.moved), ("2026Q3", Some(0)));
    let later = next.replanned(&after, "2026Q3".parse().unwrap());
    assert!(later.projects.iter().all(|it| it.id != "A"), "A is over");
}

#[test]
fn bad_input_is_refused_in_words_that_help() {
    let project = |id: &str, more: &str| {
        format!("[[project]]\nid = \"{id}\"\nquarters = 1\nbenefit = 1\n{more}\n")
    };
    let with = |projects: &str| format!("first = \"2026Q1\"\nquarters = 4\n{projects}");
    let cost = "cost_yuan = 1";
    let cases = [
        (
            with(
                &(project("A", &format!("{cost}\nafter = [\"C\"]"))
                    + &project("B", &format!("{cost}\nafter = [\"A\"]"))
                    + &project("C", &format!("{cost}\nafter = [\"B\"]"))),
            ),
            "A needs C needs B needs A",
        ),
        (with(&project("A", "")), "project A has no cost"),
        (
            with(&project("A", "cost_yuan = 0")),
            "project A has no cost",
        ),
        (
            with(&project("A", "cost_yuan = -1")),
            "the cost in fen of project A is -100",
        ),
        (
            with(&project("A", &format!("{cost}\nfinish_by = \"2025Q4\""))),
            "before the plan begins (2026Q1)",
        ),
        (
            with(&project("A", &format!("{cost}\nafter = [\"Z\"]"))),
            "names the prerequisite Z",
        ),
        (
            with(&(project("A", cost) + &project("A", cost))),
            "project A stands in the plan twice",
        ),
        (
            with(&format!(
                "[[budget]]\nyear = 2026\nyuan = 0\n{}",
                project("A", cost)
            )),
            "the budgets allow nothing",
        ),
        (
            with(&format!(
                "[[budget]]\nquarter = \"2026Q1\"\nyuan = 1\n{}",
                project("A", "cost_yuan = 5\nstarted = \"2026Q1\"")
            )),
            "the budget of 2026Q1",
        ),
        (with("[[project]]\nid = 1"), "line 4"),
        (
            with(&project("A", "cost_yuan = 1.5")),
            "the plan can't be read",
        ),
        (
            with(&project("A", "cost_yuan = \"1.555\"")),
            "the cost of project A is 1.555",
        ),
        (with(""), "the number of projects is 0"),
        (
            with(&project(
                "A",
                &format!("{cost}\nmust = true\nearliest = \"2027Q1\""),
            )),
            "project A must be done",
        ),
        ("first = \"2026\"".to_owned(), "is no quarter"),
    ];
    for (text, wanted) in cases {
        let error = parse(&text)
            .and_then(|plan| solve(&plan, &exact()))
            .unwrap_err();
        assert!(
            error.to_string().contains(wanted),
            "{error}\nshould say: {wanted}"
        );
    }
}

#[test]
fn musts_that_dont_fit_together_are_named_with_proof() {
    let text = TWO.replace(
        "benefit = 900",
        "benefit = 900\nmust = true\nfinish_by = \"2026Q2\"",
    );
    let text = text.replace(
        "benefit = 400",
        "benefit = 400\nmust = true\nfinish_by = \"2026Q3\"",
    );
    let error = solve(&parse(&text).unwrap(), &exact()).unwrap_err();
    assert!(
        matches!(error, Error::MustsDontFit { proven: true, .. }),
        "{error}"
    );
}

#[test]
fn the_same_plan_comes_out_every_time() {
    let plan = made(&Seeded {
        projects: 40,
        quarters: 12,
        ..Seeded::default()
    });
    let limits = Limits {
        nodes: 50,
        ..exact()
    };
    assert_eq!(
        solve(&plan, &limits).unwrap(),
        solve(&plan, &limits).unwrap()
    );
}

#[test]
fn a_plan_is_no_worse_than_the_greedy_one_and_holds_every_limit() {
    for seed in 0..3 {
        let plan = made(&Seeded {
            seed,
            projects: 30,
            quarters: 12,
            ..Seeded::default()
        });
        let limits = Limits {
            nodes: 20,
            ..exact()
        };
        let best = solve(&plan, &limits).unwrap();
        assert!(best.value >= greedy(&plan).unwrap().value);
        assert!(best.bound.unwrap() >= best.value);
        assert_eq!(best.proof, Proof::Exact);
        for limit in &best.limits {
            assert!(limit.used <= limit.available, "{limit:?}");
        }
        let ends: HashMap<&str, Quarter> = best
            .placed
            .iter()
            .map(|it| (it.project.as_str(), it.end))
            .collect();
        for it in &best.placed {
            let project = plan
                .projects
                .iter()
                .find(|one| one.id == it.project)
                .unwrap();
            for before in &project.after {
                assert!(
                    ends[before.as_str()] < it.start,
                    "{before} ends before {}",
                    it.project
                );
            }
        }
    }
}

/// Every plan there is, tried one by one.
fn best_of_all(plan: &Plan) -> Option<i64> {
    fn go(plan: &Plan, chosen: &mut Vec<Option<Quarter>>, best: &mut Option<i64>) {
        let Some(project) = plan.projects.get(chosen.len()) else {
            let value = common::value_if_allowed(plan, chosen);
            *best = (*best).max(value);
            return;
        };
        for at in 0..=plan.quarters.saturating_sub(project.quarters) {
            chosen.push(Some(plan.first.plus(i32::try_from(at).unwrap())));
            go(plan, chosen, best);
            chosen.pop();
        }
        chosen.push(None);
        go(plan, chosen, best);
        chosen.pop();
    }
    let mut best = None;
    go(plan, &mut Vec::new(), &mut best);
    best
}

fn small() -> impl Strategy<Value = Plan> {
    (any::<u64>(), 2_u32..=5, 3_u32..=5).prop_map(|(seed, projects, quarters)| {
        made(&Seeded {
            seed,
            projects,
            quarters,
            tight: true,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_plan_is_the_best_of_all_plans(plan in small()) {
        match (solve(&plan, &exact()), best_of_all(&plan)) {
            (Ok(outcome), Some(best)) => {
                prop_assert_eq!(outcome.value, best);
                prop_assert_eq!(outcome.bound, Some(best));
            }
            (Err(Error::MustsDontFit { proven, .. }), None) => prop_assert!(proven),
            (Err(Error::NoQuarter { .. }), None) => {}
            (Err(Error::NothingFits { .. }), Some(best)) => prop_assert!(best <= 0),
            (ours, all) => prop_assert!(false, "{ours:?} against {all:?}"),
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _ = parse(&text);
    }
}

#[cfg(feature = "highs")]
#[test]
fn highs_and_our_own_search_agree() {
    for seed in 0..12 {
        let plan = made(&Seeded {
            seed,
            projects: 9,
            quarters: 6,
            tight: true,
        });
        let highs = Limits {
            solver: Solver::Highs,
            ..exact()
        };
        match (solve(&plan, &exact()), solve(&plan, &highs)) {
            (Ok(ours), Ok(theirs)) => {
                assert_eq!(ours.value, theirs.value, "seed {seed}");
                assert_eq!(ours.bound, Some(ours.value), "seed {seed}");
                assert_eq!(theirs.proof, Proof::Highs);
            }
            (Err(ours), Err(theirs)) => assert_eq!(ours.to_string(), theirs.to_string()),
            (ours, theirs) => panic!("seed {seed}: {ours:?} against {theirs:?}"),
        }
    }
}

#[cfg(feature = "highs")]
#[test]
fn highs_goes_on_from_our_plan() {
    let plan = made(&Seeded {
        seed: 3,
        projects: 14,
        quarters: 6,
        tight: true,
    });
    let limits = Limits {
        solver: Solver::Best,
        ..exact()
    };
    let both = solve(&plan, &limits).unwrap();
    assert_eq!(both.bound, Some(both.value));
}

#[cfg(not(feature = "highs"))]
#[test]
fn without_highs_it_says_how_to_get_it() {
    let limits = Limits {
        solver: Solver::Highs,
        ..exact()
    };
    let error = solve(&parse(TWO).unwrap(), &limits).unwrap_err();
    assert!(error.to_string().contains("--features highs"), "{error}");
}

#[test]
fn a_project_is_what_its_fields_say() {
    let plan = parse(TWO).unwrap();
    let Project {
        cost, ease, load, ..
    } = &plan.projects[1];
    assert_eq!((cost.get(), *ease, *load), (100_000_000, 100, 1));
}
