//! The file's outer form: blocks one after another, each inflated by itself and never beyond its limit.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use crate::StreetMapError as Error;
use crate::wire::{Wire, fields};

/// The format's limits (wiki.openstreetmap.org/wiki/PBF_Format, "File format").
const MOST_HEADER: u64 = 64 * 1024;
const MOST_BLOCK: u64 = 32 * 1024 * 1024;
/// Maps inflate two- to fourfold.
const MOST_GROWTH: u64 = 40;
const KNOWN_FEATURES: [&[u8]; 2] = [b"OsmSchema-V0.6", b"DenseNodes"];

/// Calls `each` with every inflated block of data and the byte at which it begins.
pub(crate) fn blocks(file: &[u8], mut each: impl FnMut(&[u8]) -> Wire<()>) -> Result<(), Error> {
    let length = u64::try_from(file.len()).unwrap_or(u64::MAX);
    let limit = length
        .saturating_mul(MOST_GROWTH)
        .saturating_add(MOST_BLOCK);
    let (mut at, mut inflated_bytes, mut first) = (0, 0_u64, true);
    let mut inflated = Vec::new();
    while at < file.len() {
        let begins = at;
        let damaged = |what| Error::Damaged { at: begins, what };
        let size = take(file, &mut at, 4, "a block's length")?;
        let size = size
            .iter()
            .fold(0, |size, byte| (size << 8) | u64::from(*byte));
        let header = sized(file, &mut at, (size, MOST_HEADER), begins)?;
        let (kind, size) = header_of(header).map_err(damaged)?;
        let blob = sized(file, &mut at, (size, MOST_BLOCK), begins)?;
        if first && kind != b"OSMHeader" {
            return Err(Error::NotPbf);
        }
        if kind == b"OSMHeader" || kind == b"OSMData" {
            inflate(blob, begins, &mut inflated)?;
            inflated_bytes += u64::try_from(inflated.len()).unwrap_or(u64::MAX);
            if inflated_bytes > limit {
                return Err(Error::Bomb { limit });
            }
            if kind == b"OSMHeader" {
                check_features(&inflated, begins)?;
            } else {
                each(&inflated).map_err(damaged)?;
            }
        }
        first = false;
    }
    if first { Err(Error::NotPbf) } else { Ok(()) }
}

/// Whether the first block is the header of a map.
pub(crate) fn first_block(file: &[u8]) -> Result<(), Error> {
    let mut at = 0;
    let size = file.get(..4).ok_or(Error::NotPbf)?;
    let size = size
        .iter()
        .fold(0, |size, byte| (size << 8) | u64::from(*byte));
    at += 4;
    if size > MOST_HEADER {
        return Err(Error::NotPbf);
    }
    let header = sized(file, &mut at, (size, MOST_HEADER), 0)?;
    match header_of(header) {
        Ok((b"OSMHeader", _)) => Ok(()),
        _ => Err(Error::NotPbf),
    }
}

fn sized<'a>(
    file: &'a [u8],
    at: &mut usize,
    (size, limit): (u64, u64),
    begins: usize,
) -> Result<&'a [u8], Error> {
    if size > limit {
        return Err(Error::BlockTooLarge {
            at: begins,
            size,
            limit,
        });
    }
    take(
        file,
        at,
        usize::try_from(size).unwrap_or(usize::MAX),
        "a block",
    )
}

fn take<'a>(
    file: &'a [u8],
    at: &mut usize,
    size: usize,
    what: &'static str,
) -> Result<&'a [u8], Error> {
    let end = at.saturating_add(size);
    let bytes = file
        .get(*at..end)
        .ok_or(Error::Truncated { at: *at, what })?;
    *at = end;
    Ok(bytes)
}

/// A block's kind and size.
fn header_of(header: &[u8]) -> Wire<(&[u8], u64)> {
    let (mut kind, mut size) = (header.get(..0).unwrap_or_default(), 0);
    fields(header, |field, value| {
        match field {
            1 => kind = value.bytes()?,
            3 => size = value.number()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok((kind, size))
}

fn inflate(blob: &[u8], at: usize, into: &mut Vec<u8>) -> Result<(), Error> {
    let (mut raw, mut zlib, mut size, mut other) = (None, None, 0, false);
    let read = fields(blob, |field, value| {
        match field {
            1 => raw = Some(value.bytes()?),
            2 => size = value.number()?,
            3 => zlib = Some(value.bytes()?),
            4..=7 => other = true,
            _ => {}
        }
        Ok(())
    });
    read.map_err(|what| Error::Damaged { at, what })?;
    into.clear();
    if let Some(raw) = raw {
        into.extend_from_slice(raw);
        return Ok(());
    }
    let Some(zlib) = zlib else {
        let what = "it has no contents";
        return Err(if other {
            Error::Compression { at }
        } else {
            Error::Damaged { at, what }
        });
    };
    if size > MOST_BLOCK {
        return Err(Error::BlockTooLarge {
            at,
            size,
            limit: MOST_BLOCK,
        });
    }
    let inflated = ZlibDecoder::new(zlib).take(size + 1).read_to_end(into);
    let inflated = inflated.map_err(|fault| Error::Inflate {
        at,
        reason: fault.to_string(),
    })?;
    if u64::try_from(inflated) == Ok(size) {
        return Ok(());
    }
    Err(Error::Inflate {
        at,
        reason: format!("it says it inflates to {size} bytes and does not"),
    })
}

fn check_features(header: &[u8], at: usize) -> Result<(), Error> {
    let mut unknown = None;
    let read = fields(header, |field, value| {
        if field == 4 {
            let name = value.bytes()?;
            if !KNOWN_FEATURES.contains(&name) {
                unknown = Some(String::from_utf8_lossy(name).into_owned());
            }
        }
        Ok(())
    });
    read.map_err(|what| Error::Damaged { at, what })?;
    unknown.map_or(Ok(()), |feature| Err(Error::Feature { feature }))
}
