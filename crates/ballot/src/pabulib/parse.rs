//! Reading a `.pb` file: META, PROJECTS and VOTES, parted by `;`, quoted as CSV, in UTF-8.
//! The first fault is reported with its line; what merely looks wrong is a warning.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::election::{Election, Meta, Project, VoteType};
use super::{Amount, Rule};
use crate::BallotError;
use crate::rows::{Row, Rows};

/// The most projects and ballots that one file may hold.
const MOST_PROJECTS: usize = 100_000;
const MOST_BALLOTS: usize = 20_000_000;
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

/// Rows that know where a section ends.
struct Reader<'t> {
    rows: Rows<'t>,
    row: Row<'t>,
}

const SECTIONS: [&str; 3] = ["META", "PROJECTS", "VOTES"];

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let row = Row {
            line: 1,
            fields: Vec::new(),
        };
        Self {
            rows: Rows::new(text, b';').lenient(),
            row,
        }
    }

    fn read(&mut self) -> Result<bool, BallotError> {
        loop {
            match self.rows.read(&mut self.row) {
                Err((line, broken)) => return Err(fault(line, broken.reason())),
                Ok(true) if self.row.fields.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(more) => return Ok(more),
            }
        }
    }

    /// The name of a section, if the row is one.
    fn marker(&self) -> Option<&'static str> {
        let first = self.row.fields.first()?.trim();
        let rest = self.row.fields.iter().skip(1);
        let name = SECTIONS
            .into_iter()
            .find(|name| name.eq_ignore_ascii_case(first))?;
        rest.clone()
            .all(|cell| cell.trim().is_empty())
            .then_some(name)
    }

    /// Takes the row that opens a section.
    fn section(&mut self, name: &str) -> Result<(), BallotError> {
        if self.read()? && self.marker() == Some(name) {
            return Ok(());
        }
        let line = self.row.line;
        Err(fault(
            line,
            format!("the section {name} must stand here, in a line of its own"),
        ))
    }

    /// Takes a row of the section; false where the next section (`Some`) or the file ends it.
    fn row_before(&mut self, next: Option<&str>) -> Result<bool, BallotError> {
        let line = self.row.line;
        if !self.read()? {
            return match next {
                None => Ok(false),
                Some(next) => Err(fault(
                    line,
                    format!("the file ends before the section {next}"),
                )),
            };
        }
        match self.marker() {
            None => Ok(true),
            Some(found) if Some(found) == next => Ok(false),
            Some(found) => Err(fault(
                self.row.line,
                format!(
                    "the section {found} stands here: sections are META, PROJECTS, VOTES, once each, in this order"
                ),
            )),
        }
    }

    /// The header of a section: its columns by name.
    fn header(&mut self, first: &str) -> Result<HashMap<String, usize>, BallotError> {
        let line = self.row.line;
        if !self.read()? || self.marker().is_some() {
            return Err(fault(
                line,
                format!("a header that begins with {first} must follow"),
            ));
        }
        let mut columns = HashMap::new();
        for (index, cell) in self.row.fields.iter().enumerate() {
            let name = cell.trim().to_lowercase();
            if index == 0 && name != first {
                let found = shortened(&name);
                return Err(fault(
                    self.row.line,
                    format!("the first column must be {first}, not `{found}`"),
                ));
            }
            if !name.is_empty() && columns.insert(name, index).is_some() {
                let name = shortened(cell.trim());
                return Err(fault(
                    self.row.line,
                    format!("the column {name} stands twice"),
                ));
            }
        }
        Ok(columns)
    }

    fn cell(&self, column: Option<usize>) -> &str {
        let cell = column.and_then(|column| self.row.fields.get(column));
        cell.map_or("", |cell| cell.trim())
    }

    fn fault(&self, reason: impl Into<String>) -> BallotError {
        fault(self.row.line, reason)
    }
}

/// META as it stands, with the lines on which the keys stand.
struct RawMeta {
    entries: BTreeMap<String, String>,
    lines: HashMap<String, usize>,
    end: usize,
}

impl RawMeta {
    fn get(&self, key: &str) -> Option<&str> {
        self.entries
            .get(key)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    fn line(&self, key: &str) -> usize {
        self.lines.get(key).copied().unwrap_or(self.end)
    }

    fn amount(&self, key: &str) -> Result<Option<Amount>, BallotError> {
        let Some(text) = self.get(key) else {
            return Ok(None);
        };
        Amount::parse(text).map(Some).ok_or_else(|| {
            let reason = format!(
                "{key} is `{}`: write a number such as 100000 or 99.50",
                shortened(text)
            );
            fault(self.line(key), reason)
        })
    }

    fn whole(&self, key: &str) -> Result<Option<usize>, BallotError> {
        let Some(text) = self.get(key) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            fault(
                self.line(key),
                format!("{key} is `{}`: write a whole number", shortened(text)),
            )
        })
    }
}

fn read_meta(rows: &mut Reader<'_>) -> Result<RawMeta, BallotError> {
    rows.header("key")?;
    let mut meta = RawMeta {
        entries: BTreeMap::new(),
        lines: HashMap::new(),
        end: 0,
    };
    while rows.row_before(Some("PROJECTS"))? {
        let (key, value) = (rows.cell(Some(0)).to_owned(), rows.cell(Some(1)).to_owned());
        if meta.entries.insert(key.clone(), value).is_some() {
            return Err(rows.fault(format!("the key {} stands twice", shortened(&key))));
        }
        meta.lines.insert(key, rows.row.line);
    }
    meta.end = rows.row.line;
    Ok(meta)
}

/// A project before all amounts have one scale.
struct RawProject {
    project: Project,
    cost: Amount,
    line: usize,
    votes: Option<i64>,
    score: Option<Amount>,
}

fn read_projects(
    rows: &mut Reader<'_>,
    meta: RawMeta,
) -> Result<(RawMeta, Vec<RawProject>), BallotError> {
    let columns = rows.header("project_id")?;
    let column = |name: &str| columns.get(name).copied();
    if column("cost").is_none() {
        return Err(rows.fault("the column cost is missing from PROJECTS"));
    }
    let mut projects = Vec::new();
    let mut ids = HashSet::new();
    while rows.row_before(Some("VOTES"))? {
        let id = rows.cell(Some(0)).to_owned();
        if id.is_empty() || id.contains(',') {
            return Err(rows.fault("a project's id must not be empty or contain a comma"));
        }
        if !ids.insert(id.clone()) {
            return Err(rows.fault(format!("the project {} stands twice", shortened(&id))));
        }
        let cost = Amount::parse(rows.cell(column("cost"))).ok_or_else(|| {
            let found = shortened(rows.cell(column("cost")));
            rows.fault(format!(
                "the cost is `{found}`: write a number such as 100000 or 99.50"
            ))
        })?;
        let selected = match rows.cell(column("selected")) {
            "" => None,
            text => Some(text.parse().ok().filter(|&n| n <= 3).ok_or_else(|| {
                rows.fault(format!(
                    "selected is `{}`: write 0, 1, 2 or 3",
                    shortened(text)
                ))
            })?),
        };
        let name = rows.cell(column("name")).to_owned();
        projects.push(RawProject {
            project: Project {
                id,
                name,
                cost: 0,
                votes: 0,
                score: 0,
                selected,
            },
            cost,
            line: rows.row.line,
            votes: rows.cell(column("votes")).parse().ok(),
            score: Amount::parse(rows.cell(column("score"))),
        });
        if projects.len() > MOST_PROJECTS {
            return Err(rows.fault(format!("there are more than {MOST_PROJECTS} projects")));
        }
    }
    if projects.is_empty() {
        return Err(rows.fault("there is no project to vote on"));
    }
    Ok((meta, projects))
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

/// The ballots cast so far, and what they add up to.
struct BallotBox<'p, 't> {
    vote_type: VoteType,
    by_id: HashMap<&'p str, u32>,
    voters: HashSet<Cow<'t, str>>,
    choices: Vec<u32>,
    ends: Vec<usize>,
    votes: Vec<u32>,
    /// Points by project and number of decimals, added up once the finest is known.
    points: BTreeMap<u32, Vec<i64>>,
    point_scale: u32,
    lengths: Lengths,
    /// The projects named by the ballot at hand.
    seen: Vec<u32>,
}

impl<'p, 't> BallotBox<'p, 't> {
    fn new(ids: &'p [String], vote_type: VoteType, raw: &RawMeta) -> Result<Self, BallotError> {
        Ok(Self {
            vote_type,
            by_id: (0..)
                .zip(ids)
                .map(|(index, id)| (id.as_str(), index))
                .collect(),
            voters: HashSet::new(),
            choices: Vec::new(),
            ends: Vec::new(),
            votes: vec![0; ids.len()],
            points: BTreeMap::new(),
            point_scale: 0,
            lengths: Lengths {
                least: raw.whole("min_length")?,
                most: raw.whole("max_length")?,
                ..Lengths::default()
            },
            seen: Vec::new(),
        })
    }

    fn cast(
        &mut self,
        voter: Cow<'t, str>,
        vote: &str,
        points: &str,
        line: usize,
    ) -> Result<(), String> {
        if voter.is_empty() {
            return Err("the voter_id is empty".to_owned());
        }
        if self.ends.len() >= MOST_BALLOTS {
            return Err(format!("there are more than {MOST_BALLOTS} ballots"));
        }
        if self.voters.contains(&voter) {
            return Err(format!(
                "the voter {} stands twice: leave one ballot",
                shortened(&voter)
            ));
        }
        self.voters.insert(voter);
        self.seen.clear();
        let named = listed(vote).count();
        let mut given = listed(points);
        let has_points = !points.is_empty();
        let wants_points = matches!(self.vote_type, VoteType::Cumulative | VoteType::Scoring);
        if wants_points && !has_points && named > 0 {
            return Err(format!(
                "the ballot has no points, but the vote type is {}",
                self.vote_type
            ));
        }
        let reads_points = wants_points || (has_points && self.vote_type == VoteType::Ordinal);
        if reads_points && given.clone().count() != named {
            return Err(format!(
                "the ballot names {named} projects but gives {} points",
                given.count()
            ));
        }
        if self.vote_type == VoteType::Choose1 && named != 1 {
            return Err(format!(
                "the ballot names {named} projects, but the vote type is choose-1"
            ));
        }
        self.lengths.see(named, line);
        for (rank, id) in listed(vote).enumerate() {
            let index = *self.by_id.get(id).ok_or_else(|| {
                format!(
                    "the ballot names the project {}, which is not among PROJECTS",
                    shortened(id)
                )
            })?;
            let points = given.next();
            if self.seen.contains(&index) {
                // One ballot is one vote: it counts once, with what it gave first.
                self.lengths.repeat(line);
                continue;
            }
            self.seen.push(index);
            let worth = match self.vote_type {
                _ if reads_points => read_points(points.unwrap_or_default(), self.vote_type)?,
                VoteType::Ordinal => whole(named - rank),
                _ => Amount { value: 1, scale: 0 },
            };
            self.add(index, worth)?;
        }
        self.ends.push(self.choices.len());
        Ok(())
    }

    fn add(&mut self, index: u32, worth: Amount) -> Result<(), String> {
        let slot = usize::try_from(index).unwrap_or(usize::MAX);
        if let Some(votes) = self.votes.get_mut(slot) {
            *votes = votes.saturating_add(1);
        }
        self.point_scale = self.point_scale.max(worth.scale);
        let projects = self.votes.len();
        let scores = self
            .points
            .entry(worth.scale)
            .or_insert_with(|| vec![0; projects]);
        if let Some(score) = scores.get_mut(slot) {
            *score = score
                .checked_add(worth.value)
                .ok_or("the points are too large")?;
        }
        // Only what a voter gives something to is supported.
        if worth.value > 0 || self.vote_type == VoteType::Ordinal {
            self.choices.push(index);
        }
        Ok(())
    }

    fn score(&self, projects: &mut [RawProject]) -> Result<(), BallotError> {
        let too_large = |raw: &RawProject| fault(raw.line, "the project's points are too large");
        for (index, raw) in projects.iter_mut().enumerate() {
            raw.project.votes = self.votes.get(index).copied().unwrap_or(0);
            for (&scale, scores) in &self.points {
                let part = Amount {
                    value: scores.get(index).copied().unwrap_or(0),
                    scale,
                };
                let part = part
                    .with_scale(self.point_scale)
                    .ok_or_else(|| too_large(raw))?;
                let score = raw.project.score.checked_add(part.value);
                raw.project.score = score.ok_or_else(|| too_large(raw))?;
            }
        }
        Ok(())
    }
}

fn trimmed(cell: Cow<'_, str>) -> Cow<'_, str> {
    match cell {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

fn listed(cell: &str) -> impl Iterator<Item = &str> + Clone {
    cell.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

fn whole(number: usize) -> Amount {
    Amount {
        value: i64::try_from(number).unwrap_or(i64::MAX),
        scale: 0,
    }
}

fn read_points(text: &str, vote_type: VoteType) -> Result<Amount, String> {
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) if vote_type == VoteType::Scoring => (-1, size),
        _ => (1, text),
    };
    let amount = Amount::parse(size).ok_or_else(|| {
        format!(
            "`{}` is no number of points: write one such as 3",
            shortened(text)
        )
    })?;
    Ok(Amount {
        value: sign * amount.value,
        scale: amount.scale,
    })
}

/// Ballots that name fewer or more projects than META allows, or one twice: they count, with a
/// warning.
#[derive(Default)]
struct Lengths {
    least: Option<usize>,
    most: Option<usize>,
    outside: Noticed,
    repeated: Noticed,
}

/// How often something was noticed, and where first.
#[derive(Default)]
struct Noticed {
    times: usize,
    first_line: usize,
}

impl Noticed {
    fn at(&mut self, line: usize) {
        self.first_line = if self.times == 0 {
            line
        } else {
            self.first_line
        };
        self.times += 1;
    }
}

impl Lengths {
    fn see(&mut self, named: usize, line: usize) {
        let too_few = self.least.is_some_and(|least| named < least);
        let too_many = self.most.is_some_and(|most| named > most);
        if too_few || too_many {
            self.outside.at(line);
        }
    }

    fn repeat(&mut self, line: usize) {
        self.repeated.at(line);
    }

    fn warnings(&self) -> Vec<String> {
        let texts = [
            (
                &self.outside,
                "ballots with fewer or more projects than META allows; they were counted",
            ),
            (
                &self.repeated,
                "repetitions of a project on one ballot; each was counted once",
            ),
        ];
        let noticed = texts.into_iter().filter(|(noticed, _)| noticed.times > 0);
        noticed
            .map(|(Noticed { times, first_line }, what)| {
                format!("{times} {what} (line {first_line} first)")
            })
            .collect()
    }
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
