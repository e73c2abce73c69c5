//! Values in PostgreSQL's binary form.

use std::error::Error as StdError;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::Value;

/// A value on its way into a parameter of the type that PostgreSQL inferred.
#[derive(Debug)]
pub(crate) struct Parameter<'value>(pub(crate) &'value Value);

/// A value that does not fit the type of its parameter.
#[derive(Debug, thiserror::Error)]
#[error("{given} does not fit a parameter of type {wanted}")]
pub(crate) struct Mismatch {
    given: &'static str,
    wanted: String,
}

/// Whether columns and parameters of this type are among the five.
pub(crate) fn is_portable(wanted: &Type) -> bool {
    [
        Type::INT8,
        Type::INT4,
        Type::INT2,
        Type::TEXT,
        Type::VARCHAR,
        Type::BPCHAR,
        Type::NAME,
        Type::UNKNOWN,
        Type::BYTEA,
        Type::BOOL,
        Type::FLOAT8,
        Type::FLOAT4,
    ]
    .contains(wanted)
}

impl ToSql for Parameter<'_> {
    fn to_sql(
        &self,
        wanted: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        let mismatch = |given| Mismatch {
            given,
            wanted: wanted.to_string(),
        };
        match (self.0, wanted) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Integer(integer), &Type::INT8) => integer.to_sql(wanted, out),
            (Value::Integer(integer), &Type::INT4) => i32::try_from(*integer)
                .map_err(|_| mismatch("an integer of more than 32 bits"))?
                .to_sql(wanted, out),
            (Value::Integer(integer), &Type::INT2) => i16::try_from(*integer)
                .map_err(|_| mismatch("an integer of more than 16 bits"))?
                .to_sql(wanted, out),
            (Value::Integer(integer), &Type::FLOAT8) => i32::try_from(*integer)
                .map(f64::from)
                .map_err(|_| mismatch("an integer of more than 32 bits"))?
                .to_sql(wanted, out),
            (
                Value::Text(text),
                &(Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN),
            ) => text.to_sql(wanted, out),
            (Value::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(wanted, out),
            (Value::Flag(flag), &Type::BOOL) => flag.to_sql(wanted, out),
            // Adding 0 makes -0 a 0, as SQLite stores it.
            (Value::Real(real), &Type::FLOAT8) => (real + 0.0).to_sql(wanted, out),
            (Value::Integer(_), _) => Err(mismatch("an integer").into()),
            (Value::Text(_), _) => Err(mismatch("text").into()),
            (Value::Bytes(_), _) => Err(mismatch("bytes").into()),
            (Value::Flag(_), _) => Err(mismatch("a flag").into()),
            (Value::Real(_), _) => Err(mismatch("a real number").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'row> FromSql<'row> for Value {
    fn from_sql(found: &Type, raw: &'row [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *found {
            Type::INT8 => Self::Integer(i64::from_sql(found, raw)?),
            Type::INT4 => Self::Integer(i32::from_sql(found, raw)?.into()),
            Type::INT2 => Self::Integer(i16::from_sql(found, raw)?.into()),
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            Type::BOOL => Self::Flag(bool::from_sql(found, raw)?),
            Type::FLOAT8 => Self::Real(f64::from_sql(found, raw)?),
            Type::FLOAT4 => Self::Real(f32::from_sql(found, raw)?.into()),
            _ => Self::Text(std::str::from_utf8(raw)?.to_owned()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(found: &Type) -> bool {
        is_portable(found)
    }
}
