//! Any bytes are read as workbook or CSV within small limits, or refused.
#![no_main]

use documents::{Limits, read_csv, read_tables};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { rows: 1000, columns: 50, ..Limits::default() };
    for table in read_tables(bytes, &limits).into_iter().flatten() {
        assert!(table.rows.len() <= 1000, "the limit of rows holds");
    }
    let _ = read_csv(bytes, &limits);
});
