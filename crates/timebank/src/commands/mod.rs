//! What an actor may do in the time bank: the only ways to change anything, each one journal entry.

mod ask;
mod certify;
mod complain;
mod confirm;
mod cross;
mod enrol;
mod found;
mod give;
mod hours;
mod offer;
mod review;
mod visit;

use kernel::Permission;

pub use ask::{AskForVisit, CancelRequest};
pub(crate) use certify::{CERTIFIED, subject as certificate_subject};
pub use certify::{Certificate, IssueCertificate, Served};
pub use complain::{Complain, SettleComplaint};
pub use confirm::{ConfirmVisit, SettleVisit};
pub(crate) use confirm::{is_missed, is_overdue};
pub use cross::{CloseCrossing, SendHours, TakeCrossing};
pub use enrol::{ConfirmRelation, Enrol, EnrolElder, EntitleElder, VetVolunteer, WithdrawConsent};
pub use found::{ChooseScheme, EndService, FundPool, MakeService};
pub use give::{DonateHours, GiveHours, Receiver};
pub(crate) use hours::{balance, scheme, stand_to};
pub(crate) use offer::owed;
pub use offer::{AnswerOffer, EndClearing, OfferClearing};
pub use review::{RaiseSignals, SettleSignal};
pub use visit::{AcceptRequest, CancelVisit, CheckIn, CheckOut, EnterTimes};

use crate::model::{ARBITRATE, ASSIST, MANAGE, REVIEW, SETTLE, TAKE_PART};

/// Every command with the permission it needs; the permission test goes through this list.
pub const COMMANDS: &[(&str, Permission)] = &[
    (<ChooseScheme as journal::Command>::NAME, MANAGE),
    (<MakeService as journal::Command>::NAME, MANAGE),
    (<EndService as journal::Command>::NAME, MANAGE),
    (<FundPool as journal::Command>::NAME, MANAGE),
    (<Enrol as journal::Command>::NAME, TAKE_PART),
    (<VetVolunteer as journal::Command>::NAME, ASSIST),
    (<EnrolElder as journal::Command>::NAME, TAKE_PART),
    (<WithdrawConsent as journal::Command>::NAME, TAKE_PART),
    (<EntitleElder as journal::Command>::NAME, MANAGE),
    (<ConfirmRelation as journal::Command>::NAME, ASSIST),
    (<AskForVisit as journal::Command>::NAME, TAKE_PART),
    (<CancelRequest as journal::Command>::NAME, TAKE_PART),
    (<AcceptRequest as journal::Command>::NAME, TAKE_PART),
    (<CancelVisit as journal::Command>::NAME, TAKE_PART),
    (<CheckIn as journal::Command>::NAME, TAKE_PART),
    (<CheckOut as journal::Command>::NAME, TAKE_PART),
    (<EnterTimes as journal::Command>::NAME, ASSIST),
    (<ConfirmVisit as journal::Command>::NAME, TAKE_PART),
    (<SettleVisit as journal::Command>::NAME, SETTLE),
    (<GiveHours as journal::Command>::NAME, TAKE_PART),
    (<DonateHours as journal::Command>::NAME, TAKE_PART),
    (<Complain as journal::Command>::NAME, TAKE_PART),
    (<SettleComplaint as journal::Command>::NAME, ARBITRATE),
    (<IssueCertificate as journal::Command>::NAME, TAKE_PART),
    (<RaiseSignals as journal::Command>::NAME, REVIEW),
    (<SettleSignal as journal::Command>::NAME, REVIEW),
    (<OfferClearing as journal::Command>::NAME, MANAGE),
    (<AnswerOffer as journal::Command>::NAME, MANAGE),
    (<EndClearing as journal::Command>::NAME, MANAGE),
    (<SendHours as journal::Command>::NAME, TAKE_PART),
    (<TakeCrossing as journal::Command>::NAME, SETTLE),
    (<CloseCrossing as journal::Command>::NAME, SETTLE),
];
