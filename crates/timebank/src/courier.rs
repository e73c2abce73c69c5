//! Carries what waits between communities. It remembers nothing: what is still to do stands in the two sides' own tables, so
//! that a crash between any two steps is healed by looking again.

use journal::Journal;
use kernel::{CommunityId, Context};

use crate::model::{Arriving, Crossing, CrossingState};
use crate::{CloseCrossing, Error, TakeCrossing, store};

/// Carries everything that waits in a community to its partners, and their answers back; says how many were closed. What
/// fails stands in no other's way: the first failure is told at the end.
///
/// # Errors
/// The first failure, after everything was tried. `context` gives Linli's own context in a community.
pub fn deliver<E: From<Error>>(
    journal: &Journal,
    community: CommunityId,
    context: &dyn Fn(CommunityId) -> Result<Context, E>,
) -> Result<u64, E> {
    let waiting = journal
        .database()
        .read_blocking(move |read| store::waiting_out(read, community))
        .map_err(Error::from)?;
    let (mut closed, mut failure) = (0, None);
    for crossing in waiting {
        match carry(journal, community, &crossing, context) {
            Ok(done) => closed += u64::from(done),
            Err(error) => {
                failure.get_or_insert(error);
            }
        }
    }
    failure.map_or(Ok(closed), Err)
}

/// One crossing: there, unless it is there already, and back, if there is an answer. Whether it was closed.
fn carry<E: From<Error>>(
    journal: &Journal,
    from: CommunityId,
    crossing: &Crossing,
    context: &dyn Fn(CommunityId) -> Result<Context, E>,
) -> Result<bool, E> {
    let (partner, id) = (crossing.partner, crossing.id);
    let there = journal
        .database()
        .read_blocking(move |read| store::crossing(read, partner, id))
        .map_err(Error::from)?;
    let (state, refusal) = if let Some(there) = there {
        (there.state, there.refusal)
    } else {
        let arriving = Arriving {
            id,
            from,
            kind: crossing.kind,
            minutes: crossing.minutes,
            holder: crossing.holder,
            ground: crossing.ground.clone(),
        };
        match journal.execute_blocking(context(partner)?, TakeCrossing { arriving }) {
            // Another process carried it meanwhile; it carries the answer too.
            Err(Error::Taken) => return Ok(false),
            taken => taken?,
        }
    };
    if state == CrossingState::Waiting {
        return Ok(false);
    }
    let close = CloseCrossing {
        crossing: id,
        refusal,
    };
    match journal.execute_blocking(context(from)?, close) {
        Ok(()) => Ok(true),
        // Closed by another process, or hours that are on their way come first: the next look sees.
        Err(Error::NotOpen { .. } | Error::OnTheWay) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
