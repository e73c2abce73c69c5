//! Owners decide: resolutions by the Civil Code's double majority.
