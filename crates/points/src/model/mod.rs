//! Rules, claims, items and redemptions in the committee's own terms, and what can be said of them without a database.

mod session;
mod signal;

use kernel::{AccountId, Permission, Role, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Error;

pub use session::{Session, SessionTerms};
pub use signal::{Attendance, Confirmation, Sign, SignKind, clashes, rings};

/// An enum whose variants have a name in storage, in the API and in messages.
macro_rules! named {
    ($(#[$about:meta])* $name:ident { $($(#[$says:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$says])* $variant),* }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in storage and messages.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The one of this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}
pub(crate) use named;

named! {
    /// Who may earn by a rule.
    Earner {
        /// Whoever takes part.
        Everyone = "everyone",
        /// Whoever owns a unit here.
        Owners = "owners",
    }
}

named! {
    /// Who confirms claims by a rule; never the claimant.
    Confirmer {
        /// A member of the committee.
        Committee = "committee",
        /// The butler, or a member of the committee.
        Butler = "butler",
    }
}

named! {
    /// What happens elsewhere and earns by itself.
    Event {
        /// Having voted on the platform in a resolution of the owners, once it is counted.
        Voted = "voted",
    }
}

named! {
    /// What an item is.
    ItemKind {
        /// Something to take home.
        Goods = "goods",
        /// Something done for one.
        Service = "service",
        /// So much off the property fee; the property company hands it over by crediting it.
        FeeOffset = "fee_offset",
    }
}

kernel::id! {
    /// A rule by which an act earns points.
    pub struct RuleId;
}
kernel::id! {
    /// A resident's claim that such an act was done.
    pub struct ClaimId;
}
kernel::id! {
    /// Something to be had for points.
    pub struct ItemId;
}
kernel::id! {
    /// Points held for an item until it is handed over.
    pub struct RedemptionId;
}
kernel::id! {
    /// A session at which people earn by showing up.
    pub struct SessionId;
}
kernel::id! {
    /// Something that a reviewer should look at.
    pub struct SignalId;
}
db::id_column!(RuleId, ClaimId, ItemId, RedemptionId, SessionId, SignalId);

/// See the rules, the catalogue and one's own points.
pub const READ: Permission = Permission("points.read");
/// Claim points for an act, redeem and cancel.
pub const TAKE_PART: Permission = Permission("points.take-part");
/// Make and end rules, approve and end items, read the whole.
pub const MANAGE: Permission = Permission("points.manage");
/// Confirm or refuse other people's claims.
pub const CONFIRM: Permission = Permission("points.confirm");
/// Look into what seems odd, and say what came of it.
pub const REVIEW: Permission = Permission("points.review");
/// Offer items and hand over against a code.
pub const PROVIDE: Permission = Permission("points.provide");

/// Who may do what unless the community says otherwise.
pub const PERMISSIONS: &[(Permission, &[Role])] = &[
    (
        READ,
        &[
            Role::Resident,
            Role::Owner,
            Role::Butler,
            Role::CommitteeMember,
            Role::Provider,
        ],
    ),
    (
        TAKE_PART,
        &[
            Role::Resident,
            Role::Owner,
            Role::Butler,
            Role::CommitteeMember,
        ],
    ),
    (MANAGE, &[Role::CommitteeMember]),
    (CONFIRM, &[Role::CommitteeMember, Role::Butler]),
    (REVIEW, &[Role::CommitteeMember]),
    (PROVIDE, &[Role::Provider, Role::CommitteeMember]),
    (book::POST, &[]),
];

/// The longest title, in characters.
pub const MAX_TITLE: usize = 60;
/// The longest evidence or reason, in characters.
pub const MAX_TEXT: usize = 1_000;
/// The most points of one act and the highest price.
pub const MAX_POINTS: i64 = 100_000;
/// The most claims a rule may allow in a year, and the largest stock.
pub const MAX_COUNT: u32 = 10_000;
/// The most that one redemption takes off the property fee, in fen: 1,000 yuan.
pub const MAX_OFFSET_FEN: i64 = 100_000;
/// How many days a redeemed item waits to be fetched.
pub const FETCH_DAYS: i64 = 14;

/// An act and what it earns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTerms {
    /// The act, in a line.
    pub title: String,
    /// What shows that it was done.
    pub evidence: String,
    /// What it earns.
    pub points: i64,
    /// How often one person may claim it in a day.
    pub daily_cap: u32,
    /// How often one person may claim it in a calendar year.
    pub yearly_cap: u32,
    /// How many days what was earned stays valid; it expires at the end of the last.
    pub valid_days: u32,
    /// Who may earn by it.
    pub earned_by: Earner,
    /// Who confirms it.
    pub confirmed_by: Confirmer,
    /// What earns by itself; then nobody claims.
    pub event: Option<Event>,
}

impl RuleTerms {
    /// Refuses blank or overlong texts and numbers out of range.
    pub fn check(&self) -> Result<(), Error> {
        check_text("title", &self.title, MAX_TITLE)?;
        check_text("evidence", &self.evidence, MAX_TEXT)?;
        check_number("points", self.points, MAX_POINTS)?;
        check_number("daily_cap", i64::from(self.daily_cap), i64::from(MAX_COUNT))?;
        check_number(
            "yearly_cap",
            i64::from(self.yearly_cap),
            i64::from(MAX_COUNT),
        )?;
        check_number("valid_days", i64::from(self.valid_days), 3_660)
    }

    /// The midnight at which points awarded now expire.
    pub fn expires_at(&self, now: Timestamp) -> Timestamp {
        Timestamp::start_of(now.plus_days(i64::from(self.valid_days) + 1).date())
    }
}

/// A rule as kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// What it says.
    pub terms: RuleTerms,
    /// When it ended; no claim is taken after that.
    pub ended_at: Option<Timestamp>,
}

/// A claim as kept, its evidence still sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its id.
    pub id: ClaimId,
    /// By which rule.
    pub rule: RuleId,
    /// Who claims.
    pub account: AccountId,
    /// The evidence, sealed.
    pub evidence: Vec<u8>,
    /// When.
    pub claimed_at: Timestamp,
    /// Whether it was confirmed, once decided.
    pub is_confirmed: Option<bool>,
    /// Why it was refused.
    pub reason: Option<String>,
}

/// What a provider offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemTerms {
    /// What it is, in a line.
    pub title: String,
    /// What it is.
    pub kind: ItemKind,
    /// What it costs.
    pub price: i64,
    /// How many there are.
    pub stock: u32,
    /// How many one person may redeem in a calendar year.
    pub per_year: u32,
    /// What one takes off the property fee, in fen; 0 unless it is an offset.
    pub offset_fen: i64,
}

impl ItemTerms {
    /// Refuses a blank or overlong title and numbers out of range.
    pub fn check(&self) -> Result<(), Error> {
        check_text("title", &self.title, MAX_TITLE)?;
        check_number("price", self.price, MAX_POINTS)?;
        check_number("stock", i64::from(self.stock), i64::from(MAX_COUNT))?;
        check_number("per_year", i64::from(self.per_year), i64::from(MAX_COUNT))?;
        match self.kind {
            ItemKind::FeeOffset => check_number("offset_fen", self.offset_fen, MAX_OFFSET_FEN),
            ItemKind::Goods | ItemKind::Service if self.offset_fen == 0 => Ok(()),
            _ => Err(Error::OutOfRange {
                field: "offset_fen",
                max: 0,
            }),
        }
    }
}

/// An item as kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// What is offered.
    pub terms: ItemTerms,
    /// Who hands it over.
    pub provider: AccountId,
    /// When the committee approved it; before that nobody sees it.
    pub approved_at: Option<Timestamp>,
    /// When it was taken off.
    pub ended_at: Option<Timestamp>,
    /// How many are left: neither handed over nor held for somebody.
    pub left: i64,
}

/// Where a redemption stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The points are held; the item waits.
    Waiting,
    /// The item was handed over, the points are paid.
    HandedOver,
    /// The resident took it back.
    Cancelled,
    /// Nobody came; the points went back.
    RanOut,
}

impl Standing {
    /// The name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::HandedOver => "handed-over",
            Self::Cancelled => "cancelled",
            Self::RanOut => "ran-out",
        }
    }
}

/// A redemption as kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Redemption {
    /// Its id, and that of the reservation in the book.
    pub id: RedemptionId,
    /// What for.
    pub item: ItemId,
    /// The item's title.
    pub title: String,
    /// Who hands it over.
    #[serde(skip)]
    pub provider: AccountId,
    /// Whose points.
    #[serde(skip)]
    pub account: AccountId,
    /// How many points.
    pub price: i64,
    /// What the resident shows.
    pub code: String,
    /// When.
    pub redeemed_at: Timestamp,
    /// Until when it waits.
    pub deadline: Timestamp,
    /// Whether it was handed over or cancelled, once closed.
    pub is_handed_over: Option<bool>,
}

impl Redemption {
    /// Where it stands at a time.
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.is_handed_over {
            Some(true) => Standing::HandedOver,
            Some(false) => Standing::Cancelled,
            None if now < self.deadline => Standing::Waiting,
            None => Standing::RanOut,
        }
    }
}

/// Refuses a text that is blank or longer than `max` characters.
pub(crate) fn check_text(field: &'static str, text: &str, max: usize) -> Result<(), Error> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        Err(Error::Blank { field })
    } else if length > max {
        Err(Error::TooLong { field, max })
    } else {
        Ok(())
    }
}

pub(crate) fn check_number(field: &'static str, number: i64, max: i64) -> Result<(), Error> {
    if (1..=max).contains(&number) {
        Ok(())
    } else {
        Err(Error::OutOfRange { field, max })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk() -> RuleTerms {
        RuleTerms {
            title: "遛弯巡逻".to_owned(),
            evidence: "照片".to_owned(),
            points: 5,
            daily_cap: 1,
            yearly_cap: 100,
            valid_days: 365,
            earned_by: Earner::Everyone,
            confirmed_by: Confirmer::Committee,
            event: None,
        }
    }

    #[test]
    fn points_of_a_leap_day_expire_at_the_midnight_after_their_last_day() {
        let leap: jiff::civil::Date = "2028-02-29".parse().unwrap();
        let noon = Timestamp::start_of(leap).plus_seconds(43_200);
        let expires = walk().expires_at(noon);
        assert_eq!(expires, Timestamp::start_of("2029-03-01".parse().unwrap()));
    }

    #[test]
    fn terms_out_of_range_are_refused_by_their_field() {
        assert!(walk().check().is_ok());
        let none = RuleTerms {
            points: 0,
            ..walk()
        };
        assert!(matches!(
            none.check(),
            Err(Error::OutOfRange {
                field: "points",
                ..
            })
        ));
        let blank = RuleTerms {
            title: " ".to_owned(),
            ..walk()
        };
        assert!(matches!(
            blank.check(),
            Err(Error::Blank { field: "title" })
        ));
    }
}
