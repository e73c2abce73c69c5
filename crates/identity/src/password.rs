//! Passwords: which are strong enough, and how they are hashed and compared.

use std::collections::HashSet;
use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Serialize, Serializer};

use crate::Error;

/// Fewest characters (OWASP ASVS 5, 6.2.1).
pub const SHORTEST_PASSWORD: usize = 8;
/// From here on a password is called good rather than merely lawful (ASVS 5, 6.2.1 recommends 15).
pub const ADVISED_PASSWORD: usize = 15;
/// Most characters: long enough for any phrase (ASVS 5, 6.2.9), short enough not to occupy the server.
pub const LONGEST_PASSWORD: usize = 128;

/// Passwords in common use; what makes up most of what is guessed first.
const COMMON: &str = include_str!("../data/common-passwords.txt");

/// Why a password is refused. There are no rules of composition: they make passwords worse (ASVS 5, 6.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Fewer than [`SHORTEST_PASSWORD`] characters.
    #[error(
        "it has fewer than {SHORTEST_PASSWORD} characters; take a few words that only you put together"
    )]
    TooShort,
    /// More than [`LONGEST_PASSWORD`] characters.
    #[error("it has more than {LONGEST_PASSWORD} characters; shorten it")]
    TooLong,
    /// On the list of passwords in common use, or a plain run such as `abcdefgh`.
    #[error(
        "it is among those that are guessed first; take a few words that only you put together"
    )]
    Common,
    /// Contains the person's name, login or phone number.
    #[error(
        "it contains your name, login or phone number; take words that others don't know of you"
    )]
    Personal,
}

impl Weakness {
    /// The message key.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "identity-error-password-too-short",
            Self::TooLong => "identity-error-password-too-long",
            Self::Common => "identity-error-password-common",
            Self::Personal => "identity-error-password-personal",
        }
    }
}

/// A lawful password's strength, for the hint beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Accepted; longer would be better.
    Accepted,
    /// As long as advised.
    Good,
}

/// Argon2id's costs. The default is OWASP's: 19 MiB, two passes, one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for HashCost {
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
            lanes: 1,
        }
    }
}

/// A password's Argon2id hash as a PHC string. Made by [`Passwords::hash`] only, so that no weak or plain password
/// reaches a command; it serialises to a placeholder, so that no journal or log holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub(crate) String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(hidden)")
    }
}

impl Serialize for PasswordHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("hidden")
    }
}

/// Checks, hashes and compares passwords. Hashing takes tens of milliseconds and `memory_kib` of memory by design:
/// call it on a blocking thread, never inside a database lane.
#[derive(Debug)]
pub struct Passwords {
    argon2: Argon2<'static>,
    /// Compared against where there is no account, so that the answer takes as long.
    decoy: String,
}

impl Passwords {
    /// With these costs.
    pub fn new(cost: HashCost) -> Result<Self, Error> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None)
            .map_err(|error| hashing(&error))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, "nobody's password")?;
        Ok(Self { argon2, decoy })
    }

    /// Hashes a new password after checking it; `personal` are the person's name, logins and phone.
    pub fn hash(&self, password: &str, personal: &[&str]) -> Result<PasswordHash, Error> {
        check(password, personal)?;
        Ok(PasswordHash(hash(&self.argon2, password)?))
    }

    /// Whether the password is the one behind `stored`. Without a stored hash the answer is no, and takes as long.
    pub fn verify(&self, password: &str, stored: Option<&PasswordHash>) -> bool {
        let overlong = password.chars().count() > LONGEST_PASSWORD;
        let password = if overlong { "" } else { password };
        let text = stored.map_or(self.decoy.as_str(), |hash| hash.0.as_str());
        let matches = Phc::new(text).is_ok_and(|phc| {
            self.argon2
                .verify_password(password.as_bytes(), &phc)
                .is_ok()
        });
        matches && stored.is_some() && !overlong
    }
}

/// Whether the password may be used, without hashing it; for a hint while typing.
pub fn check(password: &str, personal: &[&str]) -> Result<Strength, Weakness> {
    let length = password.chars().count();
    if length < SHORTEST_PASSWORD {
        return Err(Weakness::TooShort);
    }
    if length > LONGEST_PASSWORD {
        return Err(Weakness::TooLong);
    }
    let lower = password.to_lowercase();
    if common().contains(lower.as_str()) || is_a_run(&lower) {
        return Err(Weakness::Common);
    }
    if personal.iter().any(|word| gives_away(&lower, word)) {
        return Err(Weakness::Personal);
    }
    Ok(if length >= ADVISED_PASSWORD {
        Strength::Good
    } else {
        Strength::Accepted
    })
}

fn common() -> &'static HashSet<&'static str> {
    static SET: OnceLock<HashSet<&'static str>> = OnceLock::new();
    SET.get_or_init(|| {
        COMMON
            .lines()
            .filter(|line| !line.starts_with("# "))
            .collect()
    })
}

/// Every character the same distance from the one before: `aaaaaaaa`, `abcdefgh`, `87654321`.
fn is_a_run(text: &str) -> bool {
    let codes = text.chars().map(|c| i64::from(u32::from(c)));
    let steps: HashSet<i64> = codes
        .clone()
        .zip(codes.skip(1))
        .map(|(before, after)| after - before)
        .collect();
    steps.len() == 1 && steps.iter().all(|step| (-1..=1).contains(step))
}

/// A word of two Chinese characters or four others, or the last eight digits of a phone number, found in the password.
fn gives_away(password: &str, word: &str) -> bool {
    let word = word.trim().to_lowercase();
    let length = word.chars().count();
    let tail: String = word.chars().skip(length.saturating_sub(8)).collect();
    let least = if word.is_ascii() { 4 } else { 2 };
    length >= least && (password.contains(&word) || (length > 8 && password.contains(&tail)))
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String, Error> {
    let phc = argon2
        .hash_password(password.as_bytes())
        .map_err(|error| hashing(&error))?;
    Ok(phc.to_string())
}

fn hashing(error: &dyn std::fmt::Display) -> Error {
    Error::Internal {
        what: "a password hash",
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> Passwords {
        Passwords::new(HashCost {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        })
        .unwrap()
    }

    #[test]
    fn the_default_costs_are_owasps() {
        let hash = Passwords::new(HashCost::default())
            .unwrap()
            .hash("绿水青山门前竹影", &[])
            .unwrap();
        assert!(
            hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            hash.0
        );
    }

    #[test]
    fn a_password_verifies_against_its_own_hash_only() {
        let passwords = cheap();
        let hash = passwords.hash("bamboo by the gate", &[]).unwrap();
        assert!(passwords.verify("bamboo by the gate", Some(&hash)));
        assert!(!passwords.verify("bamboo by the gate ", Some(&hash)));
        assert!(!passwords.verify("bamboo by the gate", None));
        assert!(!passwords.verify("nobody's password", None));
        assert!(!passwords.verify(&"a".repeat(10_000), Some(&hash)));
        assert!(!passwords.verify("x", Some(&PasswordHash("not a hash".to_owned()))));
        assert_ne!(hash, passwords.hash("bamboo by the gate", &[]).unwrap());
    }

    #[test]
    fn a_hash_shows_neither_in_debug_nor_in_json() {
        let hash = cheap().hash("bamboo by the gate", &[]).unwrap();
        assert_eq!(format!("{hash:?}"), "PasswordHash(hidden)");
        assert_eq!(serde_json::to_string(&hash).unwrap(), "\"hidden\"");
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for password in [
            "123456789",
            "woaini1314",
            "a123456789",
            "Password1",
            "5201314520",
            "abcdefgh",
            "87654321",
            "哈哈哈哈哈哈哈哈",
        ] {
            assert_eq!(check(password, &[]), Err(Weakness::Common), "{password}");
        }
        assert_eq!(check("1234567", &[]), Err(Weakness::TooShort));
        assert_eq!(check("竹".repeat(7).as_str(), &[]), Err(Weakness::TooShort));
        assert_eq!(check(&"竹 ".repeat(65), &[]), Err(Weakness::TooLong));
    }

    #[test]
    fn what_others_know_of_the_person_is_refused() {
        let person = ["王小明", "13900001234", "Wang"];
        for password in ["王小明今年八十岁", "my00001234!", "wang is my name"] {
            assert_eq!(
                check(password, &person),
                Err(Weakness::Personal),
                "{password}"
            );
        }
        assert_eq!(check("bamboo42", &person), Ok(Strength::Accepted));
        assert_eq!(check("bamboo by the gate", &person), Ok(Strength::Good));
        assert_eq!(
            check("竹影扫阶尘不动月穿潭底水无痕", &person),
            Ok(Strength::Accepted)
        );
        assert_eq!(
            check("竹影扫阶尘不动，月穿潭底水无痕", &person),
            Ok(Strength::Good)
        );
    }

    #[test]
    fn the_list_is_as_its_header_says() {
        let lines: Vec<_> = COMMON
            .lines()
            .filter(|line| !line.starts_with("# "))
            .collect();
        // ASVS 5, 6.2.4: at least the 3,000 most used that the shortest length lets through.
        assert!(lines.len() >= 3000, "{}", lines.len());
        assert!(
            lines.is_sorted()
                && lines
                    .iter()
                    .all(|line| line.chars().count() >= SHORTEST_PASSWORD)
        );
        assert!(lines.iter().all(|line| line.to_lowercase() == *line));
    }
}
