#![doc = include_str!("../README.md")]

mod ballot;
mod error;
mod issuer;
mod stream;

pub use ballot::{Ballot, Device, sealed_text};
pub use error::Error;
pub use issuer::{Blinded, Issuer, PublicKey, SIGNATURE_BYTES};

/// Where randomness comes from: each call gives 32 fresh bytes. An engine draws none by itself.
pub type Random<'r> = &'r mut dyn FnMut() -> [u8; 32];
