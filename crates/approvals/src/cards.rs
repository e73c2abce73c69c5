//! Yellow and red cards: which are due in a case on a day. A card of one reminder goes out once.

use flow::{Case, Clock, Days, Definition, Due, Stage, StageState};
use jiff::civil::Date;

use crate::Error;
use crate::model::{CaseId, Colour};
use crate::store::Card;

/// The cards that are due in a case, whether they went out before or not: red past the last day, yellow from the nearest
/// reminder on that the definition sets.
///
/// # Errors
/// [`Error::Flow`] for dates that nobody counts.
pub fn due_cards(
    id: CaseId,
    definition: &Definition,
    case: &Case,
    days: &Days,
    as_of: Date,
) -> Result<Vec<Card>, Error> {
    if case.withdrawn.is_some() {
        return Ok(Vec::new());
    }
    let mut cards = Vec::new();
    for (place, (stage, state)) in definition.stages.iter().zip(&case.stages).enumerate() {
        let due = state.due(stage, place, days, as_of)?;
        cards.extend(card(id, stage, state, &due, days)?);
    }
    Ok(cards)
}

/// The card that is due for a stage, with its clock as it is on the day.
pub(crate) fn card(
    id: CaseId,
    stage: &Stage,
    state: &StageState,
    due: &Due,
    days: &Days,
) -> Result<Option<Card>, Error> {
    let (Clock::Running, Some(date)) = (due.clock, due.date) else {
        return Ok(None);
    };
    let left = days.between(due.as_of, date, flow::Count::Working)?;
    let nearest = stage.reminders.iter().filter(|days| left <= **days).min();
    let (colour, days_before) = match (due.late, nearest) {
        (true, _) => (Colour::Red, 0),
        (false, Some(days)) => (Colour::Yellow, *days),
        (false, None) => return Ok(None),
    };
    let told = stage.escalate_to.as_ref().filter(|_| colour == Colour::Red);
    Ok(Some(Card {
        case: id,
        stage: stage.id.clone(),
        colour,
        days_before,
        due: date,
        unit: state.lead.clone().unwrap_or_else(|| stage.lead.clone()),
        escalated_to: told.cloned().unwrap_or_default(),
    }))
}
