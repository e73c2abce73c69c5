//! A small map drawn by a program, as a PBF file: for demonstrations, and for tests of whoever reads maps.

use std::collections::BTreeMap;

use walk::Position;

use crate::write::{bytes, number, varint, zigzag};

/// A map that is being drawn.
#[derive(Debug, Clone, Default)]
pub struct Sketch {
    strings: BTreeMap<String, u64>,
    /// Nodes and ways as messages, in their order.
    nodes: Vec<Vec<u8>>,
    ways: Vec<Vec<u8>>,
}

impl Sketch {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Draws a node; its id.
    pub fn node(&mut self, at: Position, tags: &[(&str, &str)]) -> i64 {
        let id = self.nodes.len() + 1;
        let mut node = Vec::new();
        number(&mut node, 1, zigzag(whole(id)));
        self.tags(&mut node, tags);
        number(&mut node, 8, zigzag(i64::from(at.lat_e7)));
        number(&mut node, 9, zigzag(i64::from(at.lon_e7)));
        self.nodes.push(node);
        whole(id)
    }

    /// Draws a way over nodes; its id.
    pub fn way(&mut self, nodes: &[i64], tags: &[(&str, &str)]) -> i64 {
        let id = self.ways.len() + 1;
        let mut way = Vec::new();
        number(&mut way, 1, u64::try_from(id).unwrap_or(u64::MAX));
        self.tags(&mut way, tags);
        let mut refs = Vec::new();
        let mut before = 0;
        for node in nodes {
            varint(&mut refs, zigzag(node - before));
            before = *node;
        }
        bytes(&mut way, 8, &refs);
        self.ways.push(way);
        whole(id)
    }

    /// The file.
    pub fn to_pbf(&self) -> Vec<u8> {
        let mut header = Vec::new();
        bytes(&mut header, 4, b"OsmSchema-V0.6");
        let mut strings: Vec<(&u64, &String)> = self
            .strings
            .iter()
            .map(|(text, place)| (place, text))
            .collect();
        strings.sort_unstable();
        let mut table = Vec::new();
        bytes(&mut table, 1, b"");
        for (_, text) in strings {
            bytes(&mut table, 1, text.as_bytes());
        }
        let mut block = Vec::new();
        bytes(&mut block, 1, &table);
        for (field, messages) in [(1, &self.nodes), (3, &self.ways)] {
            let mut group = Vec::new();
            for message in messages {
                bytes(&mut group, field, message);
            }
            bytes(&mut block, 2, &group);
        }
        let mut file = Vec::new();
        blob(&mut file, b"OSMHeader", &header);
        blob(&mut file, b"OSMData", &block);
        file
    }

    fn tags(&mut self, message: &mut Vec<u8>, tags: &[(&str, &str)]) {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (key, value) in tags {
            varint(&mut keys, self.string(key));
            varint(&mut values, self.string(value));
        }
        bytes(message, 2, &keys);
        bytes(message, 3, &values);
    }

    /// A text's place in the table, from 1.
    fn string(&mut self, text: &str) -> u64 {
        let next = u64::try_from(self.strings.len())
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        *self.strings.entry(text.to_owned()).or_insert(next)
    }
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A block of the file, not compressed.
fn blob(file: &mut Vec<u8>, kind: &[u8], content: &[u8]) {
    let mut blob = Vec::new();
    bytes(&mut blob, 1, content);
    let mut header = Vec::new();
    bytes(&mut header, 1, kind);
    number(
        &mut header,
        3,
        u64::try_from(blob.len()).unwrap_or(u64::MAX),
    );
    let length = u32::try_from(header.len()).unwrap_or(u32::MAX);
    file.extend_from_slice(&length.to_be_bytes());
    file.extend_from_slice(&header);
    file.extend_from_slice(&blob);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FacilityTypes, Object, read};

    #[test]
    fn what_is_drawn_is_read() {
        let mut sketch = Sketch::new();
        let at = |lon_e7, lat_e7| Position { lon_e7, lat_e7 };
        let street: Vec<i64> = [(-5, 7), (20_000, 7), (20_000, -9000)]
            .map(|(lon, lat)| sketch.node(at(lon, lat), &[]))
            .to_vec();
        sketch.way(&street, &[("highway", "residential")]);
        sketch.node(at(3, 4), &[("amenity", "school"), ("name", "一小")]);
        let corners =
            [(0, 0), (900, 0), (900, 900)].map(|(lon, lat)| sketch.node(at(lon, lat), &[]));
        let outline: Vec<i64> = corners.iter().chain(corners.first()).copied().collect();
        sketch.way(
            &outline,
            &[("building", "apartments"), ("building:levels", "6")],
        );
        let types = FacilityTypes::builtin().unwrap();
        let map = read(&sketch.to_pbf(), &types).unwrap();
        assert_eq!(map.points, [at(-5, 7), at(20_000, 7), at(20_000, -9000)]);
        assert_eq!(map.segments.len(), 2);
        let schools: Vec<_> = map
            .facilities
            .iter()
            .flatten()
            .filter_map(|one| one.name.clone())
            .collect();
        assert_eq!(schools, ["一小", "一小"], "for primary and middle schools");
        let building = &map.buildings[0];
        assert_eq!(
            (building.object, building.levels),
            (Object::Way(2), Some(6))
        );
        assert_eq!(building.usage.as_deref(), Some("apartments"));
        assert_eq!(building.outline.len(), 4);
    }
}
