//! Co-owners appoint who votes for their unit.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{Choice, Icon, Tone, button, choices, disclosure, form, link_button, textarea};

use super::{Typed, form_errors, heading_below, unit_path};
use crate::commands::{AppointVoice, EndVoice};
use crate::model::UnitId;
use crate::queries::{self, UnitView};
use crate::{Error, FieldFault, VOICE_APPOINT};

pub(super) async fn page(
    member: Member,
    Path((_, unit)): Path<(CommunityId, UnitId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(VOICE_APPOINT)?;
    let view = member
        .read(move |read, ctx| queries::unit(read, ctx, unit))
        .await?;
    Ok(voice_page(&member, &view, &Typed::default(), None))
}

fn voice_page(
    member: &Member,
    view: &UnitView,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let errors = form_errors(&ui, failure);
    let here = format!("{}/voice", unit_path(member, view.unit));
    let back = || link_button(unit_path(member, view.unit), ui.t("roll-back")).secondary();
    let who = choices(&ui, "owner", ui.t("roll-voice-who"))
        .selected(typed.text("owner"))
        .required();
    let who = view
        .owners
        .iter()
        .fold(who.error(errors.of("owner")), |who, owner| {
            who.choice(Choice::new(owner.id.to_string(), &owner.name).icon(Icon::Person))
        });
    let heading = heading_below(member, &ui, "roll-appoint", view.unit, &view.label)
        .lead(ui.t("roll-appoint-lead"));
    ui.page(heading, html! {
        (form(&ui, &here, html! {
            (who)
            (textarea(&ui, "consent", ui.t("roll-field-consent")).value(typed.text("consent")).lines(3)
                .hint(ui.t("roll-consent-hint")).error(errors.of("consent")).required())
        })
        .errors(&ui, &errors)
        .button(button(ui.t("roll-appoint")).icon(Icon::Check))
        .button(back()))
        @if !view.appointments.iter().all(|one| one.until.is_some()) {
            (disclosure(ui.t("roll-voice-end"), html! {
                p { (ui.t("roll-voice-end-text")) }
                (form(&ui, format!("{here}/end"), html! {
                    (textarea(&ui, "reason", ui.t("roll-field-reason")).value(typed.text("reason")).lines(3)
                        .error(errors.of("reason")).required())
                })
                .button(button(ui.t("roll-voice-end")).danger()))
            }))
        }
    })
}

pub(super) async fn appoint(
    member: Member,
    Path((_, unit)): Path<(CommunityId, UnitId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = match typed.text("owner").parse() {
        Ok(owner) => {
            let consent = typed.text("consent").to_owned();
            member
                .execute(AppointVoice {
                    unit,
                    owner,
                    consent,
                })
                .await
        }
        Err(_) => Err(Failure::from(Error::Field {
            field: "owner",
            reason: FieldFault::Blank,
        })),
    };
    answer(&member, unit, &typed, sent, "roll-flash-appointed").await
}

pub(super) async fn end(
    member: Member,
    Path((_, unit)): Path<(CommunityId, UnitId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = member
        .execute(EndVoice {
            unit,
            reason: typed.text("reason").to_owned(),
        })
        .await;
    answer(&member, unit, &typed, sent, "roll-flash-voice-ended").await
}

async fn answer(
    member: &Member,
    unit: UnitId,
    typed: &Typed,
    sent: Result<(), Failure>,
    done: &'static str,
) -> Result<Response, Failure> {
    match sent {
        Ok(()) => flash_to(&unit_path(member, unit), FlashKey(Tone::Success, done)),
        Err(failure) if failure.is_correctable() => {
            let view = member
                .read(move |read, ctx| queries::unit(read, ctx, unit))
                .await?;
            Ok(failure.again(voice_page(member, &view, typed, Some(&failure))))
        }
        Err(failure) => Err(failure),
    }
}
