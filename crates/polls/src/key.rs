//! A poll's key is made beside the lane, because that takes up to seconds, and only for who may publish this poll now.

use credential::Issuer;
use shell::{Failure, Member};

use crate::model::{DRAFT, PollId, Stage};
use crate::{Error, queries};

/// A new key for a draft that the member may publish, in PKCS#8.
pub(crate) async fn fresh(member: &Member, poll: PollId) -> Result<Vec<u8>, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, poll))
        .await?;
    if view.stage != Stage::Draft {
        let needed = "the stage before publication";
        let stage = view.stage;
        return Err(Error::WrongStage { stage, needed }.into());
    }
    let random = member.app().randomness()?;
    let make = move || Issuer::generate(&mut || random.next_32())?.to_der();
    let key = tokio::task::spawn_blocking(make)
        .await
        .map_err(|error| Failure::internal("making the poll's key", &error))?;
    Ok(key.map_err(Error::from)?)
}
