//! The few things of Protocol Buffers that a map uses: fields, variable-length numbers, packed lists.

/// What a message makes of bytes that are none.
pub(crate) type Wire<T> = Result<T, &'static str>;

/// A field's value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    pub(crate) fn bytes(self) -> Wire<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Number(_) => Err("a number where bytes belong"),
        }
    }

    pub(crate) fn number(self) -> Wire<u64> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Bytes(_) => Err("bytes where a number belongs"),
        }
    }
}

/// Calls `each` with every field of a message.
pub(crate) fn fields<'a>(
    mut message: &'a [u8],
    mut each: impl FnMut(u64, Value<'a>) -> Wire<()>,
) -> Wire<()> {
    while !message.is_empty() {
        let key = varint(&mut message)?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut message)?),
            1 => Value::Bytes(take(&mut message, 8)?),
            2 => {
                let length = usize::try_from(varint(&mut message)?).map_err(|_| TOO_LONG)?;
                Value::Bytes(take(&mut message, length)?)
            }
            5 => Value::Bytes(take(&mut message, 4)?),
            _ => return Err("a field of an unknown kind"),
        };
        each(key >> 3, value)?;
    }
    Ok(())
}

const TOO_LONG: &str = "a field longer than its message";

fn take<'a>(message: &mut &'a [u8], length: usize) -> Wire<&'a [u8]> {
    let (head, rest) = message.split_at_checked(length).ok_or(TOO_LONG)?;
    *message = rest;
    Ok(head)
}

fn varint(message: &mut &[u8]) -> Wire<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = message.split_first().ok_or("a number that does not end")?;
        *message = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err("a number of more than ten bytes")
}

/// The numbers of a packed list.
pub(crate) struct Packed<'a>(pub &'a [u8]);

impl Iterator for Packed<'_> {
    type Item = Wire<u64>;

    fn next(&mut self) -> Option<Wire<u64>> {
        if self.0.is_empty() {
            return None;
        }
        let number = varint(&mut self.0);
        if number.is_err() {
            self.0 = &[];
        }
        Some(number)
    }
}

/// A number whose sign stands in its last bit.
pub(crate) fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}
