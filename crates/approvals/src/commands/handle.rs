//! A clerk handles a file for the unit that it is up to.

use db::Tx;
use flow::What;
use journal::Command;
use kernel::{Context, Timestamp};
use serde::{Deserialize, Serialize};

use super::file::{Addition, File};
use crate::Error;
use crate::model::{Act, CaseId, HANDLE, MAX_TEXT, check_length, check_text};
use crate::office::{acting_for, responsible, unit_text};

/// Does one thing to a file, for the unit that it is up to.
#[derive(Serialize, Deserialize)]
pub struct HandleCase {
    /// The file.
    pub case: CaseId,
    /// The last event that the clerk had read; with a later one nothing is done.
    pub seen: u32,
    /// What.
    pub act: Act,
    /// When it took effect, if not now.
    pub at: Option<Timestamp>,
    /// Why it is entered only now.
    #[serde(default)]
    pub entered_late: String,
}

impl Command for HandleCase {
    const NAME: &'static str = "approvals.case.handle";
    type Outcome = u64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u64, Error> {
        ctx.require(HANDLE)?;
        self.act.check()?;
        let mut file = File::of_clerk(tx, ctx, self.case)?;
        let unit = responsible(&file.definition, &file.case, &file.events, &self.act)?;
        if !file.office.holds(acting_for(ctx), &unit) {
            let unit = unit_text(&file.definition, &file.office, &unit);
            return Err(Error::NotYourUnit { unit });
        }
        let addition = Addition {
            seen: self.seen,
            what: vec![self.act.what()],
            unit: &unit,
            at: self.at,
            entered_late: &self.entered_late,
            aside: self.act.aside(),
        };
        file.add(tx, ctx, self.act.entry(), &addition)
    }
}

impl Act {
    /// Every act's word, in the order of the forms.
    pub const NAMES: [&'static str; 12] = [
        "accept",
        "ask_correction",
        "refuse",
        "finish",
        "decide",
        "ask",
        "reply",
        "suspend",
        "resume",
        "extend",
        "hand_over",
        "retract",
    ];

    fn check(&self) -> Result<(), Error> {
        match self {
            Self::Refuse { reason, .. }
            | Self::HandOver { reason, .. }
            | Self::Decide { reason, .. }
            | Self::Retract { reason, .. } => check_text("reason", reason, MAX_TEXT),
            Self::Extend {
                approved_by,
                reason,
                ..
            } => {
                check_text("approved_by", approved_by, 200)?;
                check_text("reason", reason, MAX_TEXT)
            }
            Self::Reply { reply, .. } => check_text("reply", reply, MAX_TEXT),
            Self::AskCorrection { missing, .. } => {
                check_length("missing", &missing.join("\n"), MAX_TEXT)
            }
            _ => Ok(()),
        }
    }

    /// What is written beside the event.
    fn aside(&self) -> &str {
        match self {
            Self::Reply { reply, .. } => reply,
            _ => "",
        }
    }

    /// The event.
    fn what(&self) -> What {
        match self.clone() {
            Self::Accept { stage } => What::Accepted { stage },
            Self::Refuse { stage, reason } => What::Refused { stage, reason },
            Self::AskCorrection { stage, missing } => What::CorrectionAsked { stage, missing },
            Self::Suspend { stage, ground } => What::Suspended { stage, ground },
            Self::Resume { stage } => What::Resumed { stage },
            Self::Extend {
                stage,
                days,
                approved_by,
                reason,
            } => What::Extended {
                stage,
                days,
                approved_by,
                reason,
            },
            Self::Ask { stage, unit } => What::Asked { stage, unit },
            Self::Reply { stage, unit, .. } => What::Replied { stage, unit },
            Self::HandOver { stage, to, reason } => What::HandedOver { stage, to, reason },
            Self::Finish { step, outcome } => What::Done { step, outcome },
            Self::Decide {
                stage,
                result,
                reason,
            } => What::Decided {
                stage,
                result,
                reason,
            },
            Self::Retract { of, reason } => What::Retracted { of, reason },
        }
    }

    /// The kind of its entry in the journal.
    fn entry(&self) -> &'static str {
        match self {
            Self::Accept { .. } => "approvals.case.accepted",
            Self::Refuse { .. } => "approvals.case.refused",
            Self::AskCorrection { .. } => "approvals.case.correction_asked",
            Self::Suspend { .. } => "approvals.case.suspended",
            Self::Resume { .. } => "approvals.case.resumed",
            Self::Extend { .. } => "approvals.case.extended",
            Self::Ask { .. } => "approvals.case.asked",
            Self::Reply { .. } => "approvals.case.replied",
            Self::HandOver { .. } => "approvals.case.handed_over",
            Self::Finish { .. } => "approvals.case.step_done",
            Self::Decide { .. } => "approvals.case.decided",
            Self::Retract { .. } => "approvals.case.retracted",
        }
    }
}
