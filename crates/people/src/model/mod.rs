//! The roll in the field's own terms: what a unit, an owner and a resident are, and the rules that need no I/O.

/// A closed list of names, in storage and in files.
macro_rules! named {
    ($(#[$meta:meta])* pub enum $name:ident ($expected:literal) {
        $($(#[$variant_meta:meta])* $variant:ident = $text:literal $(| $also:literal)*;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            /// Every one of them, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in storage and in the API.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The one that a file means by this word, Chinese or English.
            pub fn from_word(word: &str) -> Option<Self> {
                match word.trim().to_lowercase().as_str() {
                    $($text $(| $also)* => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl From<$name> for db::Value {
            fn from(value: $name) -> Self {
                value.name().into()
            }
        }

        impl db::FromValue for $name {
            const EXPECTED: &'static str = $expected;

            fn from_value(value: &db::Value) -> Option<Self> {
                match value {
                    db::Value::Text(text) => Self::ALL.iter().copied().find(|one| one.name() == text),
                    _ => None,
                }
            }
        }
    };
}

mod community;
mod electorate;
mod mask;
mod number;
mod person;
mod unit;

pub use community::{Building, Community, SHAOXING, is_place};
pub(crate) use electorate::count;
pub use electorate::{Elector, ElectorUnit, Electorate, ElectorateTotals, UnitsCounted};
pub use mask::{mask_id_number, mask_name, mask_phone};
pub use number::{IdNumberFault, normalised_id_number, normalised_phone};
pub use person::{
    OwnerFacts, OwnerKind, PersonKind, PersonRef, Relation, ResidentFacts, normalised_name,
    normalised_person_name,
};
pub use unit::{AreaSource, UnitFacts, UnitLabel, UnitUse, natural_order, normalised_label};

kernel::id! {
    /// A building (幢).
    pub struct BuildingId;
}

kernel::id! {
    /// A unit (房屋/户室): what one can own alone.
    pub struct UnitId;
}

kernel::id! {
    /// An owner (业主): one id a person, however many units they own.
    pub struct OwnerId;
}

kernel::id! {
    /// A household (户): those who live in a unit together.
    pub struct HouseholdId;
}

kernel::id! {
    /// A resident (居民): a member of a household.
    pub struct ResidentId;
}

kernel::id! {
    /// The appointment of a co-owned unit's one voice.
    pub struct VoiceId;
}

kernel::id! {
    /// A file that waits between the dry run and the import.
    pub struct UploadId;
}

kernel::id! {
    /// A login's tie to an owner or a resident.
    pub struct LinkId;
}

db::id_column!(
    BuildingId,
    UnitId,
    OwnerId,
    HouseholdId,
    ResidentId,
    VoiceId,
    LinkId,
    UploadId
);
