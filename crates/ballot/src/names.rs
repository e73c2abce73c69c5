//! Enums whose variants have one written name each, in files, JSON and on the command line.

/// Defines an enum with its names: `Display`, `FromStr` (which takes `-` for `_`), serde, `ALL`.
macro_rules! named {
    (
        $(#[$doc:meta])*
        pub enum $name:ident ($what:literal) {
            $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every one, in the order of definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in files, in JSON and on the command line.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::BallotError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let same = |name: &str| {
                    name.len() == text.len()
                        && name.bytes().zip(text.bytes()).all(|(a, b)| {
                            let plain = |c: u8| if c == b'_' { b'-' } else { c };
                            plain(a) == plain(b)
                        })
                };
                Self::ALL.iter().copied().find(|one| same(one.name())).ok_or_else(|| {
                    $crate::BallotError::UnknownName {
                        what: $what,
                        given: text.chars().take(40).collect(),
                        known: Self::ALL.iter().map(|one| one.name()).collect::<Vec<_>>().join(", "),
                    }
                })
            }
        }
    };
}

pub(crate) use named;
