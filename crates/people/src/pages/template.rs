//! The file to fill in: its columns, one example, and what each column takes.

use axum::response::Response;
use shell::{Failure, Member};
use web_ui::Ui;

use super::{sheet, workbook};
use crate::ROLL_IMPORT;
use crate::import::{Column, RESIDENT_COLUMNS, UNIT_COLUMNS};

/// An example unit, in the order of [`UNIT_COLUMNS`]; the number is the standard's own example (GB 11643).
const UNIT: [&str; 9] = [
    "1幢",
    "1单元101",
    "89.53",
    "登记簿",
    "住宅",
    "王小明",
    "11010519491231002X",
    "13912341234",
    "个人",
];
/// An example resident, in the order of [`RESIDENT_COLUMNS`].
const RESIDENT: [&str; 6] = ["1幢", "1单元101", "王小明", "13912341234", "1949", "业主"];
/// What each column takes, as messages, in the order of [`UNIT_COLUMNS`].
const UNIT_HELP: [&str; 9] = [
    "roll-help-building",
    "roll-help-number",
    "roll-help-area",
    "roll-help-source",
    "roll-help-use",
    "roll-help-owner",
    "roll-help-id-number",
    "roll-help-phone",
    "roll-help-kind",
];
/// The same of [`RESIDENT_COLUMNS`].
const RESIDENT_HELP: [&str; 6] = [
    "roll-help-building",
    "roll-help-number",
    "roll-help-resident",
    "roll-help-phone",
    "roll-help-birth-year",
    "roll-help-relation",
];

pub(super) async fn file(member: Member) -> Result<Response, Failure> {
    member.context()?.require(ROLL_IMPORT)?;
    let ui = member.ui();
    let names = |columns: &[Column]| {
        columns
            .iter()
            .map(|column| column.name.to_owned())
            .collect::<Vec<_>>()
    };
    let example = |cells: &[&str]| [cells.iter().map(|cell| (*cell).to_owned()).collect()];
    let help = [
        "roll-fault-sheet",
        "roll-fault-column",
        "roll-help-required",
        "roll-help-title",
        "roll-help-example",
    ];
    let units = explained(&ui, "房屋", UNIT_COLUMNS, &UNIT_HELP, &UNIT);
    let residents = explained(&ui, "住户", RESIDENT_COLUMNS, &RESIDENT_HELP, &RESIDENT);
    workbook(
        "roll-template.xlsx",
        &[
            sheet("房屋", &names(UNIT_COLUMNS), example(&UNIT)),
            sheet("住户", &names(RESIDENT_COLUMNS), example(&RESIDENT)),
            sheet(
                "说明",
                &help.map(|key| ui.t(key).into_owned()),
                units.into_iter().chain(residents),
            ),
        ],
    )
}

/// One line a column: sheet, column, whether it must be filled, what it takes, an example.
fn explained(
    ui: &Ui,
    sheet: &str,
    columns: &[Column],
    help: &[&str],
    example: &[&str],
) -> Vec<Vec<String>> {
    let required = |is_required: bool| {
        ui.t(if is_required { "roll-yes" } else { "roll-no" })
            .into_owned()
    };
    let columns = columns.iter().zip(help.iter().zip(example));
    columns
        .map(|(column, (help, example))| {
            vec![
                sheet.to_owned(),
                column.name.to_owned(),
                required(column.is_required),
                ui.t(help).into_owned(),
                (*example).to_owned(),
            ]
        })
        .collect()
}
