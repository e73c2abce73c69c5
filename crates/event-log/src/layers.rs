//! Where the boxes of a drawing stand: in layers from start to end, with few crossings (Sugiyama's method, plainly).

use std::collections::BTreeSet;

/// A box's place: its layer from the top, and its place within from the left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) layer: usize,
    pub(crate) column: usize,
}

/// Sweeps over the layers; more rarely change anything.
const SWEEPS: usize = 8;

/// The layer and the place within it of each of `count` boxes that arrows join, the most important arrow first.
pub fn layout(count: usize, arrows: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let (places, _) = places(count, arrows);
    places
        .into_iter()
        .map(|place| (place.layer, place.column))
        .collect()
}

/// Places `count` boxes by their arrows, the most important arrow first. An arrow that would close a circle with
/// more important ones points back and moves nothing; those are given too.
pub(crate) fn places(count: usize, arrows: &[(usize, usize)]) -> (Vec<Place>, BTreeSet<usize>) {
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut back = BTreeSet::new();
    for (number, (from, to)) in arrows.iter().enumerate() {
        if from == to || reaches(&after, *to, *from) {
            back.insert(number);
        } else if let Some(after) = after.get_mut(*from) {
            after.push(*to);
        }
    }
    let layers = longest_ways(count, &after);
    (in_order(&layers, &after), back)
}

fn reaches(after: &[Vec<usize>], from: usize, goal: usize) -> bool {
    let mut seen = vec![false; after.len()];
    let mut waiting = vec![from];
    while let Some(node) = waiting.pop() {
        if node == goal {
            return true;
        }
        if let Some(seen) = seen.get_mut(node)
            && !std::mem::replace(seen, true)
        {
            waiting.extend(after.get(node).into_iter().flatten());
        }
    }
    false
}

/// The longest way from a start to each box.
fn longest_ways(count: usize, after: &[Vec<usize>]) -> Vec<usize> {
    let mut layers = vec![0; count];
    // Without circles nothing moves after as many rounds as there are boxes.
    for _ in 0..count {
        let mut moved = false;
        for (node, nexts) in after.iter().enumerate() {
            let below = layers.get(node).map_or(0, |layer| layer + 1);
            for next in nexts {
                if let Some(layer) = layers.get_mut(*next)
                    && *layer < below
                {
                    *layer = below;
                    moved = true;
                }
            }
        }
        if !moved {
            break;
        }
    }
    layers
}

/// Orders each layer by the middle of its neighbours, downwards and upwards in turn.
fn in_order(layers: &[usize], after: &[Vec<usize>]) -> Vec<Place> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); layers.len()];
    for (node, nexts) in after.iter().enumerate() {
        for next in nexts {
            if let Some(before) = before.get_mut(*next) {
                before.push(node);
            }
        }
    }
    let deepest = layers.iter().max().copied().unwrap_or_default();
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); deepest + 1];
    for (node, layer) in layers.iter().enumerate() {
        if let Some(row) = rows.get_mut(*layer) {
            row.push(node);
        }
    }
    let mut places = vec![Place::default(); layers.len()];
    settle(&rows, &mut places);
    for sweep in 0..SWEEPS {
        let neighbours = if sweep % 2 == 0 { &before } else { after };
        for row in &mut rows {
            row.sort_by_key(|node| middle(*node, neighbours, &places));
        }
        settle(&rows, &mut places);
    }
    places
}

fn settle(rows: &[Vec<usize>], places: &mut [Place]) {
    for (layer, row) in rows.iter().enumerate() {
        for (column, node) in row.iter().enumerate() {
            if let Some(place) = places.get_mut(*node) {
                *place = Place { layer, column };
            }
        }
    }
}

/// The mean column of a box's neighbours in hundredths; its own, if it has none.
fn middle(node: usize, neighbours: &[Vec<usize>], places: &[Place]) -> usize {
    let own = places.get(node).map_or(0, |place| place.column * 100);
    let Some(near) = neighbours.get(node).filter(|near| !near.is_empty()) else {
        return own;
    };
    let columns = near.iter().filter_map(|other| places.get(*other));
    columns.map(|place| place.column * 100).sum::<usize>() / near.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_opened_at_its_least_important_arrow() {
        let (places, back) = places(3, &[(0, 1), (1, 2), (2, 0), (1, 1)]);
        assert_eq!(back, BTreeSet::from([2, 3]));
        let layers: Vec<usize> = places.iter().map(|place| place.layer).collect();
        assert_eq!(layers, [0, 1, 2]);
    }

    #[test]
    fn no_two_boxes_share_a_place() {
        let arrows = [(0, 3), (0, 4), (1, 4), (1, 2), (2, 5), (9, 1)];
        let (places, _) = places(6, &arrows);
        let different: BTreeSet<(usize, usize)> = places
            .iter()
            .map(|place| (place.layer, place.column))
            .collect();
        assert_eq!(different.len(), 6);
    }
}
