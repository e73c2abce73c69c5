//! A community and its buildings.

use kernel::{CommunityId, Timestamp};
use serde::{Deserialize, Serialize};

use super::BuildingId;

/// A community (社区).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Community {
    /// Its id.
    pub id: CommunityId,
    /// Its name.
    pub name: String,
    /// The six digits of its district (GB/T 2260), such as `330602`; rules of law are chosen by it.
    pub place: String,
    /// Where it is.
    pub address: String,
    /// Whether its people are made up.
    pub is_demo: bool,
    /// When it came to Linli.
    pub created_at: Timestamp,
}

/// A building (幢).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Building {
    /// Its id.
    pub id: BuildingId,
    /// Its name, such as `3幢`.
    pub name: String,
}

/// The districts, county and county-level cities of Shaoxing (绍兴市) with their codes of GB/T 2260.
pub const SHAOXING: [(&str, &str); 6] = [
    ("330602", "越城区"),
    ("330603", "柯桥区"),
    ("330604", "上虞区"),
    ("330624", "新昌县"),
    ("330681", "诸暨市"),
    ("330683", "嵊州市"),
];

/// Whether a text has the form of a district's code.
pub fn is_place(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}
