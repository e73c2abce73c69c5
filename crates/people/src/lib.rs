//! The roll of a community: buildings, units, owners, households, residents.
