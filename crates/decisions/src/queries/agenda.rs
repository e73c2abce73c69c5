//! What an actor may see of meetings and their agendas.

use db::Read;
use kernel::Context;
use people::model::UnitId;

use super::{PAGE, View, view};
use crate::Error;
use crate::model::{AssemblyId, DRAFT, READ, Stage};
use crate::store::{self, Assembly};

/// A meeting with its matters, in the order of its agenda.
pub struct AssemblyView {
    /// The meeting.
    pub assembly: Assembly,
    /// Its matters as this actor sees each.
    pub matters: Vec<View>,
}

impl AssemblyView {
    /// Whether it was published.
    pub fn is_published(&self) -> bool {
        self.matters
            .iter()
            .any(|matter| matter.resolution.publication.is_some())
    }

    /// The actor's own units with which votes can be cast now, each with its building and number.
    pub fn votable(&self) -> Vec<(UnitId, String)> {
        let mut units: Vec<(UnitId, String)> = Vec::new();
        let open = self
            .matters
            .iter()
            .filter(|matter| matter.stage == Stage::Voting);
        for matter in open {
            for own in &matter.own {
                if matter.votable.contains(&own.unit)
                    && units.iter().all(|(unit, _)| *unit != own.unit)
                {
                    units.push((own.unit, format!("{} {}", own.building, own.label)));
                }
            }
        }
        units
    }
}

/// A meeting with its agenda; before its publication only for drafters.
pub fn assembly(read: &mut dyn Read, ctx: &Context, id: AssemblyId) -> Result<AssemblyView, Error> {
    ctx.require(READ)?;
    let assembly = store::assembly(read, ctx.community, id)?;
    let mut matters = Vec::new();
    for (resolution, _) in store::items(read, ctx.community, id)? {
        match view(read, ctx, resolution) {
            Ok(view) => matters.push(view),
            // A draft that the actor may not see.
            Err(Error::NoSuchResolution) => {}
            Err(error) => return Err(error),
        }
    }
    if matters.is_empty() && !ctx.may(DRAFT) {
        return Err(Error::NoSuchAssembly);
    }
    Ok(AssemblyView { assembly, matters })
}

/// The newest meetings, or those before one of them; those that are not published yet are for drafters.
pub fn assemblies(
    read: &mut dyn Read,
    ctx: &Context,
    before: Option<AssemblyId>,
) -> Result<Vec<Assembly>, Error> {
    ctx.require(READ)?;
    let mut all = store::assemblies(read, ctx.community, before, PAGE)?;
    if !ctx.may(DRAFT) {
        let mut published = Vec::new();
        for one in all {
            for (resolution, _) in store::items(read, ctx.community, one.id)? {
                let matter = store::resolution(read, ctx.community, resolution)?;
                if matter.publication.is_some() {
                    published.push(one);
                    break;
                }
            }
        }
        all = published;
    }
    Ok(all)
}
