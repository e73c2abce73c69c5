//! Purses, vouchers, grants and tranches in the treasurer's own terms, and what can be said of them without a database.

mod figures;
mod terms;

use std::fmt;
use std::str::FromStr;

use book::chart;
use kernel::{Permission, Role, Timestamp};
use ledger::Kind;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Error;

pub use figures::{Figures, Watch, Watched, Worry, watched};
pub use terms::{
    CharterTerms, DonorTerms, Evidence, GrantTerms, PurposeTerms, TrancheTerms, VoucherTerms,
};

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

named! {
    /// What a fund is before the law.
    Standing {
        /// A foundation that may raise money from the public.
        PublicFoundation = "public_foundation",
        /// A foundation that may not.
        Foundation = "foundation",
        /// A special fund within a charity, or money the community keeps itself.
        SpecialFund = "special_fund",
    }
}

named! {
    /// What a voucher tells.
    VoucherKind {
        /// Money given.
        Donation = "donation",
        /// Interest, support and the like.
        Income = "income",
        /// The operation fund's share of a surplus.
        Surplus = "surplus",
        /// What there was when the book began.
        Opening = "opening",
        /// The fund's own charitable activity was paid.
        Activity = "activity",
        /// Administration was paid.
        Administration = "administration",
        /// The costs of raising money were paid.
        Fundraising = "fundraising",
        /// General money is set aside for a purpose.
        SetAside = "set_aside",
    }
}

named! {
    /// How money came or went.
    Means {
        /// Through the bank.
        Bank = "bank",
        /// In cash.
        Cash = "cash",
        /// Not at all: within the fund.
        Within = "within",
    }
}

named! {
    /// How a donor is shown.
    Display {
        /// By name.
        Named = "named",
        /// By the first character.
        Masked = "masked",
        /// Not at all.
        Anonymous = "anonymous",
    }
}

kernel::id! {
    /// A purpose that money can be given for.
    pub struct PurposeId;
}
kernel::id! {
    /// A donation somebody announced.
    pub struct GiftId;
}
kernel::id! {
    /// A voucher: money that came, went or was set aside.
    pub struct VoucherId;
}
kernel::id! {
    /// A file that shows something.
    pub struct FileId;
}
kernel::id! {
    /// A grant, from the application to its end.
    pub struct GrantId;
}
kernel::id! {
    /// A reviewer's word on an application.
    pub struct ReviewId;
}
kernel::id! {
    /// A part of a grant, paid by itself.
    pub struct TrancheId;
}
db::id_column!(
    PurposeId, GiftId, VoucherId, FileId, GrantId, ReviewId, TrancheId
);

/// Read the fund's public book.
pub const READ: Permission = Permission("fund.read");
/// Announce a donation.
pub const GIVE: Permission = Permission("fund.give");
/// Apply for a grant and show what was done with it.
pub const APPLY: Permission = Permission("fund.apply");
/// Record what the bank statement shows, and pay: the treasurer.
pub const RECORD: Permission = Permission("fund.record");
/// Confirm what somebody else recorded.
pub const CONFIRM: Permission = Permission("fund.confirm");
/// Review applications and check the evidence of tranches.
pub const REVIEW: Permission = Permission("fund.review");
/// Say what the fund is and what it is for, decide on grants, return donations.
pub const MANAGE: Permission = Permission("fund.manage");

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
            Role::CityStaff,
        ],
    ),
    (
        GIVE,
        &[
            Role::Resident,
            Role::Owner,
            Role::Butler,
            Role::CommitteeMember,
            Role::Provider,
        ],
    ),
    (APPLY, &[Role::Resident, Role::Owner, Role::CommitteeMember]),
    (RECORD, &[Role::CommitteeMember]),
    (CONFIRM, &[Role::CommitteeMember, Role::CityStaff]),
    (REVIEW, &[Role::CommitteeMember, Role::CityStaff]),
    (MANAGE, &[Role::CommitteeMember]),
];

/// The longest title or name, in characters.
pub const MAX_TITLE: usize = 60;
/// The longest text, in characters.
pub const MAX_TEXT: usize = 2_000;
/// The longest reference of a bank statement, in characters.
pub const MAX_REFERENCE: usize = 40;
/// The largest amount of one voucher or grant, in fen: a hundred million yuan.
pub const MAX_FEN: i64 = 10_000_000_000;
/// The most tranches of a grant.
pub const MAX_TRANCHES: usize = 12;
/// The largest file, in megabytes.
pub const MAX_FILE_MB: usize = 4;
/// A whole share of surplus, in hundredths of a per cent.
pub const WHOLE_SHARE: i64 = 10_000;

/// Which money: general, the operation fund's, or that of a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purse {
    /// For whatever the fund's rules allow.
    General,
    /// The operation fund.
    Operation,
    /// For one purpose only.
    Purpose(PurposeId),
}

impl Purse {
    /// Its kind of account.
    pub const fn kind(self) -> Kind {
        match self {
            Self::General => chart::FUND_GENERAL,
            Self::Operation => chart::FUND_OPERATION,
            Self::Purpose(_) => chart::FUND_PURPOSE,
        }
    }

    /// Whose account of that kind.
    pub const fn owner(self) -> kernel::Uuid {
        match self {
            Self::General | Self::Operation => kernel::Uuid::nil(),
            Self::Purpose(purpose) => purpose.uuid(),
        }
    }

    /// Its account in the book.
    pub fn account(self) -> ledger::AccountId {
        book::account_id(self.kind(), self.owner())
    }
}

impl fmt::Display for Purse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::General => f.write_str("general"),
            Self::Operation => f.write_str("operation"),
            Self::Purpose(purpose) => purpose.fmt(f),
        }
    }
}

impl FromStr for Purse {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "general" => Ok(Self::General),
            "operation" => Ok(Self::Operation),
            other => {
                let purpose = other.parse();
                let purpose = purpose.map_err(|_| Error::NoSuchChoice { field: "purse" })?;
                Ok(Self::Purpose(purpose))
            }
        }
    }
}

impl Serialize for Purse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Purse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl VoucherKind {
    /// Whether money comes in by it.
    pub const fn is_income(self) -> bool {
        matches!(
            self,
            Self::Donation | Self::Income | Self::Surplus | Self::Opening
        )
    }

    /// Whether money goes out by it.
    pub const fn is_cost(self) -> bool {
        matches!(
            self,
            Self::Activity | Self::Administration | Self::Fundraising
        )
    }

    /// The book's code.
    pub const fn code(self) -> ledger::Code {
        match self {
            Self::Donation => chart::FUND_DONATE,
            Self::Income => chart::FUND_INCOME,
            Self::Surplus => chart::FUND_SURPLUS,
            Self::Opening => chart::FUND_OPEN,
            Self::Activity => chart::FUND_ACTIVITY,
            Self::Administration => chart::FUND_ADMINISTER,
            Self::Fundraising => chart::FUND_RAISE,
            Self::SetAside => chart::FUND_SET_ASIDE,
        }
    }
}

/// A donor's name as everybody sees it; `None` for nobody.
pub fn shown(name: &str, display: Display) -> Option<String> {
    match display {
        Display::Named => Some(name.to_owned()),
        Display::Masked => {
            let mut letters = name.chars();
            let first = letters.next()?;
            let rest = letters.count().clamp(1, 3);
            Some(format!("{first}{}", "*".repeat(rest)))
        }
        Display::Anonymous => None,
    }
}

/// The instants at which a calendar year in China begins and ends.
pub fn year_of(year: i16) -> (Timestamp, Timestamp) {
    let first = |year: i16| {
        let day = jiff::civil::Date::new(year, 1, 1).unwrap_or(jiff::civil::Date::MAX);
        Timestamp::start_of(day)
    };
    (first(year), first(year.saturating_add(1)))
}

/// Fen as yuan, exactly: `1280.50`.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// Yuan as a person types them, in fen: at most two decimals.
pub fn fen(field: &'static str, yuan: &str) -> Result<i64, Error> {
    let wrong = || Error::Money { field };
    let plain = yuan.trim().replace([',', '，', '¥', '￥'], "");
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(cents) || cents.len() > 2 {
        return Err(wrong());
    }
    format!("{whole}{cents:0<2}").parse().map_err(|_| wrong())
}

/// Refuses a text that is blank or longer than `max` characters.
pub(crate) fn check_text(field: &'static str, text: &str, max: usize) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(Error::Blank { field });
    }
    check_length(field, text, max)
}

/// Refuses a text longer than `max` characters.
pub(crate) fn check_length(field: &'static str, text: &str, max: usize) -> Result<(), Error> {
    if text.contains('\0') {
        return Err(Error::NoSuchChoice { field });
    }
    if text.chars().count() > max {
        return Err(Error::TooLong { field, max });
    }
    Ok(())
}

/// Refuses an amount that is not from one fen to the most.
pub(crate) fn check_amount(field: &'static str, fen: i64) -> Result<(), Error> {
    if (1..=MAX_FEN).contains(&fen) {
        Ok(())
    } else {
        let max = MAX_FEN / 100;
        Err(Error::OutOfRange { field, max })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn donors_are_shown_as_they_chose() {
        assert_eq!(shown("王淑芬", Display::Named).as_deref(), Some("王淑芬"));
        assert_eq!(shown("王淑芬", Display::Masked).as_deref(), Some("王**"));
        assert_eq!(shown("王", Display::Masked).as_deref(), Some("王*"));
        assert_eq!(shown("", Display::Masked), None);
        assert_eq!(shown("王淑芬", Display::Anonymous), None);
    }

    #[test]
    fn money_is_read_and_written_to_the_fen() {
        for (text, value) in [
            ("12", 1_200),
            ("12.5", 1_250),
            ("￥1,000.05", 100_005),
            ("0", 0),
        ] {
            assert_eq!(fen("amount", text).unwrap(), value, "{text}");
        }
        for wrong in [
            "",
            "-1",
            "1.234",
            "一百",
            "1e3",
            ".",
            "99999999999999999999",
        ] {
            assert!(fen("amount", wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            (yuan(5), yuan(128_050), yuan(-7)),
            ("0.05".to_owned(), "1280.50".to_owned(), "-0.07".to_owned())
        );
        assert!(fen("amount", &yuan(i64::MAX)).is_ok());
    }

    #[test]
    fn purses_come_back_from_their_names() {
        let purpose = Purse::Purpose(PurposeId::from_uuid(kernel::Uuid::from_u128(7)));
        for purse in [Purse::General, Purse::Operation, purpose] {
            assert_eq!(purse.to_string().parse::<Purse>().unwrap(), purse);
        }
        assert!("somewhere".parse::<Purse>().is_err());
        assert_ne!(Purse::General.account(), Purse::Operation.account());
    }
}
