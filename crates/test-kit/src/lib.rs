//! A community in a test, on either database.
