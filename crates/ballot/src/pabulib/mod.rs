//! Participatory budgets in the Pabulib format (`.pb`, arXiv 2012.06539): reading elections and
//! tallying them by the rules that cities use.
//!
//! | rule | who is funded |
//! |---|---|
//! | `greedy` | by score from the top, skipping what no longer fits |
//! | `greedy-threshold` | the same, of projects that reach the file's `min_project_score_threshold` |
//! | `greedy-no-skip` | by score from the top, stopping at the first that doesn't fit |
//! | `equal-shares` | Method of Equal Shares: voters share the budget equally and pay for what they support |
//! | `equal-shares-add1` | the same, with whole currency units per voter from ⌊B/n⌋ upward until one more would overspend |
//! | `phragmen` | voters earn alike and buy what they support as soon as they can; stops before overspending |
//!
//! `equal-shares-comparison` and `equal-shares-add1-comparison` give way to `greedy` where more
//! voters see more of their projects funded by it.
//!
//! **Scores**: approval and choose-1 count ballots, cumulative and scoring ballots add points,
//! ordinal ballots of k projects give k, k−1, …, 1 points, as the official Pabulib checker does.
//! Equal shares and Phragmén take every project that a ballot names (with points above zero, where
//! it has points) as supported.
//!
//! **Ties** in greedy rules keep the order of the file, as the official checker does. In equal
//! shares and Phragmén the cheaper goes first, then the one with more votes, then the order of the
//! file. Every tie that mattered is listed in the result.
//!
//! All arithmetic is exact: see `chain` for how prices are kept.
//!
//! ```
//! let file = "META\nkey;value\nbudget;10\nvote_type;approval\nrule;equalshares/add1\n\
//!             PROJECTS\nproject_id;cost;name\na;6;Benches\nb;4;Lamps\nc;4;Trees\n\
//!             VOTES\nvoter_id;vote\nv1;a,b\nv2;a,b\nv3;a,c\nv4;c\n";
//! let election = ballot::pabulib::parse(file.as_bytes())?;
//! let tally = ballot::pabulib::tally(&election, None)?;
//! assert_eq!(tally.selected, ["a", "c"]);
//! # Ok::<(), ballot::BallotError>(())
//! ```

mod amount;
mod chain;
mod election;
mod equal_shares;
mod greedy;
mod market;
mod parse;
mod phragmen;
mod tally;
mod text;

pub use amount::Amount;
pub use election::{Election, Meta, Project, Rule, VoteType};
pub use parse::parse;
pub use tally::{Comparison, DecidedBy, Fate, ProjectFate, Tally, Tie, tally};
pub use text::render_text;
