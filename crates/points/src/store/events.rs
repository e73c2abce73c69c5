//! SQL of what other modules' entries tell: who did what, and whether it was paid.

use db::{Read, Tx};
use kernel::{AccountId, CommunityId, Context, Timestamp};

db::statements! {
    PUT_EVENT = "insert into points_event (community_id, subject, account_id, happened_at) values ($1, $2, $3, $4) \
        on conflict (community_id, subject, account_id) do nothing";
    COUNT_EVENT = "update points_event set due_at = $3 where community_id = $1 and subject = $2 and due_at is null";
    DUE_EVENTS = "select subject, account_id from points_event \
        where community_id = $1 and settled_at is null and due_at is not null \
        order by due_at, subject, account_id limit $2";
    SETTLE_EVENT = "update points_event set settled_at = $4 \
        where community_id = $1 and subject = $2 and account_id = $3 and settled_at is null";
}

/// Something that may earn points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DueEvent {
    /// In what: `resolution/ID`.
    pub(crate) subject: String,
    /// Who.
    pub(crate) account: AccountId,
}

pub(crate) fn put_event(
    tx: &mut dyn Tx,
    community: CommunityId,
    subject: &str,
    account: AccountId,
    at: Timestamp,
) -> Result<(), db::Error> {
    let parameters = [community.into(), subject.into(), account.into(), at.into()];
    tx.execute(PUT_EVENT, &parameters)?;
    Ok(())
}

/// What happened in this is due from now on.
pub(crate) fn count_event(
    tx: &mut dyn Tx,
    community: CommunityId,
    subject: &str,
    at: Timestamp,
) -> Result<(), db::Error> {
    tx.execute(COUNT_EVENT, &[community.into(), subject.into(), at.into()])?;
    Ok(())
}

pub(crate) fn due_events(
    read: &mut dyn Read,
    community: CommunityId,
    limit: u32,
) -> Result<Vec<DueEvent>, db::Error> {
    let rows = read.query(DUE_EVENTS, &[community.into(), limit.into()])?;
    rows.iter()
        .map(|row| {
            Ok(DueEvent {
                subject: row.get(0)?,
                account: row.get(1)?,
            })
        })
        .collect()
}

pub(crate) fn has_due_events(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<bool, db::Error> {
    Ok(!due_events(read, community, 1)?.is_empty())
}

pub(crate) fn settle_events(
    tx: &mut dyn Tx,
    ctx: &Context,
    events: &[DueEvent],
) -> Result<(), db::Error> {
    for event in events {
        tx.execute(
            SETTLE_EVENT,
            &[
                ctx.community.into(),
                event.subject.as_str().into(),
                event.account.into(),
                ctx.now.into(),
            ],
        )?;
    }
    Ok(())
}
