//! Personal data at rest: sealed with XChaCha20-Poly1305, found again by a keyed hash.

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{CommunityId, Randomness};

/// Nonce bytes after the key number.
const NONCE: usize = 24;

/// The installation's keys for personal data. The newest key seals; every key opens what it sealed.
///
/// What is sealed is bound to a community and a purpose (a column's name), so that a sealed phone number copied into
/// another row's name, or into another community, does not open. The first byte names the key, which leaves room
/// for other ciphers (SM4) under other numbers.
#[derive(Clone)]
pub struct Vault(Arc<Vec<Keys>>);

struct Keys {
    cipher: XChaCha20Poly1305,
    index: [u8; 32],
}

/// Sealed data that does not open: another installation's key, or an altered row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "sealed personal data does not open; start with the key file that belongs to this database"
)]
pub struct Unsealable;

impl Vault {
    /// A vault with these master keys, oldest first. With none, nothing can be sealed or opened.
    pub fn new(masters: &[[u8; 32]]) -> Self {
        Self(Arc::new(masters.iter().map(Keys::of).collect()))
    }

    /// Seals a text for a purpose in a community: key number, nonce, ciphertext with tag.
    pub fn seal(
        &self,
        random: &Randomness,
        community: CommunityId,
        purpose: &str,
        text: &str,
    ) -> Result<Vec<u8>, Unsealable> {
        let keys = self.0.last().ok_or(Unsealable)?;
        let number = u8::try_from(self.0.len()).map_err(|_| Unsealable)?;
        let nonce: [u8; NONCE] = random.next_first();
        let associated = associated(community, purpose);
        let payload = Payload {
            msg: text.as_bytes(),
            aad: &associated,
        };
        let ciphertext = keys
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Unsealable)?;
        Ok([&[number], nonce.as_slice(), &ciphertext].concat())
    }

    /// Opens what was sealed for the same purpose in the same community.
    pub fn open(
        &self,
        community: CommunityId,
        purpose: &str,
        sealed: &[u8],
    ) -> Result<String, Unsealable> {
        let (number, rest) = sealed.split_first().ok_or(Unsealable)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(Unsealable)?;
        let keys = usize::from(*number)
            .checked_sub(1)
            .and_then(|at| self.0.get(at))
            .ok_or(Unsealable)?;
        let associated = associated(community, purpose);
        let payload = Payload {
            msg: ciphertext,
            aad: &associated,
        };
        let text = keys
            .cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| Unsealable)?;
        String::from_utf8(text).map_err(|_| Unsealable)
    }

    /// A keyed hash to find sealed data by: equal texts for equal purposes in a community have equal hashes.
    pub fn blind_index(
        &self,
        community: CommunityId,
        purpose: &str,
        text: &str,
    ) -> Result<[u8; 32], Unsealable> {
        let keys = self.0.first().ok_or(Unsealable)?;
        Ok(hmac(
            &keys.index,
            &[&associated(community, purpose), text.as_bytes()],
        ))
    }
}

impl Keys {
    fn of(master: &[u8; 32]) -> Self {
        let cipher = XChaCha20Poly1305::new(&hmac(master, &[b"linli seal 1"]).into());
        Self {
            cipher,
            index: hmac(master, &[b"linli index 1"]),
        }
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({} keys)", self.0.len())
    }
}

/// The community's 16 bytes, then the purpose; unambiguous because the first part has a fixed length.
fn associated(community: CommunityId, purpose: &str) -> Vec<u8> {
    [
        community.uuid().as_bytes().as_slice(),
        purpose.as_bytes(),
        &[0],
    ]
    .concat()
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("any length of key");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    fn communities() -> (CommunityId, CommunityId) {
        (
            CommunityId::from_uuid(Uuid::from_u128(1)),
            CommunityId::from_uuid(Uuid::from_u128(2)),
        )
    }

    #[test]
    fn what_is_sealed_opens_only_where_it_belongs() {
        let (here, there) = communities();
        let vault = Vault::new(&[[1; 32]]);
        let random = Randomness::from_number(1);
        let sealed = vault.seal(&random, here, "name", "王小明").unwrap();
        assert_eq!(vault.open(here, "name", &sealed).unwrap(), "王小明");
        assert_eq!(vault.open(there, "name", &sealed), Err(Unsealable));
        assert_eq!(vault.open(here, "phone", &sealed), Err(Unsealable));
        assert_ne!(sealed, vault.seal(&random, here, "name", "王小明").unwrap());
    }

    #[test]
    fn a_new_key_opens_what_the_old_one_sealed_and_finds_it_too() {
        let (here, _) = communities();
        let old = Vault::new(&[[1; 32]]);
        let both = Vault::new(&[[1; 32], [2; 32]]);
        let random = Randomness::from_number(1);
        let sealed = old.seal(&random, here, "name", "王小明").unwrap();
        assert_eq!(both.open(here, "name", &sealed).unwrap(), "王小明");
        assert_eq!(
            old.blind_index(here, "phone", "139"),
            both.blind_index(here, "phone", "139")
        );
        let newer = both.seal(&random, here, "name", "王小明").unwrap();
        assert_eq!(old.open(here, "name", &newer), Err(Unsealable));
    }

    #[test]
    fn broken_bytes_do_not_open_and_do_not_panic() {
        let (here, _) = communities();
        let vault = Vault::new(&[[1; 32]]);
        let sealed = vault
            .seal(&Randomness::from_number(1), here, "name", "王")
            .unwrap();
        for length in 0..sealed.len() {
            assert_eq!(vault.open(here, "name", &sealed[..length]), Err(Unsealable));
        }
        assert_eq!(Vault::new(&[]).open(here, "name", &sealed), Err(Unsealable));
    }
}
