//! Finding someone by their whole name, telephone or identity number; asked by POST, so that no address keeps it.

use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{Icon, Ui, button, empty, field, form, row, rows};

use super::{Typed, heading};
use crate::ROLL_READ;
use crate::queries::{self, FoundPerson};

pub(super) async fn form_page(member: Member) -> Result<Markup, Failure> {
    member.context()?.require(ROLL_READ)?;
    Ok(find_page(&member, "", None))
}

pub(super) async fn find(member: Member, Form(typed): Form<Typed>) -> Result<Markup, Failure> {
    let text = typed.text("text").trim().to_owned();
    let asked = text.clone();
    let found = member
        .read(move |read, ctx| queries::find_people(read, ctx, &asked))
        .await?;
    Ok(find_page(&member, &text, Some(&found)))
}

fn find_page(member: &Member, text: &str, found: Option<&[FoundPerson]>) -> Markup {
    let ui = member.ui();
    ui.page(heading(member, &ui, "roll-find").lead(ui.t("roll-find-lead")), html! {
        (form(&ui, member.path("people/find"), html! {
            (field(&ui, "text", ui.t("roll-find-field")).value(text).max_length(100).required())
        })
        .button(button(ui.t("roll-search")).icon(Icon::Search)))
        @match found {
            None => {}
            Some([]) => (empty(Icon::Person, ui.t("roll-find-nobody")).text(ui.t("roll-find-nobody-text"))),
            Some(found) => (rows(found.iter().flat_map(|one| lines(member, &ui, one)))),
        }
    })
}

/// One line for each unit of a person.
fn lines(member: &Member, ui: &Ui, found: &FoundPerson) -> Vec<web_ui::Row> {
    let line = |(unit, label): &(crate::model::UnitId, crate::model::UnitLabel)| {
        row(super::unit_path(member, *unit), label.to_string())
            .icon(Icon::Person)
            .detail(html! {
                (found.name)
                @if let Some(phone) = &found.phone { " · " (phone) }
                " · " (ui.t(match found.person {
                    crate::model::PersonRef::Owner(_) => "roll-as-owner",
                    crate::model::PersonRef::Resident(_) => "roll-as-resident",
                }))
            })
    };
    found.units.iter().map(line).collect()
}
