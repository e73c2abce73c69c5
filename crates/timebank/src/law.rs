//! What a city's scheme says on a day, from `policy/time_bank.*`.

use jiff::civil::Date;
use policy::{Decision, Inputs, Status, builtin};
use serde::Serialize;

use crate::Error;
use crate::model::{Bond, Scheme};

/// Whether the community has found an elder to be in hardship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not so.
    Ordinary,
    /// So.
    Hardship,
}

/// What a scheme says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Law {
    /// From which age one may volunteer.
    pub volunteer_from_age: Option<i64>,
    /// From which age hours buy care.
    pub redeem_from_age: Option<i64>,
    /// The most minutes of one person; more goes to the pool.
    pub cap_minutes: Option<i64>,
    /// Minutes that everybody begins with.
    pub starting_minutes: Option<i64>,
    /// To whom hours may be given.
    pub gift_to: Vec<Bond>,
    /// From which age the pool serves those whom the community found entitled.
    pub pool_from_age: Option<i64>,
    /// Whether a team's hours can only be donated.
    pub team_to_pool: bool,
    /// The clauses.
    pub grounds: Vec<Ground>,
}

/// A clause, or that the texts are silent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ground {
    /// Law and article, or where it was looked for.
    pub citation: String,
    /// Whether the text was read.
    pub verified: bool,
}

/// What a scheme says on a day for an elder of this standing.
pub(crate) fn law(scheme: Scheme, standing: Standing, on: Date) -> Result<Law, Error> {
    let standing = match standing {
        Standing::Ordinary => "ordinary",
        Standing::Hardship => "hardship",
    };
    let edition = builtin().get(scheme.policy())?.on(on)?;
    let told = edition.decide(&Inputs::new().text("standing", standing))?;
    let hours = |name| -> Result<Option<i64>, Error> {
        let hours = told.optional_integer(name)?;
        Ok(hours.map(|hours| hours.saturating_mul(60)))
    };
    let gift_to = told.choices("gift_to")?;
    Ok(Law {
        volunteer_from_age: told.optional_integer("volunteer_from_age")?,
        redeem_from_age: told.optional_integer("redeem_from_age")?,
        cap_minutes: hours("personal_cap_hours")?,
        starting_minutes: hours("starting_hours")?,
        gift_to: gift_to.into_iter().filter_map(Bond::from_name).collect(),
        pool_from_age: told.optional_integer("pool_from_age")?,
        team_to_pool: told.has("team_hours_to_pool") && told.flag("team_hours_to_pool")?,
        grounds: grounds(&told),
    })
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
    fn every_scheme_answers_today_and_none_is_taken_for_verified() {
        let day = "2026-11-23".parse().unwrap();
        for scheme in Scheme::ALL {
            for standing in [Standing::Ordinary, Standing::Hardship] {
                let law = law(*scheme, standing, day).unwrap();
                assert!(!law.gift_to.is_empty(), "{scheme:?}");
                assert!(law.grounds.iter().all(|ground| !ground.verified));
            }
        }
        assert!(
            law(
                Scheme::Shanghai,
                Standing::Ordinary,
                "2025-12-31".parse().unwrap()
            )
            .is_err()
        );
    }
}
