//! Reading another person's data unmasked is an act of its own, on the record.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{REASON_LIMIT, text};
use crate::Error;
use crate::model::READ_PERSONAL_DATA;

/// Someone who may reads fields of another person unmasked, and says why.
#[derive(Debug, Serialize)]
pub struct ReadPersonalData {
    /// Whose, as in the journal: `account/ID`, `owner/ID`.
    pub subject: String,
    /// Which fields: `name`, `phone`.
    pub fields: Vec<String>,
    /// Why.
    pub reason: String,
}

/// The proof that a reading stands in the record; functions that open personal data ask for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    subject: String,
    fields: Vec<String>,
}

impl Disclosure {
    /// Whether it covers this field of this subject.
    pub fn covers(&self, subject: &str, field: &str) -> bool {
        self.subject == subject && self.fields.iter().any(|covered| covered == field)
    }
}

/// Most fields of one reading.
const FIELDS: usize = 20;
/// Most characters of a subject or a field's name.
const WORD_LIMIT: usize = 100;

impl Command for ReadPersonalData {
    const NAME: &'static str = "identity.personal_data.read";
    type Outcome = Disclosure;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Disclosure, Error> {
        ctx.require(READ_PERSONAL_DATA)?;
        let subject = text("subject", &self.subject, WORD_LIMIT)?;
        let reason = text("reason", &self.reason, REASON_LIMIT)?;
        if self.fields.is_empty() || self.fields.len() > FIELDS {
            return Err(Error::InvalidText {
                field: "fields",
                limit: FIELDS,
            });
        }
        for field in &self.fields {
            text("fields", field, WORD_LIMIT)?;
        }
        let change = Change::new("identity.personal_data.read", subject)
            .public(json!({ "fields": self.fields }))
            .private(json!({ "reason": reason }));
        record(tx, ctx, change)?;
        Ok(Disclosure {
            subject: subject.to_owned(),
            fields: self.fields.clone(),
        })
    }
}
