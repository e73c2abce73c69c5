//! What the roll knows of oneself, in full.

use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{Heading, Icon, Ui, empty, facts, section};

use crate::Error;
use crate::queries::{self, OwnData};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    member.visitor.signed_in()?;
    let (own, units) = member
        .read(|read, ctx| {
            Ok::<_, Error>((
                queries::own_data(read, ctx)?,
                queries::own_units(read, ctx)?,
            ))
        })
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("roll-mine")).lead(ui.t("roll-mine-lead"));
    Ok(ui.page(
        heading,
        html! {
            @if own.is_empty() {
                (empty(Icon::Person, ui.t("roll-mine-none")).text(ui.t("roll-mine-none-text")))
            }
            @for one in &own { (own_part(&ui, one)) }
            @if !units.is_empty() { (super::own_units_part(&ui, member.community, &units)) }
            @if !own.is_empty() { p.quiet { (ui.t("roll-mine-wrong")) } }
        },
    ))
}

fn own_part(ui: &Ui, own: &OwnData) -> Markup {
    let known = |value: Option<&str>| {
        value.map_or_else(|| ui.t("roll-unknown").into_owned(), ToOwned::to_owned)
    };
    match own {
        OwnData::Owner(_, owner) => section(
            ui.t("roll-as-owner"),
            facts([
                (ui.t("roll-field-name"), owner.name.clone()),
                (
                    ui.t("roll-field-kind"),
                    ui.t(&format!("roll-kind-{}", owner.kind.name()))
                        .into_owned(),
                ),
                (
                    ui.t("roll-field-id-number"),
                    known(owner.id_number.as_deref()),
                ),
                (ui.t("roll-field-phone"), known(owner.phone.as_deref())),
            ]),
        ),
        OwnData::Resident(_, resident) => section(
            ui.t("roll-as-resident"),
            facts([
                (ui.t("roll-field-name"), resident.name.clone()),
                (ui.t("roll-field-phone"), known(resident.phone.as_deref())),
                (
                    ui.t("roll-field-birth-year"),
                    known(resident.birth_year.map(|year| year.to_string()).as_deref()),
                ),
                (
                    ui.t("roll-field-relation"),
                    ui.t(&format!("roll-relation-{}", resident.relation.name()))
                        .into_owned(),
                ),
            ]),
        ),
    }
}
