//! A person's data in full: for a reason, with a trace.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use kernel::{CommunityId, Uuid};
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{Icon, Tone, Ui, button, checkbox, facts, form, notice, textarea};

use super::{Typed, form_errors, heading, person_path};
use crate::commands::{PersonField, ReadPersonalData};
use crate::model::{PersonKind, PersonRef};
use crate::queries::{self, FoundPerson};
use crate::{PERSONAL_DATA_READ, PersonalData};

/// What may be asked of a person, by its name in the form and its message.
const FIELDS: [(PersonField, &str, &str); 3] = [
    (PersonField::Name, "name", "roll-field-name"),
    (PersonField::IdNumber, "id_number", "roll-field-id-number"),
    (PersonField::Phone, "phone", "roll-field-phone"),
];

pub(super) async fn reason_form(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
) -> Result<Markup, Failure> {
    member.context()?.require(PERSONAL_DATA_READ)?;
    let person = kind.person(id);
    let found = member
        .read(move |read, ctx| queries::person(read, ctx, person))
        .await?;
    let mut typed = Typed::default();
    typed.set("fields", "phone");
    Ok(reason_page(&member, &found, &typed, None))
}

fn reason_page(
    member: &Member,
    found: &FoundPerson,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let errors = form_errors(&ui, failure);
    let has_number = matches!(found.person, PersonRef::Owner(_));
    let fields = FIELDS
        .iter()
        .filter(|(field, ..)| has_number || *field != PersonField::IdNumber);
    ui.page(title(member, &ui, found), html! {
        (notice(&ui, Tone::Info, ui.t("roll-data-trace")))
        (form(&ui, person_path(member, found.person, "data"), html! {
            fieldset.field {
                legend { (ui.t("roll-field-fields")) }
                @for (_, value, label) in fields {
                    (checkbox(&ui, "fields", ui.t(label)).value(*value).checked(typed.all("fields").any(|one| one == *value)))
                }
            }
            (textarea(&ui, "reason", ui.t("roll-field-reason")).value(typed.text("reason")).lines(3)
                .hint(ui.t("roll-reason-public")).error(errors.of("reason")).required())
        })
        .errors(&ui, &errors)
        .button(button(ui.t("roll-show-in-full")).icon(Icon::Check)))
    })
}

fn title(member: &Member, ui: &Ui, found: &FoundPerson) -> web_ui::Heading {
    let heading = heading(member, ui, "roll-show-in-full").lead(&found.name);
    found
        .units
        .iter()
        .take(1)
        .fold(heading, |heading, (unit, label)| {
            heading.crumb(super::unit_path(member, *unit), label.to_string())
        })
}

pub(super) async fn read(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    member.context()?.require(PERSONAL_DATA_READ)?;
    let person = kind.person(id);
    let found = member
        .read(move |read, ctx| queries::person(read, ctx, person))
        .await?;
    let asked = FIELDS
        .iter()
        .filter(|(_, name, _)| typed.all("fields").any(|one| one == *name));
    let command = ReadPersonalData {
        person,
        fields: asked.map(|(field, ..)| *field).collect(),
        reason: typed.text("reason").to_owned(),
    };
    match member.execute(command).await {
        Ok(sealed) => {
            let opened = sealed.open(member.app().vault(), member.community);
            let data =
                opened.map_err(|error| Failure::internal("opening personal data", &error))?;
            Ok(data_page(&member, &found, &data).into_response())
        }
        Err(failure) if failure.is_correctable() => {
            Ok(failure.again(reason_page(&member, &found, &typed, Some(&failure))))
        }
        Err(failure) => Err(failure),
    }
}

fn data_page(member: &Member, found: &FoundPerson, data: &PersonalData) -> Markup {
    let ui = member.ui();
    let known = [
        ("roll-field-name", &data.name),
        ("roll-field-id-number", &data.id_number),
        ("roll-field-phone", &data.phone),
    ];
    let known = known
        .into_iter()
        .filter_map(|(label, value)| Some((ui.t(label), value.clone()?)));
    ui.page(
        title(member, &ui, found),
        html! {
            (facts(known))
            (notice(&ui, Tone::Info, ui.t("roll-data-recorded")))
        },
    )
}
