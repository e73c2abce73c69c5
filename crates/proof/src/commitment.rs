//! Salted commitments: the log keeps the hash of a private part, the person keeps the part and
//! its salt. Erasing both leaves nothing personal behind, and no proof breaks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::hash::{Hash, sha256};

/// Separates these hashes from every other use of SHA-256.
const DOMAIN: &[u8] = b"linli-commitment/1\n";

/// The commitment to `value` under `salt`: SHA-256(domain ‖ salt ‖ length ‖ value), the length in
/// 8 bytes, big-endian. `salt` must be fresh and random for every value, or values can be guessed.
pub fn commit(salt: [u8; 16], value: &[u8]) -> Hash {
    let length = u64::try_from(value.len()).unwrap_or(u64::MAX).to_be_bytes();
    sha256(&[DOMAIN, &salt, &length, value])
}

/// The private part of an entry with the salt that opens its commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The salt that was drawn when the entry was written.
    pub salt: Salt,
    /// The private part, to the byte.
    pub value: String,
}

impl Opening {
    /// The commitment that this opens.
    pub fn commitment(&self) -> Hash {
        commit(self.salt.0, self.value.as_bytes())
    }
}

/// Sixteen random bytes. JSON form: base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl Serialize for Salt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Salt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(serde::de::Error::custom)?;
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| serde::de::Error::custom("a salt is 16 bytes in base64"))
    }
}
