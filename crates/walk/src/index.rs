//! Between the 32-bit numbers that are stored and the lengths of lists. A network has at most 2^28 points (checked when it is
//! built), so neither direction loses anything on a machine of 32 bits or more.

/// A stored number as a place in a list.
pub(crate) fn at(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A place in a list as a stored number.
pub(crate) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Where each group begins, given the group of every member: `starts[g]..starts[g + 1]`, and the members in that order, in their
/// own order within a group.
pub(crate) fn grouped(groups: usize, members: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; groups + 1];
    for group in members {
        if let Some(slot) = starts.get_mut(at(*group) + 1) {
            *slot += 1;
        }
    }
    let mut sum = 0;
    for slot in &mut starts {
        sum += *slot;
        *slot = sum;
    }
    let mut next = starts.clone();
    let mut order = vec![0_u32; members.len()];
    for (member, group) in members.iter().enumerate() {
        let Some(place) = next.get_mut(at(*group)) else {
            continue;
        };
        if let Some(slot) = order.get_mut(at(*place)) {
            *slot = number(member);
        }
        *place += 1;
    }
    (starts, order)
}

/// A group's stretch in the list that [`grouped`] ordered.
pub(crate) fn group<'a, T>(starts: &[u32], members: &'a [T], group: u32) -> &'a [T] {
    let group = at(group);
    let (Some(first), Some(end)) = (starts.get(group), starts.get(group + 1)) else {
        return &[];
    };
    members.get(at(*first)..at(*end)).unwrap_or(&[])
}
