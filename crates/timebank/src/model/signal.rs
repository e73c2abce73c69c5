//! Signs that hours may have been credited for visits that were none: for a reviewer, never a reason to refuse.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{AccountId, Timestamp};

use super::{ElderId, VisitId, named};

named! {
    /// What is odd.
    SignKind {
        /// People who confirm each other's visits, in a pair or in a circle of three.
        Ring = "ring",
        /// A volunteer at two doors at the same time.
        Clash = "clash",
        /// Two volunteers with one elder at the same time.
        Crowd = "crowd",
        /// From one building to another in less time than the way takes.
        Hurry = "hurry",
        /// More hours on one day than anybody can give.
        Endless = "endless",
    }
}

/// How often each in a ring must have confirmed the next.
const RING_LEAST: u32 = 2;
/// The least time from one building to another, in seconds.
const WAY_SECONDS: i64 = 120;
/// The most minutes of one volunteer on one day that don't seem odd: 12 hours.
const DAY_MINUTES: i64 = 720;

/// A visit that was confirmed, as far as it matters here.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Which.
    pub visit: VisitId,
    /// Who went.
    pub volunteer: AccountId,
    /// Who confirmed it, where the elder or family did.
    pub confirmer: Option<AccountId>,
    /// To whom.
    pub elder: ElderId,
    /// In which building.
    pub building: String,
    /// When it began.
    pub came: Timestamp,
    /// When it ended.
    pub left: Timestamp,
}

/// Something odd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// What.
    pub kind: SignKind,
    /// The same for the same thing, so that it is raised once.
    pub key: String,
    /// Who is concerned.
    pub accounts: Vec<AccountId>,
    /// How often, or when.
    pub detail: String,
}

/// Everything odd in these visits.
pub fn signs(seen: &[Seen]) -> Vec<Sign> {
    let mut found = rings(seen);
    found.extend(clashes(seen));
    found.extend(crowds(seen));
    found.extend(hurries(seen));
    found.extend(endless(seen));
    found
}

/// Pairs who confirmed each other, and circles of three, each at least twice.
fn rings(seen: &[Seen]) -> Vec<Sign> {
    let mut counts: BTreeMap<(AccountId, AccountId), u32> = BTreeMap::new();
    for one in seen {
        if let Some(confirmer) = one.confirmer {
            *counts.entry((confirmer, one.volunteer)).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count >= RING_LEAST);
    let mut next: BTreeMap<AccountId, BTreeSet<AccountId>> = BTreeMap::new();
    for (from, to) in counts.keys() {
        next.entry(*from).or_default().insert(*to);
    }
    let count = |from: AccountId, to: AccountId| counts.get(&(from, to)).copied();
    let mut found = Vec::new();
    for ((first, second), times) in &counts {
        if first < second
            && let Some(back) = count(*second, *first)
        {
            found.push(ring(vec![*first, *second], times + back));
        }
        for third in next.get(second).into_iter().flatten() {
            // The smallest leads, so that each circle is told once in its direction.
            if first < second
                && first < third
                && second != third
                && let (Some(on), Some(back)) = (count(*second, *third), count(*third, *first))
            {
                found.push(ring(vec![*first, *second, *third], times + on + back));
            }
        }
    }
    found
}

fn ring(accounts: Vec<AccountId>, times: u32) -> Sign {
    let names: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    Sign {
        kind: SignKind::Ring,
        key: format!("ring {}", names.join(" ")),
        accounts,
        detail: times.to_string(),
    }
}

/// One volunteer at two doors at once.
fn clashes(seen: &[Seen]) -> Vec<Sign> {
    let pairs = neighbours(seen, |one| one.volunteer, 0);
    let pairs = pairs.into_iter().filter(|(one, next)| next.came < one.left);
    pairs
        .map(|(one, next)| pair(SignKind::Clash, one, next))
        .collect()
}

/// Two volunteers with one elder at once.
fn crowds(seen: &[Seen]) -> Vec<Sign> {
    let pairs = neighbours(seen, |one| one.elder, 0).into_iter();
    let pairs = pairs.filter(|(one, next)| next.came < one.left && one.volunteer != next.volunteer);
    pairs
        .map(|(one, next)| pair(SignKind::Crowd, one, next))
        .collect()
}

/// One volunteer in two buildings with no time for the way between.
fn hurries(seen: &[Seen]) -> Vec<Sign> {
    let pairs = neighbours(seen, |one| one.volunteer, WAY_SECONDS).into_iter();
    let pairs = pairs.filter(|(one, next)| next.came >= one.left && one.building != next.building);
    pairs
        .map(|(one, next)| pair(SignKind::Hurry, one, next))
        .collect()
}

/// The visits of the same volunteer or elder of which the later begins before the earlier is over by so many seconds.
fn neighbours<K: Ord>(seen: &[Seen], of: impl Fn(&Seen) -> K, seconds: i64) -> Vec<(&Seen, &Seen)> {
    let mut groups: BTreeMap<K, Vec<&Seen>> = BTreeMap::new();
    for one in seen {
        groups.entry(of(one)).or_default().push(one);
    }
    let mut pairs = Vec::new();
    for mut group in groups.into_values() {
        group.sort_by_key(|one| (one.came, one.visit));
        for (place, one) in group.iter().enumerate() {
            let until = one.left.plus_seconds(seconds);
            let later = group.iter().skip(place + 1);
            for next in later.take_while(|next| next.came < until) {
                pairs.push((*one, *next));
            }
        }
    }
    pairs
}

fn pair(kind: SignKind, one: &Seen, next: &Seen) -> Sign {
    let mut accounts = vec![one.volunteer];
    if next.volunteer != one.volunteer {
        accounts.push(next.volunteer);
    }
    Sign {
        kind,
        key: format!("{} {} {}", kind.name(), one.visit, next.visit),
        accounts,
        detail: format!(
            "{} {}, {} {}",
            one.came.date(),
            one.building,
            next.came.date(),
            next.building
        ),
    }
}

/// More on one day than anybody can give.
fn endless(seen: &[Seen]) -> Vec<Sign> {
    let mut days: BTreeMap<(AccountId, jiff::civil::Date), i64> = BTreeMap::new();
    for one in seen {
        let minutes = super::minutes_between(one.came, one.left).unwrap_or(0);
        let sum = days.entry((one.volunteer, one.came.date())).or_default();
        *sum = sum.saturating_add(minutes);
    }
    let long = days
        .into_iter()
        .filter(|(_, minutes)| *minutes > DAY_MINUTES);
    long.map(|((volunteer, day), minutes)| Sign {
        kind: SignKind::Endless,
        key: format!("endless {volunteer} {day}"),
        accounts: vec![volunteer],
        detail: format!("{day}: {} h", minutes / 60),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use kernel::Uuid;

    use super::*;

    fn account(number: u128) -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(number))
    }

    /// A visit by a volunteer to an elder in the building of their number, from minute to minute.
    fn seen(number: u128, volunteer: u128, elder: u128, came: i64, left: i64) -> Seen {
        let at = |minute| Timestamp::from_micros(minute * 60_000_000);
        Seen {
            visit: VisitId::from_uuid(Uuid::from_u128(number)),
            volunteer: account(volunteer),
            confirmer: Some(account(elder)),
            elder: ElderId::from_uuid(Uuid::from_u128(elder)),
            building: format!("{elder}幢"),
            came: at(came),
            left: at(left),
        }
    }

    fn kinds(all: &[Seen]) -> Vec<SignKind> {
        signs(all).into_iter().map(|sign| sign.kind).collect()
    }

    #[test]
    fn two_who_confirm_each_other_twice_are_a_ring_and_family_that_confirms_often_is_none() {
        let far = |number: u128, volunteer, elder| {
            let came = i64::try_from(number).unwrap() * 5_000;
            seen(number, volunteer, elder, came, came + 60)
        };
        let one_way: Vec<Seen> = (1..9).map(|number| far(number, 1, 2)).collect();
        assert!(kinds(&one_way).is_empty());
        let both = [far(1, 1, 2), far(2, 2, 1), far(3, 1, 2)];
        assert!(kinds(&both).is_empty());
        let both = [both.to_vec(), vec![far(4, 2, 1)]].concat();
        let found = signs(&both);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].kind, found[0].detail.as_str()),
            (SignKind::Ring, "4")
        );
    }

    #[test]
    fn a_circle_of_three_is_told_once() {
        let far = |number: u128, volunteer, elder| {
            let came = i64::try_from(number).unwrap() * 5_000;
            seen(number, volunteer, elder, came, came + 60)
        };
        let round = [(1, 2), (2, 3), (3, 1), (1, 2), (2, 3), (3, 1)];
        let all: Vec<Seen> = (1..)
            .zip(round)
            .map(|(number, (volunteer, elder))| far(number, volunteer, elder))
            .collect();
        let found = signs(&all);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].accounts, [account(1), account(3), account(2)]);
    }

    #[test]
    fn two_doors_at_once_or_with_no_way_between_are_told_and_a_walk_is_not() {
        assert_eq!(
            kinds(&[seen(1, 1, 2, 0, 60), seen(2, 1, 3, 59, 100)]),
            [SignKind::Clash]
        );
        assert_eq!(
            kinds(&[seen(1, 1, 2, 0, 60), seen(2, 1, 3, 61, 100)]),
            [SignKind::Hurry]
        );
        assert!(kinds(&[seen(1, 1, 2, 0, 60), seen(2, 1, 3, 62, 100)]).is_empty());
        // Next door to next door takes no time.
        assert!(kinds(&[seen(1, 1, 2, 0, 60), seen(2, 1, 2, 60, 100)]).is_empty());
        assert_eq!(
            kinds(&[seen(1, 1, 2, 0, 60), seen(2, 4, 2, 30, 90)]),
            [SignKind::Crowd]
        );
    }

    #[test]
    fn more_than_twelve_hours_on_a_day_are_told() {
        let visits = |each: i64| -> Vec<Seen> {
            let one = |number: i64| {
                let came = number * (each + 5);
                let number = u128::try_from(number + 1).unwrap();
                seen(number, 1, number + 10, came, came + each)
            };
            (0..3).map(one).collect()
        };
        assert!(kinds(&visits(240)).is_empty());
        assert_eq!(kinds(&visits(241)), [SignKind::Endless]);
    }
}
