//! What every module stands on: ids, the command context, errors; no I/O.
