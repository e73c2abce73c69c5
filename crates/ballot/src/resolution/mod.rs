//! Counting an owners' vote (业主共同决定): the double majority of heads and of area.
//!
//! **Area** counts unit by unit, as cast. **Heads** follow Art. 9 of the Supreme People's Court's
//! interpretation on differentiated ownership (法释〔2009〕7号, 2020): one unit is one head, but all
//! units of one buyer are one head together, and so are all units that the developer has not sold
//! or not handed over. The same group of co-owners is one buyer; a person who owns one unit alone
//! and another with somebody else is two.
//!
//! **One head, several units.** An owner may mark each unit differently, but has one head. What the
//! owner said outright (for, against, abstain) goes before "follow", and that goes before silence.
//! If an owner said different things outright, the head takes part and counts as abstaining: it
//! must not be counted twice, and nobody may choose for the owner which mark was meant. Such heads
//! are listed in [`Outcome::conflicts`].
//!
//! **The majority** that "follow" and, where the community's rules say so, silence join is the side
//! (for or against) with more heads *and* more area among those who said for or against outright.
//! If heads and area disagree, or either is a tie, there is no majority to follow, and followers
//! count as abstaining. Nobody who follows helps to decide what is followed.
//!
//! **Abstaining** owners take part: they stay in the denominator of consent (Civil Code 278, 参与表决).
//!
//! **Silence** ([`SilenceRule`]) is settled by the community's own rules (建房〔2009〕274号, Art. 26);
//! silence means a ballot that was delivered and not answered. A ballot never delivered
//! ([`Choice::Unserved`]) takes part under no rule. Every outcome shows all three rules.
//!
//! ```
//! use ballot::resolution::{SilenceRule, Requirement, Thresholds, count, parse_csv};
//!
//! // What the law in force demands comes from policy data; here Civil Code 278 for an ordinary matter.
//! let at_least_two_thirds = Requirement::new("2/3".parse()?, false, "Civil Code 278");
//! let more_than_half = Requirement::new("1/2".parse()?, true, "Civil Code 278");
//! let thresholds = Thresholds::of_both(&at_least_two_thirds, &more_than_half);
//!
//! let roll = parse_csv("房号,业主,面积,意见\n\
//!     1-101,王芳,89.53,同意\n1-102,李强;陈静,120.00,反对\n1-201,王芳,60.00,同意\n1-202,赵敏,89.53,未表态\n".as_bytes())?;
//! let outcome = count(&roll.units, &thresholds, SilenceRule::NotCounted)?;
//! assert_eq!((outcome.total.units, outcome.total.heads), (4, 3));
//! assert_eq!(outcome.tally.in_favour.heads, 1);
//! assert!(!outcome.passed());
//! # Ok::<(), ballot::BallotError>(())
//! ```

mod cells;
mod count;
mod csv;
mod outcome;
mod text;
mod thresholds;

use serde::{Deserialize, Serialize};
use units::Area;

use crate::names::named;

pub use count::count;
pub(crate) use csv::decode;
pub use csv::{Roll, Warning, parse_csv};
pub use outcome::{
    Conflict, Measured, Outcome, Reading, Side, Tally, ThresholdCheck, UnitChoice, Votes,
};
pub use text::render_text;
pub use thresholds::{Kind, Measure, Requirement, Thresholds};

/// The largest electorate that is counted at once; a guard, far above any community.
pub const MAX_UNITS: u32 = 1_000_000;

named! {
    /// What stands for a unit in the vote.
    pub enum Choice("choice") {
        /// 赞成.
        For = "for",
        /// 反对.
        Against = "against",
        /// 弃权: takes part, for neither side.
        Abstain = "abstain",
        /// 随多数: takes part, on the side of the majority.
        Follow = "follow",
        /// The ballot was delivered and not answered.
        Silent = "silent",
        /// The ballot was not delivered.
        Unserved = "unserved",
    }
}

named! {
    /// What the community's rules make of a ballot that was delivered and not answered.
    pub enum SilenceRule("rule of silence") {
        /// The silent take no part. The default where the community's rules say nothing.
        NotCounted = "not_counted",
        /// The silent take part and count as abstaining.
        Participates = "participates",
        /// The silent take part on the side of the majority.
        FollowsMajority = "follows_majority",
    }
}

named! {
    /// The matters that owners decide together, after the paragraphs of Civil Code 278.
    /// Only names: which thresholds a matter has is policy data.
    pub enum Matter("matter") {
        /// (1) 制定和修改业主大会议事规则.
        RulesOfProcedure = "rules_of_procedure",
        /// (2) 制定和修改管理规约.
        ManagementCovenant = "management_covenant",
        /// (3) 选举业主委员会或者更换业主委员会成员.
        CommitteeElection = "committee_election",
        /// (4) 选聘和解聘物业服务企业或者其他管理人.
        HirePropertyManager = "hire_property_manager",
        /// (5) 使用建筑物及其附属设施的维修资金.
        UseRepairFund = "use_repair_fund",
        /// (6) 筹集建筑物及其附属设施的维修资金.
        RaiseRepairFund = "raise_repair_fund",
        /// (7) 改建、重建建筑物及其附属设施.
        Rebuild = "rebuild",
        /// (8) 改变共有部分的用途或者利用共有部分从事经营活动.
        ChangeCommonUse = "change_common_use",
        /// (9) 有关共有和共同管理权利的其他重大事项.
        OtherMajor = "other_major",
    }
}

/// A unit (专有部分) and what was cast for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// The unit's number, unique in the electorate.
    pub unit: String,
    /// Whose it is.
    pub owner: Owner,
    /// Its exclusive area, without parking.
    pub area: Area,
    /// What stands for it in the vote.
    pub choice: Choice,
}

/// Who votes for a unit, and so whose head it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The developer (建设单位): the unit is unsold, or sold and not handed over.
    Developer,
    /// One owner, or co-owners; sorted, each once. A name or an id, but the same text must mean the
    /// same person: two people of one name are told apart in the text.
    Owners(Vec<String>),
}

impl Owner {
    /// The owner or co-owners of these names or ids, in whatever order.
    pub fn of<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Self {
        let mut names: Vec<String> = names.into_iter().map(Into::into).collect();
        names.sort_unstable();
        names.dedup();
        Self::Owners(names)
    }
}

impl std::fmt::Display for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Developer => f.write_str("developer"),
            Self::Owners(names) => f.write_str(&names.join(";")),
        }
    }
}
