//! A year's figures, and whether the ratios that the law sets hold: whole fen, compared by cross-multiplication.

use jiff::civil::Date;
use serde::Serialize;

use crate::law::Limits;

/// What came and went in a calendar year, in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Donations that came.
    pub donations: i64,
    /// Interest, support and the like.
    pub other_income: i64,
    /// Shares of surplus.
    pub surplus: i64,
    /// Donations that went back or changed their purpose; those that changed it stand among the donations once more.
    pub returned: i64,
    /// Paid to residents' projects.
    pub grants: i64,
    /// Paid for the fund's own charitable activities.
    pub activities: i64,
    /// Paid for administration.
    pub administration: i64,
    /// Paid for raising money.
    pub fundraising: i64,
}

impl Figures {
    /// The year's income.
    pub const fn income(&self) -> i64 {
        self.donations + self.other_income + self.surplus - self.returned
    }

    /// What counts as charitable spending: grants and activities.
    pub const fn charitable(&self) -> i64 {
        self.grants + self.activities
    }

    /// The year's whole spending.
    pub const fn spending(&self) -> i64 {
        self.charitable() + self.administration + self.fundraising
    }
}

/// Which ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Watched {
    /// Charitable spending of last year's income.
    SpendOfIncome,
    /// Charitable spending of last year's net assets.
    SpendOfNetAssets,
    /// Administration of the year's spending.
    Administration,
}

impl Watched {
    /// The name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SpendOfIncome => "spend-of-income",
            Self::SpendOfNetAssets => "spend-of-net-assets",
            Self::Administration => "administration",
        }
    }
}

/// How a ratio stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Worry {
    /// It holds.
    Kept,
    /// It does not hold yet, and there is time.
    Open,
    /// It is near its limit, or there is little time.
    Danger,
    /// It did not hold when the year ended.
    Missed,
}

impl Worry {
    /// The name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Open => "open",
            Self::Danger => "danger",
            Self::Missed => "missed",
        }
    }
}

/// A ratio with its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Watch {
    /// Which.
    pub watched: Watched,
    /// What is measured, in fen.
    pub part: i64,
    /// Of what, in fen.
    pub whole: i64,
    /// The limit.
    pub limit: (u64, u64),
    /// How it stands.
    pub worry: Worry,
    /// What must still be spent, or what administration may still cost, in fen.
    pub room: i64,
}

/// The month from which a year is nearly over.
const LATE_MONTH: i8 = 10;
/// Administration beyond this share of its limit is near it.
const NEAR: (i128, i128) = (4, 5);

/// How a year's ratios stand on a day.
pub fn watched(
    limits: &Limits,
    year: i16,
    today: Date,
    figures: &Figures,
    (last_income, last_net): (i64, i64),
) -> Vec<Watch> {
    let least = [
        (Watched::SpendOfIncome, limits.spend_of_income, last_income),
        (
            Watched::SpendOfNetAssets,
            limits.spend_of_net_assets,
            last_net,
        ),
    ];
    let mut all = Vec::new();
    for (watched, limit, whole) in least {
        let Some(limit) = limit else { continue };
        let part = figures.charitable();
        let room = i64::try_from(ceiling(whole, limit) - i128::from(part)).unwrap_or(i64::MAX);
        let worry = if room <= 0 {
            Worry::Kept
        } else if year < today.year() {
            Worry::Missed
        } else if today.month() >= LATE_MONTH {
            Worry::Danger
        } else {
            Worry::Open
        };
        all.push(Watch {
            watched,
            part,
            whole,
            limit,
            worry,
            room: room.max(0),
        });
    }
    if let Some(limit) = limits.administration {
        all.push(administration(limit, year, today, figures));
    }
    all
}

fn administration(limit: (u64, u64), year: i16, today: Date, figures: &Figures) -> Watch {
    let (part, whole) = (figures.administration, figures.spending());
    let (num, den) = (i128::from(limit.0), i128::from(limit.1));
    let (measured, most) = (i128::from(part) * den, i128::from(whole) * num);
    let worry = if measured > most {
        if year < today.year() {
            Worry::Missed
        } else {
            Worry::Danger
        }
    } else if part > 0 && measured * NEAR.1 > most * NEAR.0 && year == today.year() {
        Worry::Danger
    } else {
        Worry::Kept
    };
    // What is paid for administration is spending too.
    let room = (most - measured).div_euclid((den - num).max(1));
    Watch {
        watched: Watched::Administration,
        part,
        whole,
        limit,
        worry,
        room: i64::try_from(room).unwrap_or(0).max(0),
    }
}

/// The least whole number of fen that reaches a share.
fn ceiling(whole: i64, (num, den): (u64, u64)) -> i128 {
    let (num, den) = (i128::from(num), i128::from(den.max(1)));
    (i128::from(whole) * num + den - 1).div_euclid(den)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        spend_of_income: Some((7, 10)),
        spend_of_net_assets: None,
        administration: Some((1, 10)),
        grounds: Vec::new(),
    };

    fn year(grants: i64, administration: i64) -> Figures {
        Figures {
            grants,
            administration,
            ..Figures::default()
        }
    }

    fn worries(figures: &Figures, day: &str, income: i64) -> [Worry; 2] {
        let watches = watched(&LIMITS, 2026, day.parse().unwrap(), figures, (income, 0));
        [watches[0].worry, watches[1].worry]
    }

    #[test]
    fn seven_tenths_of_last_year_must_be_spent_to_the_fen() {
        let short = year(69, 0);
        assert_eq!(worries(&short, "2026-03-01", 100)[0], Worry::Open);
        assert_eq!(worries(&short, "2026-10-01", 100)[0], Worry::Danger);
        assert_eq!(worries(&short, "2027-01-01", 100)[0], Worry::Missed);
        assert_eq!(worries(&year(70, 0), "2027-01-01", 100)[0], Worry::Kept);
        // Of 101 fen, 70.7 are seven tenths: 70 fall short.
        assert_eq!(worries(&year(70, 0), "2026-03-01", 101)[0], Worry::Open);
        assert_eq!(worries(&year(71, 0), "2026-03-01", 101)[0], Worry::Kept);
    }

    #[test]
    fn a_tenth_may_be_administration_and_near_it_there_is_a_warning() {
        assert_eq!(worries(&year(900, 100), "2026-03-01", 0)[1], Worry::Danger);
        assert_eq!(worries(&year(900, 100), "2027-03-01", 0)[1], Worry::Kept);
        assert_eq!(worries(&year(899, 101), "2026-03-01", 0)[1], Worry::Danger);
        assert_eq!(worries(&year(899, 101), "2027-03-01", 0)[1], Worry::Missed);
        assert_eq!(worries(&year(930, 70), "2026-03-01", 0)[1], Worry::Kept);
        assert_eq!(worries(&year(0, 0), "2026-03-01", 0)[1], Worry::Kept);
    }
}
