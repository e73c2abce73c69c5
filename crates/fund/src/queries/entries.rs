//! The lines of the public ledger, and each of them down to its entries in the journal and its receipt.

use db::Read;
use journal::Entry;
use kernel::{Context, Timestamp, Uuid};

use crate::Error;
use crate::commands::voucher_subject;
use crate::model::{
    CONFIRM, FileId, GrantId, Purse, READ, RECORD, REVIEW, VoucherId, shown, year_of,
};
use crate::store::{self, FileLine, LIST_MAX, Tranche, Voucher};

/// How many entries of the journal a page shows.
pub(super) const ENTRIES: u32 = 50;

/// Which lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of which calendar year.
    pub year: i16,
    /// Of which money; all if not said.
    pub purse: Option<Purse>,
}

/// A donor as everybody sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Giver {
    /// By name, or by its first character.
    Shown(String),
    /// Not at all.
    Anonymous,
}

impl Giver {
    /// What is shown of the name.
    pub fn name(self) -> Option<String> {
        match self {
            Self::Shown(name) => Some(name),
            Self::Anonymous => None,
        }
    }
}

/// A line of the public ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it was booked.
    pub at: Timestamp,
    /// The name of what it is: a voucher's kind, `grant`, `returned`, `changed`.
    pub kind: &'static str,
    /// What it was.
    pub what: String,
    /// Who gave, as shown.
    pub donor: Option<Giver>,
    /// Whose money.
    pub purse: Purse,
    /// Where it was set aside to.
    pub target: Option<Purse>,
    /// What it changed the fund by, in fen; negative for what went out.
    pub amount: i64,
    /// The voucher.
    pub voucher: Option<VoucherId>,
    /// The grant.
    pub grant: Option<GrantId>,
}

/// The lines of a year, the newest first.
pub fn lines(read: &mut dyn Read, ctx: &Context, asked: Asked) -> Result<Vec<Line>, Error> {
    ctx.require(READ)?;
    let within = year_of(asked.year);
    let mut lines = Vec::new();
    for voucher in store::confirmed_between(read, ctx.community, within, LIST_MAX)? {
        lines.push(booked(ctx, &voucher)?);
    }
    for voucher in store::undone_between(read, ctx.community, within, LIST_MAX)? {
        lines.push(undone(ctx, &voucher)?);
    }
    for tranche in store::paid_between(read, ctx.community, within, LIST_MAX)? {
        let grant = store::grant(read, ctx.community, tranche.grant)?;
        lines.push(paid(&tranche, grant.purse, &grant.title));
    }
    if let Some(purse) = asked.purse {
        lines.retain(|line| line.purse == purse || line.target == Some(purse));
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    Ok(lines)
}

fn booked(ctx: &Context, voucher: &Voucher) -> Result<Line, Error> {
    let amount = match (voucher.kind.is_income(), voucher.kind.is_cost()) {
        (true, _) => voucher.amount,
        (false, true) => -voucher.amount,
        (false, false) => 0,
    };
    Ok(Line {
        at: voucher.decided_at.unwrap_or(voucher.recorded_at),
        kind: voucher.kind.name(),
        what: voucher.what.clone(),
        donor: donor(ctx, voucher)?,
        purse: voucher.purse,
        target: voucher.target,
        amount,
        voucher: Some(voucher.id),
        grant: None,
    })
}

fn undone(ctx: &Context, voucher: &Voucher) -> Result<Line, Error> {
    let is_changed = voucher.undone_as.as_deref() == Some("changed");
    Ok(Line {
        at: voucher.undone_at.unwrap_or(voucher.recorded_at),
        kind: if is_changed { "changed" } else { "returned" },
        what: voucher.undone_why.clone().unwrap_or_default(),
        amount: -voucher.amount,
        ..booked(ctx, voucher)?
    })
}

fn paid(tranche: &Tranche, purse: Purse, title: &str) -> Line {
    Line {
        at: tranche.paid_at.unwrap_or(Timestamp::from_micros(0)),
        kind: "grant",
        what: format!("{title} · {}", tranche.title),
        donor: None,
        purse,
        target: None,
        amount: -tranche.paid.unwrap_or(0),
        voucher: None,
        grant: Some(tranche.grant),
    }
}

/// A donor as everybody sees them.
fn donor(ctx: &Context, voucher: &Voucher) -> Result<Option<Giver>, Error> {
    let (Some(sealed), Some(display)) = (&voucher.donor, voucher.display) else {
        return Ok(None);
    };
    let shown = shown(&store::unseal(ctx, sealed)?, display);
    Ok(Some(shown.map_or(Giver::Anonymous, Giver::Shown)))
}

/// A file with who may open it.
#[derive(Clone, Debug)]
pub struct FileView {
    /// The file.
    pub line: FileLine,
    /// Whether the actor may open it.
    pub may_open: bool,
}

/// A voucher as its page shows it.
pub struct VoucherView {
    /// The voucher.
    pub voucher: Voucher,
    /// The donor as everybody sees them.
    pub donor: Option<Giver>,
    /// The donor's name, for themselves and for who keeps the book.
    pub name: Option<String>,
    /// Whether the actor gave it.
    pub is_own: bool,
    /// The name of the purpose, where it is one.
    pub purpose: Option<String>,
    /// The same of what it was set aside for.
    pub target: Option<String>,
    /// What shows it.
    pub files: Vec<FileView>,
    /// Of which income a cost was paid, and how much of each.
    pub sources: Vec<(VoucherId, i64)>,
    /// Its number in the community's book.
    pub seq: Option<u64>,
    /// Its entries in the journal, the newest first.
    pub entries: Vec<Entry>,
}

/// Whether the actor keeps the book, and so sees what is not for everybody.
pub(super) fn keeps_book(ctx: &Context) -> bool {
    ctx.may(RECORD) || ctx.may(CONFIRM) || ctx.may(REVIEW)
}

/// A voucher down to its entries; one that nobody has confirmed is for who keeps the book and its donor.
pub fn voucher(read: &mut dyn Read, ctx: &Context, id: VoucherId) -> Result<VoucherView, Error> {
    ctx.require(READ)?;
    let voucher = store::voucher(read, ctx.community, id)?;
    let is_own = voucher.account.is_some() && voucher.account == ctx.actor.account_id();
    if voucher.is_confirmed != Some(true) && !is_own && !keeps_book(ctx) {
        return Err(Error::NotFound { what: "voucher" });
    }
    let name = match &voucher.donor {
        Some(sealed) if is_own || keeps_book(ctx) => Some(store::unseal(ctx, sealed)?),
        _ => None,
    };
    let mut title = |purse: Purse| -> Result<Option<String>, Error> {
        let Purse::Purpose(purpose) = purse else {
            return Ok(None);
        };
        let kept = store::purpose(read, ctx.community, purpose)?;
        Ok(Some(kept.terms.title))
    };
    let purpose = title(voucher.purse)?;
    let target = match voucher.target {
        Some(target) => title(target)?,
        None => None,
    };
    let sources = book::sources(read, ctx.community, id.uuid())?;
    let seq = book::recorded(read, ctx.community, id.uuid())?.map(|found| found.seq);
    Ok(VoucherView {
        donor: donor(ctx, &voucher)?,
        name,
        is_own,
        purpose,
        target,
        files: files(read, ctx, id.uuid())?,
        sources: sources
            .into_iter()
            .map(|(source, amount)| (VoucherId::from_uuid(source), amount))
            .collect(),
        seq,
        entries: history(read, ctx, &voucher)?,
        voucher,
    })
}

/// The entries about a voucher; one that came of a change of purpose begins with that.
fn history(read: &mut dyn Read, ctx: &Context, voucher: &Voucher) -> Result<Vec<Entry>, Error> {
    let of = |id| voucher_subject(id);
    let mut entries = journal::history(read, ctx.community, &of(voucher.id), u64::MAX, ENTRIES)?;
    if let Some(origin) = voucher.origin {
        let before = journal::history(read, ctx.community, &of(origin), u64::MAX, ENTRIES)?;
        let changes = before
            .into_iter()
            .filter(|entry| entry.kind == "fund.donation.changed");
        entries.extend(changes);
    }
    Ok(entries)
}

/// The files about something, each with whether the actor may open it.
pub(super) fn files(
    read: &mut dyn Read,
    ctx: &Context,
    about: Uuid,
) -> Result<Vec<FileView>, Error> {
    let lines = store::files_about(read, ctx.community, about)?;
    let view = |line: FileLine| FileView {
        may_open: may_open(ctx, line.is_open, line.added_by),
        line,
    };
    Ok(lines.into_iter().map(view).collect())
}

fn may_open(ctx: &Context, is_open: bool, added_by: Uuid) -> bool {
    is_open || keeps_book(ctx) || ctx.actor.uuid() == added_by
}

/// A file's content, media type and name. What a bank's slip tells of people is for who keeps the book.
pub fn file(
    read: &mut dyn Read,
    ctx: &Context,
    id: FileId,
) -> Result<(Vec<u8>, String, String), Error> {
    ctx.require(READ)?;
    let line = store::file(read, ctx.community, id)?;
    if !may_open(ctx, line.is_open, line.added_by) {
        return Err(Error::NotFound { what: "file" });
    }
    let content = store::content(read, ctx.community, id)?;
    Ok((content, line.media_type, line.name))
}

/// Where the entry stands that a voucher's receipt proves, and whether the actor may see its private part.
pub fn receipt_position(
    read: &mut dyn Read,
    ctx: &Context,
    id: VoucherId,
) -> Result<(u64, bool), Error> {
    let view = voucher(read, ctx, id)?;
    let proves = ["fund.voucher.confirmed", "fund.donation.changed"];
    let mut entries = view.entries.iter();
    let entry = entries.find(|entry| proves.contains(&entry.kind.as_str()));
    let entry = entry.ok_or(Error::NotOpen { what: "voucher" })?;
    Ok((entry.position, view.is_own || keeps_book(ctx)))
}
