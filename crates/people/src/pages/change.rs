//! Changes by whoever keeps the roll: other owners, other facts, a resident who moved out.

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use kernel::{CommunityId, Uuid};
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use units::Area;
use web_ui::{
    FormErrors, Icon, Input, Ui, button, checkbox, field, form, link_button, section, textarea,
};

use super::{
    Typed, answered, form_errors, heading, heading_below, home_of, named_select, person_path,
    unit_path,
};
use crate::commands::{Buyer, CorrectUnit, EndResidence, TransferUnit};
use crate::model::{
    AreaSource, OwnerFacts, OwnerKind, PersonKind, PersonRef, UnitFacts, UnitId, UnitUse,
};
use crate::queries::{self, FoundPerson, UnitView};
use crate::{Error, FieldFault, ROLL_CHANGE};

/// New owners that one form takes; more by importing.
const NEW_OWNERS: usize = 4;

pub(super) async fn transfer_form(
    member: Member,
    Path((_, unit)): Path<(CommunityId, UnitId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(ROLL_CHANGE)?;
    let view = member
        .read(move |read, ctx| queries::unit(read, ctx, unit))
        .await?;
    let mut typed = Typed::default();
    typed.set("date", member.visitor.now.date().to_string());
    Ok(transfer_page(&member, &view, &typed, None))
}

fn transfer_page(
    member: &Member,
    view: &UnitView,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let errors = form_errors(&ui, failure);
    let heading = heading_below(member, &ui, "roll-transfer", view.unit, &view.label)
        .lead(ui.t("roll-transfer-lead"));
    ui.page(heading, html! {
        (form(&ui, format!("{}/transfer", unit_path(member, view.unit)), html! {
            (section(ui.t("roll-transfer-staying"), html! {
                @for owner in &view.owners {
                    @let id = owner.id.to_string();
                    (checkbox(&ui, "stays", &owner.name).checked(typed.all("stays").any(|one| one == id)).value(id))
                }
            }))
            (section(ui.t("roll-transfer-new"), html! {
                @for number in 1..=NEW_OWNERS { (buyer_fields(&ui, typed, number, &errors)) }
            }))
            (field(&ui, "date", ui.t("roll-field-date")).input(Input::Date).value(typed.text("date"))
                .error(errors.of("date")).required())
            (textarea(&ui, "evidence", ui.t("roll-field-evidence")).value(typed.text("evidence")).lines(3)
                .hint(ui.t("roll-evidence-hint")).error(errors.of("evidence")).required())
        })
        .errors(&ui, &errors)
        .guard_unsaved(&ui)
        .button(button(ui.t("roll-transfer")).icon(Icon::Check))
        .button(link_button(unit_path(member, view.unit), ui.t("roll-back")).secondary()))
    })
}

/// The fields of one new owner; the first is shown, the others fold away.
fn buyer_fields(ui: &Ui, typed: &Typed, number: usize, errors: &FormErrors) -> Markup {
    let name = |what: &str| format!("{what}-{number}");
    let kinds = OwnerKind::ALL.iter().map(|kind| kind.name());
    let kind = kinds.fold(
        web_ui::select(ui, name("kind"), ui.t("roll-field-kind")).required(),
        |select, kind| select.option(kind, ui.t(&format!("roll-kind-{kind}"))),
    );
    let chosen = typed.text(&name("kind"));
    let kind = kind.selected(if chosen.is_empty() {
        OwnerKind::Person.name()
    } else {
        chosen
    });
    let error = |what: &str| {
        errors
            .of(what)
            .filter(|_| !typed.text(&name("name")).is_empty())
    };
    let fields = html! {
        (kind)
        (field(ui, name("name"), ui.t("roll-field-name")).value(typed.text(&name("name"))).error(error("name")))
        (field(ui, name("id-number"), ui.t("roll-field-id-number")).value(typed.text(&name("id-number")))
            .error(error("id_number")))
        (field(ui, name("phone"), ui.t("roll-field-phone")).input(Input::Phone)
            .value(typed.text(&name("phone"))).error(error("phone")))
    };
    if number == 1 {
        fields
    } else {
        let title = ui.t_with(
            "roll-transfer-nth",
            &[("number", i64::try_from(number).unwrap_or(0).into())],
        );
        web_ui::disclosure(title, fields)
    }
}

pub(super) async fn transfer(
    member: Member,
    Path((_, unit)): Path<(CommunityId, UnitId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let view = member
        .read(move |read, ctx| queries::unit(read, ctx, unit))
        .await?;
    let sent = match transfer_of(unit, &typed) {
        Ok(command) => member.execute(command).await.map(|_| ()),
        Err(error) => Err(error.into()),
    };
    let back = unit_path(&member, unit);
    answered(sent, &back, "roll-flash-transferred", |failure| {
        transfer_page(&member, &view, &typed, Some(failure))
    })
}

fn transfer_of(unit: UnitId, typed: &Typed) -> Result<TransferUnit, Error> {
    let malformed = |field| Error::Field {
        field,
        reason: FieldFault::Malformed,
    };
    let mut owners = Vec::new();
    for id in typed.all("stays") {
        owners.push(Buyer::OnRoll(id.parse().map_err(|_| malformed("owners"))?));
    }
    for number in 1..=NEW_OWNERS {
        let text = |what: &str| typed.text(&format!("{what}-{number}")).trim();
        let filled = |what: &str| {
            Some(text(what))
                .filter(|text| !text.is_empty())
                .map(ToOwned::to_owned)
        };
        let Some(name) = filled("name") else { continue };
        owners.push(Buyer::New(OwnerFacts {
            kind: OwnerKind::from_word(text("kind")).ok_or_else(|| malformed("kind"))?,
            name,
            id_number: filled("id-number"),
            phone: filled("phone"),
        }));
    }
    let date: Date = typed
        .text("date")
        .trim()
        .parse()
        .map_err(|_| malformed("date"))?;
    Ok(TransferUnit {
        unit,
        owners,
        date,
        evidence: typed.text("evidence").to_owned(),
    })
}

pub(super) async fn facts_form(
    member: Member,
    Path((_, unit)): Path<(CommunityId, UnitId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(ROLL_CHANGE)?;
    let view = member
        .read(move |read, ctx| queries::unit(read, ctx, unit))
        .await?;
    let mut typed = Typed::default();
    typed.set("exclusive_area", view.facts.exclusive_area.to_string());
    typed.set("area_source", view.facts.area_source.name());
    typed.set("unit_use", view.facts.unit_use.name());
    Ok(facts_page(&member, &view, &typed, None))
}

fn facts_page(
    member: &Member,
    view: &UnitView,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let errors = form_errors(&ui, failure);
    let sources = AreaSource::ALL.iter().map(|source| source.name());
    let uses = UnitUse::ALL.iter().map(|unit_use| unit_use.name());
    let heading = heading_below(member, &ui, "roll-correct", view.unit, &view.label)
        .lead(ui.t("roll-correct-lead"));
    ui.page(heading, html! {
        (form(&ui, format!("{}/facts", unit_path(member, view.unit)), html! {
            (field(&ui, "exclusive_area", ui.t("roll-field-exclusive-area")).input(Input::Number).suffix("㎡")
                .value(typed.text("exclusive_area")).error(errors.of("exclusive_area")).required())
            (named_select(&ui, "area_source", "roll-source", sources).selected(typed.text("area_source"))
                .hint(ui.t("roll-source-hint")).required())
            (named_select(&ui, "unit_use", "roll-use", uses).selected(typed.text("unit_use")).required())
            (textarea(&ui, "reason", ui.t("roll-field-reason")).value(typed.text("reason")).lines(3)
                .hint(ui.t("roll-evidence-hint")).error(errors.of("reason")).required())
        })
        .errors(&ui, &errors)
        .guard_unsaved(&ui)
        .button(button(ui.t("roll-correct")).icon(Icon::Check))
        .button(link_button(unit_path(member, view.unit), ui.t("roll-back")).secondary()))
    })
}

pub(super) async fn correct(
    member: Member,
    Path((_, unit)): Path<(CommunityId, UnitId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let view = member
        .read(move |read, ctx| queries::unit(read, ctx, unit))
        .await?;
    let reason = typed.text("reason").to_owned();
    let sent = match facts_of(&typed) {
        Ok(facts) => {
            let command = CorrectUnit {
                unit,
                facts,
                reason,
            };
            member.execute(command).await
        }
        Err(error) => Err(error.into()),
    };
    let back = unit_path(&member, unit);
    answered(sent, &back, "roll-flash-corrected", |failure| {
        facts_page(&member, &view, &typed, Some(failure))
    })
}

fn facts_of(typed: &Typed) -> Result<UnitFacts, Error> {
    let malformed = |field| Error::Field {
        field,
        reason: FieldFault::Malformed,
    };
    let area = typed.text("exclusive_area").trim().parse::<Area>();
    Ok(UnitFacts {
        exclusive_area: area.map_err(|_| malformed("exclusive_area"))?,
        area_source: AreaSource::from_word(typed.text("area_source"))
            .ok_or_else(|| malformed("area_source"))?,
        unit_use: UnitUse::from_word(typed.text("unit_use"))
            .ok_or_else(|| malformed("unit_use"))?,
    })
}

pub(super) async fn moving_form(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
) -> Result<Markup, Failure> {
    member.context()?.require(ROLL_CHANGE)?;
    let person = kind.person(id);
    let found = member
        .read(move |read, ctx| queries::person(read, ctx, person))
        .await?;
    Ok(moving_page(&member, &found, &Typed::default(), None))
}

fn moving_page(
    member: &Member,
    found: &FoundPerson,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let errors = form_errors(&ui, failure);
    ui.page(heading(member, &ui, "roll-move-out").lead(&found.name), html! {
        (form(&ui, person_path(member, found.person, "end"), html! {
            (textarea(&ui, "reason", ui.t("roll-field-reason")).value(typed.text("reason")).lines(3)
                .error(errors.of("reason")).required())
        })
        .errors(&ui, &errors)
        .button(button(ui.t("roll-move-out")).danger()))
    })
}

pub(super) async fn move_out(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let person = kind.person(id);
    let PersonRef::Resident(resident) = person else {
        return Err(Failure::not_found());
    };
    let found = member
        .read(move |read, ctx| queries::person(read, ctx, person))
        .await?;
    let reason = typed.text("reason").to_owned();
    let sent = member.execute(EndResidence { resident, reason }).await;
    let home = home_of(&member, &found);
    answered(sent, &home, "roll-flash-moved-out", |failure| {
        moving_page(&member, &found, &typed, Some(failure))
    })
}
