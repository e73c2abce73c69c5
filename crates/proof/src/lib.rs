//! An append-only Merkle log: append, inclusion and consistency proofs, signed heads.
