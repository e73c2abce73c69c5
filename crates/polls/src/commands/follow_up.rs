//! After a budget's vote: how each winning project comes along.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::budget::round_subject;
use crate::Error;
use crate::model::{CHECK, Picture, ProposalId, Report, ReportId, RoundId};
use crate::store;

/// Reports on a winning proposal: how it stands, what was spent, why it is late; with a picture.
#[derive(Serialize, Deserialize)]
pub struct ReportProgress {
    /// The round.
    pub round: RoundId,
    /// The proposal.
    pub proposal: ProposalId,
    /// What is reported.
    pub report: Report,
    /// A picture, if there is one.
    pub picture: Option<Picture>,
}

impl Command for ReportProgress {
    const NAME: &'static str = "polls.proposal.report";
    type Outcome = ReportId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ReportId, Error> {
        ctx.require(CHECK)?;
        self.report.check()?;
        let media_type = match &self.picture {
            Some(picture) => Some(picture.media_type()?),
            None => None,
        };
        let proposal = store::proposal(tx, ctx.community, self.round, self.proposal)?;
        let round = store::round(tx, ctx.community, self.round)?;
        let poll = round.poll.ok_or(Error::NotFunded)?;
        let poll = store::poll(tx, ctx.community, poll)?;
        let has_won = poll.counted.is_some_and(|(counted, _)| {
            let won = counted.winners().iter();
            let mut won = won.filter_map(|place| poll.draft.options.get(*place)?.project.as_ref());
            won.any(|project| project.proposal == proposal.id)
        });
        if !has_won {
            return Err(Error::NotFunded);
        }
        let id = ReportId::from_uuid(ctx.new_uuid());
        let picture = self.picture.as_ref().zip(media_type);
        store::insert_report(tx, ctx, self.proposal, id, &self.report, picture)?;
        let shown = picture.map(|(picture, media_type)| {
            let sha256: [u8; 32] = Sha256::digest(&picture.content).into();
            json!({ "shows": picture.shows, "media_type": media_type, "sha256": crate::hex(&sha256) })
        });
        let change =
            Change::new("polls.proposal.reported", round_subject(self.round)).public(json!({
                "proposal": self.proposal,
                "id": id,
                "report": self.report,
                "picture": shown,
            }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}
