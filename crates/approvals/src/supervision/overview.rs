//! What the supervisor sees on a day, derived from every open file.

use std::collections::{BTreeMap, HashMap};

use db::Read;
use flow::{Chance, Clock, Days, Outlook, Waited, Waits, Whom};
use jiff::civil::Date;
use kernel::Context;
use policy::Text;
use serde::Serialize;

use super::live::{KnownStage, Live, State, Watched};
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
    let as_of = ctx.now.date();
    live.look(read, ctx, |state, days| {
        Ok(Gathering::of(state, &office, days, as_of)?.finish(unit, most))
    })
}

/// Outlooks by stage, days used, limit, clock, and whether late.
type Seen = HashMap<(usize, u32, u32, Clock, bool), Outlook>;

struct Gathering<'s> {
    state: &'s State,
    office: &'s Office,
    as_of: Date,
    stages: Vec<KnownStage>,
    lines: Vec<StageLine>,
    running: Vec<MayBeLate<'s>>,
    waits: BTreeMap<(&'s str, Option<&'s str>), WaitLine>,
    loads: BTreeMap<(&'s str, usize), Load>,
}

/// A running stage that is late, or may be.
struct MayBeLate<'s> {
    id: CaseId,
    case: &'s Watched,
    stage: usize,
    lead: &'s str,
    due: Option<Date>,
    left: i64,
    outlook: Option<Outlook>,
    chance: Chance,
}

impl<'s> Gathering<'s> {
    fn of(state: &'s State, office: &'s Office, days: &Days, as_of: Date) -> Result<Self, Error> {
        let mut stages = state.stages.clone();
        for decided in state.open.values().flat_map(|case| &case.decided) {
            if let Some(stage) = stages.get_mut(decided.stage) {
                stage.learn(decided);
            }
        }
        let mut gathering = Self {
            state,
            office,
            as_of,
            lines: stages.iter_mut().map(line_of).collect(),
            stages,
            running: Vec::new(),
            waits: BTreeMap::new(),
            loads: BTreeMap::new(),
        };
        let mut seen = Seen::new();
        for (id, case) in &state.open {
            gathering.push_case(*id, case, days, &mut seen)?;
        }
        Ok(gathering)
    }

    fn push_case(
        &mut self,
        id: CaseId,
        case: &'s Watched,
        days: &Days,
        seen: &mut Seen,
    ) -> Result<(), Error> {
        let Some(definition) = self.state.definitions.get(case.definition) else {
            return Ok(());
        };
        for running in &case.running {
            let (place, number, state) = (running.place, running.number, &running.state);
            let Some(stage) = definition.stages.get(place) else {
                continue;
            };
            let due = state.due(stage, place, days, self.as_of)?;
            let outlook = self.outlook(stage, number, &due, days, seen)?;
            let chance = outlook.as_ref().map_or(Chance::TooFew, |one| one.chance);
            let may_be_late = matches!(chance, Chance::Likely | Chance::Possible);
            if let Some(line) = self.lines.get_mut(number) {
                line.open += 1;
                line.late += usize::from(due.late);
                line.likely += usize::from(may_be_late);
                line.stopped += usize::from(due.clock == Clock::Stopped);
            }
            let lead = self.answer_for(stage, number, state, &due, days)?;
            if due.late || may_be_late {
                self.running.push(MayBeLate {
                    id,
                    case,
                    stage: number,
                    lead,
                    due: due.date,
                    left: due.left().unwrap_or_default(),
                    outlook,
                    chance,
                });
            }
        }
        for Waits {
            who, whom, since, ..
        } in &case.waits
        {
            if let Whom::Unit(whom) = whom {
                self.wait(
                    self.office.successor(who),
                    Some(self.office.successor(whom)),
                    *since,
                    false,
                );
            }
        }
        Ok(())
    }

    /// What the past says; the same for all stages that are as far.
    fn outlook(
        &self,
        stage: &flow::Stage,
        number: usize,
        due: &flow::Due,
        days: &Days,
        seen: &mut Seen,
    ) -> Result<Option<Outlook>, Error> {
        let key = (
            number,
            due.used,
            due.limit.map_or(0, |limit| limit.0),
            due.clock,
            due.late,
        );
        let outlook = match (seen.get(&key), self.stages.get(number)) {
            (Some(known), _) => Some(known.clone()),
            (None, Some(known)) => known.past.outlook(&stage.id, due, days)?,
            (None, None) => None,
        };
        if let Some(outlook) = &outlook {
            seen.entry(key).or_insert_with(|| outlook.clone());
        }
        Ok(outlook)
    }

    /// Who leads the stage, with what it and those it waits for have to answer for.
    fn answer_for(
        &mut self,
        stage: &'s flow::Stage,
        number: usize,
        state: &'s flow::StageState,
        due: &flow::Due,
        days: &Days,
    ) -> Result<&'s str, Error> {
        let office = self.office;
        let lead = office.successor(state.lead.as_deref().unwrap_or(&stage.lead));
        let load = self.load(lead, number);
        load.leads += 1;
        load.leads_late += usize::from(due.late);
        for asked in state.asked.iter().filter(|asked| asked.replied.is_none()) {
            let until = stage.reply_by(asked, days)?;
            let is_late = until.is_some_and(|until| until < self.as_of);
            let whom = office.successor(&asked.unit);
            let load = self.load(whom, number);
            load.asked += 1;
            load.asked_late += usize::from(is_late);
            self.wait(lead, Some(whom), asked.on, is_late);
        }
        if let (Some(asked), None) = (state.correction_asked, state.corrected) {
            self.wait(lead, None, asked, false);
        }
        Ok(lead)
    }

    fn load(&mut self, unit: &'s str, stage: usize) -> &mut Load {
        self.loads.entry((unit, stage)).or_default()
    }

    fn wait(&mut self, who: &'s str, whom: Option<&'s str>, since: Date, overdue: bool) {
        let line = self.waits.entry((who, whom)).or_insert_with(|| WaitLine {
            who: who.to_owned(),
            whom: whom.map(str::to_owned),
            count: 0,
            overdue: 0,
            since,
        });
        line.count += 1;
        line.overdue += usize::from(overdue);
        line.since = line.since.min(since);
    }

    fn finish(self, unit: Option<&str>, most: usize) -> Overview {
        let shown = |one: &&MayBeLate<'_>| unit.is_none_or(|unit| one.lead == unit);
        let is_late = |one: &&MayBeLate<'_>| one.chance == Chance::Late;
        let mut late: Vec<&MayBeLate<'_>> =
            self.running.iter().filter(is_late).filter(shown).collect();
        late.sort_by_key(|one| (one.left, one.id));
        let may_be = |one: &&MayBeLate<'_>| one.chance != Chance::Late;
        let mut likely: Vec<&MayBeLate<'_>> =
            self.running.iter().filter(may_be).filter(shown).collect();
        likely.sort_by_key(|one| (std::cmp::Reverse(one.chance), one.left, one.id));
        let lines = |found: Vec<&MayBeLate<'_>>| {
            found
                .into_iter()
                .take(most)
                .map(|one| self.line(one))
                .collect()
        };
        let mut waits: Vec<WaitLine> = self.waits.values().cloned().collect();
        waits.sort_by_key(|line| std::cmp::Reverse((line.count, line.overdue)));
        let loads = self.loads.iter().map(|((unit, stage), load)| {
            let stage = self.stages.get(*stage);
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
        Overview {
            as_of: self.as_of,
            files: self.state.open.len(),
            late: self.lines.iter().map(|line| line.late).sum(),
            likely: self.lines.iter().map(|line| line.likely).sum(),
            unread: self.state.unread.len(),
            late_cases: lines(late),
            likely_cases: lines(likely),
            waits,
            loads: loads.collect(),
            units: units
                .map(|unit| (unit.id.clone(), unit.title.clone()))
                .collect(),
            stages: self.lines,
        }
    }

    fn line(&self, one: &MayBeLate<'_>) -> CaseLine {
        let stage = self.stages.get(one.stage);
        CaseLine {
            case: one.id,
            number: one.case.number.clone(),
            title: one.case.title.clone(),
            stage: stage.map_or_else(|| Text::same(""), |stage| stage.title.clone()),
            unit: one.lead.to_owned(),
            due: one.due,
            left: one.left,
            outlook: one.outlook.clone(),
        }
    }
}

fn line_of(stage: &mut KnownStage) -> StageLine {
    stage.took.sort_unstable();
    let at = |percent: usize| {
        let rank = stage.took.len().saturating_mul(percent).div_ceil(100);
        stage.took.get(rank.checked_sub(1)?).copied()
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
        decided: stage.took.len(),
        median_days: at(50),
        p90_days: at(90),
        waited: stage.waited.clone(),
    }
}

fn as_text<S: serde::Serializer>(id: &CaseId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}
