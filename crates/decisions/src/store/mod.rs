//! SQL of the decisions: resolutions and their terms here, electors and votes, what follows the close, in files beside.

mod after;
mod agenda;
mod audit;
mod changes;
mod election;
mod electors;
mod resolutions;
mod turnout;

use db::Statement;

pub use after::Objection;
pub(crate) use after::{
    insert_announcement, insert_answer, insert_count, insert_objection, objections,
};
pub use agenda::Assembly;
pub(crate) use agenda::{
    assemblies, assembly, assembly_of, delete_item, insert_assembly, items, put_item,
    update_assembly,
};
pub(crate) use audit::{TABLES, each_elector, each_elector_owner, electorates, name_of_unit};
pub use changes::{Correction, CorrectionEnd, Extension};
pub(crate) use changes::{
    StandingVote, corrections, counts_before, delete_vote, insert_correction,
    insert_correction_end, insert_extension, keep_count, published_corrections, record_before,
    standing_vote, update_count,
};
pub use election::Candidate;
pub(crate) use election::{
    candidates, declared_text, election, insert_candidate, insert_candidate_withdrawal,
    open_nominations, put_check, put_election, withdrawn_numbers,
};
pub(crate) use electors::{
    Ballot, CountedRow, Elector, Vote, VoteBefore, VoteOfUnit, ballots, counted, delivered_by,
    deliveries_of, elector, find_elector, insert_delivery, insert_electors, put_votes, turnout,
    unit_progress, units_of_owner, vote_before,
};
pub use electors::{Delivery, OwnUnit, OwnVote, UnitProgress};
pub use resolutions::{Attachment, Resolution, ResolutionLine};
pub(crate) use resolutions::{
    CountRow, Ended, Publication, attached_content, attachment, attachments, current_rules,
    delete_attachment, ended, insert_attachment, insert_publication, insert_resolution,
    insert_rules, insert_withdrawal, newest, published_in_year, resolution, resolutions, uncounted,
    update_resolution, voting_terms,
};
pub(crate) use resolutions::{area, named};

pub use turnout::{Reminder, UnreachedUnit, Visit};
pub(crate) use turnout::{
    insert_reminder, insert_visit, last_reminder, put_reminder_choice, reminded, reminder_choice,
    unreached,
};

/// Every statement of this module, room by room.
pub(crate) const STATEMENTS: &[&[Statement]] = &[
    resolutions::STATEMENTS,
    electors::STATEMENTS,
    after::STATEMENTS,
    agenda::STATEMENTS,
    election::STATEMENTS,
    changes::STATEMENTS,
    turnout::STATEMENTS,
    audit::STATEMENTS,
];
