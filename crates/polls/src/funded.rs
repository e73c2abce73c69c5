//! The result of a participatory budget: the board written as a Pabulib file, tallied by the poll's rule and by the others.

use std::fmt::Write as _;

use ballot::pabulib::{self, Fate, Rule, Tally};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::board::Board;
use crate::model::{Ballots, Funding};

/// The rules that a result is compared under.
const RULES: [Rule; 5] = [
    Rule::Greedy,
    Rule::GreedyNoSkip,
    Rule::EqualShares,
    Rule::EqualSharesAdd1,
    Rule::Phragmen,
];

/// Which projects a budget pays, and why each or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funded {
    /// The rule.
    pub rule: Rule,
    /// Ballots that name a project.
    pub ballots: u64,
    /// Ballots that name none; they don't count as voters.
    pub blank: u64,
    /// What the funded projects cost together, in yuan.
    pub cost: String,
    /// Under equal shares, what each voter had to spend, in yuan.
    pub per_voter: Option<String>,
    /// The funded projects by index, in the order in which the rule funded them.
    pub winners: Vec<usize>,
    /// What became of each project, in the order of the ballot.
    pub projects: Vec<ProjectResult>,
    /// Projects between which the rule saw no difference, and which went first.
    pub ties: Vec<TieResult>,
    /// What other rules would have funded.
    pub others: Vec<OtherRule>,
}

/// What became of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectResult {
    /// On how many ballots it is named.
    pub votes: u32,
    /// Ballots or points.
    pub score: String,
    /// Whether it is funded.
    pub funded: bool,
    /// Why, as the last part of a message's key.
    pub why: String,
    /// The figures of that message.
    pub told: Vec<(String, String)>,
}

/// A tie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TieResult {
    /// The tied projects by index.
    pub projects: Vec<usize>,
    /// The one that went first.
    pub chosen: Vec<usize>,
    /// What decided, as the last part of a message's key.
    pub decided_by: String,
}

/// What another rule would have funded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherRule {
    /// The rule.
    pub rule: Rule,
    /// The projects by index, in the order of the ballot.
    pub winners: Vec<usize>,
    /// What they cost together, in yuan.
    pub cost: String,
}

/// Tallies a board.
pub(crate) fn tally(board: &Board, funding: &Funding) -> Result<Funded, Error> {
    let written = Written::new(board, funding, &[])?;
    let election = pabulib::parse(written.text.as_bytes())?;
    let tally = pabulib::tally(&election, Some(funding.rule))?;
    let mut others = Vec::new();
    for rule in RULES.into_iter().filter(|rule| *rule != funding.rule) {
        let other = pabulib::tally(&election, Some(rule))?;
        let mut winners = indices(&other.selected);
        winners.sort_unstable();
        let cost = other.cost.to_string();
        others.push(OtherRule {
            rule,
            winners,
            cost,
        });
    }
    let told = |tally: &Tally| {
        let projects = tally.projects.iter().map(|project| {
            let (why, told) = reason(&project.why, project.cost);
            ProjectResult {
                votes: project.votes,
                score: project.score.to_string(),
                funded: project.funded,
                why: why.to_owned(),
                told,
            }
        });
        projects.collect()
    };
    let ties = tally.ties.iter().map(|tie| TieResult {
        projects: indices(&tie.projects),
        chosen: indices(&tie.chosen),
        decided_by: tie.decided_by.name().replace('_', "-"),
    });
    Ok(Funded {
        rule: funding.rule,
        ballots: written.ballots,
        blank: written.blank,
        cost: tally.cost.to_string(),
        per_voter: tally.per_voter.map(|amount| amount.to_string()),
        winners: indices(&tally.selected),
        projects: told(&tally),
        ties: ties.collect(),
        others,
    })
}

/// The board as a Pabulib file that tallies to the same result, winners marked.
pub(crate) fn pabulib_file(board: &Board) -> Result<String, Error> {
    let funding = board.draft.funding.as_ref();
    let funding = funding.ok_or(Error::NoBudget)?;
    let winners = tally(board, funding)?.winners;
    Ok(Written::new(board, funding, &winners)?.text)
}

/// Projects are numbered from 1 in the file.
fn indices(ids: &[String]) -> Vec<usize> {
    let places = ids.iter().filter_map(|id| id.parse::<usize>().ok());
    places.filter_map(|number| number.checked_sub(1)).collect()
}

/// Why a project is funded or not: the last part of a message's key, and the figures of the message.
fn reason(fate: &Fate, cost: pabulib::Amount) -> (&'static str, Vec<(String, String)>) {
    let figure = |name: &str, figure: &dyn ToString| (name.to_owned(), figure.to_string());
    match fate {
        Fate::Funded { left } => ("funded", vec![figure("left", left)]),
        Fate::Bought {
            price,
            paid_in_full,
            paid_the_rest,
        } => (
            "bought",
            vec![
                figure("price", price),
                figure("full", paid_in_full),
                figure("rest", paid_the_rest),
            ],
        ),
        Fate::Loaded {
            left, supporters, ..
        } => (
            "loaded",
            vec![figure("left", left), figure("supporters", supporters)],
        ),
        Fate::DoesNotFit { left } => ("does-not-fit", vec![figure("left", left)]),
        Fate::BelowThreshold => ("below-threshold", Vec::new()),
        Fate::Withdrawn => ("withdrawn", Vec::new()),
        Fate::Stopped => ("stopped", Vec::new()),
        Fate::NoSupport => ("no-support", Vec::new()),
        Fate::TooLittleMoney { have } => (
            "too-little-money",
            vec![
                figure("have", have),
                figure("cost", &cost),
                figure("missing", &missing(*have, cost)),
            ],
        ),
        Fate::ByComparison { greedy } => reason(greedy, cost),
    }
}

/// What supporters lack of a cost. What they have is rounded down, so this is rounded up.
fn missing(have: pabulib::Amount, cost: pabulib::Amount) -> pabulib::Amount {
    let finer = 10_i64.saturating_pow(have.scale.saturating_sub(cost.scale));
    let cost = cost.value.saturating_mul(finer);
    pabulib::Amount {
        value: cost.saturating_sub(have.value).max(0),
        scale: have.scale,
    }
}

/// A board written as a Pabulib file (pabulib.org/format).
struct Written {
    text: String,
    ballots: u64,
    blank: u64,
}

impl Written {
    fn new(board: &Board, funding: &Funding, winners: &[usize]) -> Result<Self, Error> {
        let options = board.draft.options.len();
        let papers = (1_u64..).zip(&board.paper);
        let papers = papers.map(|(number, choice)| (format!("paper-{number}"), choice));
        let devices = board.ballots.iter();
        let devices = devices.map(|ballot| (ballot.code.clone(), &ballot.choice));
        let mut written = Self {
            text: String::new(),
            ballots: 0,
            blank: 0,
        };
        let mut votes = String::new();
        for (voter, choice) in devices.chain(papers) {
            let named = funding.points(options, choice)?;
            if named.is_empty() {
                written.blank += 1;
                continue;
            }
            written.ballots += 1;
            let list = |of: &dyn Fn(&(usize, u32)) -> String| {
                named.iter().map(of).collect::<Vec<_>>().join(",")
            };
            let projects = list(&|(place, _)| (place + 1).to_string());
            let points = match funding.ballots {
                Ballots::Points => format!(";{}", list(&|(_, points)| points.to_string())),
                Ballots::Approval | Ballots::Ranking => String::new(),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(votes, "{voter};{projects}{points}");
        }
        written.text = head(board, funding, winners, written.ballots);
        written.text.push_str("VOTES\nvoter_id;vote");
        if funding.ballots == Ballots::Points {
            written.text.push_str(";points");
        }
        written.text.push('\n');
        written.text.push_str(&votes);
        Ok(written)
    }
}

fn head(board: &Board, funding: &Funding, winners: &[usize], ballots: u64) -> String {
    let window = board.draft.window;
    let vote_type = match funding.ballots {
        Ballots::Approval => "approval",
        Ballots::Points => "cumulative",
        Ballots::Ranking => "ordinal",
    };
    let meta = [
        ("description", quoted(&board.draft.title)),
        ("country", "China".to_owned()),
        ("unit", board.poll.clone()),
        ("instance", window.opens.date().year().to_string()),
        ("num_projects", board.draft.options.len().to_string()),
        ("num_votes", ballots.to_string()),
        ("budget", yuan(funding.budget_fen)),
        ("vote_type", vote_type.to_owned()),
        ("rule", rule_in_file(funding.rule).to_owned()),
        ("date_begin", day(window.opens)),
        ("date_end", day(window.closes)),
        ("max_length", funding.max_projects.to_string()),
    ];
    let mut text = "META\nkey;value\n".to_owned();
    for (key, value) in meta {
        let _ = writeln!(text, "{key};{value}");
    }
    if funding.ballots == Ballots::Points {
        let _ = writeln!(text, "max_sum_points;{}", funding.max_points);
    }
    if funding.rule == Rule::GreedyThreshold {
        let _ = writeln!(text, "min_project_score_threshold;{}", funding.threshold);
    }
    text.push_str("PROJECTS\nproject_id;cost;name;category;selected\n");
    for (place, option) in board.draft.options.iter().enumerate() {
        let (cost, category) = match &option.project {
            Some(project) => (yuan(project.cost_fen), quoted(&project.category)),
            None => (yuan(0), String::new()),
        };
        let (number, name) = (place + 1, quoted(&option.name));
        let selected = u8::from(winners.contains(&place));
        let _ = writeln!(text, "{number};{cost};{name};{category};{selected}");
    }
    text
}

/// The rule as Pabulib's files name it.
fn rule_in_file(rule: Rule) -> &'static str {
    match rule {
        Rule::EqualShares => "equalshares",
        Rule::EqualSharesComparison => "equalshares-comparison",
        Rule::EqualSharesAdd1 => "equalshares/add1",
        Rule::EqualSharesAdd1Comparison => "equalshares/add1-comparison",
        other => other.name(),
    }
}

/// Fen as yuan, exactly.
pub(crate) fn yuan(fen: i64) -> String {
    let (whole, rest) = (fen / 100, fen % 100);
    match rest {
        0 => whole.to_string(),
        rest => format!("{whole}.{rest:02}"),
    }
}

/// Yuan as a person types them, in fen: at most two decimals.
pub(crate) fn fen(yuan: &str) -> Option<i64> {
    let plain = yuan.trim().replace([',', '，'], "");
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(cents) || cents.len() > 2 {
        return None;
    }
    format!("{whole}{cents:0<2}").parse().ok()
}

fn day(at: kernel::Timestamp) -> String {
    let date = at.date();
    format!("{:02}.{:02}.{}", date.day(), date.month(), date.year())
}

/// A cell, quoted as CSV where it has to be; line breaks become blanks.
fn quoted(text: &str) -> String {
    let line = text.replace(['\r', '\n'], " ");
    if line.contains([';', '"']) || line.starts_with(char::is_whitespace) {
        format!("\"{}\"", line.replace('"', "\"\""))
    } else {
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_and_written_exactly() {
        for (text, value) in [
            ("12", 1200),
            ("12.5", 1250),
            ("1,000.05", 100_005),
            ("0", 0),
        ] {
            assert_eq!(fen(text), Some(value), "{text}");
        }
        for wrong in ["", "-1", "1.234", "一", "1e3", "."] {
            assert_eq!(fen(wrong), None, "{wrong}");
        }
        assert_eq!(
            (yuan(1250), yuan(100)),
            ("12.50".to_owned(), "1".to_owned())
        );
    }

    #[test]
    fn a_cell_with_a_semicolon_is_quoted() {
        assert_eq!(quoted("a;\"b\"\nc"), "\"a;\"\"b\"\" c\"");
        assert_eq!(quoted("长椅"), "长椅");
    }
}
