//! What an actor may do about points: the only ways to change anything, each one journal entry.

mod earn;
mod expire;
mod offer;
mod pay;
mod redeem;
mod review;
mod session;

use kernel::Permission;

pub(crate) use earn::SEALED_FOR;
pub use earn::{ClaimPoints, ConfirmClaim, EndRule, MakeRule, RefuseClaim};
pub use expire::ExpirePoints;
pub use offer::{ApproveItem, EndItem, OfferItem};
pub use pay::{GivePoints, PayEvents};
pub use redeem::{CancelRedemption, HandOver, RedeemItem};
pub use review::{CloseYear, RaiseSignals, SettleSignal};
pub use session::{CheckIn, OpenSession};

use crate::model::{CONFIRM, MANAGE, PROVIDE, REVIEW, TAKE_PART};

/// Every command with the permission it needs; the permission test goes through this list.
pub const COMMANDS: &[(&str, Permission)] = &[
    (<MakeRule as journal::Command>::NAME, MANAGE),
    (<EndRule as journal::Command>::NAME, MANAGE),
    (<ClaimPoints as journal::Command>::NAME, TAKE_PART),
    (<ConfirmClaim as journal::Command>::NAME, CONFIRM),
    (<RefuseClaim as journal::Command>::NAME, CONFIRM),
    (<OfferItem as journal::Command>::NAME, PROVIDE),
    (<ApproveItem as journal::Command>::NAME, MANAGE),
    (<EndItem as journal::Command>::NAME, MANAGE),
    (<RedeemItem as journal::Command>::NAME, TAKE_PART),
    (<CancelRedemption as journal::Command>::NAME, TAKE_PART),
    (<HandOver as journal::Command>::NAME, PROVIDE),
    (<ExpirePoints as journal::Command>::NAME, MANAGE),
    (<OpenSession as journal::Command>::NAME, CONFIRM),
    (<CheckIn as journal::Command>::NAME, TAKE_PART),
    (<PayEvents as journal::Command>::NAME, MANAGE),
    (<GivePoints as journal::Command>::NAME, TAKE_PART),
    (<RaiseSignals as journal::Command>::NAME, REVIEW),
    (<SettleSignal as journal::Command>::NAME, REVIEW),
    (<CloseYear as journal::Command>::NAME, MANAGE),
];
