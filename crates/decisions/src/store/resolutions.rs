//! SQL of resolutions: drafts, attachments, publication, withdrawal, and the community's rules.

use std::collections::HashMap;
use std::sync::Arc;

use ballot::resolution::Matter;
use db::{Read, Row, Tx};
use kernel::{CommunityId, Context, Timestamp, Uuid, Window};

use super::Extension;
use crate::Error;
use crate::model::{
    AssemblyId, AttachmentId, Draft, Meeting, Progress, ResolutionId, Rules, Terms,
};

db::statements! {
    INSERT_RULES = "insert into decision_rules (community_id, version, adopted_at, adopted_by, source, silence, \
        vote_may_change, follow_allowed, turnout_while_open, objection_days, extension_days) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    CURRENT_RULES = "select version, source, silence, vote_may_change, follow_allowed, turnout_while_open, \
        objection_days, extension_days from decision_rules where community_id = $1 order by version desc limit 1";
    INSERT_RESOLUTION = "insert into resolution (community_id, resolution_id, title, body, matter, meeting, opens, \
        closes, drafted_by, drafted_at, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)";
    UPDATE_RESOLUTION = "update resolution set title = $3, body = $4, matter = $5, meeting = $6, opens = $7, \
        closes = $8, changed_at = $9 where community_id = $1 and resolution_id = $2";
    RESOLUTION = "select r.resolution_id, r.title, r.body, r.matter, r.meeting, r.opens, r.closes, r.drafted_at, \
        p.number, p.published_at, p.terms, p.units, p.heads, p.area, \
        c.counted_at, c.objections_until, c.passed, c.record, c.record_sha256, c.position, \
        a.announced_at, a.remark, a.position, w.withdrawn_at, w.reason, \
        x.closes_before, x.closes, x.reason, x.extended_at \
        from resolution r \
        left join resolution_publication p on p.community_id = r.community_id and p.resolution_id = r.resolution_id \
        left join resolution_count c on c.community_id = r.community_id and c.resolution_id = r.resolution_id \
        left join announcement a on a.community_id = r.community_id and a.resolution_id = r.resolution_id \
        left join resolution_withdrawal w on w.community_id = r.community_id and w.resolution_id = r.resolution_id \
        left join resolution_extension x on x.community_id = r.community_id and x.resolution_id = r.resolution_id \
        where r.community_id = $1 and r.resolution_id = $2";
    RESOLUTIONS = "select r.resolution_id, r.title, r.matter, r.opens, coalesce(x.closes, r.closes), r.drafted_at, \
        p.number, p.published_at, c.objections_until, c.passed, a.announced_at, w.withdrawn_at, x.extended_at, i.assembly_id \
        from resolution r \
        left join resolution_publication p on p.community_id = r.community_id and p.resolution_id = r.resolution_id \
        left join resolution_count c on c.community_id = r.community_id and c.resolution_id = r.resolution_id \
        left join announcement a on a.community_id = r.community_id and a.resolution_id = r.resolution_id \
        left join resolution_withdrawal w on w.community_id = r.community_id and w.resolution_id = r.resolution_id \
        left join resolution_extension x on x.community_id = r.community_id and x.resolution_id = r.resolution_id \
        left join agenda_item i on i.community_id = r.community_id and i.resolution_id = r.resolution_id \
        where r.community_id = $1 and r.resolution_id < $2 \
        order by r.resolution_id desc limit $3";
    DUE_FOR_COUNT = "select p.resolution_id, p.terms, x.closes from resolution_publication p \
        left join resolution_count c on c.community_id = p.community_id and c.resolution_id = p.resolution_id \
        left join resolution_withdrawal w on w.community_id = p.community_id and w.resolution_id = p.resolution_id \
        left join resolution_extension x on x.community_id = p.community_id and x.resolution_id = p.resolution_id \
        where p.community_id = $1 and c.resolution_id is null and w.resolution_id is null";
    NUMBERS_LIKE = "select count(*) from resolution_publication where community_id = $1 and number like $2";
    INSERT_PUBLICATION = "insert into resolution_publication (community_id, resolution_id, number, published_at, \
        published_by, terms, units, heads, area) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    ENDED = "select \
        (select withdrawn_at from resolution_withdrawal where community_id = $1 and resolution_id = $2), \
        (select counted_at from resolution_count where community_id = $1 and resolution_id = $2), \
        (select closes from resolution_extension where community_id = $1 and resolution_id = $2)";
    TERMS = "select terms from resolution_publication where community_id = $1 and resolution_id = $2";
    INSERT_WITHDRAWAL = "insert into resolution_withdrawal (community_id, resolution_id, withdrawn_by, withdrawn_at, \
        reason) values ($1, $2, $3, $4, $5)";
    INSERT_ATTACHMENT = "insert into resolution_attachment (community_id, resolution_id, attachment_id, purpose, name, \
        media_type, sha256, content, added_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    DELETE_ATTACHMENT = "delete from resolution_attachment \
        where community_id = $1 and resolution_id = $2 and attachment_id = $3";
    ATTACHMENTS = "select attachment_id, purpose, name, media_type, sha256, cast(length(content) as bigint), added_at \
        from resolution_attachment where community_id = $1 and resolution_id = $2 order by attachment_id";
    ATTACHED_CONTENT = "select sha256, content from resolution_attachment \
        where community_id = $1 and resolution_id = $2 and attachment_id = $3";
    ATTACHMENT = "select purpose, name, media_type, content from resolution_attachment \
        where community_id = $1 and resolution_id = $2 and attachment_id = $3";
}

/// A resolution with everything that was done to it.
#[derive(Clone, Debug)]
pub struct Resolution {
    /// Its id.
    pub id: ResolutionId,
    /// What was drafted.
    pub draft: Draft,
    /// When.
    pub drafted_at: Timestamp,
    /// Its publication.
    pub publication: Option<Publication>,
    /// Its count.
    pub count: Option<CountRow>,
    /// Its announcement: when, with what remark, at which place of the journal.
    pub announcement: Option<(Timestamp, String, u64)>,
    /// Its withdrawal: when and why.
    pub withdrawal: Option<(Timestamp, String)>,
    /// Its extension; the windows of its draft and its terms are those in force.
    pub extension: Option<Extension>,
}

/// What publication froze.
#[derive(Clone, Debug)]
pub struct Publication {
    /// The number, such as `2026-3`.
    pub number: String,
    /// When.
    pub published_at: Timestamp,
    /// Under what.
    pub terms: Terms,
    /// Units in the electorate.
    pub units: u32,
    /// Heads in the electorate.
    pub heads: u32,
    /// Area of the electorate.
    pub area: units::Area,
}

/// A count as stored.
#[derive(Clone, Debug)]
pub struct CountRow {
    /// When.
    pub counted_at: Timestamp,
    /// Until when objections are taken.
    pub objections_until: Timestamp,
    /// Whether it passed.
    pub passed: bool,
    /// The published record: JSON text.
    pub record: String,
    /// Its SHA-256, which the journal's entry names.
    pub record_sha256: [u8; 32],
    /// That entry's position.
    pub position: u64,
}

impl Resolution {
    /// What its stage depends on.
    pub fn progress(&self) -> Progress {
        Progress {
            window: self
                .publication
                .as_ref()
                .map(|publication| publication.terms.window),
            objections_until: self.count.as_ref().map(|count| count.objections_until),
            announced_at: self.announcement.as_ref().map(|(at, ..)| *at),
            withdrawn_at: self.withdrawal.as_ref().map(|(at, _)| *at),
        }
    }
}

/// A resolution in a list.
#[derive(Clone, Debug)]
pub struct ResolutionLine {
    /// Its id.
    pub id: ResolutionId,
    /// The question.
    pub title: String,
    /// The matter.
    pub matter: Matter,
    /// When votes are taken.
    pub window: Window,
    /// Its number, once published.
    pub number: Option<String>,
    /// Whether it passed, once counted.
    pub passed: Option<bool>,
    /// What its stage depends on.
    pub progress: Progress,
    /// When its vote was extended.
    pub extended_at: Option<Timestamp>,
    /// The meeting on whose agenda it stands.
    pub assembly: Option<AssemblyId>,
}

/// A file of a resolution, without its content.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// `document` for all to read, `evidence` for those who record votes.
    pub purpose: String,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// Its size in bytes.
    pub size: u64,
    /// When it was added.
    pub added_at: Timestamp,
}

pub(crate) fn insert_rules(tx: &mut dyn Tx, ctx: &Context, rules: &Rules) -> Result<(), db::Error> {
    tx.execute(
        INSERT_RULES,
        &[
            ctx.community.into(),
            rules.version.into(),
            ctx.now.into(),
            ctx.actor.uuid().into(),
            rules.source.as_str().into(),
            rules.silence.name().into(),
            rules.vote_may_change.into(),
            rules.follow_allowed.into(),
            rules.turnout_while_open.into(),
            rules.objection_days.into(),
            rules.extension_days.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn current_rules(read: &mut dyn Read, community: CommunityId) -> Result<Rules, Error> {
    let Some(row) = read.query_one(CURRENT_RULES, &[community.into()])? else {
        return Ok(Rules::default());
    };
    Ok(Rules {
        version: row.get(0)?,
        source: row.get(1)?,
        silence: row.get::<String>(2)?.parse()?,
        vote_may_change: row.get(3)?,
        follow_allowed: row.get(4)?,
        turnout_while_open: row.get(5)?,
        objection_days: row.get(6)?,
        extension_days: row.get(7)?,
    })
}

pub(crate) fn insert_resolution(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ResolutionId,
    draft: &Draft,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_RESOLUTION,
        &[
            ctx.community.into(),
            id.into(),
            draft.title.as_str().into(),
            draft.body.as_str().into(),
            draft.matter.name().into(),
            draft.meeting.name().into(),
            draft.window.opens.into(),
            draft.window.closes.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn update_resolution(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ResolutionId,
    draft: &Draft,
) -> Result<(), db::Error> {
    tx.execute(
        UPDATE_RESOLUTION,
        &[
            ctx.community.into(),
            id.into(),
            draft.title.as_str().into(),
            draft.body.as_str().into(),
            draft.matter.name().into(),
            draft.meeting.name().into(),
            draft.window.opens.into(),
            draft.window.closes.into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

/// The resolution with everything that was done to it.
pub(crate) fn resolution(
    read: &mut dyn Read,
    community: CommunityId,
    id: ResolutionId,
) -> Result<Resolution, Error> {
    let row = read
        .query_one(RESOLUTION, &[community.into(), id.into()])?
        .ok_or(Error::NoSuchResolution)?;
    let counted_at: Option<Timestamp> = row.get(14)?;
    let announced_at: Option<Timestamp> = row.get(20)?;
    let withdrawn_at: Option<Timestamp> = row.get(23)?;
    let extension = extension(&row)?;
    let closes = extension.as_ref().map(|extension| extension.closes);
    Ok(Resolution {
        id: row.get(0)?,
        draft: Draft {
            title: row.get(1)?,
            body: row.get(2)?,
            matter: row.get::<String>(3)?.parse()?,
            meeting: named(&row, 4, "a kind of meeting", Meeting::from_name)?,
            window: Window {
                opens: row.get(5)?,
                closes: closes.map_or_else(|| row.get(6), Ok)?,
            },
        },
        drafted_at: row.get(7)?,
        publication: publication(&row, closes)?,
        count: match counted_at {
            None => None,
            Some(counted_at) => Some(CountRow {
                counted_at,
                objections_until: row.get(15)?,
                passed: row.get(16)?,
                record: row.get(17)?,
                record_sha256: row.get(18)?,
                position: row.get(19)?,
            }),
        },
        announcement: match announced_at {
            None => None,
            Some(at) => Some((at, row.get(21)?, row.get(22)?)),
        },
        withdrawal: match withdrawn_at {
            None => None,
            Some(at) => Some((at, row.get(24)?)),
        },
        extension,
    })
}

fn extension(row: &Row) -> Result<Option<Extension>, Error> {
    let Some(closes_before) = row.get::<Option<Timestamp>>(25)? else {
        return Ok(None);
    };
    Ok(Some(Extension {
        closes_before,
        closes: row.get(26)?,
        reason: row.get(27)?,
        extended_at: row.get(28)?,
    }))
}

fn publication(row: &Row, closes: Option<Timestamp>) -> Result<Option<Publication>, Error> {
    let Some(number) = row.get::<Option<String>>(8)? else {
        return Ok(None);
    };
    Ok(Some(Publication {
        number,
        published_at: row.get(9)?,
        terms: terms(&row.get::<String>(10)?)?.until(closes),
        units: row.get(11)?,
        heads: row.get(12)?,
        area: area(row, 13)?,
    }))
}

/// The newest `limit` resolutions drafted before the one with id `before`.
pub(crate) fn resolutions(
    read: &mut dyn Read,
    community: CommunityId,
    before: ResolutionId,
    limit: u32,
) -> Result<Vec<ResolutionLine>, Error> {
    read.query(
        RESOLUTIONS,
        &[community.into(), before.into(), limit.into()],
    )?
    .iter()
    .map(|row| {
        let window = Window {
            opens: row.get(3)?,
            closes: row.get(4)?,
        };
        let published_at: Option<Timestamp> = row.get(7)?;
        Ok(ResolutionLine {
            id: row.get(0)?,
            title: row.get(1)?,
            matter: row.get::<String>(2)?.parse()?,
            window,
            number: row.get(6)?,
            passed: row.get(9)?,
            progress: Progress {
                window: published_at.map(|_| window),
                objections_until: row.get(8)?,
                announced_at: row.get(10)?,
                withdrawn_at: row.get(11)?,
            },
            extended_at: row.get(12)?,
            assembly: row.get(13)?,
        })
    })
    .collect()
}

/// Published, neither counted nor withdrawn: with the terms they run under.
pub(crate) fn uncounted(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<(ResolutionId, Terms)>, Error> {
    read.query(DUE_FOR_COUNT, &[community.into()])?
        .iter()
        .map(|row| {
            let terms = terms(&row.get::<String>(1)?)?;
            Ok((row.get(0)?, terms.until(row.get(2)?)))
        })
        .collect()
}

pub(crate) fn published_in_year(
    read: &mut dyn Read,
    community: CommunityId,
    year: i16,
) -> Result<u64, db::Error> {
    read.query_one(
        NUMBERS_LIKE,
        &[community.into(), format!("{year}-%").into()],
    )?
    .map_or(Ok(0), |row| row.get(0))
}

pub(crate) fn insert_publication(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ResolutionId,
    publication: &Publication,
    terms: String,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_PUBLICATION,
        &[
            ctx.community.into(),
            id.into(),
            publication.number.as_str().into(),
            publication.published_at.into(),
            ctx.actor.uuid().into(),
            terms.into(),
            publication.units.into(),
            publication.heads.into(),
            publication.area.get().into(),
        ],
    )?;
    Ok(())
}

/// The terms of published resolutions, as the lane read them; publication froze them.
#[derive(Default)]
struct TermsRead(HashMap<(CommunityId, ResolutionId), Arc<Terms>>);

/// The most terms that a lane remembers.
const TERMS_REMEMBERED: usize = 256;

/// The terms a vote is taken under, if the resolution is published.
pub(crate) fn voting_terms(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: ResolutionId,
) -> Result<Option<Arc<Terms>>, Error> {
    if let Some(terms) = tx.cache().entry::<TermsRead>().0.get(&(community, id)) {
        return Ok(Some(Arc::clone(terms)));
    }
    let Some(row) = tx.query_one(TERMS, &[community.into(), id.into()])? else {
        return Ok(None);
    };
    let read = Arc::new(terms(&row.get::<String>(0)?)?);
    let remembered = &mut tx.cache().entry::<TermsRead>().0;
    if remembered.len() >= TERMS_REMEMBERED {
        remembered.clear();
    }
    remembered.insert((community, id), Arc::clone(&read));
    Ok(Some(read))
}

/// When a published resolution's vote ended before its time or for good.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ended {
    /// When it was withdrawn.
    pub(crate) withdrawn_at: Option<Timestamp>,
    /// When it was counted.
    pub(crate) counted_at: Option<Timestamp>,
    /// When it closes, if it was extended.
    pub(crate) closes: Option<Timestamp>,
}

pub(crate) fn ended(
    read: &mut dyn Read,
    community: CommunityId,
    id: ResolutionId,
) -> Result<Ended, db::Error> {
    let row = read.query_one(ENDED, &[community.into(), id.into()])?;
    row.map_or(Ok(Ended::default()), |row| {
        Ok(Ended {
            withdrawn_at: row.get(0)?,
            counted_at: row.get(1)?,
            closes: row.get(2)?,
        })
    })
}

pub(crate) fn insert_withdrawal(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ResolutionId,
    reason: &str,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_WITHDRAWAL,
        &[
            ctx.community.into(),
            id.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
            reason.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn insert_attachment(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    attachment: &Attachment,
    content: Vec<u8>,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_ATTACHMENT,
        &[
            ctx.community.into(),
            resolution.into(),
            attachment.id.into(),
            attachment.purpose.as_str().into(),
            attachment.name.as_str().into(),
            attachment.media_type.as_str().into(),
            attachment.sha256.into(),
            content.into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn delete_attachment(
    tx: &mut dyn Tx,
    community: CommunityId,
    resolution: ResolutionId,
    attachment: AttachmentId,
) -> Result<u64, db::Error> {
    tx.execute(
        DELETE_ATTACHMENT,
        &[community.into(), resolution.into(), attachment.into()],
    )
}

pub(crate) fn attachments(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<Vec<Attachment>, db::Error> {
    read.query(ATTACHMENTS, &[community.into(), resolution.into()])?
        .iter()
        .map(|row| {
            Ok(Attachment {
                id: row.get(0)?,
                purpose: row.get(1)?,
                name: row.get(2)?,
                media_type: row.get(3)?,
                sha256: row.get(4)?,
                size: row.get(5)?,
                added_at: row.get(6)?,
            })
        })
        .collect()
}

/// An attachment's purpose, name, media type and content.
type StoredFile = (String, String, String, Vec<u8>);

/// An attachment with its content.
pub(crate) fn attachment(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    attachment: AttachmentId,
) -> Result<Option<StoredFile>, db::Error> {
    read.query_one(
        ATTACHMENT,
        &[community.into(), resolution.into(), attachment.into()],
    )?
    .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
    .transpose()
}

/// A SHA-256, and the content it should be of.
type Hashed = (Vec<u8>, Vec<u8>);

/// The SHA-256 that an attachment's row names, and its content.
pub(crate) fn attached_content(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    attachment: AttachmentId,
) -> Result<Option<Hashed>, db::Error> {
    read.query_one(
        ATTACHED_CONTENT,
        &[community.into(), resolution.into(), attachment.into()],
    )?
    .map(|row| Ok((row.get(0)?, row.get(1)?)))
    .transpose()
}

fn terms(text: &str) -> Result<Terms, Error> {
    serde_json::from_str(text).map_err(|_| Error::Unreadable {
        what: "terms",
        value: text.chars().take(200).collect(),
    })
}

pub(crate) fn area(row: &Row, column: usize) -> Result<units::Area, Error> {
    let hundredths: i64 = row.get(column)?;
    units::Area::new(hundredths).map_err(|_| Error::Unreadable {
        what: "an area",
        value: hundredths.to_string(),
    })
}

pub(crate) fn named<T>(
    row: &Row,
    column: usize,
    what: &'static str,
    from_name: fn(&str) -> Option<T>,
) -> Result<T, Error> {
    let value: String = row.get(column)?;
    from_name(&value).ok_or(Error::Unreadable { what, value })
}

/// An id that sorts after every other: where a list starts at its newest.
pub(crate) fn newest() -> ResolutionId {
    ResolutionId::from_uuid(Uuid::max())
}
