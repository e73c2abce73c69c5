//! What the supervisor sees on a day, derived from every open file.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use flow::{Chance, Clock, Days, Due, Outlook, Waited};
use jiff::civil::Date;
use kernel::Context;
use policy::Text;
use serde::Serialize;

use super::day::{Alike, Today, Unit, Wait};
use super::live::{KnownStage, Live, State};
use crate::Error;
use crate::model::{CaseId, HANDLE, SUPERVISE};
use crate::office::Office;

/// All open files on a day.
#[derive(Clone, Debug, Serialize)]
pub struct Overview {
    /// The day.
    pub as_of: Date,
    /// Open files.
    pub files: usize,
    /// Stages that run late.
    pub late: usize,
    /// Stages that may be late: at least one in ten of the past cases that had come as far were.
    pub likely: usize,
    /// Files that can't be told about, because their events do not fit their process.
    pub unread: usize,
    /// Each stage of each process.
    pub stages: Vec<StageLine>,
    /// The files that are late, the latest first.
    pub late_cases: Vec<CaseLine>,
    /// The files that may be late, the likeliest first.
    pub likely_cases: Vec<CaseLine>,
    /// Who waits for whom, the most frequent first.
    pub waits: Vec<WaitLine>,
    /// What each unit has to answer for, by unit and stage.
    pub loads: Vec<Load>,
    /// The units' titles.
    pub units: BTreeMap<String, Text>,
}

/// A stage of a process.
#[derive(Clone, Debug, Serialize)]
pub struct StageLine {
    /// The process.
    pub process: String,
    /// The stage.
    pub stage: String,
    /// The process' title.
    pub process_title: Text,
    /// The stage's title.
    pub title: Text,
    /// Submitted and not decided.
    pub open: usize,
    /// Of those, late.
    pub late: usize,
    /// Of those, that may be late.
    pub likely: usize,
    /// Of those, with the clock standing still.
    pub stopped: usize,
    /// Decided so far.
    pub decided: usize,
    /// Working days from submission to decision that half of those took at most.
    pub median_days: Option<u32>,
    /// The same for nine of ten.
    pub p90_days: Option<u32>,
    /// Where the working days of those went.
    pub waited: Waited,
}

/// A running stage of a file.
#[derive(Clone, Debug, Serialize)]
pub struct CaseLine {
    /// The file.
    #[serde(serialize_with = "as_text")]
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// The project.
    pub title: String,
    /// The stage's title.
    pub stage: Text,
    /// Who answers for it.
    pub unit: String,
    /// When it is due, as derived now.
    pub due: Option<Date>,
    /// Days of the limit that are left; negative, if it is late.
    pub left: i64,
    /// What the past says.
    pub outlook: Option<Outlook>,
}

/// Somebody who waits for somebody, over all files.
#[derive(Clone, Debug, Serialize)]
pub struct WaitLine {
    /// The unit that waits.
    pub who: String,
    /// For which unit; none for applicants.
    pub whom: Option<String>,
    /// How often now.
    pub count: usize,
    /// How many of those are past their time to reply.
    pub overdue: usize,
    /// The longest since when.
    pub since: Date,
}

/// What a unit has to answer for in a stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Load {
    /// The unit.
    pub unit: String,
    /// The process.
    pub process: String,
    /// The stage.
    pub stage: String,
    /// Running stages that it leads.
    pub leads: usize,
    /// Of those, late.
    pub leads_late: usize,
    /// Running stages in which it was asked and has not replied.
    pub asked: usize,
    /// Of those, past its time to reply.
    pub asked_late: usize,
}

/// All open files today; with a unit, the lists name only files that it leads. At most `most` files a list.
///
/// # Errors
/// Those of the database and of the process engine.
pub fn overview(
    read: &mut dyn Read,
    ctx: &Context,
    live: &Live,
    unit: Option<&str>,
    most: usize,
) -> Result<Overview, Error> {
    if unit.is_none() || !ctx.may(HANDLE) {
        ctx.require(SUPERVISE)?;
    }
    let office = Office::of(read, ctx.community)?;
    live.look(read, ctx, |state, today, days| {
        Gathering::of(state, today, &office, days)?.finish(unit, most)
    })
}

/// Sums over the open files, on the way to an overview.
struct Gathering<'s> {
    state: &'s State,
    today: &'s Today,
    office: &'s Office,
    days: &'s Days,
    lines: Vec<StageLine>,
    may_be_late: Vec<MayBeLate<'s>>,
    waits: BTreeMap<(&'s str, Option<&'s str>), WaitLine>,
    loads: BTreeMap<(&'s str, usize), Load>,
}

/// Running stages that are late, or may be, all alike.
struct MayBeLate<'s> {
    cases: &'s BTreeSet<CaseId>,
    stage: usize,
    lead: &'s str,
    left: i64,
    outlook: Option<Outlook>,
    chance: Chance,
}

impl<'s> Gathering<'s> {
    fn of(
        state: &'s State,
        today: &'s Today,
        office: &'s Office,
        days: &'s Days,
    ) -> Result<Self, Error> {
        let mut gathering = Self {
            state,
            today,
            office,
            days,
            lines: state.stages.iter().map(line_of).collect(),
            may_be_late: Vec::new(),
            waits: BTreeMap::new(),
            loads: BTreeMap::new(),
        };
        for (alike, cases) in &today.alike {
            gathering.push_alike(alike, cases)?;
        }
        for (wait, count) in &today.waits {
            gathering.push_wait(wait, *count);
        }
        for ((unit, stage, is_late), count) in &today.asked {
            let load = gathering.load(*unit, *stage);
            load.asked += count;
            load.asked_late += if *is_late { *count } else { 0 };
        }
        Ok(gathering)
    }

    fn push_alike(&mut self, alike: &Alike, cases: &'s BTreeSet<CaseId>) -> Result<(), Error> {
        let of = |is: bool| if is { cases.len() } else { 0 };
        // What the past says is the same for all of them.
        let due = match cases.first() {
            Some(first) => self.due(*first, alike.stage)?,
            None => None,
        };
        let outlook = match (self.state.stages.get(alike.stage), &due) {
            (Some(known), Some(due)) => known.past.outlook(&known.id, due, self.days)?,
            _ => None,
        };
        let chance = outlook.as_ref().map_or(Chance::TooFew, |one| one.chance);
        let may_be_late = matches!(chance, Chance::Likely | Chance::Possible);
        if let Some(line) = self.lines.get_mut(alike.stage) {
            line.open += cases.len();
            line.late += of(alike.late);
            line.likely += of(may_be_late);
            line.stopped += of(alike.clock == Clock::Stopped);
        }
        let load = self.load(alike.lead, alike.stage);
        load.leads += cases.len();
        load.leads_late += of(alike.late);
        if alike.late || may_be_late {
            self.may_be_late.push(MayBeLate {
                cases,
                stage: alike.stage,
                lead: self.successor(alike.lead),
                left: due.and_then(|due| due.left()).unwrap_or_default(),
                outlook,
                chance,
            });
        }
        Ok(())
    }

    /// Where the clock of a file's running stage stands.
    fn due(&self, case: CaseId, stage: usize) -> Result<Option<Due>, Error> {
        let Some(case) = self.state.open.get(&case) else {
            return Ok(None);
        };
        let definition = self.state.definitions.get(case.definition);
        let running = case.running.iter().find(|one| one.number == stage);
        let (Some(definition), Some(running)) = (definition, running) else {
            return Ok(None);
        };
        let stage = definition.stages.get(running.place);
        let due = |stage| {
            running
                .state
                .due(stage, running.place, self.days, self.today.as_of)
        };
        Ok(stage.map(due).transpose()?)
    }

    /// Who answers for what is a unit's.
    fn successor(&self, unit: Unit) -> &'s str {
        self.office.successor(self.today.unit(unit))
    }

    fn load(&mut self, unit: Unit, stage: usize) -> &mut Load {
        let unit = self.successor(unit);
        self.loads.entry((unit, stage)).or_default()
    }

    fn push_wait(&mut self, wait: &Wait, count: usize) {
        let (who, whom) = (
            self.successor(wait.who),
            wait.whom.map(|whom| self.successor(whom)),
        );
        let line = self.waits.entry((who, whom)).or_insert_with(|| WaitLine {
            who: who.to_owned(),
            whom: whom.map(str::to_owned),
            count: 0,
            overdue: 0,
            since: wait.since,
        });
        line.count += count;
        line.overdue += if wait.overdue { count } else { 0 };
        line.since = line.since.min(wait.since);
    }

    fn finish(self, unit: Option<&str>, most: usize) -> Result<Overview, Error> {
        let shown = |one: &&MayBeLate<'_>| unit.is_none_or(|unit| one.lead == unit);
        let (late, likely): (Vec<_>, Vec<_>) = self
            .may_be_late
            .iter()
            .filter(shown)
            .partition(|one| one.chance == Chance::Late);
        let late_cases = self.first_of(late, |one| one.left, most)?;
        let by_chance = |one: &MayBeLate<'_>| (std::cmp::Reverse(one.chance), one.left);
        let likely_cases = self.first_of(likely, by_chance, most)?;
        let mut waits: Vec<WaitLine> = self.waits.into_values().collect();
        waits.sort_by_key(|line| std::cmp::Reverse((line.count, line.overdue)));
        let loads = self.loads.iter().map(|((unit, stage), load)| {
            let stage = self.state.stages.get(*stage);
            Load {
                unit: (*unit).to_owned(),
                process: stage.map(|stage| stage.process.clone()).unwrap_or_default(),
                stage: stage.map(|stage| stage.id.clone()).unwrap_or_default(),
                ..load.clone()
            }
        });
        let units = self
            .state
            .definitions
            .iter()
            .flat_map(|definition| &definition.units);
        Ok(Overview {
            as_of: self.today.as_of,
            files: self.state.open.len(),
            late: self.lines.iter().map(|line| line.late).sum(),
            likely: self.lines.iter().map(|line| line.likely).sum(),
            unread: self.state.unread.len(),
            late_cases,
            likely_cases,
            waits,
            loads: loads.collect(),
            units: units
                .map(|unit| (unit.id.clone(), unit.title.clone()))
                .collect(),
            stages: self.lines,
        })
    }

    /// The first files in the order of a key; where that is the same, by file.
    fn first_of<K: Ord>(
        &self,
        mut found: Vec<&MayBeLate<'s>>,
        key: impl Fn(&MayBeLate<'s>) -> K,
        most: usize,
    ) -> Result<Vec<CaseLine>, Error> {
        found.sort_by_key(|one| key(one));
        let mut lines = Vec::new();
        for same in found.chunk_by(|one, other| key(one) == key(other)) {
            let wanted = most.saturating_sub(lines.len());
            let firsts = same
                .iter()
                .flat_map(|one| one.cases.iter().take(wanted).map(move |case| (*case, *one)));
            let mut firsts: Vec<(CaseId, &MayBeLate<'_>)> = firsts.collect();
            firsts.sort_by_key(|(case, _)| *case);
            for (case, one) in firsts.into_iter().take(wanted) {
                lines.extend(self.line(case, one)?);
            }
        }
        Ok(lines)
    }

    fn line(&self, id: CaseId, one: &MayBeLate<'_>) -> Result<Option<CaseLine>, Error> {
        let Some(case) = self.state.open.get(&id) else {
            return Ok(None);
        };
        let stage = self.state.stages.get(one.stage);
        Ok(Some(CaseLine {
            case: id,
            number: case.number.clone(),
            title: case.title.clone(),
            stage: stage.map_or_else(|| Text::same(""), |stage| stage.title.clone()),
            unit: one.lead.to_owned(),
            due: self.due(id, one.stage)?.and_then(|due| due.date),
            left: one.left,
            outlook: one.outlook.clone(),
        }))
    }
}

fn line_of(stage: &KnownStage) -> StageLine {
    let decided: usize = stage.took.values().sum();
    let at = |percent: usize| {
        let rank = decided.saturating_mul(percent).div_ceil(100);
        let mut so_far = 0;
        let mut took = stage.took.iter().filter(|_| rank > 0);
        let reached = took.find(|(_, cases)| {
            so_far += **cases;
            so_far >= rank
        });
        reached.map(|(days, _)| *days)
    };
    StageLine {
        process: stage.process.clone(),
        stage: stage.id.clone(),
        process_title: stage.process_title.clone(),
        title: stage.title.clone(),
        open: 0,
        late: 0,
        likely: 0,
        stopped: 0,
        decided,
        median_days: at(50),
        p90_days: at(90),
        waited: stage.waited.clone(),
    }
}

fn as_text<S: serde::Serializer>(id: &CaseId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}
