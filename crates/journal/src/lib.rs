//! One command, one transaction, one entry: the community's append-only record.
