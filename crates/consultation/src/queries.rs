//! What an actor may see of consultations.

use db::Read;
use kernel::{Context, Uuid};

use crate::Error;
use crate::diff::{Change, changes};
use crate::model::{ConsultationId, DRAFT, Outcome, READ, Stage};
use crate::store::version::{self, Version};
use crate::store::{self, Comment, Consultation, Line};

/// How many consultations or comments a page has.
pub const PAGE: u32 = 50;

/// A consultation with one page of its comments.
pub struct View {
    /// The text.
    pub one: Consultation,
    /// Where it stands now.
    pub stage: Stage,
    /// Comments in the order of arrival.
    pub comments: Vec<Comment>,
    /// How many comments each clause has, by what became of them: clause, outcome, number.
    pub counts: Vec<(u32, String, u64)>,
    /// The versions after the published one, in order.
    pub versions: Vec<Version>,
}

/// A version beside the one before it.
pub struct Revision {
    /// The consultation.
    pub one: Consultation,
    /// The clauses of the version before.
    pub before: Vec<String>,
    /// The version.
    pub version: Version,
    /// What changed from one to the other.
    pub changes: Vec<Change>,
    /// The comments that were adopted, wholly or in part: clause of the published text, number.
    pub adopted: Vec<(u32, u32)>,
}

impl View {
    /// How many comments became this; of one clause, if it is given.
    pub fn count(&self, clause: Option<u32>, outcome: &str) -> u64 {
        let of = self.counts.iter().filter(|(at, became, _)| {
            became == outcome && clause.is_none_or(|clause| clause == *at)
        });
        of.map(|(_, _, number)| *number).sum()
    }
}

/// The newest consultations, or those before one of them; drafts only for those who draft.
///
/// # Errors
/// [`Error::Denied`], [`Error::Database`].
pub fn consultations(
    read: &mut dyn Read,
    ctx: &Context,
    before: Option<ConsultationId>,
) -> Result<Vec<Line>, Error> {
    ctx.require(READ)?;
    let before = before.unwrap_or_else(|| ConsultationId::from_uuid(Uuid::max()));
    let mut lines = store::all(read, ctx.community, before, PAGE)?;
    lines.retain(|line| line.published_at.is_some() || ctx.may(DRAFT));
    Ok(lines)
}

/// A consultation with the comments after a number, of one clause if it is given.
///
/// # Errors
/// [`Error::Denied`], [`Error::NoSuchConsultation`], also for a draft that the actor may not see.
pub fn consultation(
    read: &mut dyn Read,
    ctx: &Context,
    id: ConsultationId,
    after: u32,
    clause: Option<u32>,
) -> Result<View, Error> {
    view(read, ctx, id, (after, clause), PAGE)
}

/// A consultation with every comment, for the report to take away.
///
/// # Errors
/// As [`consultation`].
pub fn report(read: &mut dyn Read, ctx: &Context, id: ConsultationId) -> Result<View, Error> {
    view(read, ctx, id, (0, None), u32::MAX)
}

/// A version with what changed since the one before it.
///
/// # Errors
/// As [`consultation`], and [`Error::NoSuchVersion`].
pub fn revision(
    read: &mut dyn Read,
    ctx: &Context,
    id: ConsultationId,
    number: u32,
) -> Result<Revision, Error> {
    let View {
        one,
        comments,
        mut versions,
        ..
    } = report(read, ctx, id)?;
    let at = versions.iter().position(|version| version.number == number);
    let at = at.ok_or(Error::NoSuchVersion { number })?;
    let version = versions.swap_remove(at);
    let last = at.checked_sub(1).and_then(|before| versions.get(before));
    let before = last.map_or_else(|| one.draft.clauses.clone(), |last| last.clauses.clone());
    let is_adopted = |comment: &&Comment| {
        let answered = comment.answered.as_ref();
        answered.is_some_and(|answer| answer.outcome != Outcome::NotAdopted)
    };
    let adopted = comments.iter().filter(is_adopted);
    Ok(Revision {
        changes: changes(&before, &version.clauses),
        adopted: adopted
            .map(|comment| (comment.clause, comment.number))
            .collect(),
        before,
        version,
        one,
    })
}

fn view(
    read: &mut dyn Read,
    ctx: &Context,
    id: ConsultationId,
    which: (u32, Option<u32>),
    limit: u32,
) -> Result<View, Error> {
    ctx.require(READ)?;
    let one = store::one(read, ctx.community, id)?;
    let stage = one.stage(ctx.now);
    if stage == Stage::Draft && !ctx.may(DRAFT) {
        return Err(Error::NoSuchConsultation);
    }
    Ok(View {
        versions: version::all(read, ctx.community, id)?,
        stage,
        comments: store::comments(read, ctx.community, id, which, limit)?,
        counts: store::counts(read, ctx.community, id)?,
        one,
    })
}
