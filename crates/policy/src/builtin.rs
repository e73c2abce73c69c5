//! The policies of this repository, built into the program.

use std::sync::OnceLock;

use crate::Library;

macro_rules! sources {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../policy/", $name)))),*]
    };
}

/// Name and text of every built-in file, for `policy check`.
pub fn builtin_sources() -> &'static [(&'static str, &'static str)] {
    sources![
        "community_fund.purpose.toml",
        "community_fund.ratios.toml",
        "community_fund.surplus.toml",
        "consultation.period.toml",
        "building_area.share.toml",
        "facility_types.toml",
        "green_ratio.share.toml",
        "instruments.toml",
        "owners_committee.election.toml",
        "owners_counting.area.toml",
        "owners_counting.heads.toml",
        "owners_counting.silence.toml",
        "owners_meeting.notice.toml",
        "owners_meeting.proxy.toml",
        "owners_meeting.request.toml",
        "owners_resolution.challenge.toml",
        "owners_resolution.thresholds.toml",
        "owners_voting.result.toml",
        "owners_voting.window.toml",
        "plot_ratio.share.toml",
        "residential_block.limits.toml",
        "time_bank.beijing.toml",
        "time_bank.hangzhou_xihu.toml",
        "time_bank.nanjing.toml",
        "time_bank.shanghai.toml",
        "working_days/2018.toml",
        "working_days/2019.toml",
        "working_days/2020.toml",
        "working_days/2021.toml",
        "working_days/2022.toml",
        "working_days/2023.toml",
        "working_days/2024.toml",
        "working_days/2025.toml",
        "working_days/2026.toml",
    ]
}

/// The built-in library; read once, on first use. A test proves that it loads; were it ever broken, it
/// would be empty and every question for a policy an error.
pub fn builtin() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let library = Library::from_sources(builtin_sources());
        debug_assert!(library.is_ok(), "the built-in policies load: {library:?}");
        library.unwrap_or_default()
    })
}
