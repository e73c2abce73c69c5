//! Why rules can't stand and why a request is refused.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Asset, Broken, CHAIN_MAX, Code, Kind, Route, TransferId};

/// Why rules can't stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesFault {
    /// A kind is defined twice.
    #[error("the kind {name} is defined twice: give each kind a number of its own")]
    KindTwice {
        /// The kind's name.
        name: &'static str,
    },
    /// A route names a kind that is not defined.
    #[error("a route names kind {}, which is not defined: define it first", kind.0)]
    UnknownKind {
        /// The kind.
        kind: Kind,
    },
    /// A route leads from one asset to another.
    #[error("code {} leads from kind {} to kind {}, which hold different things: points, time and money never change into each other", route.code.0, route.from.0, route.to.0)]
    AcrossAssets {
        /// The route.
        route: Route,
    },
    /// Two codes in one chain would sell time.
    #[error("codes {} and {} together would turn time into money: hours are not for sale", one.0, other.0)]
    TimeForMoney {
        /// One code.
        one: Code,
        /// The other.
        other: Code,
    },
    /// No account of the kind could ever be used.
    #[error(
        "accounts of kind {name} could never be used: the greatest balance must be above zero and the least at most zero"
    )]
    UnusableLimits {
        /// The kind's name.
        name: &'static str,
    },
    /// Lots of a kind that may owe.
    #[error("accounts of kind {name} keep lots, so they can't owe: make the least balance zero")]
    LotsOwed {
        /// The kind's name.
        name: &'static str,
    },
}

/// Why a request is refused. Nothing moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The id was used for another request.
    #[error("the id {:x} was used before for something else: take a new one", id.0)]
    IdReused {
        /// The id.
        id: TransferId,
    },
    /// There is no such account.
    #[error("there is no account {:x}: open it first", account.0)]
    NoAccount {
        /// The account.
        account: AccountId,
    },
    /// The account exists already.
    #[error("the account {:x} exists already: use it, or open one with another id", account.0)]
    AccountExists {
        /// The account.
        account: AccountId,
    },
    /// The account's kind is not in the rules.
    #[error("account {:x} is of kind {}, which the rules don't know: add the kind", account.0, kind.0)]
    NoKind {
        /// The account.
        account: AccountId,
        /// Its kind.
        kind: Kind,
    },
    /// The overflow account can't take whatever comes.
    #[error("account {:x} can't take an overflow: it must exist, hold the same asset and have no greatest balance", account.0)]
    UnfitOverflow {
        /// The overflow account.
        account: AccountId,
    },
    /// Giver and receiver are one.
    #[error("account {:x} can't give to itself: name another receiver", account.0)]
    SameAccount {
        /// The account.
        account: AccountId,
    },
    /// The amount is not above zero.
    #[error("{amount} can't be moved: the amount must be above zero")]
    NotPositive {
        /// The amount.
        amount: i64,
    },
    /// The amount is of another asset than the account.
    #[error("account {:x} holds {holds}, not {given}: points, time and money never mix", account.0)]
    OtherAsset {
        /// The account.
        account: AccountId,
        /// What it holds.
        holds: Asset,
        /// What was to be moved.
        given: Asset,
    },
    /// No rule allows the code between these kinds.
    #[error("code {} may not move from kind {} to kind {}: the whitelist has no such route", code.0, from.0, to.0)]
    NotAllowed {
        /// The code.
        code: Code,
        /// The giver's kind.
        from: Kind,
        /// The receiver's kind.
        to: Kind,
    },
    /// The giver has too little, reservations counted.
    #[error(
        "{needed} is needed and {available} is available: reserved and expired amounts don't count"
    )]
    TooLittle {
        /// Whose account.
        account: AccountId,
        /// What is needed.
        needed: i64,
        /// What is available.
        available: i64,
    },
    /// The receiver would hold more than it may.
    #[error("account {:x} can take {room} more, not {amount}: it has a greatest balance and no overflow account", account.0)]
    TooMuch {
        /// Whose account.
        account: AccountId,
        /// What it was to receive.
        amount: i64,
        /// What it can still take.
        room: i64,
    },
    /// A sum would leave 64 bits.
    #[error("account {:x} would pass what is counted exactly: check the amount", account.0)]
    TooLarge {
        /// The account.
        account: AccountId,
    },
    /// A date on what has none, or a date in the past.
    #[error(
        "the date is not possible here: it must lie ahead, and only awards into accounts with lots expire"
    )]
    ImpossibleDate,
    /// There is no such reservation or transfer.
    #[error("there is no transfer {:x}: check the id", id.0)]
    NoTransfer {
        /// The id.
        id: TransferId,
    },
    /// The reservation was posted, voided or given back at its deadline.
    #[error("the reservation {:x} is closed: it was posted, voided or reached its deadline", id.0)]
    Closed {
        /// The reservation.
        id: TransferId,
    },
    /// The transfer was reversed before.
    #[error("the transfer {:x} was reversed before: it can be reversed once", id.0)]
    Reversed {
        /// The transfer.
        id: TransferId,
    },
    /// It is neither a transfer nor a posting.
    #[error("{:x} can't be reversed: void a reservation; make a new transfer in place of what a reversal or expiry undid", id.0)]
    NotReversible {
        /// The record.
        id: TransferId,
    },
    /// More is to be posted than is reserved.
    #[error("{amount} is more than the {reserved} reserved: post at most that")]
    MoreThanReserved {
        /// What was to be posted.
        amount: i64,
        /// What is reserved.
        reserved: i64,
    },
    /// Nothing has expired.
    #[error("nothing in account {:x} has expired: look at the preview first", account.0)]
    NothingExpired {
        /// The account.
        account: AccountId,
    },
    /// A chain of none or too many.
    #[error("a chain has 1 to {CHAIN_MAX} requests, not {length}: split it")]
    ChainLength {
        /// How many there were.
        length: usize,
    },
    /// A chain across assets that the rules don't pair.
    #[error("codes {} and {} move different things and may not stand in one chain", one.0, other.0)]
    NotTogether {
        /// One code.
        one: Code,
        /// The other.
        other: Code,
    },
    /// A state that contradicts itself was handed in or computed; nothing was done.
    #[error(transparent)]
    Broken(#[from] Broken),
}

/// A chain was refused, and which request was the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("request {index} of the chain: {refusal}")]
pub struct Refused {
    /// The request, from 0.
    pub index: usize,
    /// Why.
    pub refusal: Refusal,
}
