//! A block's inner form: a table of strings, and nodes, ways and relations that name its entries by number.

use walk::Position;

use crate::wire::{Packed, Value, Wire, fields, zigzag};

/// What is read of an object.
pub(crate) trait Visitor {
    /// A node; `None` where it lies nowhere on the earth.
    fn node(&mut self, _id: i64, _position: Option<Position>, _tags: &Tags<'_>) {}
    /// A way and its nodes.
    fn way(&mut self, _id: i64, _nodes: &[i64], _tags: &Tags<'_>) {}
    /// A relation and its outer ways.
    fn relation(&mut self, _id: i64, _outer: &[i64], _tags: &Tags<'_>) {}
}

/// An object's tags.
#[derive(Default)]
pub(crate) struct Tags<'a>(Vec<(&'a str, &'a str)>);

impl Tags<'_> {
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| *value)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
impl<'a> Tags<'a> {
    pub(crate) fn of(pairs: &[(&'a str, &'a str)]) -> Self {
        Self(pairs.to_vec())
    }
}

/// Reads a block.
pub(crate) fn visit(block: &[u8], visitor: &mut dyn Visitor) -> Wire<()> {
    let mut reading = Block {
        granularity: 100,
        ..Block::default()
    };
    let mut groups = Vec::new();
    fields(block, |field, value| {
        match field {
            1 => fields(value.bytes()?, |field, value| {
                if field == 1 {
                    // A string that is no UTF-8 matches nothing.
                    let text = str::from_utf8(value.bytes()?).unwrap_or_default();
                    reading.strings.push(text);
                }
                Ok(())
            })?,
            2 => groups.push(value.bytes()?),
            17 => reading.granularity = value.number()?.cast_signed(),
            19 => reading.lat_offset = value.number()?.cast_signed(),
            20 => reading.lon_offset = value.number()?.cast_signed(),
            _ => {}
        }
        Ok(())
    })?;
    for group in groups {
        fields(group, |field, value| match field {
            1 => reading.node(value.bytes()?, visitor),
            2 => reading.dense(value.bytes()?, visitor),
            3 => reading.way(value.bytes()?, visitor),
            4 => reading.relation(value.bytes()?, visitor),
            _ => Ok(()),
        })?;
    }
    Ok(())
}

#[derive(Default)]
struct Block<'a> {
    strings: Vec<&'a str>,
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

/// The lists of an object that tags and references stand in.
#[derive(Default)]
struct Lists<'m> {
    id: i64,
    keys: &'m [u8],
    values: &'m [u8],
    roles: &'m [u8],
    refs: &'m [u8],
    kinds: &'m [u8],
}

impl<'a> Block<'a> {
    fn string(&self, number: u64) -> Wire<&'a str> {
        let place = usize::try_from(number).ok();
        let text = place.and_then(|place| self.strings.get(place));
        text.copied().ok_or("a string that is not in the table")
    }

    fn tags(&self, keys: &[u8], values: &[u8]) -> Wire<Tags<'a>> {
        let pairs = Packed(keys).zip(Packed(values));
        let pair =
            |(key, value): (Wire<u64>, Wire<u64>)| Ok((self.string(key?)?, self.string(value?)?));
        pairs.map(pair).collect::<Wire<_>>().map(Tags)
    }

    fn position(&self, lat: i64, lon: i64) -> Option<Position> {
        let e7 = |raw: i64, offset: i64, most: i32| {
            let nano = raw.checked_mul(self.granularity)?.checked_add(offset)?;
            let e7 = i32::try_from(nano.div_euclid(100)).ok()?;
            (-most..=most).contains(&e7).then_some(e7)
        };
        Some(Position {
            lon_e7: e7(lon, self.lon_offset, 1_800_000_000)?,
            lat_e7: e7(lat, self.lat_offset, 900_000_000)?,
        })
    }

    fn node(&self, message: &[u8], visitor: &mut dyn Visitor) -> Wire<()> {
        let (mut lists, mut lat, mut lon) = (Lists::default(), 0, 0);
        fields(message, |field, value| {
            match field {
                1 => lists.id = zigzag(value.number()?),
                8 => lat = zigzag(value.number()?),
                9 => lon = zigzag(value.number()?),
                _ => lists.take(field, value)?,
            }
            Ok(())
        })?;
        let tags = self.tags(lists.keys, lists.values)?;
        visitor.node(lists.id, self.position(lat, lon), &tags);
        Ok(())
    }

    fn dense(&self, message: &[u8], visitor: &mut dyn Visitor) -> Wire<()> {
        let [mut ids, mut lats, mut lons, mut pairs] = [message.get(..0).unwrap_or_default(); 4];
        fields(message, |field, value| {
            match field {
                1 => ids = value.bytes()?,
                8 => lats = value.bytes()?,
                9 => lons = value.bytes()?,
                10 => pairs = value.bytes()?,
                _ => {}
            }
            Ok(())
        })?;
        let mut pairs = Packed(pairs);
        let (mut id, mut lat, mut lon) = (0_i64, 0_i64, 0_i64);
        let mut tags = Tags::default();
        for ((step, north), east) in Packed(ids).zip(Packed(lats)).zip(Packed(lons)) {
            id = id.wrapping_add(zigzag(step?));
            lat = lat.wrapping_add(zigzag(north?));
            lon = lon.wrapping_add(zigzag(east?));
            tags.0.clear();
            while let Some(key) = pairs.next().transpose()?.filter(|key| *key != 0) {
                let value = pairs.next().ok_or("a key without a value")??;
                tags.0.push((self.string(key)?, self.string(value)?));
            }
            visitor.node(id, self.position(lat, lon), &tags);
        }
        Ok(())
    }

    fn way(&self, message: &[u8], visitor: &mut dyn Visitor) -> Wire<()> {
        let mut lists = Lists::default();
        fields(message, |field, value| {
            match field {
                1 => lists.id = value.number()?.cast_signed(),
                8 => lists.refs = value.bytes()?,
                _ => lists.take(field, value)?,
            }
            Ok(())
        })?;
        let nodes = summed(lists.refs)?;
        let tags = self.tags(lists.keys, lists.values)?;
        visitor.way(lists.id, &nodes, &tags);
        Ok(())
    }

    fn relation(&self, message: &[u8], visitor: &mut dyn Visitor) -> Wire<()> {
        let mut lists = Lists::default();
        fields(message, |field, value| {
            match field {
                1 => lists.id = value.number()?.cast_signed(),
                8 => lists.roles = value.bytes()?,
                9 => lists.refs = value.bytes()?,
                10 => lists.kinds = value.bytes()?,
                _ => lists.take(field, value)?,
            }
            Ok(())
        })?;
        let members = summed(lists.refs)?;
        let mut outer = Vec::new();
        let described = Packed(lists.roles).zip(Packed(lists.kinds));
        for (member, (role, kind)) in members.into_iter().zip(described) {
            let role = self.string(role?)?;
            // Kind 1 is a way; old maps leave the role of an outer way empty.
            if kind? == 1 && (role == "outer" || role.is_empty()) {
                outer.push(member);
            }
        }
        let tags = self.tags(lists.keys, lists.values)?;
        visitor.relation(lists.id, &outer, &tags);
        Ok(())
    }
}

impl<'m> Lists<'m> {
    fn take(&mut self, field: u64, value: Value<'m>) -> Wire<()> {
        match field {
            2 => self.keys = value.bytes()?,
            3 => self.values = value.bytes()?,
            _ => {}
        }
        Ok(())
    }
}

/// A list of differences as the numbers they lead to.
fn summed(list: &[u8]) -> Wire<Vec<i64>> {
    let mut sum = 0_i64;
    let step = |step: Wire<u64>| {
        sum = sum.wrapping_add(zigzag(step?));
        Ok(sum)
    };
    Packed(list).map(step).collect()
}
