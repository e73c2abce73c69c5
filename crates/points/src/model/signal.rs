//! Signs that points may have been earned together rather than by acts: for a reviewer, never a reason to refuse.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{AccountId, Timestamp};

use super::{SessionId, named};

named! {
    /// What is odd.
    SignKind {
        /// People who confirm each other's acts, in a pair or in a circle of three.
        Ring = "ring",
        /// Somebody earned at two sessions at the same time.
        Clash = "clash",
    }
}

/// How often each in a ring must have confirmed the next.
const RING_LEAST: u32 = 2;

/// Somebody confirmed somebody's act.
#[derive(Clone, Copy, Debug)]
pub struct Confirmation {
    /// Who did it.
    pub claimant: AccountId,
    /// Who confirmed it.
    pub confirmer: AccountId,
}

/// Somebody earned at a session.
#[derive(Clone, Debug)]
pub struct Attendance {
    /// Who.
    pub account: AccountId,
    /// At which session.
    pub session: SessionId,
    /// Its title.
    pub title: String,
    /// When it began.
    pub begins: Timestamp,
    /// When it ended.
    pub ends: Timestamp,
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
    /// How often, or at which sessions.
    pub detail: String,
}

/// Pairs who confirmed each other, and circles of three, each at least twice.
pub fn rings(confirmations: &[Confirmation]) -> Vec<Sign> {
    let mut counts: BTreeMap<(AccountId, AccountId), u32> = BTreeMap::new();
    for one in confirmations {
        *counts.entry((one.confirmer, one.claimant)).or_default() += 1;
    }
    let often: BTreeMap<AccountId, BTreeSet<AccountId>> = counts
        .iter()
        .filter(|(_, count)| **count >= RING_LEAST)
        .fold(BTreeMap::new(), |mut often, ((from, to), _)| {
            often.entry(*from).or_default().insert(*to);
            often
        });
    let confirms =
        |from: AccountId, to: AccountId| often.get(&from).is_some_and(|all| all.contains(&to));
    let count = |from, to| counts.get(&(from, to)).copied().unwrap_or(0);
    let mut signs = Vec::new();
    for (first, seconds) in &often {
        for second in seconds {
            if first < second && confirms(*second, *first) {
                let times = count(*first, *second) + count(*second, *first);
                signs.push(ring(vec![*first, *second], times));
            }
            for third in often.get(second).into_iter().flatten() {
                // The smallest leads, so that each circle is told once in its direction.
                if first < second && first < third && second != third && confirms(*third, *first) {
                    let times =
                        count(*first, *second) + count(*second, *third) + count(*third, *first);
                    signs.push(ring(vec![*first, *second, *third], times));
                }
            }
        }
    }
    signs
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

/// Whoever earned at two sessions whose times overlap.
pub fn clashes(attendances: &[Attendance]) -> Vec<Sign> {
    let mut by_account: BTreeMap<AccountId, Vec<&Attendance>> = BTreeMap::new();
    for one in attendances {
        by_account.entry(one.account).or_default().push(one);
    }
    let mut signs = Vec::new();
    for (account, mut attended) in by_account {
        attended.sort_by_key(|one| (one.begins, one.session));
        for (place, one) in attended.iter().enumerate() {
            let later = attended.iter().skip(place + 1);
            for other in later.take_while(|other| other.begins < one.ends) {
                signs.push(Sign {
                    kind: SignKind::Clash,
                    key: format!("clash {account} {} {}", one.session, other.session),
                    accounts: vec![account],
                    detail: format!("{} / {}", one.title, other.title),
                });
            }
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Uuid;

    fn account(number: u128) -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(number))
    }

    fn confirmed(pairs: &[(u128, u128)]) -> Vec<Confirmation> {
        let each = pairs.iter().map(|(confirmer, claimant)| Confirmation {
            claimant: account(*claimant),
            confirmer: account(*confirmer),
        });
        each.collect()
    }

    #[test]
    fn a_pair_that_confirms_each_other_twice_is_a_ring_and_once_is_none() {
        assert!(rings(&confirmed(&[(1, 2), (2, 1), (1, 2)])).is_empty());
        let found = rings(&confirmed(&[(1, 2), (2, 1), (1, 2), (2, 1)]));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].accounts.len(), found[0].detail.as_str()),
            (2, "4")
        );
    }

    #[test]
    fn a_circle_of_three_is_told_once_whoever_began_it() {
        let once = [(3, 1), (1, 2), (2, 3)];
        let found = rings(&confirmed(&[once, once].concat()));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].accounts, [account(1), account(2), account(3)]);
        // One who confirms many is a busy committee member, not a ring.
        assert!(rings(&confirmed(&[(1, 2), (1, 2), (1, 3), (1, 3)])).is_empty());
    }

    #[test]
    fn two_sessions_at_once_clash_and_one_after_the_other_do_not() {
        let at = |session: u128, begins, ends| Attendance {
            account: account(1),
            session: SessionId::from_uuid(Uuid::from_u128(session)),
            title: session.to_string(),
            begins: Timestamp::from_micros(begins),
            ends: Timestamp::from_micros(ends),
        };
        assert!(clashes(&[at(1, 0, 10), at(2, 10, 20)]).is_empty());
        let found = clashes(&[at(2, 9, 20), at(1, 0, 10), at(3, 19, 30)]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].detail, "1 / 2");
    }
}
