//! The five column types, in and out.

use kernel::Timestamp;

use crate::Error;

/// A parameter or a column: BIGINT, TEXT, BYTEA, BOOLEAN, DOUBLE PRECISION or NULL.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// NULL, of whatever type the column has.
    Null,
    /// BIGINT.
    Integer(i64),
    /// TEXT, without NUL.
    Text(String),
    /// BYTEA (BLOB).
    Bytes(Vec<u8>),
    /// BOOLEAN (INTEGER 0 or 1 on SQLite).
    Flag(bool),
    /// DOUBLE PRECISION; only where measurement is approximate by nature. Finite; -0 is stored as 0.
    Real(f64),
}

macro_rules! value_from {
    ($($from:ty => $value:ident => $into:expr),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $into
            }
        }
    )*};
}

value_from! {
    i64 => v => Self::Integer(v),
    i32 => v => Self::Integer(i64::from(v)),
    u32 => v => Self::Integer(i64::from(v)),
    bool => v => Self::Flag(v),
    f64 => v => Self::Real(v),
    String => v => Self::Text(v),
    &str => v => Self::Text(v.to_owned()),
    Vec<u8> => v => Self::Bytes(v),
    &[u8] => v => Self::Bytes(v.to_vec()),
    [u8; 16] => v => Self::Bytes(v.to_vec()),
    [u8; 32] => v => Self::Bytes(v.to_vec()),
    Timestamp => v => Self::Integer(v.micros()),
    kernel::Uuid => v => Self::Bytes(v.as_bytes().to_vec()),
    kernel::CommunityId => v => Self::Bytes(v.to_bytes()),
    kernel::AccountId => v => Self::Bytes(v.to_bytes()),
    kernel::OrganisationId => v => Self::Bytes(v.to_bytes()),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Lets a module's id stand as a parameter and come back from a column.
///
/// ```
/// kernel::id! {
///     /// A unit.
///     pub struct UnitId;
/// }
/// db::id_column!(UnitId);
/// ```
#[macro_export]
macro_rules! id_column {
    ($($id:ty),* $(,)?) => {$(
        impl From<$id> for $crate::Value {
            fn from(id: $id) -> Self {
                Self::Bytes(id.to_bytes())
            }
        }
        impl $crate::FromValue for $id {
            const EXPECTED: &'static str = concat!("a ", stringify!($id));
            fn from_value(value: &$crate::Value) -> Option<Self> {
                match value {
                    $crate::Value::Bytes(bytes) => Self::from_bytes(bytes),
                    _ => None,
                }
            }
        }
    )*};
}

/// One row of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(Vec<Value>);

impl Row {
    /// A row of these columns.
    pub fn new(values: Vec<Value>) -> Self {
        Self(values)
    }

    /// Its columns as they came.
    pub fn values(&self) -> &[Value] {
        &self.0
    }

    /// Column `column` (from 0) as `T`.
    pub fn get<T: FromValue>(&self, column: usize) -> Result<T, Error> {
        self.0
            .get(column)
            .and_then(T::from_value)
            .ok_or(Error::Column {
                column,
                expected: T::EXPECTED,
            })
    }
}

/// A Rust type that a column can be read as.
pub trait FromValue: Sized {
    /// What an error says was expected.
    const EXPECTED: &'static str;

    /// The value as this type, or `None` if it is another.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! from_value {
    ($($to:ty, $expected:literal, $pattern:pat => $some:expr),* $(,)?) => {$(
        impl FromValue for $to {
            const EXPECTED: &'static str = $expected;
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    $pattern => $some,
                    _ => None,
                }
            }
        }
    )*};
}

from_value! {
    i64, "an integer", Value::Integer(v) => Some(*v),
    u64, "an integer from 0", Value::Integer(v) => u64::try_from(*v).ok(),
    usize, "an integer from 0", Value::Integer(v) => usize::try_from(*v).ok(),
    u32, "an integer from 0 below 2³²", Value::Integer(v) => u32::try_from(*v).ok(),
    f64, "a real number", Value::Real(v) => Some(*v),
    String, "text", Value::Text(v) => Some(v.clone()),
    Vec<u8>, "bytes", Value::Bytes(v) => Some(v.clone()),
    [u8; 32], "32 bytes", Value::Bytes(v) => v.as_slice().try_into().ok(),
    [u8; 16], "16 bytes", Value::Bytes(v) => v.as_slice().try_into().ok(),
    Timestamp, "an instant", Value::Integer(v) => Some(Self::from_micros(*v)),
    kernel::Uuid, "a UUID", Value::Bytes(v) => Self::from_slice(v).ok(),
    kernel::CommunityId, "a community's id", Value::Bytes(v) => Self::from_bytes(v),
    kernel::AccountId, "an account's id", Value::Bytes(v) => Self::from_bytes(v),
    kernel::OrganisationId, "an organisation's id", Value::Bytes(v) => Self::from_bytes(v),
}

impl FromValue for bool {
    const EXPECTED: &'static str = "a flag";

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Flag(flag) => Some(*flag),
            Value::Integer(0) => Some(false),
            Value::Integer(1) => Some(true),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}
