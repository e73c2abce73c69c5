//! Files that wait between the dry run and the import: sealed, and gone soon.

use db::{Read, Tx};
use kernel::{Context, Timestamp};

use super::{DELETE_UPLOAD, DELETE_UPLOADS_BEFORE, DELETE_UPLOADS_BY, INSERT_UPLOAD, UPLOAD};
use crate::Error;
use crate::model::UploadId;

/// The purpose under which uploaded files are sealed.
const FILE: &str = "people.upload";

/// An uploaded file as it waits.
pub(crate) struct UploadRow {
    pub(crate) file_name: String,
    pub(crate) file_sha256: String,
    pub(crate) uploaded_at: Timestamp,
    /// What was read from it, as JSON.
    pub(crate) content: String,
}

pub(crate) fn insert_upload(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: UploadId,
    upload: &UploadRow,
) -> Result<(), Error> {
    let sealed = ctx
        .vault
        .seal(&ctx.random, ctx.community, FILE, &upload.content)?;
    tx.execute(
        INSERT_UPLOAD,
        &[
            ctx.community.into(),
            id.into(),
            ctx.actor.uuid().into(),
            upload.uploaded_at.into(),
            upload.file_name.as_str().into(),
            upload.file_sha256.as_str().into(),
            sealed.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn upload(
    read: &mut dyn Read,
    ctx: &Context,
    id: UploadId,
) -> Result<Option<UploadRow>, Error> {
    let Some(row) = read.query_one(UPLOAD, &[ctx.community.into(), id.into()])? else {
        return Ok(None);
    };
    let sealed: Vec<u8> = row.get(3)?;
    Ok(Some(UploadRow {
        file_name: row.get(0)?,
        file_sha256: row.get(1)?,
        uploaded_at: row.get(2)?,
        content: ctx.vault.open(ctx.community, FILE, &sealed)?,
    }))
}

pub(crate) fn delete_upload(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: UploadId,
) -> Result<u64, db::Error> {
    tx.execute(DELETE_UPLOAD, &[ctx.community.into(), id.into()])
}

/// Forgets the actor's earlier files: a corrected one takes their place.
pub(crate) fn delete_own_uploads(tx: &mut dyn Tx, ctx: &Context) -> Result<u64, db::Error> {
    tx.execute(
        DELETE_UPLOADS_BY,
        &[ctx.community.into(), ctx.actor.uuid().into()],
    )
}

/// Forgets the files that came before an instant; says how many.
pub(crate) fn delete_uploads_before(
    tx: &mut dyn Tx,
    ctx: &Context,
    instant: Timestamp,
) -> Result<u64, db::Error> {
    tx.execute(
        DELETE_UPLOADS_BEFORE,
        &[ctx.community.into(), instant.into()],
    )
}
