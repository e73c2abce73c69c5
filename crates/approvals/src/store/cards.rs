//! SQL of the cards that went out.

use db::{Read, Row, Tx};
use jiff::civil::Date;
use kernel::{CommunityId, Context, Timestamp};

use crate::Error;
use crate::model::{CaseId, Colour};

db::statements! {
    INSERT_CARD = "insert into approval_card (community_id, case_id, stage, colour, days_before, due, unit, \
        escalated_to, issued_at, position) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    CARDS_OF = "select case_id, stage, colour, days_before, due, unit, escalated_to, issued_at, position \
        from approval_card where community_id = $1 and case_id = $2 order by issued_at, stage, days_before";
    CARDS_SINCE = "select c.case_id, c.stage, c.colour, c.days_before, c.due, c.unit, c.escalated_to, c.issued_at, \
        c.position, f.title from approval_card c join approval_case f \
        on f.community_id = c.community_id and f.case_id = c.case_id \
        where c.community_id = $1 and c.issued_at >= $2 order by c.issued_at desc, c.position desc limit $3";
    CARDS_FROM = "select case_id, stage, colour, days_before, due, unit, escalated_to, issued_at, position \
        from approval_card where community_id = $1 and position >= $2 order by position";
}

/// A card that is due or went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The case.
    pub case: CaseId,
    /// The stage.
    pub stage: String,
    /// Yellow or red.
    pub colour: Colour,
    /// For which reminder: working days before the last day; 0 for red.
    pub days_before: u32,
    /// The last day, as it was derived then.
    pub due: Date,
    /// Who leads and answers for it.
    pub unit: String,
    /// Who else is told; empty for nobody.
    pub escalated_to: String,
}

/// A card that went out.
#[derive(Clone, Debug)]
pub struct CardRow {
    /// The card.
    pub card: Card,
    /// When.
    pub issued_at: Timestamp,
    /// Its entry in the journal.
    pub position: u64,
    /// The file's title, where cards of many files are listed.
    pub title: Option<String>,
}

pub(crate) fn insert_card(
    tx: &mut dyn Tx,
    ctx: &Context,
    card: &Card,
    position: u64,
) -> Result<(), Error> {
    tx.execute(
        INSERT_CARD,
        &[
            ctx.community.into(),
            card.case.into(),
            card.stage.as_str().into(),
            card.colour.name().into(),
            card.days_before.into(),
            Timestamp::start_of(card.due).into(),
            card.unit.as_str().into(),
            card.escalated_to.as_str().into(),
            ctx.now.into(),
            i64::try_from(position).unwrap_or(i64::MAX).into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn cards_of(
    read: &mut dyn Read,
    community: CommunityId,
    case: CaseId,
) -> Result<Vec<CardRow>, Error> {
    let rows = read.query(CARDS_OF, &[community.into(), case.into()])?;
    rows.iter().map(card_row).collect()
}

/// The newest cards that went out since then.
pub(crate) fn cards_since(
    read: &mut dyn Read,
    community: CommunityId,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<CardRow>, Error> {
    let rows = read.query(CARDS_SINCE, &[community.into(), since.into(), limit.into()])?;
    let titled = |row: &Row| {
        Ok(CardRow {
            title: Some(row.get(9)?),
            ..card_row(row)?
        })
    };
    rows.iter().map(titled).collect()
}

/// The cards whose entries stand at a position of the journal or later.
pub(crate) fn cards_from(
    read: &mut dyn Read,
    community: CommunityId,
    position: u64,
) -> Result<Vec<CardRow>, Error> {
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    let rows = read.query(CARDS_FROM, &[community.into(), position.into()])?;
    rows.iter().map(card_row).collect()
}

fn card_row(row: &Row) -> Result<CardRow, Error> {
    let colour: String = row.get(2)?;
    let due: Timestamp = row.get(4)?;
    Ok(CardRow {
        card: Card {
            case: row.get(0)?,
            stage: row.get(1)?,
            colour: Colour::from_name(&colour).ok_or(Error::Unreadable {
                what: "a card's colour",
                value: colour,
            })?,
            days_before: row.get(3)?,
            due: due.date(),
            unit: row.get(5)?,
            escalated_to: row.get(6)?,
        },
        issued_at: row.get(7)?,
        position: row.get(8)?,
        title: None,
    })
}
