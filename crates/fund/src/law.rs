//! What `policy/community_fund.*` says on a day.

use jiff::civil::Date;
use policy::{Decision, Inputs, Status, builtin};
use serde::Serialize;

use crate::Error;
use crate::model::Standing;

/// What a fund must spend at least, and what of it may be administration at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Charitable spending of last year's income, at least.
    pub spend_of_income: Option<(u64, u64)>,
    /// Charitable spending of last year's net assets, at least.
    pub spend_of_net_assets: Option<(u64, u64)>,
    /// Administration of the year's spending, at most.
    pub administration: Option<(u64, u64)>,
    /// The clauses.
    pub grounds: Vec<Ground>,
}

/// A clause, or that the texts are silent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ground {
    /// Law and article.
    pub citation: String,
    /// Whether the text was read.
    pub verified: bool,
}

/// What would be done with restricted money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// Put to another use.
    OtherPurpose,
    /// Spent on administration or on raising money.
    Administration,
}

/// The ratios for a fund of this standing with these net assets (in fen) at the end of last year.
pub(crate) fn limits(standing: Standing, net_assets: i64, on: Date) -> Result<Limits, Error> {
    let edition = builtin().get("community_fund.ratios")?.on(on)?;
    let yuan = net_assets.max(0) / 100;
    let inputs = Inputs::new()
        .text("standing", standing.name())
        .integer("net_assets_yuan", yuan);
    let told = edition.decide(&inputs)?;
    let ratio = |name| -> Result<Option<(u64, u64)>, Error> {
        Ok(if told.has(name) {
            Some(told.ratio(name)?)
        } else {
            None
        })
    };
    Ok(Limits {
        spend_of_income: ratio("spend_of_income")?,
        spend_of_net_assets: ratio("spend_of_net_assets")?,
        administration: ratio("administration_of_spending")?,
        grounds: grounds(&told),
    })
}

/// What restricted money needs for another use, and by which clause: whether the donor's consent is enough.
pub(crate) fn restriction(of: Restriction, on: Date) -> Result<(bool, Vec<Ground>), Error> {
    let edition = builtin().get("community_fund.purpose")?.on(on)?;
    let word = match of {
        Restriction::OtherPurpose => "other_purpose",
        Restriction::Administration => "administration",
    };
    let told = edition.decide(&Inputs::new().text("use", word))?;
    let by_consent = told.choice("needs")? == "donor_consent";
    Ok((by_consent, grounds(&told)))
}

/// By which clause the operation fund gets a share of surplus.
pub(crate) fn surplus(on: Date) -> Result<Vec<Ground>, Error> {
    let edition = builtin().get("community_fund.surplus")?.on(on)?;
    Ok(grounds(
        &edition.decide(&Inputs::new().text("kind", "construction"))?,
    ))
}

/// Clauses in one line, for a refusal.
pub(crate) fn cited(grounds: &[Ground]) -> String {
    let lines = grounds.iter().map(|ground| ground.citation.as_str());
    lines.collect::<Vec<_>>().join("；")
}

fn grounds(decision: &Decision<'_>) -> Vec<Ground> {
    let record = decision.record();
    let cited = record
        .steps
        .iter()
        .filter_map(|step| step.citation.as_ref());
    cited
        .map(|citation| Ground {
            citation: format!("{}：{}", citation.instrument.title.zh, citation.article),
            verified: citation.status == Status::Verified,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_come_with_their_clauses_and_none_is_taken_for_verified() {
        let day = "2026-11-24".parse().unwrap();
        let public = limits(Standing::PublicFoundation, 0, day).unwrap();
        assert_eq!(
            (public.spend_of_income, public.administration),
            (Some((7, 10)), Some((1, 10)))
        );
        assert!(!public.grounds.is_empty());
        assert!(public.grounds.iter().all(|ground| !ground.verified));
        let large = limits(Standing::Foundation, 6_000_000_000, day).unwrap();
        assert_eq!(large.administration, Some((3, 25)));
        let special = limits(Standing::SpecialFund, 0, day).unwrap();
        assert_eq!(special.administration, None);
    }

    #[test]
    fn another_use_needs_the_donor_and_administration_is_refused() {
        let day = "2026-11-24".parse().unwrap();
        let (by_consent, grounds) = restriction(Restriction::OtherPurpose, day).unwrap();
        assert!(by_consent && cited(&grounds).contains("慈善法"));
        assert!(!restriction(Restriction::Administration, day).unwrap().0);
        assert!(!surplus(day).unwrap().is_empty());
    }
}
