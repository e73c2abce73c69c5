//! Secrets that are given out once: session tokens and the codes on printed invitations.
//!
//! They come from the operating system, never from a command's [`Randomness`](kernel::Randomness): that stream is
//! rewound when a command is replayed, and its blocks become ids and salts that the record shows.

use std::fmt;

use kernel::{CommunityId, Vault};
use sha2::{Digest, Sha256};

use crate::Error;

/// A session's 256-bit reference token. The cookie holds it; the database holds its SHA-256.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken([u8; 32]);

impl SessionToken {
    /// A new token from the operating system's randomness.
    pub fn generate() -> Result<Self, Error> {
        random_bytes().map(Self)
    }

    /// The token in a cookie: 64 hexadecimal digits. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).ok()?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// What the cookie holds.
    pub fn expose(&self) -> String {
        use fmt::Write as _;
        self.0
            .iter()
            .fold(String::with_capacity(64), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
    }

    /// What the database and commands hold. A token has full entropy, so a plain hash hides it.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0).into())
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(hidden)")
    }
}

/// The SHA-256 of a session token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct TokenHash(pub(crate) [u8; 32]);

impl From<TokenHash> for db::Value {
    fn from(hash: TokenHash) -> Self {
        Self::Bytes(hash.0.to_vec())
    }
}

/// Crockford's base 32: no I, L, O, U, which an eye on paper takes for others.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters in a code: 50 bits, behind rate limits and an expiry.
const CODE_LENGTH: usize = 10;

/// A one-time code to print: ten characters, shown as `7F3KQ-9ZX2M`.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode(String);

impl OneTimeCode {
    /// A new code from the operating system's randomness.
    pub fn generate() -> Result<Self, Error> {
        let bytes = random_bytes()?;
        let characters = bytes.iter().take(CODE_LENGTH);
        // 256 is a multiple of 32, so the remainder is uniform.
        let code = characters.filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
        Ok(Self(code.map(|c| char::from(*c)).collect()))
    }

    /// Reads a typed code: any case, spaces and dashes anywhere, `O` for 0 and `I` or `L` for 1.
    pub fn parse(typed: &str) -> Result<Self, Error> {
        let read = |c: char| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let typed = typed
            .chars()
            .take(64)
            .filter(|c| !matches!(c, ' ' | '-' | '\u{3000}'));
        let code: String = typed.map(read).collect();
        let lawful = code.bytes().all(|b| ALPHABET.contains(&b));
        if lawful && code.len() == CODE_LENGTH {
            Ok(Self(code))
        } else {
            Err(Error::CodeUnknown)
        }
    }

    /// The code as printed, in two groups of five.
    pub fn expose(&self) -> String {
        let (first, second) = self.0.split_at_checked(5).unwrap_or((&self.0, ""));
        format!("{first}-{second}")
    }

    /// What the database holds. 50 bits would not withstand guessing from a stolen database, hence the keyed hash.
    pub fn index(&self, vault: &Vault) -> Result<CodeIndex, Error> {
        Ok(CodeIndex(vault.blind_index(
            CommunityId::CITY,
            "identity.code",
            &self.0,
        )?))
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(hidden)")
    }
}

/// The keyed hash of a one-time code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CodeIndex(pub(crate) [u8; 32]);

impl From<CodeIndex> for db::Value {
    fn from(index: CodeIndex) -> Self {
        Self::Bytes(index.0.to_vec())
    }
}

fn random_bytes() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal {
        what: "randomness of the operating system",
        reason: error.to_string(),
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_cookie_and_hides_in_logs() {
        let token = SessionToken::generate().unwrap();
        assert_eq!(SessionToken::parse(&token.expose()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "SessionToken(hidden)");
        assert_ne!(token.hash(), SessionToken::generate().unwrap().hash());
        for text in [
            "",
            "00",
            &"é".repeat(32),
            &"g".repeat(64),
            &"+1".repeat(32),
            &"0".repeat(66),
        ] {
            assert_eq!(SessionToken::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let code = OneTimeCode::parse("o1l8a-bcdef").unwrap();
        assert_eq!(code.expose(), "0118A-BCDEF");
        assert_eq!(OneTimeCode::parse(" 0 1 1 8 A b C d E f ").unwrap(), code);
        let printed = OneTimeCode::generate().unwrap();
        assert_eq!(OneTimeCode::parse(&printed.expose()).unwrap(), printed);
        for typed in [
            "",
            "0118ABCDE",
            "0118ABCDEU",
            "0118ABCDEFG",
            "零零零零零零零零零零",
        ] {
            assert!(OneTimeCode::parse(typed).is_err(), "{typed}");
        }
    }
}
