//! Enrolment: as a volunteer, and as an elder, oneself or by staff with consent on record.

use axum::response::Response;
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{
    FormErrors, Heading, Icon, Input, Shade, Ui, badge, button, checkbox, field, form, textarea,
};

use super::{Typed, again, done, form_errors, is_correctable, select_named};
use crate::model::{ASSIST, Consent, ElderProfile, Gender, Slot, TAKE_PART, VolunteerProfile};
use crate::store::Volunteer;
use crate::{Enrol, EnrolElder, Service, queries};

pub(super) async fn volunteer_page(member: Member) -> Result<Markup, Failure> {
    volunteering(&member, None, None).await
}

pub(super) async fn volunteer(
    member: Member,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = match volunteer_of(&typed) {
        Ok(profile) => member.execute(Enrol { profile }).await,
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(_) => done(&member, "", "timebank-flash-enrolled"),
        Err(failure) if is_correctable(&failure) => {
            let page = volunteering(&member, Some(&typed), Some(&failure)).await?;
            Ok(again(&failure, page))
        }
        Err(failure) => Err(failure),
    }
}

fn volunteer_of(typed: &Typed) -> Result<VolunteerProfile, Failure> {
    Ok(VolunteerProfile {
        name: typed.text("name").to_owned(),
        birth: typed.birth()?,
        gender: Gender::from_name(typed.text("gender")).unwrap_or(Gender::Female),
        languages: typed.words("languages"),
        skills: typed
            .all("skills")
            .filter_map(|id| id.parse().ok())
            .collect(),
        slots: typed.all("slots").filter_map(Slot::from_name).collect(),
        team: Some(typed.text("team").to_owned()).filter(|team| !team.is_empty()),
    })
}

async fn volunteering(
    member: &Member,
    typed: Option<&Typed>,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let mine = member.read(queries::mine).await?;
    let ui = member.ui();
    let typed = match (typed, &mine.volunteer) {
        (Some(typed), _) => typed.clone(),
        (None, Some(known)) => as_typed(known),
        (None, None) => Typed::default(),
    };
    let heading = Heading::new(ui.t("timebank-volunteer"))
        .crumb(member.path("timebank"), ui.t("timebank-title"))
        .lead(ui.t("timebank-volunteer-lead"));
    Ok(ui.page(
        heading,
        html! {
            @if let Some(known) = &mine.volunteer { (standing(&ui, known)) }
            (volunteer_form(member, &ui, &mine.services, &typed, &form_errors(&ui, failure)))
        },
    ))
}

fn standing(ui: &Ui, known: &Volunteer) -> Markup {
    let (shade, key) = match known.is_fit {
        Some(true) => (Shade::Jade, "timebank-vetted"),
        Some(false) => (Shade::Vermilion, "timebank-vetted-not"),
        None => (Shade::Wall, "timebank-vetting-waits"),
    };
    html! {
        p {
            (ui.t_with("timebank-number", &[("number", known.number.into())])) " " (badge(shade, ui.t(key)))
        }
    }
}

fn as_typed(known: &Volunteer) -> Typed {
    let profile = &known.profile;
    let mut fields = vec![
        ("name", profile.name.clone()),
        ("birth", profile.birth.to_string()),
        ("gender", profile.gender.name().to_owned()),
        ("languages", profile.languages.join("、")),
        ("team", profile.team.clone().unwrap_or_default()),
    ];
    fields.extend(profile.skills.iter().map(|id| ("skills", id.to_string())));
    fields.extend(
        profile
            .slots
            .iter()
            .map(|slot| ("slots", slot.name().to_owned())),
    );
    let owned = fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    Typed(owned.collect())
}

fn volunteer_form(
    member: &Member,
    ui: &Ui,
    services: &[Service],
    typed: &Typed,
    errors: &FormErrors,
) -> Markup {
    let ticked = |name: &str, value: &str| typed.all(name).any(|one| one == value);
    html! {
        (form(ui, member.path("timebank/volunteer"), html! {
            (person(ui, typed, errors))
            fieldset.field {
                legend { (ui.t("timebank-field-slots")) }
                @for slot in Slot::ALL {
                    (checkbox(ui, "slots", ui.t(&format!("timebank-slot-{}", slot.name().replace('_', "-"))))
                        .value(slot.name()).checked(ticked("slots", slot.name())))
                }
            }
            @if !services.is_empty() {
                fieldset.field {
                    legend { (ui.t("timebank-field-skills")) }
                    p { (ui.t("timebank-skills-hint")) }
                    @for service in services {
                        (checkbox(ui, "skills", service.title.clone()).value(service.id.to_string())
                            .checked(ticked("skills", &service.id.to_string())))
                    }
                }
            }
            (field(ui, "team", ui.t("timebank-field-team")).hint(ui.t("timebank-team-hint"))
                .value(typed.text("team")).max_length(60))
        })
        .errors(ui, errors)
        .button(button(ui.t("timebank-enrol")).icon(Icon::Check)))
    }
}

/// What is asked of everybody.
fn person(ui: &Ui, typed: &Typed, errors: &FormErrors) -> Markup {
    let genders = Gender::ALL.iter().map(|one| one.name());
    html! {
        (field(ui, "name", ui.t("timebank-field-name")).value(typed.text("name")).max_length(60)
            .error(errors.of("name")).required())
        (field(ui, "birth", ui.t("timebank-field-birth")).input(Input::Date).value(typed.text("birth"))
            .error(errors.of("birth")).required())
        (select_named(ui, "gender", genders, typed.text("gender")).required())
        (field(ui, "languages", ui.t("timebank-field-languages")).value(typed.text("languages"))
            .hint(ui.t("timebank-languages-hint")).error(errors.of("languages")).max_length(100).required())
    }
}

pub(super) async fn elder_page(member: Member) -> Result<Markup, Failure> {
    enrolling(&member, &Typed::default(), None)
}

pub(super) async fn elder(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let sent = match elder_of(&typed) {
        Ok(command) => member.execute(command).await,
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(id) => done(
            &member,
            &format!("/elders/{id}/requests"),
            "timebank-flash-elder",
        ),
        Err(failure) if is_correctable(&failure) => {
            let page = enrolling(&member, &typed, Some(&failure))?;
            Ok(again(&failure, page))
        }
        Err(failure) => Err(failure),
    }
}

fn elder_of(typed: &Typed) -> Result<EnrolElder, Failure> {
    Ok(EnrolElder {
        profile: ElderProfile {
            name: typed.text("name").to_owned(),
            phone: typed.text("phone").to_owned(),
            birth: typed.birth()?,
            gender: Gender::from_name(typed.text("gender")).unwrap_or(Gender::Female),
            languages: typed.words("languages"),
            building: typed.text("building").to_owned(),
            door: typed.text("door").to_owned(),
        },
        consent: Consent::from_name(typed.text("consent")).unwrap_or(Consent::Own),
        evidence: typed.text("evidence").to_owned(),
    })
}

fn enrolling(member: &Member, typed: &Typed, failure: Option<&Failure>) -> Result<Markup, Failure> {
    member.context()?.require(TAKE_PART)?;
    let ui = member.ui();
    let errors = form_errors(&ui, failure);
    let heading = Heading::new(ui.t("timebank-elder-new"))
        .crumb(member.path("timebank"), ui.t("timebank-title"))
        .lead(ui.t("timebank-elder-lead"));
    let consents = Consent::ALL.iter().map(|one| one.name());
    Ok(ui.page(heading, html! {
        (form(&ui, member.path("timebank/elders/new"), html! {
            (person(&ui, typed, &errors))
            (field(&ui, "phone", ui.t("timebank-field-phone")).input(Input::Phone).value(typed.text("phone"))
                .error(errors.of("phone")).max_length(60).required())
            (field(&ui, "building", ui.t("timebank-field-building")).value(typed.text("building"))
                .error(errors.of("building")).max_length(60).required())
            (field(&ui, "door", ui.t("timebank-field-door")).value(typed.text("door"))
                .error(errors.of("door")).max_length(60).required())
            @if member.may(ASSIST) {
                (select_named(&ui, "consent", consents, typed.text("consent")))
                (textarea(&ui, "evidence", ui.t("timebank-field-evidence")).lines(2).max_length(1_000)
                    .value(typed.text("evidence")).hint(ui.t("timebank-consent-hint")).error(errors.of("evidence")))
            }
        })
        .errors(&ui, &errors)
        .button(button(ui.t("timebank-enrol")).icon(Icon::Check)))
    }))
}
