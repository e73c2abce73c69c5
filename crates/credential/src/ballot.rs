//! A ballot that everyone can check and nobody can trace: a credential, a choice, and the seal that ties them.

use p256::ecdsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Error, PublicKey, Random};

/// The length of a voter key: a point of P-256, uncompressed.
const VOTER_KEY_BYTES: usize = 65;

/// A ballot as it is cast and published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// The public key that the voter's device made for this poll: a point of P-256, uncompressed.
    pub voter_key: Vec<u8>,
    /// The issuer's signature on it.
    pub credential: Vec<u8>,
    /// What is chosen, in the words of the poll.
    pub choice: String,
    /// The voter key's signature on [`sealed_text`], as r and s of 32 bytes each.
    pub seal: Vec<u8>,
}

/// What a seal signs: the choice together with the poll that it is for.
pub fn sealed_text(poll: &str, choice: &str) -> String {
    format!("linli ballot 1\n{poll}\n{choice}")
}

impl Ballot {
    /// Checks a ballot for a poll: a credential of its issuer, a choice sealed for it.
    pub fn check(&self, issuer: &PublicKey, poll: &str) -> Result<(), Error> {
        if self.voter_key.len() != VOTER_KEY_BYTES {
            return Err(Error::VoterKey);
        }
        let voter = VerifyingKey::from_sec1_bytes(&self.voter_key).map_err(|_| Error::VoterKey)?;
        let seal = Signature::from_slice(&self.seal).map_err(|_| Error::Seal)?;
        let hash = Sha256::digest(sealed_text(poll, &self.choice));
        voter
            .verify_prehash(&hash, &seal)
            .map_err(|_| Error::Seal)?;
        issuer.check(&self.voter_key, &self.credential)
    }

    /// What stands for the ballot on the board and on the voter's receipt: SHA-256 of the voter key.
    pub fn serial(&self) -> [u8; 32] {
        Sha256::digest(&self.voter_key).into()
    }
}

/// A voter's device for one poll; browsers do the same in `web/scripts/poll.js`.
pub struct Device {
    key: SigningKey,
    voter_key: Vec<u8>,
}

impl Device {
    /// A new key for one poll.
    pub fn new(random: Random<'_>) -> Result<Self, Error> {
        // A draw is no scalar once in 2^32; a source that never gives one is broken.
        let key = (0..64).find_map(|_| SigningKey::from_slice(&random()).ok());
        let key = key.ok_or(Error::VoterKey)?;
        let voter_key = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
        Ok(Self { key, voter_key })
    }

    /// The public key, to be blinded and signed.
    pub fn voter_key(&self) -> &[u8] {
        &self.voter_key
    }

    /// A ballot with this choice.
    pub fn ballot(&self, poll: &str, choice: &str, credential: Vec<u8>) -> Ballot {
        let hash = Sha256::digest(sealed_text(poll, choice));
        let seal: Option<Signature> = self.key.sign_prehash(&hash).ok();
        Ballot {
            voter_key: self.voter_key.clone(),
            credential,
            choice: choice.to_owned(),
            seal: seal
                .map(|seal| seal.to_bytes().to_vec())
                .unwrap_or_default(),
        }
    }
}
