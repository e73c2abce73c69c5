//! What can be wrong with a credential or a ballot.

/// Why something was not signed or not taken, and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The issuer's key can't be read or is not of 2048 bits.
    #[error("the issuer's key is unreadable or has not 2048 bits: restore it, or make a new poll")]
    Key,
    /// What was to be signed blindly is no number below the modulus, of the modulus' length.
    #[error("the blinded message is malformed: collect the ballot again on a current browser")]
    Blinded,
    /// The voter's key is no point of P-256 in uncompressed form.
    #[error("the voter key is malformed: collect the ballot again on a current browser")]
    VoterKey,
    /// The signature on the voter's key is not this issuer's.
    #[error(
        "the credential was not issued for this poll: open the page of the poll that it belongs to"
    )]
    Credential,
    /// The choice was not sealed with the voter's key, or for another poll.
    #[error(
        "the ballot was altered on its way or belongs to another poll: vote again from the same device"
    )]
    Seal,
}
