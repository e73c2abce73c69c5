//! After the close: the count, and the board on which everyone can repeat it.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{at_stage, subject};
use crate::Error;
use crate::board::Board;
use crate::model::{COUNT, PollId, Stage};
use crate::store;

/// Counts a closed poll and publishes the board with every ballot.
#[derive(Serialize, Deserialize)]
pub struct CountPoll {
    /// The poll.
    pub poll: PollId,
}

impl Command for CountPoll {
    const NAME: &'static str = "polls.poll.count";
    type Outcome = Vec<usize>;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Vec<usize>, Error> {
        ctx.require(COUNT)?;
        let needed = "the close, and no count yet";
        let poll = at_stage(tx, ctx, self.poll, &[Stage::Closed], needed)?;
        let papers = store::papers(tx, ctx.community, self.poll)?;
        if papers.iter().any(|paper| !paper.confirmed) {
            return Err(Error::PaperWaits);
        }
        let ballots = store::ballots(tx, ctx.community, self.poll)?;
        let progress = store::progress(tx, ctx.community, self.poll)?;
        let board = Board::new(&poll, &ballots, &papers, progress)?;
        let counted = board.count()?;
        let text = crate::to_json("the board", &board)?;
        let sha256: [u8; 32] = Sha256::digest(&text).into();
        let change = Change::new("polls.poll.counted", subject(self.poll)).public(json!({
            "winners": counted.winners(),
            "ballots": board.ballots.len() + board.paper.len(),
            "board_sha256": crate::hex(&sha256),
        }));
        let recorded = record(tx, ctx, change)?;
        store::empty(tx, ctx.community, self.poll)?;
        let published = store::Published {
            result: crate::to_json("the result", &counted)?,
            board: text,
            sha256,
        };
        store::insert_count(tx, ctx, self.poll, published, recorded.position)?;
        Ok(counted.winners().to_vec())
    }
}
