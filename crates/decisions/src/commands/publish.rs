//! Publication: the law in force is applied, the electorate freezes.

use std::collections::HashMap;

use db::Tx;
use journal::{Change, Command, record};
use kernel::{Context, Window};
use people::model::UnitsCounted;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{at_stage, subject};
use crate::electorate::ElectorateHash;
use crate::model::{PUBLISH, ResolutionId, Stage, Terms, is_unusual};
use crate::store::{self, Elector, Publication, Resolution};
use crate::{Error, law};

/// Publishes a draft: checks notice and window against the rule in force there and then, fixes the thresholds and the
/// community's rules, and freezes who may vote.
#[derive(Serialize, Deserialize)]
pub struct PublishResolution {
    /// The resolution.
    pub resolution: ResolutionId,
    /// Whether a window that may be a slip is meant.
    #[serde(default)]
    pub is_confirmed: bool,
}

impl Command for PublishResolution {
    const NAME: &'static str = "decisions.resolution.publish";
    type Outcome = String;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<String, Error> {
        ctx.require(PUBLISH)?;
        let resolution = at_stage(
            tx,
            ctx,
            self.resolution,
            &[Stage::Draft],
            "the stage before publication",
        )?;
        if store::assembly_of(tx, ctx.community, self.resolution)?.is_some() {
            return Err(Error::OnAgenda);
        }
        let window = resolution.draft.window;
        if is_unusual(window, ctx.now) && !self.is_confirmed {
            // What the law says of the window goes first.
            terms(tx, ctx, &resolution)?;
            let Window { opens, closes } = window;
            return Err(Error::UnusualWindow { opens, closes });
        }
        let frozen = Frozen::now(tx, ctx)?;
        let publication = publish(tx, ctx, &resolution, &frozen)?;
        let change = Change::new("decisions.resolution.published", subject(self.resolution))
            .public(json!({
                "number": publication.number,
                "draft": resolution.draft,
                "terms": publication.terms,
                "electorate": frozen.told(),
            }));
        record(tx, ctx, change)?;
        Ok(publication.number)
    }
}

/// Who may vote, as the roll stood at one moment.
pub(super) struct Frozen {
    electors: Vec<Elector>,
    area: units::Area,
}

impl Frozen {
    /// The electorate of now.
    pub(super) fn now(tx: &mut dyn Tx, ctx: &Context) -> Result<Self, Error> {
        let electors = freeze_electorate(tx, ctx)?;
        let area = units::Area::sum(electors.iter().map(|elector| elector.area))
            .map_err(ballot::BallotError::from)?;
        Ok(Self { electors, area })
    }

    /// What the entry of a publication says of it.
    pub(super) fn told(&self) -> Value {
        json!({
            "units": count(self.electors.len()),
            "heads": heads(&self.electors),
            "area_hundredths": self.area.get(),
            "electors_sha256": ElectorateHash::of(&self.electors),
        })
    }
}

/// Fixes a draft's terms by the rule in force there and then, and who may vote on it. The caller records it.
pub(super) fn publish(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: &Resolution,
    frozen: &Frozen,
) -> Result<Publication, Error> {
    let publication = Publication {
        number: number(tx, ctx)?,
        published_at: ctx.now,
        units: count(frozen.electors.len()),
        heads: heads(&frozen.electors),
        area: frozen.area,
        terms: Terms {
            election: super::election::terms(tx, ctx, resolution.id)?,
            ..terms(tx, ctx, resolution)?
        },
    };
    store::insert_electors(tx, ctx.community, resolution.id, &frozen.electors)?;
    let terms = crate::to_json("terms", &publication.terms)?;
    store::insert_publication(tx, ctx, resolution.id, &publication, terms)?;
    Ok(publication)
}

/// The terms under which a draft is published now, or why it can't be.
fn terms(tx: &mut dyn Tx, ctx: &Context, resolution: &Resolution) -> Result<Terms, Error> {
    let community = people::queries::community(tx, ctx.community)?;
    let rules = store::current_rules(tx, ctx.community)?;
    law::terms(&resolution.draft, &community.place, ctx.now, rules)
}

/// The units that vote, each with its head. All units of the same owner or the same co-owners are one head, the
/// developer's units together one (Interpretation on differentiated ownership of buildings, Arts. 8 and 9).
fn freeze_electorate(tx: &mut dyn Tx, ctx: &Context) -> Result<Vec<Elector>, Error> {
    let mut head_of: HashMap<people::model::Elector, u32> = HashMap::new();
    let mut electors = Vec::new();
    let electorate = people::queries::electorate(tx, ctx.community, UnitsCounted::default())?;
    for unit in electorate.units {
        let next = count(head_of.len()) + 1;
        let head = if unit.is_developers {
            0
        } else {
            *head_of.entry(unit.elector()).or_insert(next)
        };
        electors.push(Elector {
            unit: unit.unit,
            building: unit.label.building,
            label: unit.label.number,
            area: unit.exclusive_area,
            head,
            developer: unit.is_developers,
            owners: unit.owners,
        });
    }
    if electors.is_empty() {
        Err(Error::EmptyElectorate)
    } else {
        Ok(electors)
    }
}

fn heads(electors: &[Elector]) -> u32 {
    let heads: std::collections::HashSet<u32> =
        electors.iter().map(|elector| elector.head).collect();
    count(heads.len())
}

/// The next number of the year, such as `2026-3`.
fn number(tx: &mut dyn Tx, ctx: &Context) -> Result<String, Error> {
    let year = ctx.now.date().year();
    let before = store::published_in_year(tx, ctx.community, year)?;
    Ok(format!("{year}-{}", before + 1))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
