//! The list of life circles, and opening one.

use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{FormErrors, Heading, Icon, Tone, button, empty, field, form, row, rows, section};

use super::path_of;
use crate::model::{MAX_NAME, PLAN};
use crate::store::Line;
use crate::{OpenCircle, queries};

#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    name: String,
}

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    shown(&member, "", &FormErrors::new()).await
}

pub(super) async fn open(
    member: Member,
    Form(Named { name }): Form<Named>,
) -> Result<Response, Failure> {
    let opened = member.execute(OpenCircle { name: name.clone() }).await;
    match opened {
        Ok(id) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "lifecircle-flash-opened"),
        ),
        Err(failure) if failure.is_correctable() => {
            let errors = failure.form_errors(&member.ui(), "lifecircle", "name");
            Ok(failure.again(shown(&member, &name, &errors).await?))
        }
        Err(failure) => Err(failure),
    }
}

async fn shown(member: &Member, typed: &str, errors: &FormErrors) -> Result<Markup, Failure> {
    let lines = member.read(queries::circles).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("lifecircle-title")).lead(ui.t("lifecircle-lead"));
    let line = |line: &Line| {
        let state = if line.has_map {
            "lifecircle-has-map"
        } else {
            "lifecircle-needs-map"
        };
        row(path_of(member, line.id), line.name.clone())
            .icon(Icon::Map)
            .detail(html! { (ui.t(state)) " · " (ui.date(line.opened.micros())) })
    };
    let longest = u32::try_from(MAX_NAME).unwrap_or(u32::MAX);
    Ok(ui.page(
        heading,
        html! {
            @if lines.is_empty() {
                (empty(Icon::Map, ui.t("lifecircle-none")).text(ui.t("lifecircle-none-text")))
            } @else {
                (rows(lines.iter().map(line)))
            }
            @if member.may(PLAN) {
                (section(ui.t("lifecircle-open"), html! {
                    (form(&ui, member.path("circles"), html! {
                        (field(&ui, "name", ui.t("lifecircle-field-name")).value(typed).max_length(longest)
                            .hint(ui.t("lifecircle-name-hint")).error(errors.of("name")).required())
                    }).errors(&ui, errors).button(button(ui.t("lifecircle-open-button")).icon(Icon::Add)))
                }))
            }
        },
    ))
}
