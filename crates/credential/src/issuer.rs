//! Who signs without seeing, and the key by which everyone checks (RFC 9474, RSABSSA-SHA384-PSS-Deterministic).

use blind_rsa_signatures as rsa;

use crate::stream::Stream;
use crate::{Error, Random};

/// The length of the key's modulus, of blinded messages and of signatures, in bytes.
pub const SIGNATURE_BYTES: usize = 256;

fn variant() -> rsa::Options {
    rsa::Options::new(
        rsa::Hash::Sha384,
        rsa::PSSMode::PSS,
        rsa::PrepareMode::Deterministic,
    )
}

/// The key of one poll, with which credentials are signed. A new one for each poll: so no credential fits two.
pub struct Issuer {
    secret: rsa::SecretKey,
    public: PublicKey,
}

impl Issuer {
    /// A new key of 2048 bits. Takes up to seconds.
    pub fn generate(random: Random<'_>) -> Result<Self, Error> {
        let pair = rsa::KeyPair::generate(&mut Stream(random), SIGNATURE_BYTES * 8);
        Self::of(pair.map_err(|_| Error::Key)?.sk)
    }

    /// The key in PKCS#8.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        Self::of(rsa::SecretKey::from_der(der).map_err(|_| Error::Key)?)
    }

    fn of(secret: rsa::SecretKey) -> Result<Self, Error> {
        let public = PublicKey::of(secret.public_key().map_err(|_| Error::Key)?)?;
        Ok(Self { secret, public })
    }

    /// The key in PKCS#8, to be kept sealed.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        self.secret.to_der().map_err(|_| Error::Key)
    }

    /// The key by which everyone checks.
    pub fn public(&self) -> PublicKey {
        self.public.clone()
    }

    /// Signs a blinded message; the same message gives the same signature. Randomness hides the time that it takes.
    pub fn sign(&self, blinded: &[u8], random: Random<'_>) -> Result<Vec<u8>, Error> {
        let signed = self
            .secret
            .blind_sign_with_rng(&mut Stream(random), blinded);
        Ok(signed.map_err(|_| Error::Blinded)?.0)
    }
}

/// The key by which everyone checks a poll's credentials.
#[derive(Clone, Debug)]
pub struct PublicKey {
    key: rsa::PublicKey,
    der: Vec<u8>,
}

/// A blinded voter key, with the secret that only the device keeps.
pub struct Blinded(rsa::BlindingResult);

impl Blinded {
    /// What the issuer signs.
    pub fn message(&self) -> &[u8] {
        &self.0.blind_message.0
    }
}

impl PublicKey {
    fn of(key: rsa::PublicKey) -> Result<Self, Error> {
        let der = key.to_der().map_err(|_| Error::Key)?;
        let public = Self { key, der };
        // A wrong size shows in the length of the shortest thing there is to check.
        let is_2048 = (280..=300).contains(&public.der.len());
        if is_2048 { Ok(public) } else { Err(Error::Key) }
    }

    /// The key as SubjectPublicKeyInfo, as [`PublicKey::der`] gives it.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        Self::of(rsa::PublicKey::from_der(der).map_err(|_| Error::Key)?)
    }

    /// The key as SubjectPublicKeyInfo (RFC 5280), as browsers import it.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Blinds a voter key: what a device does.
    pub fn blind(&self, voter_key: &[u8], random: Random<'_>) -> Result<Blinded, Error> {
        let blinded = self.key.blind(&mut Stream(random), voter_key, &variant());
        blinded.map(Blinded).map_err(|_| Error::Blinded)
    }

    /// Takes the blinding off a signature and checks it: what a device does.
    pub fn unblind(
        &self,
        blinded: &Blinded,
        voter_key: &[u8],
        signed: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let signed = rsa::BlindSignature(signed.to_vec());
        let credential = self
            .key
            .finalize(&signed, &blinded.0, voter_key, &variant());
        Ok(credential.map_err(|_| Error::Credential)?.0)
    }

    /// Whether a credential is this issuer's signature on a voter key.
    pub fn check(&self, voter_key: &[u8], credential: &[u8]) -> Result<(), Error> {
        let signature = rsa::Signature(credential.to_vec());
        let checked = self.key.verify(&signature, None, voter_key, &variant());
        checked.map_err(|_| Error::Credential)
    }
}
