//! Any table is planned as a roll or refused with every fault; what is planned has no fault.
#![no_main]

use libfuzzer_sys::fuzz_target;
use people::import::{RollState, RollTable, plan_import};

fuzz_target!(|cells: Vec<Vec<String>>| {
    let header = ["楼栋", "房号", "专有面积", "业主", "证件号", "手机"].map(str::to_owned).to_vec();
    let rows = cells.into_iter().enumerate().map(|(place, row)| (place + 2, row)).collect();
    let units = RollTable { header, rows };
    let _ = plan_import(&RollState::default(), &units, Some(&units), 2026);
});
