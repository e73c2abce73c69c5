//! Draws a process as SVG: boxes in layers, arrows by weight, ways back dashed.

use std::fmt::Write as _;

use crate::Analysis;
use crate::layers::{Place, places};
use crate::render::shown_duration;

/// A box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What stands in it.
    pub label: String,
    /// A smaller line below.
    pub note: String,
    /// How dark it is, 0 to 4.
    pub shade: u8,
}

/// An arrow between two boxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// The place of the box it leaves.
    pub from: usize,
    /// The place of the box it reaches.
    pub to: usize,
    /// What stands beside it.
    pub label: String,
    /// How thick it is, 1 to 6.
    pub weight: u8,
}

/// What to draw; the most important arrows first, as they decide which way is forwards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    /// Read aloud in place of the picture.
    pub title: String,
    /// The boxes.
    pub nodes: Vec<Node>,
    /// The arrows.
    pub arrows: Vec<Arrow>,
}

const WIDTH: usize = 190;
const HEIGHT: usize = 50;
const GAP_X: usize = 40;
const GAP_Y: usize = 64;
const MARGIN: usize = 20;
/// How many half-width letters fit in a box.
const LETTERS: usize = 26;
const SHADES: [&str; 5] = ["#ffffff", "#e8f1f8", "#c6dded", "#93bfdc", "#5f9cc5"];

/// How many edges of a log are drawn; more hide each other.
const DRAWN_EDGES: usize = 60;

/// The drawing as an SVG of its own. It has no style or script, so it may stand in any page.
pub fn draw(drawing: &Drawing) -> String {
    let ends: Vec<(usize, usize)> = drawing
        .arrows
        .iter()
        .map(|arrow| (arrow.from, arrow.to))
        .collect();
    let (places, back) = places(drawing.nodes.len(), &ends);
    let widest = places
        .iter()
        .map(|place| place.column + 1)
        .max()
        .unwrap_or(1);
    let deepest = places
        .iter()
        .map(|place| place.layer + 1)
        .max()
        .unwrap_or(1);
    let width = 2 * MARGIN + widest * (WIDTH + GAP_X) + 3 * GAP_X;
    let height = 2 * MARGIN + deepest * (HEIGHT + GAP_Y);
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"13\"><title>{}</title>\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" \
         markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" fill=\"#456\"/></marker></defs>\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>",
        escaped(&drawing.title)
    );
    for (number, arrow) in drawing.arrows.iter().enumerate() {
        if let (Some(from), Some(to)) = (places.get(arrow.from), places.get(arrow.to)) {
            push_arrow(&mut svg, arrow, *from, *to, back.contains(&number));
        }
    }
    for (node, place) in drawing.nodes.iter().zip(&places) {
        push_node(&mut svg, node, *place);
    }
    svg.push_str("</svg>\n");
    svg
}

/// The directly-follows graph of a log: its most frequent edges, each with its count and median time.
pub fn draw_analysis(analysis: &Analysis) -> String {
    let most = analysis.dfg.first().map_or(1, |edge| edge.count.max(1));
    let drawn = analysis.dfg.iter().take(DRAWN_EDGES);
    let number = |name: &str| {
        analysis
            .activity_list
            .iter()
            .position(|activity| activity.name == name)
    };
    let busiest = analysis
        .activity_list
        .first()
        .map_or(1, |activity| activity.events.max(1));
    let arrows = drawn
        .filter_map(|edge| {
            Some(Arrow {
                from: number(&edge.from)?,
                to: number(&edge.to)?,
                label: format!("{} · {}", edge.count, shown_duration(edge.wait.median_us)),
                weight: grade(edge.count, most, 5) + 1,
            })
        })
        .collect();
    let nodes = analysis
        .activity_list
        .iter()
        .map(|activity| Node {
            label: activity.name.clone(),
            note: activity.events.to_string(),
            shade: grade(activity.events, busiest, 4),
        })
        .collect();
    draw(&Drawing {
        title: format!(
            "{} cases, {} events; the {} most frequent of {} edges with count and median time",
            analysis.cases,
            analysis.events,
            analysis.dfg.len().min(DRAWN_EDGES),
            analysis.dfg_edges
        ),
        nodes,
        arrows,
    })
}

/// A count as one of `grades` + 1 steps.
fn grade(count: u64, most: u64, grades: u64) -> u8 {
    let step = count.saturating_mul(grades).div_ceil(most.max(1));
    u8::try_from(step.min(grades)).unwrap_or_default()
}

fn corner(place: Place) -> (usize, usize) {
    (
        MARGIN + place.column * (WIDTH + GAP_X),
        MARGIN + place.layer * (HEIGHT + GAP_Y),
    )
}

fn push_arrow(svg: &mut String, arrow: &Arrow, from: Place, to: Place, back: bool) {
    let (from_x, from_y) = corner(from);
    let (to_x, to_y) = corner(to);
    let thick = arrow.weight.clamp(1, 6);
    let dashes = if back {
        " stroke-dasharray=\"5 3\""
    } else {
        ""
    };
    let (way, label_x, label_y) = if back {
        // Out on the right side and round to the right side of where it goes.
        let (x1, y1) = (from_x + WIDTH, from_y + HEIGHT / 2 + 6);
        let (x2, y2) = (to_x + WIDTH, to_y + HEIGHT / 2 - 6);
        let bend = x1.max(x2) + GAP_X + GAP_X * from.layer.abs_diff(to.layer).min(3) / 2;
        (
            format!("M{x1} {y1} C{bend} {y1} {bend} {y2} {x2} {y2}"),
            bend - GAP_X / 4,
            usize::midpoint(y1, y2),
        )
    } else {
        let (x1, y1) = (from_x + WIDTH / 2, from_y + HEIGHT);
        let (x2, y2) = (to_x + WIDTH / 2, to_y);
        let half = usize::midpoint(y1, y2);
        (
            format!("M{x1} {y1} C{x1} {half} {x2} {half} {x2} {y2}"),
            usize::midpoint(x1, x2),
            half,
        )
    };
    let _ = write!(
        svg,
        "<path d=\"{way}\" fill=\"none\" stroke=\"#456\" stroke-width=\"{thick}\" stroke-opacity=\".7\" marker-end=\"url(#tip)\"{dashes}/>\
         <text x=\"{label_x}\" y=\"{label_y}\" text-anchor=\"middle\" font-size=\"11\" fill=\"#223\" stroke=\"#fff\" stroke-width=\"3\" \
         paint-order=\"stroke\">{}</text>",
        escaped(&arrow.label)
    );
}

fn push_node(svg: &mut String, node: &Node, place: Place) {
    let (x, y) = corner(place);
    let fill = SHADES
        .get(usize::from(node.shade))
        .copied()
        .unwrap_or("#5f9cc5");
    let (middle, first, second) = (x + WIDTH / 2, y + 21, y + 39);
    let _ = write!(
        svg,
        "<g><title>{}</title><rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"8\" fill=\"{fill}\" stroke=\"#234\"/>\
         <text x=\"{middle}\" y=\"{first}\" text-anchor=\"middle\" fill=\"#123\">{}</text>\
         <text x=\"{middle}\" y=\"{second}\" text-anchor=\"middle\" font-size=\"11\" fill=\"#123\">{}</text></g>",
        escaped(&node.label),
        escaped(&shortened(&node.label)),
        escaped(&shortened(&node.note))
    );
}

/// As much of a label as fits, Chinese letters counting twice.
fn shortened(label: &str) -> String {
    let wide = |letter: char| if u32::from(letter) > 0x2e7f { 2 } else { 1 };
    let all: usize = label.chars().map(wide).sum();
    if all <= LETTERS {
        return label.to_owned();
    }
    let mut left = LETTERS - 1;
    let mut short: String = label
        .chars()
        .take_while(|letter| {
            let fits = wide(*letter) <= left;
            left = left.saturating_sub(wide(*letter));
            fits
        })
        .collect();
    short.push('…');
    short
}

fn escaped(text: &str) -> String {
    let allowed = |letter: &char| !letter.is_control();
    let text: String = text.chars().filter(allowed).collect();
    quick_xml::escape::escape(text.as_str()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cases_are_called_cannot_break_the_picture() {
        let node = |label: &str| Node {
            label: label.to_owned(),
            note: String::new(),
            shade: 9,
        };
        let drawing = Drawing {
            title: "a & b".to_owned(),
            nodes: vec![
                node("<script>alert(1)</script>"),
                node("控制性详细规划调整方案专家评审会议"),
            ],
            arrows: vec![Arrow {
                from: 0,
                to: 7,
                label: "\u{1}".to_owned(),
                weight: 0,
            }],
        };
        let svg = draw(&drawing);
        assert!(!svg.contains("<script"));
        assert!(svg.contains("a &amp; b") && svg.contains('…'));
        let mut reader = quick_xml::Reader::from_str(&svg);
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
    }
}
