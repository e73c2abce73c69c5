//! What an actor may see of the fund.

mod desk;
mod entries;
mod grants;
mod overview;

pub use desk::{Desk, GiftView, Mine, TrancheWaiting, Winner, desk, mine};
pub use entries::{
    Asked, FileView, Line, VoucherView, file, lines, receipt_position, voucher,
};
pub use grants::{GrantView, TrancheView, grant, grants};
pub use overview::{
    Overview, PurseStatement, PurseView, StatementRow, Watching, overview, purposes, purse, trial,
    watch,
};
