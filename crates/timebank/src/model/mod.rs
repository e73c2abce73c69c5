//! Schemes, profiles, visits in the field's own terms, and what can be said of them without a database.

mod clearing;
mod matching;
mod signal;

use jiff::civil::Date;
use kernel::{Permission, Role, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Error;

pub use clearing::{Arriving, Crossing, CrossingKind, CrossingState, Pair, Turned};
pub use matching::{Fit, Helper, Reason, Unfit, Wanted, fit};
pub use signal::{Seen, Sign, SignKind, signs};

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
    /// A city's scheme.
    Scheme {
        /// 南京.
        Nanjing = "nanjing",
        /// 北京.
        Beijing = "beijing",
        /// 上海.
        Shanghai = "shanghai",
        /// 杭州西湖区.
        HangzhouXihu = "hangzhou_xihu",
    }
}

named! {
    /// As far as an elder may wish for a woman or a man at the bedside.
    Gender {
        /// 女.
        Female = "female",
        /// 男.
        Male = "male",
    }
}

named! {
    /// How somebody stands to an elder.
    Bond {
        /// 配偶.
        Spouse = "spouse",
        /// 直系亲属: parents, children, grandparents, grandchildren.
        Direct = "direct",
        /// 其他亲属.
        Relative = "relative",
        /// 朋友.
        Friend = "friend",
    }
}

named! {
    /// How an elder agreed that others act for them.
    Consent {
        /// The elder enrolled with their own login.
        Own = "own",
        /// A signed paper.
        Signed = "signed",
        /// Said before a witness or on the telephone.
        Spoken = "spoken",
        /// By the guardian whom the law appoints.
        Guardian = "guardian",
    }
}

named! {
    /// How a request came in.
    Channel {
        /// On a page.
        Page = "page",
        /// By telephone, entered by staff.
        Phone = "phone",
        /// By a printed form, entered by staff.
        Paper = "paper",
    }
}

named! {
    /// Whose hours a visit costs.
    PaidBy {
        /// The elder's.
        Elder = "elder",
        /// Those of whoever asks, who is family.
        Family = "family",
        /// The pool's.
        Pool = "pool",
    }
}

named! {
    /// As whom a visit was confirmed.
    ConfirmedAs {
        /// The elder.
        Elder = "elder",
        /// Family.
        Family = "family",
        /// Staff, who asked the elder.
        Staff = "staff",
        /// Nobody within the set time: Linli itself, for staff to look at.
        System = "system",
    }
}

named! {
    /// Why minutes moved without a visit.
    GiftKind {
        /// What everybody begins with.
        Start = "start",
        /// To family.
        Gift = "gift",
        /// To the pool.
        Donation = "donation",
        /// The community gave the pool hours.
        Fund = "fund",
    }
}

impl Scheme {
    /// The policy that tells it.
    pub const fn policy(self) -> &'static str {
        match self {
            Self::Nanjing => "time_bank.nanjing",
            Self::Beijing => "time_bank.beijing",
            Self::Shanghai => "time_bank.shanghai",
            Self::HangzhouXihu => "time_bank.hangzhou_xihu",
        }
    }
}

kernel::id! {
    /// Something that may be asked for.
    pub struct ServiceId;
}
kernel::id! {
    /// Somebody who is cared for.
    pub struct ElderId;
}
kernel::id! {
    /// That somebody is an elder's family.
    pub struct RelationId;
}
kernel::id! {
    /// A wish for a visit.
    pub struct RequestId;
}
kernel::id! {
    /// A volunteer's visit.
    pub struct VisitId;
}
kernel::id! {
    /// Minutes that moved without a visit.
    pub struct GiftId;
}
kernel::id! {
    /// A complaint about a visit.
    pub struct ComplaintId;
}
kernel::id! {
    /// Something that a reviewer should look at.
    pub struct SignalId;
}
kernel::id! {
    /// Something that goes from one community to another.
    pub struct CrossingId;
}
db::id_column!(
    ServiceId,
    ElderId,
    RelationId,
    RequestId,
    VisitId,
    GiftId,
    ComplaintId,
    CrossingId,
    SignalId
);

/// See the time bank and one's own hours.
pub const READ: Permission = Permission("timebank.read");
/// Volunteer, ask for visits, confirm them, give hours.
pub const TAKE_PART: Permission = Permission("timebank.take-part");
/// Enrol elders, enter what came by telephone or on paper, confirm relations, vet volunteers.
pub const ASSIST: Permission = Permission("timebank.assist");
/// Choose the scheme, list services, entitle elders, give the pool hours.
pub const MANAGE: Permission = Permission("timebank.manage");
/// Settle complaints.
pub const ARBITRATE: Permission = Permission("timebank.arbitrate");
/// Look into what seems odd, and say what came of it.
pub const REVIEW: Permission = Permission("timebank.review");
/// Settle what is due; held by Linli itself.
pub const SETTLE: Permission = Permission("timebank.settle");

/// Who may do what unless the community says otherwise.
pub const PERMISSIONS: &[(Permission, &[Role])] = &[
    (
        READ,
        &[
            Role::Resident,
            Role::Owner,
            Role::Butler,
            Role::CommitteeMember,
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
    (ASSIST, &[Role::Butler, Role::CommitteeMember]),
    (MANAGE, &[Role::CommitteeMember]),
    (ARBITRATE, &[Role::CommitteeMember]),
    (REVIEW, &[Role::CommitteeMember]),
    (SETTLE, &[]),
];

/// The longest title or name, in characters.
pub const MAX_TITLE: usize = 60;
/// The longest note, evidence or reason, in characters.
pub const MAX_TEXT: usize = 1_000;
/// The longest visit, in minutes.
pub const MAX_VISIT: i64 = 480;
/// The most minutes given at once: 10,000 hours.
pub const MAX_GIFT: i64 = 600_000;
/// How far ahead a visit may be asked for, in days.
pub const AHEAD_DAYS: i64 = 90;
/// How long before the asked time a volunteer may check in, in seconds.
pub const EARLY_SECONDS: i64 = 7_200;
/// After how long a visit to which nobody came is given up, in seconds after the asked time.
pub const LATE_SECONDS: i64 = 86_400;

/// A volunteer in their own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolunteerProfile {
    /// Their name.
    pub name: String,
    /// Born on.
    #[serde(with = "day")]
    pub birth: Date,
    /// Their gender.
    pub gender: Gender,
    /// Languages and dialects.
    pub languages: Vec<String>,
    /// What they can do; empty where they do anything that is asked for.
    pub skills: Vec<ServiceId>,
    /// When they have time.
    pub slots: Vec<Slot>,
    /// The team with which they go, if any.
    pub team: Option<String>,
}

/// An elder as whoever visits needs to know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElderProfile {
    /// Their name.
    pub name: String,
    /// Their telephone number.
    pub phone: String,
    /// Born on.
    #[serde(with = "day")]
    pub birth: Date,
    /// Their gender.
    pub gender: Gender,
    /// Languages and dialects.
    pub languages: Vec<String>,
    /// The building, as the roll names it.
    pub building: String,
    /// The door in it.
    pub door: String,
}

named! {
    /// When somebody has time: working days or weekends, morning, afternoon or evening.
    Slot {
        /// Working days before noon.
        WeekdayMorning = "weekday_morning",
        /// Working days, 12 to 18.
        WeekdayAfternoon = "weekday_afternoon",
        /// Working days from 18.
        WeekdayEvening = "weekday_evening",
        /// Saturday and Sunday before noon.
        WeekendMorning = "weekend_morning",
        /// Saturday and Sunday, 12 to 18.
        WeekendAfternoon = "weekend_afternoon",
        /// Saturday and Sunday from 18.
        WeekendEvening = "weekend_evening",
    }
}

impl Slot {
    /// In which an instant lies, by the clock in China.
    pub fn of(at: Timestamp) -> Self {
        let date = at.date();
        let seconds = (at.micros() - Timestamp::start_of(date).micros()) / 1_000_000;
        let is_weekend = date.weekday().to_monday_zero_offset() >= 5;
        match (is_weekend, seconds / 3_600) {
            (false, ..12) => Self::WeekdayMorning,
            (false, ..18) => Self::WeekdayAfternoon,
            (false, _) => Self::WeekdayEvening,
            (true, ..12) => Self::WeekendMorning,
            (true, ..18) => Self::WeekendAfternoon,
            (true, _) => Self::WeekendEvening,
        }
    }
}

impl VolunteerProfile {
    /// Refuses blank or overlong texts and impossible births.
    pub fn check(&self, today: Date) -> Result<(), Error> {
        check_text("name", &self.name, MAX_TITLE)?;
        check_birth(self.birth, today)?;
        check_languages(&self.languages)?;
        if let Some(team) = &self.team {
            check_text("team", team, MAX_TITLE)?;
        }
        Ok(())
    }
}

impl ElderProfile {
    /// Refuses blank or overlong texts and impossible births.
    pub fn check(&self, today: Date) -> Result<(), Error> {
        check_text("name", &self.name, MAX_TITLE)?;
        check_text("phone", &self.phone, MAX_TITLE)?;
        check_text("building", &self.building, MAX_TITLE)?;
        check_text("door", &self.door, MAX_TITLE)?;
        check_birth(self.birth, today)?;
        check_languages(&self.languages)
    }
}

/// A day as `2026-11-23`.
mod day {
    use jiff::civil::Date;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde's `with` calls it so"
    )]
    pub(super) fn serialize<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(day)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

fn check_birth(birth: Date, today: Date) -> Result<(), Error> {
    if birth > today || age(birth, today) > 130 {
        return Err(Error::ImpossibleBirth);
    }
    Ok(())
}

fn check_languages(languages: &[String]) -> Result<(), Error> {
    check_number("languages", count(languages.len()), 8)?;
    languages
        .iter()
        .try_for_each(|language| check_text("languages", language, MAX_TITLE))
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Full years (周岁) on a day. Whoever was born on 29 February is a year older on 1 March of a common year.
pub fn age(birth: Date, on: Date) -> i64 {
    let had_birthday = (on.month(), on.day()) >= (birth.month(), birth.day());
    i64::from(on.year()) - i64::from(birth.year()) - i64::from(!had_birthday)
}

/// Whole minutes between check-in and check-out; `None` if the clock says that the visit ended before it began.
pub fn minutes_between(came: Timestamp, left: Timestamp) -> Option<i64> {
    let micros = left.micros().checked_sub(came.micros())?;
    (micros >= 0).then_some(micros / 60_000_000)
}

/// Refuses a blank or overlong text.
pub fn check_text(field: &'static str, text: &str, max: usize) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(Error::Blank { field });
    }
    if text.chars().count() > max {
        return Err(Error::TooLong { field, max });
    }
    Ok(())
}

/// Refuses a number that is not from 1 to the limit.
pub fn check_number(field: &'static str, number: i64, max: i64) -> Result<(), Error> {
    if (1..=max).contains(&number) {
        return Ok(());
    }
    Err(Error::OutOfRange { field, max })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_day_s_child_is_older_on_the_first_of_march() {
        let birth = "1964-02-29".parse().unwrap();
        assert_eq!(age(birth, "2024-02-28".parse().unwrap()), 59);
        assert_eq!(age(birth, "2024-02-29".parse().unwrap()), 60);
        assert_eq!(age(birth, "2025-02-28".parse().unwrap()), 60);
        assert_eq!(age(birth, "2025-03-01".parse().unwrap()), 61);
    }

    #[test]
    fn a_clock_that_jumped_back_makes_no_minutes() {
        let came = Timestamp::from_micros(1_000_000_000);
        assert_eq!(minutes_between(came, came.plus_seconds(-1)), None);
        assert_eq!(minutes_between(came, came.plus_seconds(59)), Some(0));
        assert_eq!(minutes_between(came, came.plus_seconds(3_660)), Some(61));
    }

    #[test]
    fn slots_go_by_the_clock_in_china() {
        let monday = Timestamp::start_of("2026-11-23".parse().unwrap());
        assert_eq!(
            Slot::of(monday.plus_seconds(9 * 3_600)),
            Slot::WeekdayMorning
        );
        assert_eq!(
            Slot::of(monday.plus_seconds(12 * 3_600)),
            Slot::WeekdayAfternoon
        );
        let sunday = monday.plus_days(-1);
        assert_eq!(
            Slot::of(sunday.plus_seconds(18 * 3_600)),
            Slot::WeekendEvening
        );
    }
}
