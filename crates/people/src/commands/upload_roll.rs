//! A file is brought for a dry run, and applied once someone has looked at what it would change.

use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ImportRoll, required_text};
use crate::import::{ImportCounts, RollFile};
use crate::model::UploadId;
use crate::store::{self, UploadRow};
use crate::{Error, FieldFault, ROLL_IMPORT};

/// How long a file waits for its import, in seconds.
pub(crate) const KEPT_SECONDS: i64 = 86_400;
/// Signs that a file's name may have.
const FILE_NAME_MAX: usize = 200;

/// Keeps what a file says, sealed, for a dry run and its import: for a day, or until its bringer brings another.
/// The record keeps the file's hash only.
#[derive(Clone, Debug, Serialize)]
pub struct UploadRoll {
    /// The file's name on the sender's device.
    pub file_name: String,
    /// The file's SHA-256 in 64 hexadecimal digits.
    pub file_sha256: String,
    /// What was read from it.
    pub file: RollFile,
}

impl Command for UploadRoll {
    const NAME: &'static str = "people.roll.upload";
    type Outcome = UploadId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<UploadId, Error> {
        ctx.require(ROLL_IMPORT)?;
        let content = serde_json::to_string(&self.file).map_err(|error| journal::Error::Json {
            what: "an uploaded file",
            reason: error.to_string(),
        })?;
        store::delete_uploads_before(tx, ctx, ctx.now.plus_seconds(-KEPT_SECONDS))?;
        store::delete_own_uploads(tx, ctx)?;
        let id = UploadId::from_uuid(ctx.new_uuid());
        let upload = UploadRow {
            file_name: required_text("file", &self.file_name, FILE_NAME_MAX)?,
            file_sha256: self.file_sha256.clone(),
            uploaded_at: ctx.now,
            content,
        };
        store::insert_upload(tx, ctx, id, &upload)?;
        let change = Change::new("people.roll.uploaded", format!("upload/{id}"))
            .public(json!({ "file_sha256": self.file_sha256 }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Imports a file that was brought before, and forgets it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApplyUpload {
    /// The file.
    pub upload: UploadId,
    /// Whether someone looked at the warnings and found the values right.
    pub is_confirmed: bool,
}

impl Command for ApplyUpload {
    const NAME: &'static str = "people.upload.apply";
    type Outcome = ImportCounts;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ImportCounts, Error> {
        ctx.require(ROLL_IMPORT)?;
        let (upload, file) = waiting(tx, ctx, self.upload)?;
        store::delete_upload(tx, ctx, self.upload)?;
        let import = ImportRoll {
            units: file.units,
            residents: file.residents,
            file_sha256: upload.file_sha256,
            is_confirmed: self.is_confirmed,
        };
        import.run(tx, ctx)
    }
}

/// A file that still waits, and what it says.
pub(crate) fn waiting(
    read: &mut dyn Read,
    ctx: &Context,
    id: UploadId,
) -> Result<(UploadRow, RollFile), Error> {
    let upload = store::upload(read, ctx, id)?
        .filter(|upload| upload.uploaded_at.plus_seconds(KEPT_SECONDS) > ctx.now)
        .ok_or(Error::NoSuchUpload { upload: id })?;
    let file = serde_json::from_str(&upload.content).map_err(|_| Error::Field {
        field: "file",
        reason: FieldFault::Malformed,
    })?;
    Ok((upload, file))
}
