//! SQL of the polls: drafts and publication, electors, ballots and paper, in a file each.

pub(crate) mod audit;
mod box_of;
mod budget;
mod electors;
mod polls;

use db::Statement;

pub use box_of::Paper;
pub(crate) use box_of::{
    ballot_with_serial, ballots, confirm_paper, empty, insert_paper, papers, put_ballot,
};
pub use budget::{Check, Comment, Proposal, Reported, Round};
pub(crate) use budget::{
    comments, comments_since, insert_ballot_of_round, insert_check, insert_comment,
    insert_proposal, insert_proposal_withdrawal, insert_report, insert_round, picture, proposal,
    proposals, reports, round, rounds,
};
pub use electors::{Elector, Progress};
pub(crate) use electors::{
    collect, collected_with, elector, electors_of_unit, find_electors, groups, insert_electors,
    progress,
};
pub use polls::{Poll, PollLine, Publication};
pub(crate) use polls::{
    Published, board, insert_count, insert_poll, insert_publication, insert_withdrawal, newest,
    poll, polls, sealed_key, uncounted, update_poll,
};

/// Every statement of this module, room by room.
pub(crate) const STATEMENTS: &[&[Statement]] = &[
    polls::STATEMENTS,
    electors::STATEMENTS,
    box_of::STATEMENTS,
    audit::STATEMENTS,
    budget::STATEMENTS,
];
