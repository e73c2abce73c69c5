//! Ids are UUIDv7: made by the application, sorted by time, the same on every database.

use uuid::Uuid;

/// Declares a newtype id over a UUID, so that a unit's id can't be passed for an owner's.
///
/// ```
/// kernel::id! {
///     /// A parking space.
///     pub struct SpaceId;
/// }
/// let space = SpaceId::from_uuid(kernel::Uuid::nil());
/// assert_eq!(space.to_string(), "00000000-0000-0000-0000-000000000000");
/// ```
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident;) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility struct $name($crate::Uuid);

        impl $name {
            /// The id with this UUID.
            pub const fn from_uuid(uuid: $crate::Uuid) -> Self {
                Self(uuid)
            }

            /// The id stored as these 16 bytes, or `None` if there are not 16.
            pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
                $crate::Uuid::from_slice(bytes).ok().map(Self)
            }

            /// The UUID behind the id.
            pub const fn uuid(self) -> $crate::Uuid {
                self.0
            }

            /// The 16 bytes to store.
            pub fn to_bytes(self) -> Vec<u8> {
                self.0.as_bytes().to_vec()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::Uuid::parse_str(text)
                    .map(Self)
                    .map_err(|_| $crate::InvalidId { text: text.chars().take(64).collect() })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// A text that should have been an id and is not; ask for the link again where it came from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not an id; follow the link from the page that shows the thing")]
pub struct InvalidId {
    /// The text as received, at most 64 characters of it.
    pub text: String,
}

id! {
    /// A community (社区): the tenant. It leads every key in the database.
    pub struct CommunityId;
}

id! {
    /// A login, global to the installation; memberships tie it to communities.
    pub struct AccountId;
}

id! {
    /// A committee, property company, service provider or city department acting as such.
    pub struct OrganisationId;
}

impl CommunityId {
    /// The pseudo-community of everything global: accounts, sessions, the city's own journal.
    pub const CITY: Self = Self(Uuid::nil());
}
