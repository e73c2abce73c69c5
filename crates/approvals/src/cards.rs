//! Yellow and red cards: which are due in a case on a day. A card of one reminder goes out once.

use flow::{Case, Clock, Days, Definition};
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
    let mut cards = Vec::new();
    for (stage, state) in definition.stages.iter().zip(&case.stages) {
        let due = case.due(definition, &stage.id, days, as_of)?;
        let (Clock::Running, Some(date)) = (due.clock, due.date) else {
            continue;
        };
        let left = days.between(as_of, date, flow::Count::Working)?;
        let nearest = stage.reminders.iter().filter(|days| left <= **days).min();
        let (colour, days_before) = match (due.late, nearest) {
            (true, _) => (Colour::Red, 0),
            (false, Some(days)) => (Colour::Yellow, *days),
            (false, None) => continue,
        };
        let told = stage.escalate_to.as_ref().filter(|_| colour == Colour::Red);
        cards.push(Card {
            case: id,
            stage: stage.id.clone(),
            colour,
            days_before,
            due: date,
            unit: state.lead.clone().unwrap_or_else(|| stage.lead.clone()),
            escalated_to: told.cloned().unwrap_or_default(),
        });
    }
    Ok(cards)
}
