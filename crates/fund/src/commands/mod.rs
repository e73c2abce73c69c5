//! What an actor may do about the fund: the only ways to change anything, each one journal entry.

mod found;
mod gifts;
mod grants;
mod money;
mod tranches;
mod undo;
mod vouchers;

use kernel::Permission;

pub use found::{EndPurpose, MakePurpose, SetCharter};
pub use gifts::{AnnounceGift, WithdrawGift};
pub use grants::{ApplyForGrant, DecideGrant, EndGrant, GrantFromVote, ReviewGrant};
pub use tranches::{CheckEvidence, PayTranche, SubmitEvidence};
pub use undo::{ChangePurpose, ReturnDonation};
pub use vouchers::{ConfirmVoucher, RecordVoucher, RefuseVoucher};

use crate::model::{APPLY, CONFIRM, GIVE, MANAGE, RECORD, REVIEW};

/// Every command with the permission it needs; the permission test goes through this list.
pub const COMMANDS: &[(&str, Permission)] = &[
    (<SetCharter as journal::Command>::NAME, MANAGE),
    (<MakePurpose as journal::Command>::NAME, MANAGE),
    (<EndPurpose as journal::Command>::NAME, MANAGE),
    (<AnnounceGift as journal::Command>::NAME, GIVE),
    (<WithdrawGift as journal::Command>::NAME, GIVE),
    (<RecordVoucher as journal::Command>::NAME, RECORD),
    (<ConfirmVoucher as journal::Command>::NAME, CONFIRM),
    (<RefuseVoucher as journal::Command>::NAME, CONFIRM),
    (<ReturnDonation as journal::Command>::NAME, MANAGE),
    (<ChangePurpose as journal::Command>::NAME, MANAGE),
    (<ApplyForGrant as journal::Command>::NAME, APPLY),
    (<ReviewGrant as journal::Command>::NAME, REVIEW),
    (<DecideGrant as journal::Command>::NAME, MANAGE),
    (<GrantFromVote as journal::Command>::NAME, MANAGE),
    (<SubmitEvidence as journal::Command>::NAME, APPLY),
    (<CheckEvidence as journal::Command>::NAME, REVIEW),
    (<PayTranche as journal::Command>::NAME, RECORD),
    (<EndGrant as journal::Command>::NAME, MANAGE),
];

/// The subject of a voucher's entries.
pub(crate) fn voucher_subject(id: crate::VoucherId) -> String {
    format!("fund-voucher/{id}")
}

/// The subject of a grant's entries, those of its tranches included.
pub(crate) fn grant_subject(id: crate::GrantId) -> String {
    format!("fund-grant/{id}")
}
