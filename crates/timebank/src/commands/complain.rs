//! Complaints about a visit and their arbitration: what was posted is corrected only by reversing it.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use ledger::{Action, Request as Posting, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::confirm::pay;
use super::hours::{post, stand_to, void};
use crate::Error;
use crate::model::{ARBITRATE, ComplaintId, ConfirmedAs, MAX_TEXT, TAKE_PART, VisitId, check_text};
use crate::store::{self, Credit, Visit, actor};

/// Complains about a visit: the volunteer, or whoever speaks for the elder. It is not confirmed while this waits.
#[derive(Serialize, Deserialize)]
pub struct Complain {
    /// The visit.
    pub visit: VisitId,
    /// What is wrong.
    pub said: String,
}

impl Command for Complain {
    const NAME: &'static str = "timebank.complaint.make";
    type Outcome = ComplaintId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ComplaintId, Error> {
        ctx.require(TAKE_PART)?;
        check_text("said", &self.said, MAX_TEXT)?;
        let visit = store::visit(tx, ctx.community, self.visit)?;
        if visit.volunteer != actor(ctx)? {
            let request = store::request(tx, ctx.community, visit.request)?;
            let elder = store::elder(tx, ctx, request.elder)?;
            stand_to(tx, ctx, &elder)?;
        }
        if visit.cancelled_at.is_some() || store::is_disputed(tx, ctx.community, visit.id)? {
            return Err(Error::NotOpen { what: "visit" });
        }
        let id = ComplaintId::from_uuid(ctx.new_uuid());
        store::insert_complaint(tx, ctx, id, visit.id, &self.said)?;
        let change = Change::new("timebank.complaint.made", subject(id))
            .public(json!({ "visit": visit.id }))
            .private(json!({ "said": self.said.trim() }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Settles a complaint; nobody settles one that concerns them: neither volunteer nor elder nor family, neither who complained
/// nor who asked for the visit or pays for it.
#[derive(Serialize, Deserialize)]
pub struct SettleComplaint {
    /// The complaint.
    pub complaint: ComplaintId,
    /// The minutes that are right, if the complaint is; `None` dismisses it.
    pub right_minutes: Option<i64>,
    /// The ruling, for both sides to read.
    pub ruling: String,
}

impl Command for SettleComplaint {
    const NAME: &'static str = "timebank.complaint.settle";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(ARBITRATE)?;
        check_text("ruling", &self.ruling, MAX_TEXT)?;
        let arbiter = actor(ctx)?;
        let complaint = store::complaint(tx, ctx.community, self.complaint)?;
        let visit = store::visit(tx, ctx.community, complaint.visit)?;
        let request = store::request(tx, ctx.community, visit.request)?;
        let elder = store::elder(tx, ctx, request.elder)?;
        let takes_part = [visit.volunteer, complaint.made_by, request.requested_by];
        if takes_part.contains(&arbiter) || request.payer == arbiter.uuid() {
            return Err(Error::OwnVisit);
        }
        match stand_to(tx, ctx, &elder) {
            Ok(ConfirmedAs::Elder | ConfirmedAs::Family) => return Err(Error::OwnVisit),
            Ok(_) | Err(Error::NotForYou) => {}
            Err(error) => return Err(error),
        }
        let upheld = self.right_minutes.is_some();
        if store::settle_complaint(tx, ctx, complaint.id, upheld, &self.ruling)? == 0 {
            return Err(Error::NotOpen { what: "complaint" });
        }
        let postings = match self.right_minutes {
            Some(minutes) => correct(tx, ctx, &request, &visit, minutes)?,
            None => Vec::new(),
        };
        let posted = post(tx, ctx, &postings)?;
        let change = Change::new("timebank.complaint.settled", subject(complaint.id))
            .public(json!({
                "upheld": upheld, "minutes": self.right_minutes, "book": posted.stamp,
            }))
            .private(json!({ "ruling": self.ruling.trim() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Reverses what was posted, the overflow first, and posts what is right; what was only held is given back.
fn correct(
    tx: &mut dyn Tx,
    ctx: &Context,
    request: &store::Request,
    visit: &Visit,
    minutes: i64,
) -> Result<Vec<Posting>, Error> {
    let most = visit.credited.unwrap_or(request.minutes);
    if !(0..=most).contains(&minutes) {
        return Err(Error::OutOfRange {
            field: "right_minutes",
            max: most,
        });
    }
    let mut postings = Vec::new();
    for posting in [visit.overflow_posting, visit.posting]
        .into_iter()
        .flatten()
    {
        postings.push(Posting {
            id: TransferId(ctx.new_uuid().as_u128()),
            action: Action::Reverse {
                of: TransferId(posting.as_u128()),
            },
        });
    }
    let is_settled = visit.confirmed_at.is_some();
    if !is_settled {
        postings.extend(void(tx, ctx, request, visit)?);
    }
    let mut credit = Credit {
        minutes,
        overflow: 0,
        posting: None,
        overflow_posting: None,
    };
    if minutes > 0 && visit.is_reserved {
        let returning = visit.credited.unwrap_or(0) - visit.overflow.unwrap_or(0);
        postings.extend(pay(tx, ctx, request, visit, &mut credit, returning)?);
    }
    if is_settled {
        store::recredit(tx, ctx, visit.id, credit)?;
    } else {
        let by = ConfirmedAs::Staff;
        store::confirm(tx, ctx, visit.id, by, credit)?;
        store::close_request(tx, ctx, request.id)?;
    }
    Ok(postings)
}

fn subject(id: ComplaintId) -> String {
    format!("timebank-complaint/{id}")
}
