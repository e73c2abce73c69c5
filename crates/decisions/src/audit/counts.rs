//! Whether every result follows: the published record has the journal's hash, and counting again comes to the same.

use std::collections::HashMap;

use db::Read;
use journal::Findings;
use kernel::CommunityId;
use sha2::{Digest, Sha256};

use super::{Counted, Told};
use crate::Error;
use crate::model::ResolutionId;
use crate::record::{self, PublishedRecord};
use crate::store;

pub(super) fn check(
    read: &mut dyn Read,
    community: CommunityId,
    resolutions: &HashMap<ResolutionId, Told>,
    findings: &mut Findings,
) -> Result<(), Error> {
    for (id, told) in resolutions {
        let Some(counted) = &told.counted else {
            continue;
        };
        let unlike = match unlike(read, community, *id, counted) {
            Ok(unlike) => unlike,
            Err(Error::Database(error)) if !matches!(error, db::Error::Column { .. }) => {
                return Err(error.into());
            }
            Err(error) => Some(format!("it can't be counted again: {error}")),
        };
        if let Some(unlike) = unlike {
            let position = counted.position;
            let name = told.name();
            let what = format!("resolution {name}, counted by entry {position}: {unlike}");
            findings.add("resolution_count", what);
        }
    }
    Ok(())
}

fn unlike(
    read: &mut dyn Read,
    community: CommunityId,
    id: ResolutionId,
    counted: &Counted,
) -> Result<Option<String>, Error> {
    let resolution = store::resolution(read, community, id)?;
    for (position, _) in store::counts_before(read, community, id)? {
        let before = store::record_before(read, community, id, position)?;
        if before.is_some_and(|(record, hash)| Sha256::digest(&record).as_slice() != hash) {
            return Ok(Some(format!(
                "the record that entry {position} published is not the one it hashed"
            )));
        }
    }
    let (Some(publication), Some(count)) = (&resolution.publication, &resolution.count) else {
        // The comparison of the tables has told that the row is missing.
        return Ok(None);
    };
    if crate::hex(&Sha256::digest(&count.record)) != counted.record_sha256 {
        return Ok(Some(
            "the published record is not the one it hashed".to_owned(),
        ));
    }
    let rows = store::counted(read, community, id)?;
    let decided = record::decide(read, community, id, &rows, &publication.terms)?;
    if decided.passed != counted.passed {
        let passed = decided.passed;
        return Ok(Some(format!(
            "counted again from the electorate and the votes, passed is {passed}"
        )));
    }
    let corrections = store::published_corrections(read, community, id)?;
    let again = PublishedRecord::new(
        community,
        &resolution,
        publication,
        &decided,
        &rows,
        corrections,
    );
    let Ok(published) = serde_json::from_str::<PublishedRecord>(&count.record) else {
        return Ok(Some("the published record can't be read".to_owned()));
    };
    let same = again.ballots == published.ballots
        && again.without_ballot == published.without_ballot
        && again.corrections == published.corrections
        && again.extended_from == published.extended_from
        && again.election == published.election
        && again.terms == published.terms;
    Ok((!same).then(|| {
        "counted again from the electorate and the votes, another record comes out".to_owned()
    }))
}
