//! The data of someone who neither owns nor lives here any more is erased for good.

use axum::extract::Path;
use axum::response::Response;
use kernel::{CommunityId, Uuid};
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{Tone, button, form, notice, textarea};

use super::{Typed, answered, form_errors, heading, home_of, person_path};
use crate::PERSONAL_DATA_ERASE;
use crate::commands::ErasePerson;
use crate::model::{PersonKind, PersonRef};
use crate::queries::{self, FoundPerson};

pub(super) async fn page(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
) -> Result<Markup, Failure> {
    member.context()?.require(PERSONAL_DATA_ERASE)?;
    let found = known(&member, kind.person(id)).await?;
    Ok(form_page(&member, &found, &Typed::default(), None))
}

/// An owner, former or not, or someone who lives or lived here.
async fn known(member: &Member, person: PersonRef) -> Result<FoundPerson, Failure> {
    member
        .read(
            move |read, ctx| match (queries::person(read, ctx, person), person) {
                (Err(crate::Error::NoSuchPerson { .. }), PersonRef::Resident(id)) => {
                    queries::former_resident(read, ctx, id)
                }
                (found, _) => found,
            },
        )
        .await
}

fn form_page(
    member: &Member,
    found: &FoundPerson,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let errors = form_errors(&ui, failure);
    ui.page(
        heading(member, &ui, "roll-erase").lead(&found.name),
        html! {
            (notice(&ui, Tone::Warning, ui.t("roll-erase-lead")))
            (form(&ui, person_path(member, found.person, "erasure"), html! {
                (textarea(&ui, "reason", ui.t("roll-field-reason")).value(typed.text("reason")).lines(3)
                    .hint(ui.t("roll-erase-reason-hint")).error(errors.of("reason")).required())
            })
            .errors(&ui, &errors)
            .button(button(ui.t("roll-erase-now")).danger()))
        },
    )
}

pub(super) async fn erase(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    member.context()?.require(PERSONAL_DATA_ERASE)?;
    let person = kind.person(id);
    let found = known(&member, person).await?;
    let command = ErasePerson {
        person,
        reason: typed.text("reason").to_owned(),
    };
    let sent = member.execute(command).await;
    let home = home_of(&member, &found);
    answered(sent, &home, "roll-flash-erased", |failure| {
        form_page(&member, &found, &typed, Some(failure))
    })
}
