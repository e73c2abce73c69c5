//! Whether every electorate is the one that its publication froze: the hash of the entry, computed again.

use std::collections::HashMap;

use db::Read;
use journal::Findings;
use kernel::CommunityId;

use super::{Published, Told};
use crate::Error;
use crate::electorate::ElectorateHash;
use crate::model::ResolutionId;
use crate::store;

pub(super) fn check(
    read: &mut dyn Read,
    community: CommunityId,
    resolutions: &HashMap<ResolutionId, Told>,
    findings: &mut Findings,
) -> Result<(), Error> {
    for (id, told) in resolutions {
        if let Some(published) = &told.published {
            check_one(read, community, *id, told, published, findings)?;
        }
    }
    for id in store::electorates(read, community)? {
        let told = resolutions.get(&id);
        if told.is_none_or(|told| told.published.is_none()) {
            let name = told.map_or_else(|| id.to_string(), Told::name);
            let what = format!("resolution {name} has an electorate, and no entry froze one");
            findings.add("elector", what);
        }
    }
    Ok(())
}

fn check_one(
    read: &mut dyn Read,
    community: CommunityId,
    id: ResolutionId,
    told: &Told,
    published: &Published,
    findings: &mut Findings,
) -> Result<(), Error> {
    let Some(frozen) = &published.electors_sha256 else {
        return Ok(());
    };
    let mut hash = ElectorateHash::default();
    let found = store::each_elector(read, community, id, &mut |elector, owners| {
        hash.elector(elector, owners);
    });
    let position = published.position;
    let name = told.name();
    let unlike = match found {
        Err(error @ (Error::Database(db::Error::Column { .. }) | Error::Unreadable { .. })) => {
            Some(error.to_string())
        }
        Err(error) => return Err(error),
        Ok(()) => {
            store::each_elector_owner(read, community, id, &mut |owner, unit| {
                hash.owner(owner, unit);
            })?;
            let (units, heads, area) = hash.totals();
            (hash.finish() != *frozen)
                .then(|| format!("it has {units} units, {heads} heads and {area} × 0.01 m² now"))
        }
    };
    if let Some(unlike) = unlike {
        let what = format!(
            "resolution {name}: units, areas, heads or owners are not those that entry {position} froze; {unlike}"
        );
        findings.add("elector", what);
    }
    Ok(())
}
