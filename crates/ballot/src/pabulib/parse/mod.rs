//! Reading a `.pb` file: META, PROJECTS and VOTES, parted by `;`, quoted as CSV, in UTF-8.
//! The first fault is reported with its line; what merely looks wrong is a warning.

mod ballots;
mod sections;

use super::election::{Election, Meta, VoteType};
use super::{Amount, Rule};
use crate::BallotError;

use ballots::{BallotBox, trimmed};
use sections::{RawMeta, RawProject, Reader, read_meta, read_projects};

/// The largest amount, in the smallest part of the file's scale.
const LARGEST_AMOUNT: i64 = 1_000_000_000_000_000;

/// Reads an election from a Pabulib file.
///
/// Scores are counted from the ballots. Where the columns `votes` or `score`, or META's `num_votes`,
/// `num_projects`, `min_length`, `max_length`, say otherwise, the election carries a warning.
///
/// # Errors
/// [`BallotError::Pabulib`] with the line of the first fault: a missing or misplaced section, a
/// missing key (`budget`, `vote_type`) or column, a number that is none, an id that stands twice, a
/// vote for a project that doesn't exist, points that don't match the vote.
pub fn parse(bytes: &[u8]) -> Result<Election, BallotError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.split(|&b| b == b'\n').skip(1).count();
        fault(line, "the text is not UTF-8: save the file as UTF-8")
    })?;
    let mut rows = Reader::new(text);
    rows.section("META")?;
    let meta = read_meta(&mut rows)?;
    let (meta, projects) = read_projects(&mut rows, meta)?;
    read_votes(&mut rows, meta, projects)
}

fn fault(line: usize, reason: impl Into<String>) -> BallotError {
    BallotError::Pabulib {
        line,
        reason: reason.into(),
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    text.chars().take(LONGEST).collect()
}

fn read_votes(
    rows: &mut Reader<'_>,
    raw: RawMeta,
    mut projects: Vec<RawProject>,
) -> Result<Election, BallotError> {
    let vote_type = read_vote_type(&raw)?;
    let columns = rows.header("voter_id")?;
    let vote = columns.get("vote").copied();
    let points = columns.get("points").copied();
    if vote.is_none() {
        return Err(rows.fault("the column vote is missing from VOTES"));
    }
    let ids: Vec<String> = projects.iter().map(|raw| raw.project.id.clone()).collect();
    let mut cast = BallotBox::new(&ids, vote_type, &raw)?;
    while rows.row_before(None)? {
        let (voter, vote, points) = (rows.row.fields.first(), rows.cell(vote), rows.cell(points));
        let voter = voter.cloned().map(trimmed).unwrap_or_default();
        cast.cast(voter, vote, points, rows.row.line)
            .map_err(|reason| rows.fault(reason))?;
    }
    cast.score(&mut projects)?;
    let (choices, ends, mut warnings) = (cast.choices, cast.ends, cast.lengths.warnings());
    let scale = one_scale(&raw, &mut projects)?;
    warnings.extend(declared_otherwise(
        &raw,
        &projects,
        ends.len(),
        cast.point_scale,
    )?);
    let meta = finish_meta(raw, vote_type, scale, cast.point_scale)?;
    let projects = projects.into_iter().map(|raw| raw.project).collect();
    Ok(Election {
        meta,
        projects,
        warnings,
        point_scale: cast.point_scale,
        choices,
        ends,
    })
}

fn read_vote_type(raw: &RawMeta) -> Result<VoteType, BallotError> {
    let text = raw
        .get("vote_type")
        .ok_or_else(|| fault(raw.end, "META has no vote_type: add it"))?;
    text.parse()
        .map_err(|error: BallotError| fault(raw.line("vote_type"), error.to_string()))
}

/// Gives all costs the scale of the finest, and returns it.
fn one_scale(raw: &RawMeta, projects: &mut [RawProject]) -> Result<u32, BallotError> {
    let budget = raw
        .amount("budget")?
        .ok_or_else(|| fault(raw.end, "META has no budget: add it"))?;
    let scale = projects
        .iter()
        .map(|raw| raw.cost.scale)
        .chain([budget.scale])
        .max()
        .unwrap_or(0);
    let fits = |amount: Amount| {
        amount
            .with_scale(scale)
            .map(|amount| amount.value)
            .filter(|&value| value <= LARGEST_AMOUNT)
    };
    fits(budget).ok_or_else(|| fault(raw.line("budget"), "the budget is too large"))?;
    for raw in projects {
        raw.project.cost =
            fits(raw.cost).ok_or_else(|| fault(raw.line, "the cost is too large"))?;
    }
    Ok(scale)
}

fn finish_meta(
    raw: RawMeta,
    vote_type: VoteType,
    scale: u32,
    point_scale: u32,
) -> Result<Meta, BallotError> {
    let budget = raw
        .amount("budget")?
        .and_then(|budget| budget.with_scale(scale));
    let threshold =
        match raw.amount("min_project_score_threshold")? {
            None => None,
            // Scores are whole multiples of the points' scale, so rounding a finer threshold up is exact.
            Some(amount) if amount.scale > point_scale => {
                let finer = 10_i64.pow(amount.scale - point_scale);
                Some(amount.value.div_euclid(finer) + i64::from(amount.value.rem_euclid(finer) > 0))
            }
            Some(amount) => Some(amount.with_scale(point_scale).map(|a| a.value).ok_or_else(
                || {
                    fault(
                        raw.line("min_project_score_threshold"),
                        "the threshold is too large",
                    )
                },
            )?),
        };
    Ok(Meta {
        budget: budget.unwrap_or_default(),
        vote_type,
        rule: raw.get("rule").map(str::to_owned),
        threshold,
        entries: raw.entries,
    })
}

fn declared_otherwise(
    raw: &RawMeta,
    projects: &[RawProject],
    ballots: usize,
    point_scale: u32,
) -> Result<Vec<String>, BallotError> {
    let mut warnings = Vec::new();
    for (key, counted) in [("num_votes", ballots), ("num_projects", projects.len())] {
        if let Some(declared) = raw.whole(key)?.filter(|&declared| declared != counted) {
            warnings.push(format!(
                "META says {key} {declared}, but the file has {counted}"
            ));
        }
    }
    for RawProject {
        project,
        votes,
        score,
        ..
    } in projects
    {
        let id = &project.id;
        if let Some(declared) = votes.filter(|&declared| declared != i64::from(project.votes)) {
            let counted = project.votes;
            warnings.push(format!(
                "project {id} has {declared} votes in PROJECTS, but {counted} ballots name it"
            ));
        }
        let declared = score.and_then(|score| score.with_scale(point_scale));
        if let Some(declared) = declared.filter(|declared| declared.value != project.score) {
            let counted = Amount {
                value: project.score,
                scale: point_scale,
            };
            warnings.push(format!(
                "project {id} has the score {declared} in PROJECTS, but {counted} by the ballots"
            ));
        }
    }
    if raw
        .get("rule")
        .is_some_and(|rule| Rule::from_meta(rule).is_none())
    {
        let rule = shortened(raw.get("rule").unwrap_or_default());
        warnings.push(format!(
            "META's rule `{rule}` is not counted here: choose a rule"
        ));
    }
    Ok(warnings)
}
