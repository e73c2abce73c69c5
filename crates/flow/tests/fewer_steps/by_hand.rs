//! A case run from day to day, which knows nothing of the engine's way of counting.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use flow::{Case, Change, Count, Definition, Takes};
use jiff::civil::{Date, date};
use policy::DayKind;

pub(crate) fn counts(day: Date, count: Count) -> bool {
    static WORKING: LazyLock<BTreeSet<Date>> = LazyLock::new(|| {
        let calendar = policy::builtin().calendar();
        let works = |day: &Date| calendar.is_working_day(*day).kind == DayKind::Working;
        each_day(date(2023, 12, 31), date(2030, 12, 31))
            .filter(works)
            .collect()
    });
    count == Count::Calendar || WORKING.contains(&day)
}

pub(crate) fn each_day(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(from.tomorrow().ok(), |day| day.tomorrow().ok())
        .take_while(move |day| *day <= to)
}

/// What is done in one go, by hand.
struct Group {
    members: Vec<usize>,
    takes: Vec<Takes>,
}

/// Runs a case from day to day. It knows steps by pairs (one waits for the other), merged ones by lists.
pub(crate) fn by_hand(definition: &Definition, case: &Case, changes: &[Change]) -> Date {
    let steps: Vec<usize> = (0..definition.steps.len())
        .filter(|step| case.done_on(*step).is_some())
        .collect();
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for step in &steps {
        for (before, on) in &definition.steps[*step].after {
            let led = on.is_none() || on.as_deref() == case.outcome(*before);
            if led && steps.contains(before) {
                pairs.insert((*before, *step));
            }
        }
    }
    let mut groups: Vec<Group> = (0..definition.steps.len())
        .map(|step| Group {
            members: vec![step],
            takes: Vec::new(),
        })
        .collect();
    let mut limits: [Option<u32>; 16] = [None; 16];
    let place = |id: &String| definition.step(id).unwrap().0;
    let group = |groups: &[Group], step: usize| {
        groups
            .iter()
            .position(|group| group.members.contains(&step))
            .unwrap()
    };
    for change in changes {
        match change {
            Change::Merge {
                first,
                second,
                takes,
            } => {
                let gone = groups.remove(group(&groups, place(second)));
                let kept = group(&groups, place(first));
                groups[kept].takes.push(*takes);
                groups[kept].takes.extend(gone.takes);
                groups[kept].members.extend(gone.members);
            }
            Change::Parallel { first, second } => {
                let one = groups[group(&groups, place(first))].members.clone();
                let other = groups[group(&groups, place(second))].members.clone();
                let waits = pairs
                    .iter()
                    .any(|(a, b)| one.contains(a) && other.contains(b));
                let (one, other) = if waits { (one, other) } else { (other, one) };
                let before: Vec<usize> = pairs
                    .iter()
                    .filter(|(a, b)| one.contains(b) && !one.contains(a))
                    .map(|(a, _)| *a)
                    .collect();
                let behind: Vec<usize> = pairs
                    .iter()
                    .filter(|(a, b)| other.contains(a) && !other.contains(b))
                    .map(|(_, b)| *b)
                    .collect();
                pairs.retain(|(a, b)| !(one.contains(a) && other.contains(b)));
                for step in other.iter().filter(|step| steps.contains(step)) {
                    pairs.extend(before.iter().map(|before| (*before, *step)));
                }
                for step in one.iter().filter(|step| steps.contains(step)) {
                    pairs.extend(behind.iter().map(|behind| (*step, *behind)));
                }
            }
            Change::Limit { stage, days } => {
                let place = definition
                    .stages
                    .iter()
                    .position(|one| one.id == *stage)
                    .unwrap();
                limits[place] = Some(*days);
            }
        }
    }
    groups.retain(|group| group.members.iter().any(|step| steps.contains(step)));
    for group in &mut groups {
        group.members.retain(|step| steps.contains(step));
    }
    let needs: Vec<Need> = groups
        .iter()
        .map(|group| need(definition, case, group, &limits))
        .collect();
    let waits: Vec<BTreeSet<usize>> = (0..groups.len())
        .map(|number| {
            let own = pairs
                .iter()
                .filter(|(_, step)| groups[number].members.contains(step));
            own.map(|(before, _)| group(&groups, *before))
                .filter(|before| *before != number)
                .collect()
        })
        .collect();
    let mut done: Vec<Option<Date>> = vec![None; groups.len()];
    let mut opened: Vec<Option<Date>> = vec![None; groups.len()];
    let mut today = case.began().unwrap();
    loop {
        // What is done today may open something that is done today.
        let mut moved = true;
        while moved {
            moved = false;
            for number in (0..groups.len())
                .filter(|number| done[*number].is_none())
                .collect::<Vec<_>>()
            {
                if waits[number].iter().any(|before| done[*before].is_none()) {
                    continue;
                }
                let since = *opened[number].get_or_insert(today);
                if needs[number].is_over(since, today) {
                    done[number] = Some(today);
                    moved = true;
                }
            }
        }
        if done.iter().all(Option::is_some) {
            return today;
        }
        today = today.tomorrow().unwrap();
    }
}

/// How long a group takes, and as what it opened and was done if nothing about it changed.
struct Need {
    as_it_was: Option<(Date, Date)>,
    count: Count,
    days: usize,
}

impl Need {
    /// Whether a group that opened then has lasted long enough today.
    fn is_over(&self, since: Date, today: Date) -> bool {
        match self.as_it_was {
            Some((opened, done)) if opened == since => today >= done,
            _ => counted(since, today, self.count) >= self.days,
        }
    }
}

fn counted(from: Date, to: Date, count: Count) -> usize {
    each_day(from, to).filter(|day| counts(*day, count)).count()
}

fn need(definition: &Definition, case: &Case, group: &Group, limits: &[Option<u32>; 16]) -> Need {
    let began = case.began().unwrap();
    let own: Vec<_> = group
        .members
        .iter()
        .map(|place| {
            let step = &definition.steps[*place];
            let (opened, done) = (
                case.opened(*place).unwrap_or(began),
                case.done_on(*place).unwrap(),
            );
            let limit = definition.stages[step.stage].limit();
            let calendar = step.at_least.is_some()
                || limit.is_some_and(|limit| limit.count == Count::Calendar);
            let count = if calendar {
                Count::Calendar
            } else {
                Count::Working
            };
            let lost: Vec<Date> = limits[step.stage]
                .map_or(Vec::new(), |limit| {
                    over(definition, case, step.stage, limit)
                })
                .into_iter()
                .filter(|day| *day > opened && *day <= done)
                .collect();
            let least = step.at_least.as_ref().map_or(0, |least| least.days);
            let least = usize::try_from(least).unwrap();
            let lasts = |count| {
                let all = counted(opened, done, count);
                let lost = lost.iter().filter(|day| counts(**day, count)).count();
                (all - lost).max(least.min(all))
            };
            let cut = lost.iter().any(|day| counts(*day, count));
            (
                opened,
                done,
                cut,
                count,
                lasts(count),
                lasts(Count::Calendar),
            )
        })
        .collect();
    let same = own.iter().all(|one| one.3 == own[0].3);
    let each = own.iter().map(|one| if same { one.4 } else { one.5 });
    let sum = group.takes.contains(&Takes::Sum);
    Need {
        as_it_was: (own.len() == 1 && group.takes.is_empty() && !own[0].2)
            .then_some((own[0].0, own[0].1)),
        count: if same { own[0].3 } else { Count::Calendar },
        days: if sum { each.sum() } else { each.max().unwrap() },
    }
}

/// The days that a stage's clock ran beyond a limit, counted one by one.
fn over(definition: &Definition, case: &Case, stage: usize, limit: u32) -> Vec<Date> {
    let state = &case.stages[stage];
    let count = definition.stages[stage]
        .limit()
        .map_or(Count::Working, |limit| limit.count);
    let own = (0..definition.steps.len()).filter(|step| definition.steps[*step].stage == stage);
    let end = state
        .decided
        .map(|(on, _)| on)
        .or(own.filter_map(|step| case.done_on(step)).max());
    let (Some(accepted), Some(end)) = (state.accepted, end) else {
        return Vec::new();
    };
    let stands = |day: Date| {
        state
            .stops
            .iter()
            .any(|stop| day > stop.from && stop.to.is_none_or(|to| day <= to))
    };
    let (mut left, mut late) = (limit, Vec::new());
    let mut resting = false;
    for day in each_day(accepted, end) {
        // A limit in calendar days that ends on a day off ends on the next working day, which is not late.
        if resting {
            resting = !counts(day, Count::Working);
            continue;
        }
        if left == 0 {
            if !stands(day) {
                late.push(day);
            }
        } else if left > 0 && !stands(day) && counts(day, count) {
            left -= 1;
            resting = left == 0 && count == Count::Calendar && !counts(day, Count::Working);
        }
    }
    late
}
