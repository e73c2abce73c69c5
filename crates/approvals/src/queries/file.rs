//! One file: where it lies, who leads, when it is due and why, what is missing, what happened.

use std::sync::Arc;

use db::Read;
use flow::{Case, Days, Definition, Report};
use jiff::civil::Date;
use kernel::{Context, OrganisationId};
use policy::Text;

use crate::commands::File;
use crate::model::{APPLY, CaseId, Form, HANDLE, PaperId, READ, SUPERVISE};
use crate::office::{Office, acting_for};
use crate::store::{self, CardRow, CaseRow, Logged, PaperFile, Reading};
use crate::tasks::{Task, tasks};
use crate::{Error, calendar, definitions};

/// Everything its page shows of a file.
pub struct FileView {
    /// The case.
    pub row: CaseRow,
    /// The form.
    pub form: Form,
    /// The definition that it keeps, or the one that a draft would be submitted under.
    pub definition: Arc<Definition>,
    /// The calendar.
    pub days: Arc<Days>,
    /// What happened.
    pub events: Vec<Logged>,
    /// The case as the events make it.
    pub case: Case,
    /// Its stages with their clocks.
    pub report: Report,
    /// What there is to do.
    pub tasks: Vec<Task>,
    /// The papers.
    pub papers: Vec<PaperFile>,
    /// The papers that the definition asks for in the stages chosen or submitted and that are not there.
    pub missing: Vec<MissingPaper>,
    /// The cards that went out.
    pub cards: Vec<CardRow>,
    /// Who opened it for supervision, the last first.
    pub readings: Vec<Reading>,
    /// Who holds which unit.
    pub office: Office,
    /// The organisation that the actor acts for.
    pub acting_for: Option<OrganisationId>,
    /// Whether it is the actor's own application.
    pub own: bool,
    /// The day it was looked at.
    pub today: Date,
}

/// A paper that is asked for, and by which stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingPaper {
    /// Its name in the definition.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Whether the list was read in a service guide.
    pub status: policy::Status,
    /// The stages that ask for it.
    pub stages: Vec<Text>,
}

impl FileView {
    /// The last event.
    pub fn seen(&self) -> u32 {
        self.events.last().map_or(0, |logged| logged.seq)
    }

    /// Whether the actor's organisation holds a unit.
    pub fn holds(&self, unit: &str) -> bool {
        self.office.holds(self.acting_for, unit)
    }
}

/// A file that the actor may see: their own, one in which their unit has a part, or one that they opened today for
/// supervision.
///
/// # Errors
/// [`Error::NotOpened`] for a supervisor who has not said why they read it; [`Error::NoSuchCase`] for everybody else, so that
/// nobody learns that it exists.
pub fn file(read: &mut dyn Read, ctx: &Context, id: CaseId) -> Result<FileView, Error> {
    ctx.require(READ)?;
    let (row, form) = store::case(read, ctx, id)?;
    let own = ctx.may(APPLY) && crate::commands::is_own(ctx, &row);
    let file = match (&row.version, own) {
        (None, true) => draft(read, ctx, row, form)?,
        (Some(_), true) => File::open(read, ctx, id)?,
        (Some(_), false) if ctx.may(HANDLE) || ctx.may(SUPERVISE) => {
            match File::of_clerk(read, ctx, id) {
                Err(Error::NoSuchCase) if ctx.may(SUPERVISE) => opened(read, ctx, id)?,
                other => other?,
            }
        }
        (_, false) => return Err(Error::NoSuchCase),
    };
    let today = ctx.now.date();
    let papers = store::papers(read, ctx.community, id)?;
    let chosen: Vec<&str> = if file.row.number.is_none() {
        file.form.stages.iter().map(String::as_str).collect()
    } else {
        let stages = file.definition.stages.iter().zip(&file.case.stages);
        stages
            .filter(|(_, state)| {
                state.submitted.is_some() && state.decided.is_none() && state.refused.is_none()
            })
            .map(|(stage, _)| stage.id.as_str())
            .collect()
    };
    Ok(FileView {
        missing: missing_papers(&file.definition, &chosen, &papers),
        report: file.case.report(&file.definition, &file.days, today)?,
        tasks: tasks(&file.definition, &file.case, &file.days, today)?,
        cards: store::cards_of(read, ctx.community, id)?,
        readings: store::readings(read, ctx.community, id)?,
        acting_for: acting_for(ctx),
        row: file.row,
        form: file.form,
        definition: file.definition,
        days: file.days,
        events: file.events,
        case: file.case,
        office: file.office,
        papers,
        own,
        today,
    })
}

/// The file, if the actor opened it today for supervision.
fn opened(read: &mut dyn Read, ctx: &Context, id: CaseId) -> Result<File, Error> {
    let (account, today) = (ctx.actor.account_id(), ctx.now.date());
    let mut readings = store::readings(read, ctx.community, id)?.into_iter();
    let is_open = readings.any(|one| Some(one.account) == account && one.read_at.date() == today);
    if is_open {
        File::open(read, ctx, id)
    } else {
        Err(Error::NotOpened)
    }
}

fn draft(read: &mut dyn Read, ctx: &Context, row: CaseRow, form: Form) -> Result<File, Error> {
    let definition = definitions::in_force(read, ctx.community, &row.process, ctx.now.date())?;
    Ok(File {
        case: Case::new(&definition),
        days: calendar::days(read, ctx.community)?,
        office: Office::of(read, ctx.community)?,
        events: Vec::new(),
        row,
        form,
        definition,
    })
}

/// The papers that these stages ask for and that were not handed in, each once.
pub fn missing_papers(
    definition: &Definition,
    stages: &[&str],
    handed_in: &[PaperFile],
) -> Vec<MissingPaper> {
    let mut missing: Vec<MissingPaper> = Vec::new();
    let chosen = definition
        .stages
        .iter()
        .filter(|stage| stages.contains(&stage.id.as_str()));
    for stage in chosen {
        for paper in &stage.papers {
            if handed_in.iter().any(|one| one.paper == paper.id) {
                continue;
            }
            match missing.iter_mut().find(|one| one.id == paper.id) {
                Some(known) => known.stages.push(stage.title.clone()),
                None => missing.push(MissingPaper {
                    id: paper.id.clone(),
                    title: paper.title.clone(),
                    status: paper.status,
                    stages: vec![stage.title.clone()],
                }),
            }
        }
    }
    missing
}

/// A paper's name, media type and content, of a file that the actor may see.
///
/// # Errors
/// As [`file()`].
pub fn paper(
    read: &mut dyn Read,
    ctx: &Context,
    case: CaseId,
    paper: PaperId,
) -> Result<(String, String, Vec<u8>), Error> {
    file(read, ctx, case)?;
    store::paper_content(read, ctx.community, case, paper)
}
