//! One unit: what it is, who owns it, who speaks for it, who lives there, and how that came about.

use axum::extract::Path;
use kernel::{CommunityId, Timestamp};
use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{
    Button, Column, Icon, Shade, Tone, Ui, actions, badge, disclosure, facts, link_button, notice,
    section, table,
};

use super::{heading, person_path, unit_path};
use crate::model::{OwnerId, PersonRef, UnitFacts, UnitId};
use crate::queries::{self, OwnerView, ResidentView, UnitView};
use crate::{ACCOUNT_LINK, PERSONAL_DATA_ERASE, PERSONAL_DATA_READ, ROLL_CHANGE, VOICE_APPOINT};

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, UnitId)>,
) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::unit(read, ctx, id))
        .await?;
    let ui = member.ui();
    let heading = heading(&member, &ui, "roll-unit");
    let heading = heading
        .lead(html! { strong { (view.label) } })
        .actions(changes(&member, &ui, id));
    Ok(ui.page(
        heading,
        html! {
            (facts_part(&ui, &view.facts))
            (owners_part(&member, &ui, &view))
            (voice_part(&member, &ui, &view))
            (residents_part(&member, &ui, &view.residents))
            (history_part(&member, &ui, &view))
        },
    ))
}

/// What may be changed, for whoever keeps the roll.
fn changes(member: &Member, ui: &Ui, unit: UnitId) -> Markup {
    let link = |rest: &str, key: &str| {
        link_button(format!("{}/{rest}", unit_path(member, unit)), ui.t(key)).secondary()
    };
    html! {
        @if member.may(ROLL_CHANGE) {
            (link("transfer", "roll-transfer").icon(Icon::Edit))
            (link("facts", "roll-correct").icon(Icon::Edit))
        }
    }
}

fn facts_part(ui: &Ui, unit: &UnitFacts) -> Markup {
    facts([
        (
            ui.t("roll-field-exclusive-area"),
            ui.area(unit.exclusive_area.get()),
        ),
        (ui.t("roll-field-area-source"), source(ui, unit)),
        (
            ui.t("roll-field-unit-use"),
            ui.t(&format!("roll-use-{}", unit.unit_use.name()))
                .into_owned(),
        ),
    ])
}

fn source(ui: &Ui, unit: &UnitFacts) -> String {
    ui.t(&format!("roll-source-{}", unit.area_source.name()))
        .into_owned()
}

fn owners_part(member: &Member, ui: &Ui, view: &UnitView) -> Markup {
    let columns = [
        Column::text(ui.t("roll-field-name")),
        Column::text(ui.t("roll-field-kind")),
        Column::text(ui.t("roll-field-id-number")),
        Column::text(ui.t("roll-field-phone")),
        Column::text(ui.t("roll-more")),
    ];
    let lines = view.owners.iter().map(|owner| {
        vec![
            html! { (owner.name) @if view.voice == Some(owner.id) { " " (badge(Shade::Jade, ui.t("roll-voice"))) } },
            html! { (ui.t(&format!("roll-kind-{}", owner.kind.name()))) },
            html! { (owner.id_number.as_deref().unwrap_or("—")) },
            html! { (owner.phone.as_deref().unwrap_or("—")) },
            person_links(member, ui, PersonRef::Owner(owner.id)),
        ]
    });
    section(
        ui.t("roll-owners"),
        html! { (table(ui, ui.t("roll-owners-now"), columns).rows(lines)) },
    )
}

fn person_links(member: &Member, ui: &Ui, person: PersonRef) -> Markup {
    let moves = matches!(person, PersonRef::Resident(_)) && member.may(ROLL_CHANGE);
    html! {
        @if member.may(PERSONAL_DATA_READ) {
            a href=(person_path(member, person, "data")) { (ui.t("roll-show-in-full")) } " "
        }
        @if member.may(ACCOUNT_LINK) { a href=(person_path(member, person, "login")) { (ui.t("roll-login")) } " " }
        @if member.may(ROLL_CHANGE) {
            a href=(person_path(member, person, "correction")) { (ui.t("roll-person-correct")) } " "
        }
        @if moves { a href=(person_path(member, person, "end")) { (ui.t("roll-move-out")) } }
    }
}

/// The way to erase what is known of someone who is no longer here.
fn erase_link(member: &Member, ui: &Ui, person: PersonRef) -> Markup {
    html! {
        @if member.may(PERSONAL_DATA_ERASE) {
            " " a href=(person_path(member, person, "erasure")) { (ui.t("roll-erase")) }
        }
    }
}

fn voice_part(member: &Member, ui: &Ui, view: &UnitView) -> Markup {
    if view.owners.len() < 2 {
        return html! {};
    }
    let speaking = view.voice.and_then(|voice| name_of(&view.owners, voice));
    let button: Option<Button> = member.may(VOICE_APPOINT).then(|| {
        link_button(
            format!("{}/voice", unit_path(member, view.unit)),
            ui.t("roll-appoint"),
        )
        .icon(Icon::Vote)
    });
    section(
        ui.t("roll-voice-title"),
        html! {
            @match speaking {
                Some(name) => p { (ui.t_with("roll-voice-is", &[("name", name.into())])) },
                None => (notice(ui, Tone::Warning, ui.t("roll-voice-missing"))),
            }
            @if let Some(button) = button { (actions(button)) }
        },
    )
}

fn name_of(owners: &[OwnerView], id: OwnerId) -> Option<&str> {
    owners
        .iter()
        .find(|owner| owner.id == id)
        .map(|owner| owner.name.as_str())
}

fn residents_part(member: &Member, ui: &Ui, residents: &[ResidentView]) -> Markup {
    let columns = [
        Column::text(ui.t("roll-field-name")),
        Column::text(ui.t("roll-field-relation")),
        Column::text(ui.t("roll-field-birth-year")),
        Column::text(ui.t("roll-field-phone")),
        Column::text(ui.t("roll-more")),
    ];
    let lines = residents.iter().map(|resident| {
        let year = resident
            .birth_year
            .map_or_else(|| "—".to_owned(), |year| year.to_string());
        vec![
            html! { (resident.name) },
            html! { (ui.t(&format!("roll-relation-{}", resident.relation.name()))) },
            html! { (year) },
            html! { (resident.phone.as_deref().unwrap_or("—")) },
            person_links(member, ui, PersonRef::Resident(resident.id)),
        ]
    });
    section(
        ui.t("roll-residents"),
        html! { (table(ui, ui.t("roll-residents-now"), columns).rows(lines)) },
    )
}

/// Owners, facts and voices before; nothing was overwritten.
fn history_part(member: &Member, ui: &Ui, view: &UnitView) -> Markup {
    let columns = [
        Column::text(ui.t("roll-since")),
        Column::text(ui.t("roll-until")),
        Column::text(ui.t("roll-what")),
    ];
    let ownerships = view.ownerships.iter().map(|past| {
        vec![
            from(ui, past.since),
            until(ui, past.until),
            html! {
                @for (place, owner) in past.owners.iter().enumerate() {
                    @if place > 0 { "、" }
                    (owner.name)
                    @if past.until.is_some() && name_of(&view.owners, owner.id).is_none() {
                        (erase_link(member, ui, PersonRef::Owner(owner.id)))
                    }
                }
            },
        ]
    });
    let states = view.states.iter().map(|state| {
        let said =
            html! { (ui.area(state.facts.exclusive_area.get())) " · " (source(ui, &state.facts)) };
        vec![from(ui, Some(state.since)), until(ui, state.until), said]
    });
    let appointments = view.appointments.iter().map(|past| {
        let name = name_of(&view.owners, past.owner);
        let name = name.map_or_else(|| ui.t("roll-former-owner").into_owned(), ToOwned::to_owned);
        vec![
            from(ui, Some(past.since)),
            until(ui, past.until),
            html! { (name) },
        ]
    });
    disclosure(
        ui.t("roll-history"),
        html! {
            (table(ui, ui.t("roll-history-owners"), columns.clone()).rows(ownerships))
            (table(ui, ui.t("roll-history-facts"), columns.clone()).rows(states))
            @if !view.former_residents.is_empty() { (former_residents(member, ui, view)) }
            @if !view.appointments.is_empty() {
                (table(ui, ui.t("roll-history-voices"), columns).rows(appointments))
            }
        },
    )
}

fn former_residents(member: &Member, ui: &Ui, view: &UnitView) -> Markup {
    let columns = [
        Column::text(ui.t("roll-field-name")),
        Column::text(ui.t("roll-more")),
    ];
    let lines = view.former_residents.iter().map(|resident| {
        vec![
            html! { (resident.name) },
            erase_link(member, ui, PersonRef::Resident(resident.id)),
        ]
    });
    html! { (table(ui, ui.t("roll-former-residents"), columns).rows(lines)) }
}

fn from(ui: &Ui, at: Option<Timestamp>) -> Markup {
    html! { (at.map_or_else(|| ui.t("roll-since-before").into_owned(), |at| ui.date(at.micros()))) }
}

fn until(ui: &Ui, at: Option<Timestamp>) -> Markup {
    html! { (at.map_or_else(|| ui.t("roll-until-now").into_owned(), |at| ui.date(at.micros()))) }
}
