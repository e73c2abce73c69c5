//! The map as a picture (SVG): ways, buildings by what they reach, facilities, a path. It serves without scripts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use street_map::Answer;
use walk::Position;

use crate::found::Found;
use crate::frame::{Frame, HEIGHT, WIDTH};

/// About how many pieces of way a picture has at most.
const MOST_WAYS: usize = 7000;
/// From how many buildings on they are drawn as dots, one a few pixels.
const MOST_OUTLINES: usize = 2500;

/// What to draw beside ways and buildings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawn {
    /// The type that buildings are coloured by; how many they lack, where none is chosen.
    pub kind: Option<usize>,
    /// A path on foot.
    pub path: Vec<Position>,
    /// Places with a number: sites, changes.
    pub marks: Vec<Position>,
    /// A building that is pointed at.
    pub building: Option<usize>,
    /// Buildings that gain (`true`) or lose, in place of what they reach.
    pub moved: Option<BTreeMap<usize, bool>>,
}

/// How a building stands, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tint {
    Plain,
    Met,
    Unknown,
    Few,
    Some,
    Unmet,
}

impl Tint {
    /// Fill, stroke, and whether the stroke is broken; colour never says it alone.
    const fn paint(self) -> (&'static str, &'static str, bool) {
        match self {
            Self::Plain => ("#eceae2", "#9aa19f", false),
            Self::Met => ("#8fc1b0", "#1b6b57", false),
            Self::Unknown => ("#fff", "#535f66", true),
            Self::Few => ("#f5d9b0", "#8a5a14", false),
            Self::Some => ("#e79a7c", "#9c3d1e", false),
            Self::Unmet => ("#b5351f", "#5e170b", false),
        }
    }

    /// The name in messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Met => "met",
            Self::Unknown => "unknown",
            Self::Few => "few",
            Self::Some => "some",
            Self::Unmet => "unmet",
        }
    }
}

/// The tints that a picture may have, for its legend.
pub(crate) fn legend(drawn: &Drawn) -> &'static [Tint] {
    match (&drawn.moved, drawn.kind) {
        (Some(_), _) => &[Tint::Met, Tint::Unmet, Tint::Plain],
        (None, Some(_)) => &[Tint::Met, Tint::Unmet, Tint::Unknown],
        (None, None) => &[Tint::Met, Tint::Few, Tint::Some, Tint::Unmet],
    }
}

/// A sample of a tint, for the legend.
pub(crate) fn sample(tint: Tint) -> String {
    let (fill, stroke, broken) = tint.paint();
    let dash = if broken {
        " stroke-dasharray=\"3 2\""
    } else {
        ""
    };
    format!(
        "<svg class=\"map-key\" width=\"20\" height=\"14\" aria-hidden=\"true\" focusable=\"false\"><rect x=\"1\" y=\"1\" width=\"18\" height=\"12\" fill=\"{fill}\" stroke=\"{stroke}\"{dash}/></svg>"
    )
}

pub(crate) fn tint(found: &Found, drawn: &Drawn, building: usize) -> Tint {
    if let Some(moved) = &drawn.moved {
        return match moved.get(&building) {
            Some(true) => Tint::Met,
            Some(false) => Tint::Unmet,
            None => Tint::Plain,
        };
    }
    let Some(kind) = drawn.kind else {
        return match found.lacking(building).0 {
            0 => Tint::Met,
            1..=4 => Tint::Few,
            5..=9 => Tint::Some,
            _ => Tint::Unmet,
        };
    };
    match found.everyone().map(|group| group.answer(kind, building)) {
        Some(Answer::Met) => Tint::Met,
        Some(Answer::Unmet) => Tint::Unmet,
        _ => Tint::Unknown,
    }
}

/// The picture.
pub(crate) fn svg(found: &Found, frame: &Frame, drawn: &Drawn) -> String {
    let (width, height) = (WIDTH / 10, HEIGHT / 10);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\"><rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#faf8f3\"/>"
    );
    ways(found, frame, &mut out);
    buildings(found, frame, drawn, &mut out);
    if let Some(kind) = drawn.kind {
        facilities(found, frame, kind, &mut out);
    }
    lost(found, frame, &mut out);
    if drawn.path.len() > 1 {
        let line = polyline(frame, &drawn.path);
        let _ = write!(
            out,
            "<path d=\"{line}\" fill=\"none\" stroke=\"#fff\" stroke-width=\"70\" stroke-linejoin=\"round\"/><path d=\"{line}\" fill=\"none\" stroke=\"#27323a\" stroke-width=\"36\" stroke-dasharray=\"90 40\" stroke-linejoin=\"round\"/>"
        );
    }
    if let Some(building) = drawn
        .building
        .and_then(|place| found.map.buildings.get(place))
    {
        let (x, y) = frame.place(building.position);
        let _ = write!(
            out,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"110\" fill=\"none\" stroke=\"#27323a\" stroke-width=\"30\"/>"
        );
    }
    for (number, at) in (1..).zip(&drawn.marks) {
        let (x, y) = frame.place(*at);
        let _ = write!(
            out,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"120\" fill=\"#27323a\" stroke=\"#fff\" stroke-width=\"20\"/><text x=\"{x}\" y=\"{}\" font-size=\"140\" font-family=\"sans-serif\" font-weight=\"bold\" text-anchor=\"middle\" fill=\"#fff\">{number}</text>",
            y + 50
        );
    }
    furniture(frame, &mut out);
    out.push_str("</svg>");
    out
}

/// Ways, on a grid that grows until there are not too many of them: what falls together is drawn once.
fn ways(found: &Found, frame: &Frame, out: &mut String) {
    let point = |number: u32| {
        let at = found.map.points.get(usize::try_from(number).ok()?)?;
        Some(frame.place(*at))
    };
    let seen: Vec<((i64, i64), (i64, i64))> = found
        .map
        .segments
        .iter()
        .filter_map(|segment| Some((point(segment.from)?, point(segment.to)?)))
        .filter(|(a, b)| Frame::shows(*a, 0) || Frame::shows(*b, 0) || spans(*a, *b))
        .collect();
    let mut grid = 5;
    let mut lines;
    loop {
        let snapped = |(x, y): (i64, i64)| (x / grid * grid, y / grid * grid);
        lines = BTreeSet::new();
        for (a, b) in &seen {
            let (a, b) = (snapped(*a), snapped(*b));
            if a != b {
                lines.insert((a.min(b), a.max(b)));
            }
        }
        if lines.len() <= MOST_WAYS || grid >= 400 {
            break;
        }
        grid *= 2;
    }
    out.push_str(
        "<path fill=\"none\" stroke=\"#c9c2b0\" stroke-width=\"22\" stroke-linecap=\"round\" d=\"",
    );
    let mut pen = None;
    for ((ax, ay), (bx, by)) in &lines {
        if pen != Some((*ax, *ay)) {
            let _ = write!(out, "M{ax} {ay}");
        }
        let _ = write!(out, "L{bx} {by}");
        pen = Some((*bx, *by));
    }
    out.push_str("\"/>");
}

/// Whether a long piece of way may cross the picture with both ends outside.
fn spans(a: (i64, i64), b: (i64, i64)) -> bool {
    a.0.min(b.0) < WIDTH && a.0.max(b.0) > 0 && a.1.min(b.1) < HEIGHT && a.1.max(b.1) > 0
}

fn buildings(found: &Found, frame: &Frame, drawn: &Drawn, out: &mut String) {
    let seen: Vec<(usize, (i64, i64))> = found
        .map
        .buildings
        .iter()
        .enumerate()
        .map(|(place, building)| (place, frame.place(building.position)))
        .filter(|(_, at)| Frame::shows(*at, 300))
        .collect();
    let mut by_tint: BTreeMap<Tint, String> = BTreeMap::new();
    if seen.len() > MOST_OUTLINES {
        let mut dots: BTreeMap<(i64, i64), Tint> = BTreeMap::new();
        for (place, (x, y)) in &seen {
            let own = tint(found, drawn, *place);
            let dot = dots.entry((x / 40, y / 40)).or_insert(own);
            *dot = own.max(*dot);
        }
        for ((x, y), tint) in dots {
            let shape = by_tint.entry(tint).or_default();
            let _ = write!(shape, "M{} {}h36v36h-36z", x * 40, y * 40);
        }
    } else {
        for (place, (x, y)) in &seen {
            let shape = by_tint.entry(tint(found, drawn, *place)).or_default();
            let outline = found
                .map
                .buildings
                .get(*place)
                .map(|one| one.outline.as_slice());
            match outline {
                Some(outline) if outline.len() > 2 => {
                    shape.push_str(&polyline(frame, outline));
                    shape.push('z');
                }
                _ => {
                    let _ = write!(shape, "M{} {}h50v50h-50z", x - 25, y - 25);
                }
            }
        }
    }
    for (tint, shape) in by_tint {
        let (fill, stroke, broken) = tint.paint();
        let dash = if broken {
            " stroke-dasharray=\"40 25\""
        } else {
            ""
        };
        let _ = write!(
            out,
            "<path d=\"{shape}\" fill=\"{fill}\" fill-rule=\"evenodd\" stroke=\"{stroke}\" stroke-width=\"9\"{dash}/>"
        );
    }
}

fn facilities(found: &Found, frame: &Frame, kind: usize, out: &mut String) {
    for facility in found.map.facilities.get(kind).into_iter().flatten() {
        let (x, y) = frame.place(facility.position);
        if Frame::shows((x, y), 100) {
            let _ = write!(
                out,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"65\" fill=\"#fff\" stroke=\"#27323a\" stroke-width=\"32\"/>"
            );
        }
    }
}

/// Crosses where something lies too far from any way.
fn lost(found: &Found, frame: &Frame, out: &mut String) {
    let lost = &found.analysis.unsnapped;
    let buildings = lost
        .buildings
        .iter()
        .filter_map(|place| found.map.buildings.get(*place));
    let facilities = lost.facilities.iter();
    let facilities =
        facilities.filter_map(|(kind, place)| found.map.facilities.get(*kind)?.get(*place));
    let places = buildings
        .map(|one| one.position)
        .chain(facilities.map(|one| one.position));
    let mut crosses = String::new();
    for (x, y) in places
        .map(|at| frame.place(at))
        .filter(|at| Frame::shows(*at, 0))
    {
        let _ = write!(crosses, "M{} {}l80 80m0-80l-80 80", x - 40, y - 40);
    }
    if !crosses.is_empty() {
        let _ = write!(
            out,
            "<path d=\"{crosses}\" stroke=\"#1f282e\" stroke-width=\"18\" fill=\"none\"/>"
        );
    }
}

/// The middle's cross, the scale bar, and whose map it is.
fn furniture(frame: &Frame, out: &mut String) {
    let (x, y) = (WIDTH / 2, HEIGHT / 2);
    let _ = write!(
        out,
        "<path d=\"M{} {y}h160M{x} {}v160\" stroke=\"#27323a\" stroke-width=\"12\" opacity=\".7\"/>",
        x - 80,
        y - 80
    );
    let (metres, long) = frame.scale_bar();
    let label = if metres >= 1000 {
        format!("{} km", metres / 1000)
    } else {
        format!("{metres} m")
    };
    let low = HEIGHT - 120;
    let _ = write!(
        out,
        "<path d=\"M120 {}v60h{long}v-60\" fill=\"none\" stroke=\"#27323a\" stroke-width=\"20\"/><text x=\"150\" y=\"{}\" font-size=\"130\" font-family=\"sans-serif\" fill=\"#1f282e\" stroke=\"#faf8f3\" stroke-width=\"30\" paint-order=\"stroke\">{label}</text>",
        low - 60,
        low - 30
    );
    let _ = write!(
        out,
        "<text x=\"{}\" y=\"{}\" font-size=\"110\" font-family=\"sans-serif\" text-anchor=\"end\" fill=\"#1f282e\" stroke=\"#faf8f3\" stroke-width=\"30\" paint-order=\"stroke\">© OpenStreetMap contributors</text>",
        WIDTH - 80,
        HEIGHT - 80
    );
}

fn polyline(frame: &Frame, line: &[Position]) -> String {
    let mut shape = String::new();
    for (place, at) in line.iter().enumerate() {
        let (x, y) = frame.place(*at);
        let pen = if place == 0 { 'M' } else { 'L' };
        let _ = write!(shape, "{pen}{x} {y}");
    }
    shape
}
