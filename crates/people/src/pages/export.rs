//! The roll as an Excel file: masked for a look, in the open for a reason that the record keeps.

use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{Icon, Tone, button, form, link_button, notice, section, textarea};

use super::{Typed, form_errors, heading, sheet, workbook};
use crate::commands::ExportRoll;
use crate::import::RollTable;
use crate::{PERSONAL_DATA_READ, ROLL_IMPORT, ROLL_READ, queries};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    member.context()?.require(ROLL_READ)?;
    Ok(export_page(&member, &Typed::default(), None))
}

fn export_page(member: &Member, typed: &Typed, failure: Option<&Failure>) -> Markup {
    let ui = member.ui();
    let errors = form_errors(&ui, failure);
    ui.page(heading(member, &ui, "roll-export"), html! {
        (section(ui.t("roll-export-masked"), html! {
            p { (ui.t("roll-export-masked-text")) }
            (link_button(member.path("people/export/masked"), ui.t("roll-download")).icon(Icon::Download).download())
        }))
        @if member.may(PERSONAL_DATA_READ) && member.may(ROLL_IMPORT) {
            (section(ui.t("roll-export-open"), html! {
                (notice(&ui, Tone::Warning, ui.t("roll-export-open-text")))
                (form(&ui, member.path("people/export"), html! {
                    (textarea(&ui, "reason", ui.t("roll-field-reason")).value(typed.text("reason")).lines(3)
                        .hint(ui.t("roll-reason-public")).error(errors.of("reason")).required())
                })
                .errors(&ui, &errors)
                .button(button(ui.t("roll-export-open")).icon(Icon::Download)))
            }))
        }
    })
}

pub(super) async fn masked(member: Member) -> Result<Response, Failure> {
    let table = member.read(queries::export_rows).await?;
    file(&member, table)
}

pub(super) async fn open(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let command = ExportRoll {
        reason: typed.text("reason").to_owned(),
    };
    match member.execute(command).await {
        Ok(sealed) => {
            let opened = sealed.open(member.app().vault(), member.community);
            let table = opened.map_err(|error| Failure::internal("opening the roll", &error))?;
            file(&member, table)
        }
        Err(failure) if failure.is_correctable() => Ok(failure
            .again(export_page(&member, &typed, Some(&failure)))
            .into_response()),
        Err(failure) => Err(failure),
    }
}

fn file(member: &Member, table: RollTable) -> Result<Response, Failure> {
    let rows = table.rows.into_iter().map(|(_, cells)| cells);
    let name = member.ui().t("roll-sheet-units").into_owned();
    workbook("roll.xlsx", &[sheet(&name, &table.header, rows)])
}
