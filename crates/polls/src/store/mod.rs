//! SQL of the polls: drafts and publication, electors, ballots and paper, in a file each.

pub(crate) mod audit;
mod box_of;
mod electors;
mod polls;

use db::Statement;

pub use box_of::Paper;
pub(crate) use box_of::{
    ballot_with_serial, ballots, confirm_paper, empty, insert_paper, papers, put_ballot,
};
pub use electors::{Elector, Progress};
pub(crate) use electors::{
    collect, collected_with, elector, electors_of_unit, find_electors, insert_electors, progress,
};
pub use polls::{Poll, PollLine, Publication};
pub(crate) use polls::{
    insert_count, insert_poll, insert_publication, insert_withdrawal, newest, poll, polls,
    sealed_key, uncounted, update_poll,
};

/// Every statement of this module, room by room.
pub(crate) const STATEMENTS: &[&[Statement]] = &[
    polls::STATEMENTS,
    electors::STATEMENTS,
    box_of::STATEMENTS,
    audit::STATEMENTS,
];
