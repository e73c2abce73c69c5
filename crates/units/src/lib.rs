//! Exact quantities: fen, minutes, 0.01 m², ratios; checked arithmetic.
