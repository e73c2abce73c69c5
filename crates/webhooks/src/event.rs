//! An entry as a CloudEvent 1.0, in the JSON event format: what leaves for a webhook.

use journal::Entry;
use kernel::CommunityId;
use serde::Serialize;
use serde_json::Value;

use crate::held::Held;

/// What begins every event's type.
const TYPE_PREFIX: &str = "cn.linli.";

/// An event. Its `data` holds the public part of the entry only.
#[derive(Debug, Serialize)]
pub struct Event {
    specversion: &'static str,
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: String,
    subject: String,
    time: String,
    datacontenttype: &'static str,
    data: Data,
}

#[derive(Debug, Serialize)]
struct Data {
    community: CommunityId,
    position: u64,
    leaf_hash: String,
    public: Value,
}

/// The id of the event of an entry, the same at every try: `COMMUNITY/POSITION`.
pub fn event_id(community: CommunityId, position: u64) -> String {
    format!("{community}/{position}")
}

impl Event {
    /// The event of an entry as receivers may see it now, from the server at `public_url`.
    ///
    /// # Errors
    /// [`journal::Error::Json`] for a damaged entry.
    pub(crate) fn of(entry: &Entry, held: &Held, public_url: &str) -> Result<Self, journal::Error> {
        let shown = held.shown(entry);
        Ok(Self {
            specversion: "1.0",
            id: event_id(entry.community, entry.position),
            source: format!("{}/c/{}", public_url.trim_end_matches('/'), entry.community),
            kind: format!("{TYPE_PREFIX}{}", shown.kind),
            subject: shown.subject.clone(),
            time: entry.at.rfc3339(),
            datacontenttype: "application/json",
            data: Data {
                community: entry.community,
                position: entry.position,
                leaf_hash: entry.canonical().leaf_hash().to_string(),
                public: shown.public_value()?,
            },
        })
    }

    /// The body to send.
    ///
    /// # Errors
    /// [`journal::Error::Json`], if it can't be written.
    pub fn to_json(&self) -> Result<String, journal::Error> {
        serde_json::to_string(self).map_err(|error| journal::Error::Json {
            what: "an event",
            reason: error.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Timestamp, Uuid};

    use super::*;

    #[test]
    fn an_entry_becomes_a_cloud_event_without_its_actor() {
        let entry = Entry {
            community: CommunityId::from_uuid(Uuid::from_u128(1)),
            position: 7,
            at: Timestamp::from_micros(1_795_453_500_000_000),
            actor: Uuid::from_u128(0xabcd_ef00_1234),
            kind: "decisions.vote.cast".to_owned(),
            subject: "resolution/9".to_owned(),
            public: r#"{"revision":2}"#.to_owned(),
            commitment: Some(proof::Hash([3; 32])),
            nodes: Vec::new(),
        };
        let json = Event::of(&entry, &Held::default(), "https://linli.example/")
            .unwrap()
            .to_json()
            .unwrap();
        let event: Value = serde_json::from_str(&json).unwrap();
        let community = "00000000-0000-0000-0000-000000000001";
        let leaf_hash = entry.canonical().leaf_hash().to_string();
        assert_eq!(
            event,
            serde_json::json!({
                "specversion": "1.0",
                "id": format!("{community}/7"),
                "source": format!("https://linli.example/c/{community}"),
                "type": "cn.linli.decisions.vote.cast",
                "subject": "resolution/9",
                "time": "2026-11-24T01:05:00+08:00",
                "datacontenttype": "application/json",
                "data": {
                    "community": community,
                    "position": 7,
                    "leaf_hash": leaf_hash,
                    "public": { "revision": 2 },
                },
            })
        );
        assert!(!json.contains("abcdef001234"));
    }
}
