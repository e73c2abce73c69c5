//! A process as BPMN 2.0 XML with its drawing, for bpmn-js and every other editor.

use std::fmt::Write as _;

use event_log::layout;
use policy::Lang;

use crate::{Definition, Join};

const TASK: (usize, usize) = (150, 64);
const SMALL: usize = 40;
const STEP_X: usize = 200;
const STEP_Y: usize = 104;
/// How far from a box a way turns.
const GAP: usize = 20;

/// Left, top, width and height.
type Bounds = (usize, usize, usize, usize);

enum Kind {
    Start,
    End,
    Task,
    Parallel,
    Exclusive,
}

struct Node {
    id: String,
    name: String,
    kind: Kind,
}

#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    /// From, to, and the title of the outcome that leads along.
    flows: Vec<(usize, usize, Option<String>)>,
}

/// The process as BPMN 2.0, titles in one language. Ways that part become gateways: exclusive for choices,
/// parallel for what runs side by side.
pub fn bpmn(definition: &Definition, lang: Lang) -> String {
    let graph = Graph::of(definition, lang);
    let ends: Vec<(usize, usize)> = graph
        .flows
        .iter()
        .map(|(from, to, _)| (*from, *to))
        .collect();
    let places = layout(graph.nodes.len(), &ends);
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:bpmndi=\"http://www.omg.org/spec/BPMN/20100524/DI\" \
         xmlns:dc=\"http://www.omg.org/spec/DD/20100524/DC\" xmlns:di=\"http://www.omg.org/spec/DD/20100524/DI\" \
         id=\"definitions\" targetNamespace=\"urn:linli:process\">\n",
    );
    let title = escaped(definition.title.get(lang));
    let _ = writeln!(
        xml,
        "  <process id=\"process\" name=\"{title}\" isExecutable=\"false\">"
    );
    for (number, node) in graph.nodes.iter().enumerate() {
        push_node(&mut xml, &graph, number, node);
    }
    for (number, (from, to, outcome)) in graph.flows.iter().enumerate() {
        let name = outcome.as_ref().map_or(String::new(), |outcome| {
            format!(" name=\"{}\"", escaped(outcome))
        });
        let _ = writeln!(
            xml,
            "    <sequenceFlow id=\"flow_{number}\"{name} sourceRef=\"{}\" targetRef=\"{}\"/>",
            graph.id(*from),
            graph.id(*to)
        );
    }
    xml.push_str("  </process>\n  <bpmndi:BPMNDiagram id=\"diagram\">\n    <bpmndi:BPMNPlane id=\"plane\" bpmnElement=\"process\">\n");
    let boxes: Vec<Bounds> = graph
        .nodes
        .iter()
        .zip(places)
        .map(|(node, (layer, column))| placed(&node.kind, layer, column))
        .collect();
    for (node, (x, y, width, height)) in graph.nodes.iter().zip(&boxes) {
        let _ = writeln!(
            xml,
            "      <bpmndi:BPMNShape id=\"{0}_shape\" bpmnElement=\"{0}\"><dc:Bounds x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/></bpmndi:BPMNShape>",
            node.id
        );
    }
    for (number, (from, to, _)) in graph.flows.iter().enumerate() {
        if let (Some(from), Some(to)) = (boxes.get(*from), boxes.get(*to)) {
            let points: Vec<String> = way(from, to, &boxes)
                .into_iter()
                .map(|(x, y)| format!("<di:waypoint x=\"{x}\" y=\"{y}\"/>"))
                .collect();
            let _ = writeln!(
                xml,
                "      <bpmndi:BPMNEdge id=\"flow_{number}_edge\" bpmnElement=\"flow_{number}\">{}</bpmndi:BPMNEdge>",
                points.concat()
            );
        }
    }
    xml.push_str("    </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n</definitions>\n");
    xml
}

impl Graph {
    fn of(definition: &Definition, lang: Lang) -> Self {
        let mut graph = Self::default();
        let start = graph.node("start", String::new(), Kind::Start);
        let tasks: Vec<usize> = definition
            .steps
            .iter()
            .map(|step| graph.node(&step.id, step.title.get(lang).to_owned(), Kind::Task))
            .collect();
        let entries: Vec<usize> = definition
            .steps
            .iter()
            .zip(&tasks)
            .map(|(step, task)| graph.joined(*task, step.after.len(), step.join, &step.id))
            .collect();
        let first: Vec<usize> = definition
            .steps
            .iter()
            .zip(&entries)
            .filter(|(step, _)| step.after.is_empty())
            .map(|(_, entry)| *entry)
            .collect();
        graph.fan(start, &first, None, "start");
        let end = graph.node("end", String::new(), Kind::End);
        for (number, (step, task)) in definition.steps.iter().zip(&tasks).enumerate() {
            let onward = |outcome: Option<&str>| -> Vec<usize> {
                let followers = definition.steps.iter().zip(&entries).filter(|(other, _)| {
                    other.after.iter().any(|(before, on)| {
                        *before == number && (on.is_none() || on.as_deref() == outcome)
                    })
                });
                followers.map(|(_, entry)| *entry).collect()
            };
            if step.outcomes.is_empty() {
                let onward = onward(None);
                let onward = if onward.is_empty() { vec![end] } else { onward };
                graph.fan(*task, &onward, None, &step.id);
                continue;
            }
            let choice = graph.node(
                &format!("{}_choice", step.id),
                String::new(),
                Kind::Exclusive,
            );
            graph.flows.push((*task, choice, None));
            for outcome in &step.outcomes {
                let onward = onward(Some(&outcome.id));
                let onward = if onward.is_empty() { vec![end] } else { onward };
                graph.fan(
                    choice,
                    &onward,
                    Some(outcome.title.get(lang)),
                    &format!("{}_{}", step.id, outcome.id),
                );
            }
        }
        graph
    }

    fn node(&mut self, id: &str, name: String, kind: Kind) -> usize {
        let clean: String = id
            .chars()
            .map(|letter| {
                if letter.is_ascii_alphanumeric() {
                    letter
                } else {
                    '_'
                }
            })
            .collect();
        self.nodes.push(Node {
            id: format!("n{}_{clean}", self.nodes.len()),
            name,
            kind,
        });
        self.nodes.len() - 1
    }

    fn id(&self, number: usize) -> &str {
        self.nodes.get(number).map_or("", |node| node.id.as_str())
    }

    /// Where ways to a task arrive: a gateway in front of it, if they are several.
    fn joined(&mut self, task: usize, ways: usize, join: Join, id: &str) -> usize {
        if ways < 2 {
            return task;
        }
        let kind = match join {
            Join::All => Kind::Parallel,
            Join::Any => Kind::Exclusive,
        };
        let gateway = self.node(&format!("{id}_join"), String::new(), kind);
        self.flows.push((gateway, task, None));
        gateway
    }

    /// From one node to others; through a parallel gateway, if they are several.
    fn fan(&mut self, from: usize, to: &[usize], outcome: Option<&str>, id: &str) {
        let outcome = outcome.map(str::to_owned);
        match to {
            [] => {}
            [only] => self.flows.push((from, *only, outcome)),
            several => {
                let gateway = self.node(&format!("{id}_split"), String::new(), Kind::Parallel);
                self.flows.push((from, gateway, outcome));
                for to in several {
                    self.flows.push((gateway, *to, None));
                }
            }
        }
    }
}

fn push_node(xml: &mut String, graph: &Graph, number: usize, node: &Node) {
    let element = match node.kind {
        Kind::Start => "startEvent",
        Kind::End => "endEvent",
        Kind::Task => "userTask",
        Kind::Parallel => "parallelGateway",
        Kind::Exclusive => "exclusiveGateway",
    };
    let name = match node.name.as_str() {
        "" => String::new(),
        name => format!(" name=\"{}\"", escaped(name)),
    };
    let _ = write!(xml, "    <{element} id=\"{}\"{name}>", node.id);
    for (flow, (from, to, _)) in graph.flows.iter().enumerate() {
        if *to == number {
            let _ = write!(xml, "<incoming>flow_{flow}</incoming>");
        }
        if *from == number {
            let _ = write!(xml, "<outgoing>flow_{flow}</outgoing>");
        }
    }
    let _ = writeln!(xml, "</{element}>");
}

/// Left, top, width and height; the process runs from left to right.
fn placed(kind: &Kind, layer: usize, column: usize) -> Bounds {
    let (width, height) = match kind {
        Kind::Task => TASK,
        _ => (SMALL, SMALL),
    };
    let (x, y) = (40 + layer * STEP_X, 40 + column * STEP_Y);
    (
        x + (TASK.0 - width) / 2,
        y + (TASK.1 - height) / 2,
        width,
        height,
    )
}

/// Where a way runs: along the row that it leaves, or along the one that it enters, or else below its own, so that it
/// crosses no box.
fn way(from: &Bounds, to: &Bounds, boxes: &[Bounds]) -> Vec<(usize, usize)> {
    let middle = |one: &Bounds| one.1 + one.3 / 2;
    let (left, right) = (from.0 + from.2, to.0);
    let (start, end) = (middle(from), middle(to));
    let is_free = |y: usize, left: usize, right: usize| {
        boxes.iter().all(|one| {
            let aside = one.0 + one.2 <= left || one.0 >= right;
            aside || one.1 >= y || one.1 + one.3 <= y
        })
    };
    let (leave, enter) = (left + GAP, right.saturating_sub(GAP));
    let bend = match (is_free(start, left, right), is_free(end, left, right)) {
        (true, _) if start == end => return vec![(left, start), (right, end)],
        (true, _) => vec![(enter, start), (enter, end)],
        (false, true) => vec![(leave, start), (leave, end)],
        (false, false) => {
            let below = start.max(end) + (STEP_Y / 2);
            vec![(leave, start), (leave, below), (enter, below), (enter, end)]
        }
    };
    let mut points = vec![(left, start)];
    points.extend(bend);
    points.push((right, end));
    points
}

fn escaped(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !letter.is_control()).collect();
    quick_xml::escape::escape(text.as_str()).into_owned()
}
