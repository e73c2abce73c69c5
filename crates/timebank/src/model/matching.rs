//! Who fits a request, and why: reasons that a volunteer and the staff can read, never a hidden score.

use kernel::AccountId;
use serde::Serialize;

use super::{Gender, ServiceId, Slot};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which service.
    pub service: ServiceId,
    /// When.
    pub slot: Slot,
    /// In which building.
    pub building: String,
    /// What the elder speaks.
    pub languages: Vec<String>,
    /// Whom the elder wishes for.
    pub gender: Option<Gender>,
}

/// A volunteer as far as matching needs to know.
#[derive(Clone, Debug)]
pub struct Helper {
    /// Their login.
    pub account: AccountId,
    /// Their gender.
    pub gender: Gender,
    /// What they speak.
    pub languages: Vec<String>,
    /// What they can do; empty for anything.
    pub skills: Vec<ServiceId>,
    /// When they have time.
    pub slots: Vec<Slot>,
    /// The buildings in which they live or own.
    pub buildings: Vec<String>,
    /// How often they have visited this elder before.
    pub visits: u32,
}

/// Why somebody fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FitReason)]
pub enum Reason {
    /// The elder knows them: so many visits.
    Known(u32),
    /// They speak the elder's language or dialect.
    Speaks(String),
    /// They have time then.
    Free,
    /// They live in the same building.
    SameBuilding,
    /// They named this service as theirs.
    Skilled,
    /// As the elder wished.
    GenderWished,
}

impl Reason {
    /// What counts more: a known face, then being understood, then the rest.
    const fn weight(&self) -> u32 {
        match self {
            Self::Known(_) => 8,
            Self::Speaks(_) => 4,
            Self::Free => 3,
            Self::SameBuilding | Self::Skilled => 2,
            Self::GenderWished => 1,
        }
    }
}

/// That somebody may accept, with the reasons, those that count most first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = VolunteerFit)]
pub struct Fit {
    /// Why.
    pub reasons: Vec<Reason>,
}

impl Fit {
    /// For sorting: more is better.
    pub fn weight(&self) -> u32 {
        self.reasons.iter().map(Reason::weight).sum()
    }
}

/// Why somebody may not accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The elder wishes for somebody of the other gender.
    Gender,
    /// They named other services as theirs.
    Skill,
}

/// Whether a volunteer fits, and why. What is only inconvenient (another time, another dialect) doesn't exclude.
pub fn fit(wanted: &Wanted, helper: &Helper) -> Result<Fit, Unfit> {
    if wanted.gender.is_some_and(|wish| wish != helper.gender) {
        return Err(Unfit::Gender);
    }
    let is_named = helper.skills.contains(&wanted.service);
    if !is_named && !helper.skills.is_empty() {
        return Err(Unfit::Skill);
    }
    let spoken = wanted
        .languages
        .iter()
        .find(|language| helper.languages.contains(language));
    let mut reasons = Vec::new();
    reasons.extend((helper.visits > 0).then_some(Reason::Known(helper.visits)));
    reasons.extend(spoken.cloned().map(Reason::Speaks));
    reasons.extend(helper.slots.contains(&wanted.slot).then_some(Reason::Free));
    let lives_there = helper.buildings.contains(&wanted.building);
    reasons.extend(lives_there.then_some(Reason::SameBuilding));
    reasons.extend(is_named.then_some(Reason::Skilled));
    reasons.extend(wanted.gender.map(|_| Reason::GenderWished));
    Ok(Fit { reasons })
}

#[cfg(test)]
mod tests {
    use kernel::Uuid;

    use super::*;

    fn helper() -> Helper {
        Helper {
            account: AccountId::from_uuid(Uuid::nil()),
            gender: Gender::Female,
            languages: vec!["绍兴话".to_owned()],
            skills: vec![],
            slots: vec![Slot::WeekdayMorning],
            buildings: vec!["3幢".to_owned()],
            visits: 0,
        }
    }

    fn wanted() -> Wanted {
        Wanted {
            service: ServiceId::from_uuid(Uuid::nil()),
            slot: Slot::WeekdayMorning,
            building: "3幢".to_owned(),
            languages: vec!["绍兴话".to_owned()],
            gender: None,
        }
    }

    #[test]
    fn a_known_face_counts_more_than_living_next_door() {
        let known = Helper {
            visits: 2,
            buildings: vec![],
            ..helper()
        };
        let [known, neighbour] = [known, helper()].map(|one| fit(&wanted(), &one).unwrap());
        assert!(known.weight() > neighbour.weight());
        assert_eq!(known.reasons.first(), Some(&Reason::Known(2)));
    }

    #[test]
    fn a_wish_for_a_man_excludes_a_woman_and_a_wish_for_a_woman_is_a_reason() {
        let wish = |gender| Wanted {
            gender: Some(gender),
            ..wanted()
        };
        assert_eq!(fit(&wish(Gender::Male), &helper()), Err(Unfit::Gender));
        let woman = fit(&wish(Gender::Female), &helper()).unwrap();
        assert!(woman.reasons.contains(&Reason::GenderWished));
    }

    #[test]
    fn another_dialect_and_time_are_no_reason_and_no_hindrance() {
        let other = Helper {
            languages: vec!["普通话".to_owned()],
            slots: vec![],
            buildings: vec![],
            ..helper()
        };
        assert_eq!(fit(&wanted(), &other).unwrap().reasons, []);
    }
}
