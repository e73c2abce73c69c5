//! The roll as a table for a spreadsheet, persons masked.

use db::Read;
use kernel::Context;

use super::OwnerView;
use crate::import::{OwnerOnRoll, RollTable, UNIT_COLUMNS};
use crate::model::OwnerKind;
use crate::{Error, ROLL_READ, store};

/// The whole roll in the columns of the importer, persons masked; so it is for looking, not for importing again.
pub fn export_rows(read: &mut dyn Read, ctx: &Context) -> Result<RollTable, Error> {
    ctx.require(ROLL_READ)?;
    let roll = store::roll_state(read, &ctx.vault, ctx.community)?;
    let owners: std::collections::HashMap<_, &OwnerOnRoll> =
        roll.owners.iter().map(|owner| (owner.id, owner)).collect();
    let rows = roll
        .units
        .iter()
        .enumerate()
        .map(|(at, unit)| {
            let views: Vec<OwnerView> = unit
                .owners
                .iter()
                .filter_map(|id| owners.get(id))
                .map(|owner| OwnerView::from(*owner))
                .collect();
            let cells = vec![
                unit.label.building.clone(),
                unit.label.number.clone(),
                unit.facts.exclusive_area.to_string(),
                unit.facts.area_source.name().to_owned(),
                unit.facts.unit_use.name().to_owned(),
                joined(&views, |view| view.name.clone()),
                joined(&views, |view| view.id_number.clone().unwrap_or_default()),
                joined(&views, |view| view.phone.clone().unwrap_or_default()),
                joined(&views, |view| OwnerKind::name(view.kind).to_owned()),
            ];
            (at + 2, cells)
        })
        .collect();
    Ok(RollTable {
        header: UNIT_COLUMNS
            .iter()
            .map(|column| column.name.to_owned())
            .collect(),
        rows,
    })
}

fn joined(views: &[OwnerView], cell: impl Fn(&OwnerView) -> String) -> String {
    views.iter().map(cell).collect::<Vec<_>>().join("、")
}
