//! Whether the attachments are the files that were attached: their row has the SHA-256 that the journal tells.

use db::Read;
use journal::Findings;
use kernel::CommunityId;
use sha2::{Digest, Sha256};

use crate::Error;
use crate::model::{AttachmentId, ResolutionId};
use crate::store;

/// Reads the files one by one; they are large.
pub(super) fn check(
    read: &mut dyn Read,
    community: CommunityId,
    files: &[(ResolutionId, AttachmentId)],
    findings: &mut Findings,
) -> Result<(), Error> {
    for (resolution, file) in files {
        let Some((hash, content)) = store::attached_content(read, community, *resolution, *file)?
        else {
            continue;
        };
        if Sha256::digest(&content).as_slice() != hash {
            let what = format!(
                "resolution {resolution}, attachment {file}: its content does not have its SHA-256"
            );
            findings.add("resolution_attachment", what);
        }
    }
    Ok(())
}
