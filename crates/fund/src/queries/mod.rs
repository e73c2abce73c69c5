//! What an actor may see of the fund.

mod desk;
mod entries;
mod grants;
mod overview;

pub use desk::{Desk, GiftView, Mine, TrancheWaiting, Winner, desk, mine};
pub use entries::{
    Asked, FileView, Giver, Line, VoucherView, file, lines, receipt_position, voucher,
};
pub use grants::{GrantView, TrancheView, grant, grant_of_tranche, grants};
pub use overview::{
    Overview, PurseStatement, PurseView, StatementRow, Watching, fund_charter, overview, purposes,
    purse, purse_list, trial, watch,
};
