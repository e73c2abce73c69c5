//! A file that waits for its import, and what it would change.

use db::Read;
use kernel::{Context, Timestamp};

use super::preview::{ImportPreview, preview_import};
use crate::commands::waiting;
use crate::import::Findings;
use crate::model::UploadId;
use crate::{Error, ROLL_IMPORT};

/// The dry run of an uploaded file.
#[derive(Clone, Debug)]
pub struct UploadView {
    /// The file's name on the sender's device.
    pub file_name: String,
    /// The file's SHA-256 in hexadecimal.
    pub file_sha256: String,
    /// When it came.
    pub uploaded_at: Timestamp,
    /// What it would change, or all that is wrong with it.
    pub preview: Result<ImportPreview, Findings>,
}

/// Plans the import of an uploaded file and shows it, persons masked.
pub fn upload(read: &mut dyn Read, ctx: &Context, id: UploadId) -> Result<UploadView, Error> {
    ctx.require(ROLL_IMPORT)?;
    let (upload, file) = waiting(read, ctx, id)?;
    let preview = match preview_import(read, ctx, &file.units, file.residents.as_ref()) {
        Ok(preview) => Ok(preview),
        Err(Error::Import(findings)) => Err(findings),
        Err(error) => return Err(error),
    };
    Ok(UploadView {
        file_name: upload.file_name,
        file_sha256: upload.file_sha256,
        uploaded_at: upload.uploaded_at,
        preview,
    })
}
