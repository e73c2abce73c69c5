//! What an applicant does: drafts, papers, submission, the answer to a notice, withdrawal. Always at the server's time.

use db::Tx;
use documents::media;
use flow::What;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::file::{Addition, File, is_own};
use super::subject;
use crate::model::{
    APPLY, CaseId, Form, MAX_PAPER, MAX_PAPERS, MAX_TEXT, PaperId, check_length, check_text,
};
use crate::store::{self, CaseRow, PaperFile};
use crate::{Error, definitions};

/// Drafts an application. It is seen by nobody else until it is submitted.
#[derive(Serialize, Deserialize)]
pub struct DraftApplication {
    /// The process.
    pub process: String,
    /// The form, as far as it is filled in.
    pub form: Form,
}

impl Command for DraftApplication {
    const NAME: &'static str = "approvals.application.draft";
    type Outcome = CaseId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<CaseId, Error> {
        ctx.require(APPLY)?;
        self.form.check(false)?;
        definitions::in_force(tx, ctx.community, &self.process, ctx.now.date())?;
        let id = CaseId::from_uuid(ctx.new_uuid());
        store::insert_case(tx, ctx, id, &self.process, &self.form)?;
        let change = Change::new("approvals.application.drafted", subject(id))
            .public(json!({ "process": self.process }))
            .private(json!({ "form": self.form }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Changes a draft.
#[derive(Serialize, Deserialize)]
pub struct ChangeDraft {
    /// The draft.
    pub case: CaseId,
    /// The process.
    pub process: String,
    /// The form from now on.
    pub form: Form,
}

impl Command for ChangeDraft {
    const NAME: &'static str = "approvals.application.change";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(APPLY)?;
        self.form.check(false)?;
        let (_, before) = own_draft(tx, ctx, self.case)?;
        definitions::in_force(tx, ctx.community, &self.process, ctx.now.date())?;
        store::change_draft(tx, ctx, self.case, &self.process, &self.form)?;
        let change = Change::new("approvals.application.changed", subject(self.case))
            .public(json!({ "process": self.process }))
            .private(json!({ "before": before, "after": self.form }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Hands a paper in, once for every stage that asks for it.
#[derive(Serialize, Deserialize)]
pub struct AddPaper {
    /// The file.
    pub case: CaseId,
    /// Which paper of the definition it is; empty for any other.
    pub paper: String,
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its content.
    pub content: Vec<u8>,
}

impl Command for AddPaper {
    const NAME: &'static str = "approvals.paper.add";
    type Outcome = PaperId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<PaperId, Error> {
        ctx.require(APPLY)?;
        self.check()?;
        let (row, _) = own(tx, ctx, self.case)?;
        if row.closed {
            return Err(Error::NotADraft);
        }
        self.check_paper(tx, ctx, &row)?;
        if store::papers(tx, ctx.community, self.case)?.len() >= MAX_PAPERS {
            return Err(Error::TooManyPapers { max: MAX_PAPERS });
        }
        let paper = PaperFile {
            id: PaperId::from_uuid(ctx.new_uuid()),
            paper: self.paper.clone(),
            name: self.name.trim().to_owned(),
            media_type: self.media_type.clone(),
            sha256: Sha256::digest(&self.content).into(),
            size: u64::try_from(self.content.len()).unwrap_or(u64::MAX),
            added_at: ctx.now,
        };
        store::insert_paper(tx, ctx, self.case, &paper, self.content.clone())?;
        let change = Change::new("approvals.paper.added", subject(self.case)).public(json!({
            "id": paper.id,
            "paper": paper.paper,
            "sha256": crate::hex(&paper.sha256),
            "size": paper.size,
        }));
        record(tx, ctx, change.private(json!({ "name": paper.name })))?;
        Ok(paper.id)
    }
}

impl AddPaper {
    fn check(&self) -> Result<(), Error> {
        check_text("name", &self.name, 200)?;
        let size = self.content.len();
        if size == 0 || size > MAX_PAPER {
            return Err(Error::PaperSize {
                size,
                max: MAX_PAPER,
            });
        }
        let media_type = || self.media_type.chars().take(80).collect();
        if !media::is_taken(&self.media_type) {
            let media_type = media_type();
            return Err(Error::PaperType { media_type });
        }
        if !media::fits(&self.media_type, &self.content) {
            let media_type = media_type();
            return Err(Error::PaperContent { media_type });
        }
        Ok(())
    }

    fn check_paper(&self, tx: &mut dyn Tx, ctx: &Context, row: &CaseRow) -> Result<(), Error> {
        if self.paper.is_empty() {
            return Ok(());
        }
        let definition = match &row.version {
            Some(version) => definitions::definition(tx, ctx.community, &row.process, version)?,
            None => definitions::in_force(tx, ctx.community, &row.process, ctx.now.date())?,
        };
        let mut known = definition.stages.iter().flat_map(|stage| &stage.papers);
        if known.any(|paper| paper.id == self.paper) {
            Ok(())
        } else {
            Err(Error::NoSuchPart { what: "paper" })
        }
    }
}

/// Takes a paper out of a draft.
#[derive(Serialize, Deserialize)]
pub struct RemovePaper {
    /// The draft.
    pub case: CaseId,
    /// The paper.
    pub paper: PaperId,
}

impl Command for RemovePaper {
    const NAME: &'static str = "approvals.paper.remove";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(APPLY)?;
        own_draft(tx, ctx, self.case)?;
        if store::delete_paper(tx, ctx.community, self.case, self.paper)? == 0 {
            return Err(Error::NoSuchPart { what: "paper" });
        }
        let change = Change::new("approvals.paper.removed", subject(self.case))
            .public(json!({ "id": self.paper }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// What a submission came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// The file's number.
    pub number: String,
    /// The journal's position of the entry: the receipt.
    pub position: u64,
}

/// Submits a draft: every stage that was chosen at once. From now on the case keeps its definition.
#[derive(Serialize, Deserialize)]
pub struct SubmitApplication {
    /// The draft.
    pub case: CaseId,
}

impl Command for SubmitApplication {
    const NAME: &'static str = "approvals.application.submit";
    type Outcome = Submitted;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Submitted, Error> {
        ctx.require(APPLY)?;
        let (row, form) = own_draft(tx, ctx, self.case)?;
        form.check(true)?;
        let (community, today) = (ctx.community, ctx.now.date());
        let definition = definitions::in_force(tx, community, &row.process, today)?;
        keep_definition(tx, ctx, &definition)?;
        let number = next_number(tx, ctx)?;
        store::submit_draft(tx, ctx, self.case, &number, &definition.version)?;
        let mut file = File::open(tx, ctx, self.case)?;
        let addition = by_applicant(0, submissions(&form.stages));
        let position = file.add(tx, ctx, "approvals.application.submitted", &addition)?;
        Ok(Submitted { number, position })
    }
}

/// Keeps the text of a version as a row as soon as a case is begun under it.
fn keep_definition(
    tx: &mut dyn Tx,
    ctx: &Context,
    definition: &flow::Definition,
) -> Result<(), Error> {
    let (process, version) = (definition.id.as_str(), definition.version.as_str());
    if store::definition_mark(tx, ctx.community, process, version)?.is_some() {
        return Ok(());
    }
    let text =
        definitions::builtin_text(process).ok_or(Error::NoSuchPart { what: "definition" })?;
    let sha256 = Sha256::digest(text.as_bytes()).into();
    store::insert_definition(tx, ctx, process, version, sha256, text)
}

/// The next number of this year, such as `2026-000012`.
fn next_number(tx: &mut dyn Tx, ctx: &Context) -> Result<String, Error> {
    let year = ctx.now.date().year();
    let last = store::last_number(tx, ctx.community, year)?;
    let last = last
        .and_then(|last| {
            last.rsplit('-')
                .next()
                .and_then(|tail| tail.parse::<u64>().ok())
        })
        .unwrap_or(0);
    Ok(format!("{year:04}-{:06}", last + 1))
}

/// Submits stages that have come to be open.
#[derive(Serialize, Deserialize)]
pub struct SubmitStages {
    /// The file.
    pub case: CaseId,
    /// The last event that the applicant had read.
    pub seen: u32,
    /// The stages.
    pub stages: Vec<String>,
}

impl Command for SubmitStages {
    const NAME: &'static str = "approvals.application.submit_stages";
    type Outcome = u64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u64, Error> {
        ctx.require(APPLY)?;
        if self.stages.is_empty() {
            return Err(Error::NoStageChosen);
        }
        let mut file = File::of_applicant(tx, ctx, self.case)?;
        let addition = by_applicant(self.seen, submissions(&self.stages));
        file.add(tx, ctx, "approvals.application.submitted", &addition)
    }
}

/// Says that everything a notice asked for has been handed in.
#[derive(Serialize, Deserialize)]
pub struct AnswerCorrection {
    /// The file.
    pub case: CaseId,
    /// The last event that the applicant had read.
    pub seen: u32,
    /// The stage.
    pub stage: String,
    /// What the applicant writes with it.
    #[serde(default)]
    pub note: String,
}

impl Command for AnswerCorrection {
    const NAME: &'static str = "approvals.application.correct";
    type Outcome = u64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u64, Error> {
        ctx.require(APPLY)?;
        check_length("note", &self.note, MAX_TEXT)?;
        let mut file = File::of_applicant(tx, ctx, self.case)?;
        let stage = self.stage.clone();
        let mut addition = by_applicant(self.seen, vec![What::Corrected { stage }]);
        addition.aside = &self.note;
        file.add(tx, ctx, "approvals.application.corrected", &addition)
    }
}

/// Withdraws the whole application.
#[derive(Serialize, Deserialize)]
pub struct WithdrawApplication {
    /// The file.
    pub case: CaseId,
    /// The last event that the applicant had read.
    pub seen: u32,
    /// Why.
    pub reason: String,
}

impl Command for WithdrawApplication {
    const NAME: &'static str = "approvals.application.withdraw";
    type Outcome = u64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u64, Error> {
        ctx.require(APPLY)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let mut file = File::of_applicant(tx, ctx, self.case)?;
        let reason = self.reason.trim().to_owned();
        let addition = by_applicant(self.seen, vec![What::Withdrawn { reason }]);
        file.add(tx, ctx, "approvals.application.withdrawn", &addition)
    }
}

fn submissions(stages: &[String]) -> Vec<What> {
    let submitted = |stage: &String| What::Submitted {
        stage: stage.clone(),
    };
    stages.iter().map(submitted).collect()
}

fn by_applicant(seen: u32, what: Vec<What>) -> Addition<'static> {
    Addition {
        seen,
        what,
        unit: "",
        at: None,
        entered_late: "",
        aside: "",
    }
}

fn own(tx: &mut dyn Tx, ctx: &Context, id: CaseId) -> Result<(CaseRow, Form), Error> {
    let (row, form) = store::case(tx, ctx, id)?;
    if is_own(ctx, &row) {
        Ok((row, form))
    } else {
        Err(Error::NoSuchCase)
    }
}

fn own_draft(tx: &mut dyn Tx, ctx: &Context, id: CaseId) -> Result<(CaseRow, Form), Error> {
    let (row, form) = own(tx, ctx, id)?;
    if row.number.is_none() {
        Ok((row, form))
    } else {
        Err(Error::NotADraft)
    }
}
