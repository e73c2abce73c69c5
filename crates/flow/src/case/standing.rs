//! Which events count: each once, none that was retracted, in order of time.

use std::collections::{BTreeMap, BTreeSet};

use policy::Text;

use crate::{Error, Event, What};

/// The events that count, in order of time and, within the same moment, of the list.
pub(crate) fn standing(events: &[Event]) -> Result<Vec<&Event>, Error> {
    let mut first: BTreeMap<&str, &Event> = BTreeMap::new();
    let mut retracted: BTreeSet<&str> = BTreeSet::new();
    let mut kept = Vec::new();
    for event in events {
        let refuse = |reason: Text| Error::Event {
            id: event.id.clone(),
            at: event.at.to_string(),
            reason,
        };
        match first.insert(&event.id, event) {
            None => kept.push(event),
            Some(same) if same == event => {}
            Some(_) => {
                return Err(refuse(Text::new(
                    "另一条记录用了同一编号；请各用其号，有误则更正",
                    "another event has the same id; give each its own, and retract to correct",
                )));
            }
        }
    }
    for event in &kept {
        if let What::Retracted { of, .. } = &event.what {
            let known = first
                .get(of.as_str())
                .filter(|one| !matches!(one.what, What::Retracted { .. }));
            if known.is_none() {
                return Err(Error::Event {
                    id: event.id.clone(),
                    at: event.at.to_string(),
                    reason: Text::new(
                        format!("没有可更正的记录“{of}”"),
                        format!("there is no event `{of}` to retract"),
                    ),
                });
            }
            retracted.insert(of);
        }
    }
    kept.retain(|event| {
        !retracted.contains(event.id.as_str()) && !matches!(event.what, What::Retracted { .. })
    });
    kept.sort_by_key(|event| event.at);
    Ok(kept)
}
