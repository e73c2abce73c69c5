//! Whatever is sent in whatever order: a task is never lost or doubled, what is refused leaves nothing, and the journal
//! tells the same story as the file.

use std::collections::BTreeMap;

use approvals::{Act, Card, CaseId, FileView, Live, Task, TaskKind, due_cards, overview, tasks};
use flow::{Case, Decision, Event};
use kernel::Randomness;

use crate::world::{APPLICANT, BUILDER, PLANNER, PROCESS, REFORMER, World};

#[test]
fn random_acts_never_lose_or_double_a_task() {
    let seeds = std::env::var("LINLI_SEEDS")
        .ok()
        .and_then(|seeds| seeds.parse().ok());
    for seed in 0..seeds.unwrap_or(6_u64) {
        live(seed);
    }
}

fn live(seed: u64) {
    let world = World::on_sqlite();
    world.on("2026-03-02", 9);
    let random = Randomness::from_number(seed);
    let cases = [world.submitted(APPLICANT), world.submitted(APPLICANT)];
    let definition = world.file(APPLICANT, cases[0]).unwrap().definition;
    for _ in 0..80 {
        let dice: [u8; 16] = random.next_16();
        let case = cases[usize::from(dice[10] % 2)];
        let day = world.now().plus_seconds(i64::from(dice[0]) * 900);
        world.set_now(day);
        let who = [PLANNER, BUILDER, REFORMER][usize::from(dice[1]) % 3];
        let before = world.file(APPLICANT, case).unwrap();
        let accepted = world
            .act(who, case, any_act(&definition, &before, dice))
            .is_ok();
        if dice[2].is_multiple_of(8) {
            submit_next(&world, case);
        }
        let after = world.file(APPLICANT, case).unwrap();
        if !accepted && after.seen() == before.seen() {
            assert_eq!(
                after.case, before.case,
                "seed {seed}: what is refused leaves nothing"
            );
        }
        every_task_has_one_owner(&world, case, seed);
        if dice[11].is_multiple_of(4) {
            send_first_card(&world);
        }
        what_is_kept_up_is_what_is_derived_anew(&world, &cases, seed);
    }
    for case in cases {
        the_journal_replays_to_the_same(&world, case, seed);
    }
}

fn send_first_card(world: &World) {
    let due = world.ask(PLANNER, approvals::cards_to_send).unwrap();
    if let Some(card) = due.into_iter().next() {
        let issue = approvals::IssueCard {
            case: card.case,
            stage: card.stage,
            colour: card.colour,
        };
        world
            .journal
            .execute_blocking(world.system(), issue)
            .unwrap();
    }
}

/// Looks that keep up with changes, beside a first look and beside the files themselves.
fn what_is_kept_up_is_what_is_derived_anew(world: &World, cases: &[CaseId], seed: u64) {
    let look = |is_first: bool| {
        let seen = world.ask(PLANNER, move |read, ctx| {
            let live = if is_first {
                Live::default()
            } else {
                Live::of(read)
            };
            overview(read, ctx, &live, None, 100)
        });
        format!("{:?}", seen.unwrap())
    };
    assert_eq!(look(false), look(true), "seed {seed}");

    let files = cases
        .iter()
        .map(|case| world.file(APPLICANT, *case).unwrap());
    let open: Vec<FileView> = files.filter(|view| !view.row.closed).collect();
    let held = |view: &FileView, task: &&Task| {
        !task.kind.is_applicants() && view.office.holder(&task.unit).is_some()
    };
    let tasks = open.iter().flat_map(|view| {
        let held = view.tasks.iter().filter(move |task| held(view, task));
        held.map(|task| format!("{} {task:?}", view.row.id))
    });
    let clerks = [PLANNER, BUILDER, REFORMER].into_iter();
    let queued = clerks
        .flat_map(|clerk| world.queue(clerk))
        .map(|line| format!("{} {:?}", line.case, line.task));
    assert_eq!(sorted(queued), sorted(tasks), "seed {seed}");

    let due = open.iter().flat_map(|view| {
        let (row, case) = (&view.row, &view.case);
        let due = due_cards(row.id, &view.definition, case, &view.days, view.today).unwrap();
        let went_out = |card: &Card| {
            let key = |card: &Card| (card.stage.clone(), card.colour, card.days_before);
            view.cards.iter().any(|row| key(&row.card) == key(card))
        };
        let waiting = due.into_iter().filter(|card| !went_out(card));
        waiting.map(|card| format!("{card:?}")).collect::<Vec<_>>()
    });
    let to_send = world.ask(PLANNER, approvals::cards_to_send).unwrap();
    let to_send = to_send.iter().map(|card| format!("{card:?}"));
    assert_eq!(sorted(to_send), sorted(due), "seed {seed}");
}

fn sorted(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines
}

fn any_act(definition: &flow::Definition, view: &FileView, dice: [u8; 16]) -> Act {
    let pick = |of: usize, die: usize| usize::from(dice[die]) % of.max(1);
    let stage = definition.stages[pick(2, 3)].id.clone();
    let unit = definition.units[pick(definition.units.len(), 4)].id.clone();
    let step = &definition.steps[pick(8.min(definition.steps.len()), 5)];
    let reason = "因故".to_owned();
    match dice[6] % 16 {
        0 | 1 => Act::Accept { stage },
        2 => Act::AskCorrection {
            stage,
            missing: vec![reason],
        },
        3 => Act::Suspend {
            stage,
            ground: "hearing".to_owned(),
        },
        4 => Act::Resume { stage },
        5 => Act::Ask { stage, unit },
        6 => Act::Reply {
            stage,
            unit,
            reply: reason,
        },
        7 => Act::HandOver {
            stage,
            to: unit,
            reason,
        },
        8 => Act::Extend {
            stage,
            days: 5,
            approved_by: reason.clone(),
            reason,
        },
        9 => Act::Decide {
            stage,
            result: Decision::Passed,
            reason,
        },
        10 if dice[7] < 20 => Act::Refuse { stage, reason },
        11 => {
            let of = &view.events[pick(view.events.len(), 8)];
            Act::Retract {
                of: of.event.id.clone(),
                reason,
            }
        }
        _ => Act::Finish {
            step: step.id.clone(),
            outcome: step
                .outcomes
                .get(pick(step.outcomes.len(), 9))
                .map(|outcome| outcome.id.clone()),
        },
    }
}

fn submit_next(world: &World, case: CaseId) {
    let view = world.file(APPLICANT, case).unwrap();
    let (mut stages, mut answers) = (Vec::new(), Vec::new());
    for task in &view.tasks {
        match task.kind {
            TaskKind::Submit => stages.push(task.stage.clone()),
            TaskKind::Correct => answers.push(task.stage.clone()),
            _ => {}
        }
    }
    let seen = view.seen();
    if let Some(stage) = answers.pop() {
        let note = String::new();
        world.must_do(
            APPLICANT,
            approvals::AnswerCorrection {
                case,
                seen,
                stage,
                note,
            },
        );
    } else if !stages.is_empty() {
        world.must_do(APPLICANT, approvals::SubmitStages { case, seen, stages });
    }
}

/// Counted anew from the state, by the rules' own words: one task a running stage, one a unit asked, one an open step.
fn every_task_has_one_owner(world: &World, case: CaseId, seed: u64) {
    let view = world.file(APPLICANT, case).unwrap();
    let mut count: BTreeMap<(TaskKind, String, Option<String>, String), usize> = BTreeMap::new();
    for task in &view.tasks {
        let unit = if task.kind == TaskKind::Reply {
            task.unit.clone()
        } else {
            String::new()
        };
        *count
            .entry((task.kind, task.stage.clone(), task.step.clone(), unit))
            .or_default() += 1;
    }
    assert!(
        count.values().all(|times| *times == 1),
        "seed {seed}: doubled: {count:?}"
    );
    if view.row.closed {
        assert!(view.tasks.is_empty());
        return;
    }
    for (stage, state) in view.definition.stages.iter().zip(&view.case.stages) {
        let over = state.decided.is_some() || state.refused.is_some();
        if state.submitted.is_none() || over {
            continue;
        }
        let of = |kind| {
            view.tasks
                .iter()
                .filter(|task| task.kind == kind && task.stage == stage.id)
                .count()
        };
        let leads = of(TaskKind::TakeIn) + of(TaskKind::Decide) + of(TaskKind::Correct);
        assert_eq!(
            leads, 1,
            "seed {seed}: {} has one who is waited for",
            stage.id
        );
        let waiting = state
            .asked
            .iter()
            .filter(|asked| asked.replied.is_none())
            .count();
        if state.accepted.is_some() {
            assert_eq!(of(TaskKind::Reply), waiting, "seed {seed}: a reply lost");
        }
    }
}

fn the_journal_replays_to_the_same(world: &World, case: CaseId, seed: u64) {
    let subject = format!("approval/{case}");
    let community = world.id;
    let entries = world.journal.database().read_blocking(move |read| {
        journal::history(read, community, &subject, i64::MAX.unsigned_abs(), 10_000)
    });
    let mut events: Vec<(u64, Event)> = Vec::new();
    for entry in entries.unwrap() {
        let public: serde_json::Value = serde_json::from_str(&entry.public).unwrap();
        for one in public["events"].as_array().into_iter().flatten() {
            let event = serde_json::from_value(one["event"].clone()).unwrap();
            events.push((one["seq"].as_u64().unwrap(), event));
        }
    }
    events.sort_by_key(|(seq, _)| *seq);
    let events: Vec<Event> = events.into_iter().map(|(_, event)| event).collect();
    let view = world.file(APPLICANT, case).unwrap();
    let replayed = Case::replay(&view.definition, &events).unwrap();
    let tasks = tasks(&view.definition, &replayed, &view.days, view.today).unwrap();
    assert_eq!(tasks, view.tasks, "seed {seed}");
    assert_eq!(replayed.steps, view.case.steps, "seed {seed}");
    assert_eq!(view.row.process, PROCESS);
}
