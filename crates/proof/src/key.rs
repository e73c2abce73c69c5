//! Ed25519 keys with a name and a key id, in the text forms of C2SP signed notes.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Error;
use crate::hash::sha256;

/// Marks Ed25519 in key ids and encoded keys (C2SP signed-note, signature types).
const ED25519: u8 = 1;
/// Opens the text form of a signing key, as Go's `note` package writes it.
const SIGNING_KEY_PREFIX: &str = "PRIVATE+KEY+";

/// The key with which a server signs heads. Its text form is a secret; `Debug` doesn't show it.
#[derive(Clone)]
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

/// The public half: what everyone checks heads with.
/// Text and JSON form: `<name>+<key id>+<base64>`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

impl SigningKey {
    /// The key that `seed` (32 random bytes, kept secret) gives under `name`, which is best the
    /// server's address without scheme, such as `linli.example.cn`.
    ///
    /// # Errors
    /// [`Error::InvalidKeyName`] if the name is empty or has spaces or `+`.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, Error> {
        check_name(name)?;
        Ok(Self {
            name: name.to_owned(),
            key: ed25519_dalek::SigningKey::from_bytes(seed),
        })
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey {
            name: self.name.clone(),
            key: self.key.verifying_key(),
        }
    }

    /// The secret text form, `PRIVATE+KEY+<name>+<key id>+<base64>`, to keep in a file.
    pub fn to_secret_text(&self) -> String {
        let id = self.verifying_key().key_id();
        let seed = encode_key(&self.key.to_bytes());
        format!("{SIGNING_KEY_PREFIX}{}+{id:08x}+{seed}", self.name)
    }

    /// Reads the secret text form.
    ///
    /// # Errors
    /// [`Error::MalformedKey`], [`Error::InvalidKeyName`]; neither shows the text.
    pub fn from_secret_text(text: &str) -> Result<Self, Error> {
        let text = text
            .trim()
            .strip_prefix(SIGNING_KEY_PREFIX)
            .ok_or(Error::MalformedKey)?;
        let (name, id, seed) = split_key(text)?;
        let key = Self::from_seed(name, &seed)?;
        if key.verifying_key().key_id() == id {
            Ok(key)
        } else {
            Err(Error::MalformedKey)
        }
    }

    /// The Ed25519 signature over `text`.
    pub(crate) fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.key.sign(text).to_bytes()
    }
}

impl VerifyingKey {
    /// The name that signature lines carry.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of SHA-256(name ‖ newline ‖ type ‖ key): tells keys of one name apart.
    pub fn key_id(&self) -> u32 {
        let hash = sha256(&[self.name.as_bytes(), b"\n", &[ED25519], self.key.as_bytes()]);
        let [a, b, c, d, ..] = hash.0;
        u32::from_be_bytes([a, b, c, d])
    }

    /// The 32 bytes of the public key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether `signature` is this key's over `text`. Weak keys and malleable signatures fail.
    pub(crate) fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text, &signature).is_ok())
    }
}

impl FromStr for VerifyingKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (name, id, key) = split_key(text.trim())?;
        check_name(name)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&key).map_err(|_| Error::MalformedKey)?;
        let key = Self {
            name: name.to_owned(),
            key,
        };
        if key.key_id() == id {
            Ok(key)
        } else {
            Err(Error::MalformedKey)
        }
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}+{:08x}+{}",
            self.name,
            self.key_id(),
            encode_key(self.key.as_bytes())
        )
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({self})")
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(of {})", self.verifying_key())
    }
}

impl Serialize for VerifyingKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for VerifyingKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A key name as signed notes allow it: not empty, no Unicode spaces, no `+`.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '+') {
        return Err(Error::InvalidKeyName {
            name: name.chars().take(64).collect(),
        });
    }
    Ok(())
}

fn encode_key(key: &[u8; 32]) -> String {
    let mut typed = vec![ED25519];
    typed.extend(key);
    STANDARD.encode(typed)
}

/// Name, key id and key bytes of `<name>+<id>+<base64>`.
fn split_key(text: &str) -> Result<(&str, u32, [u8; 32]), Error> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Error::MalformedKey);
    };
    let typed = STANDARD.decode(key).map_err(|_| Error::MalformedKey)?;
    let Some((&ED25519, key)) = typed.split_first() else {
        return Err(Error::MalformedKey);
    };
    let key = key.try_into().map_err(|_| Error::MalformedKey)?;
    let id = u32::from_str_radix(id, 16).map_err(|_| Error::MalformedKey)?;
    Ok((name, id, key))
}
