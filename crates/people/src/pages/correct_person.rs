//! A person's name or telephone number is put right.

use axum::extract::Path;
use axum::response::Response;
use kernel::{CommunityId, Uuid};
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{Icon, Input, button, field, form, textarea};

use super::{Typed, answered, form_errors, heading, home_of, person_path};
use crate::ROLL_CHANGE;
use crate::commands::CorrectPerson;
use crate::model::PersonKind;
use crate::queries::{self, FoundPerson};

pub(super) async fn page(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
) -> Result<Markup, Failure> {
    member.context()?.require(ROLL_CHANGE)?;
    let person = kind.person(id);
    let found = member
        .read(move |read, ctx| queries::person(read, ctx, person))
        .await?;
    Ok(form_page(&member, &found, &Typed::default(), None))
}

fn form_page(
    member: &Member,
    found: &FoundPerson,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let errors = form_errors(&ui, failure);
    let title = heading(member, &ui, "roll-person-correct-title").lead(html! {
        (found.name) " · " (ui.t("roll-person-correct-lead"))
    });
    ui.page(title, html! {
        (form(&ui, person_path(member, found.person, "correction"), html! {
            (field(&ui, "name", ui.t("roll-person-new-name")).value(typed.text("name")).error(errors.of("name")))
            (field(&ui, "phone", ui.t("roll-person-new-phone")).input(Input::Phone).value(typed.text("phone"))
                .error(errors.of("phone")))
            (textarea(&ui, "reason", ui.t("roll-field-reason")).value(typed.text("reason")).lines(3)
                .hint(ui.t("roll-person-correct-reason-hint")).error(errors.of("reason")).required())
        })
        .errors(&ui, &errors)
        .button(button(ui.t("roll-person-correct")).icon(Icon::Check)))
    })
}

pub(super) async fn correct(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    member.context()?.require(ROLL_CHANGE)?;
    let person = kind.person(id);
    let found = member
        .read(move |read, ctx| queries::person(read, ctx, person))
        .await?;
    let filled = |name: &str| {
        let text = typed.text(name).trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let command = CorrectPerson {
        person,
        name: filled("name"),
        phone: filled("phone"),
        reason: typed.text("reason").to_owned(),
    };
    let sent = member.execute(command).await;
    let home = home_of(&member, &found);
    answered(sent, &home, "roll-flash-person-corrected", |failure| {
        form_page(&member, &found, &typed, Some(failure))
    })
}
