//! A circle's own lists: bringing one, whether it lies where it should, putting its datum right, withdrawing it.

use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, Uploads, flash_to};
use street_map::{Datum, FacilityTypes, Judgement, Reading, judge};
use walk::{Position, Snapper};
use web_ui::{
    Column, FormErrors, Icon, Tone, Ui, button, facts, file_upload, form, hidden, notice, row,
    rows, section, select, table,
};

use super::{attribution, heading, path_of, said, views};
use crate::analyses::{Analyses, Standing, now};
use crate::found::Found;
use crate::lists::List;
use crate::model::{CircleId, ListKind, OwnId, PLAN};
use crate::store::{Circle, OwnRow};
use crate::{Error, ImportList, RestateList, WithdrawList, queries, read_list};

/// How many faults of a list are shown.
const SHOWN: usize = 200;

/// The form as typed.
#[derive(Clone, Default)]
struct Typed {
    kind: String,
    datum: String,
    otherwise: String,
}

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, CircleId)>,
) -> Result<Markup, Failure> {
    let typed = Typed {
        kind: ListKind::Facilities.name().to_owned(),
        ..Typed::default()
    };
    shown(&member, id, &typed, &FormErrors::new()).await
}

pub(super) async fn import(
    member: Member,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    mut uploads: Uploads,
) -> Result<Response, Failure> {
    member.context()?.require(PLAN).map_err(Failure::from)?;
    let text = |field: &str| uploads.text(field).trim().to_owned();
    let typed = Typed {
        kind: text("kind"),
        datum: text("datum"),
        otherwise: text("otherwise"),
    };
    let types = member
        .read(move |read, ctx| queries::types(read, ctx, id))
        .await?;
    let file = uploads
        .take_file("file")
        .map(|file| (file.name, file.content));
    let sent = match read_form(id, &typed, types, file).await {
        Ok(command) => member.execute(command).await,
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(list) => flash_to(
            &format!("{}/lists/{list}", path_of(&member, id)),
            FlashKey(Tone::Success, "lifecircle-flash-list"),
        ),
        Err(failure) if failure.is_correctable() => {
            let errors = failure.form_errors(&member.ui(), "lifecircle", "file");
            Ok(failure.again(shown(&member, id, &typed, &errors).await?))
        }
        Err(failure) => Err(failure),
    }
}

/// Reads the file, off the threads that answer requests.
async fn read_form(
    circle: CircleId,
    typed: &Typed,
    types: FacilityTypes,
    file: Option<(String, Vec<u8>)>,
) -> Result<ImportList, Failure> {
    let kind = ListKind::from_name(&typed.kind).ok_or(Error::Blank { field: "kind" })?;
    let datum = Datum::from_name(&typed.datum).ok_or(Error::Blank { field: "datum" })?;
    let (file_name, content) = file.ok_or(Error::Blank { field: "file" })?;
    let otherwise = typed.otherwise.clone();
    let list = tokio::task::spawn_blocking(move || {
        let otherwise = Some(otherwise.as_str()).filter(|id| !id.is_empty());
        read_list(kind, &types, otherwise, &content)
    });
    let list = list
        .await
        .map_err(|error| Failure::internal("reading a list", &error))??;
    Ok(ImportList {
        circle,
        kind,
        file_name,
        datum: datum.name().to_owned(),
        swapped: false,
        list,
    })
}

async fn shown(
    member: &Member,
    id: CircleId,
    typed: &Typed,
    errors: &FormErrors,
) -> Result<Markup, Failure> {
    let (circle, types) = member
        .read(move |read, ctx| {
            Ok::<_, Error>((
                queries::circle(read, ctx, id)?,
                queries::types(read, ctx, id)?,
            ))
        })
        .await?;
    let ui = member.ui();
    let base = path_of(member, id);
    let heading = heading(member, &ui, &circle, &ui.t("lifecircle-view-lists"))
        .lead(ui.t("lifecircle-lists-lead"));
    let line = |list: &OwnRow| {
        let counts = [
            ("features", list.features.into()),
            ("faults", list.faults.into()),
        ];
        let state = if list.withdrawn.is_some() {
            "lifecircle-withdrawn"
        } else {
            "lifecircle-in-use"
        };
        row(format!("{base}/lists/{}", list.id), list.file_name.clone())
            .icon(Icon::Document)
            .detail(html! {
                (ui.t(&format!("lifecircle-list-{}", list.kind.name()))) " · "
                (ui.t_with("lifecircle-list-counts", &counts)) " · " (ui.t(state))
            })
    };
    Ok(ui.page(
        heading,
        html! {
            (views(member, &ui, id, "lists"))
            @if circle.lists.is_empty() { p { (ui.t("lifecircle-lists-none")) } }
            @else { (rows(circle.lists.iter().rev().map(line))) }
            @if member.may(PLAN) {
                (section(ui.t("lifecircle-list-import"), html! {
                    (form(&ui, format!("{base}/lists"), fields(&ui, &types, typed, errors))
                        .multipart().errors(&ui, errors)
                        .button(button(ui.t("lifecircle-import-button")).icon(Icon::Upload)))
                }))
            }
        },
    ))
}

fn fields(ui: &Ui, types: &FacilityTypes, typed: &Typed, errors: &FormErrors) -> Markup {
    let mut kind = select(ui, "kind", ui.t("lifecircle-field-kind"))
        .selected(&typed.kind)
        .error(errors.of("kind"))
        .required();
    for one in ListKind::ALL {
        kind = kind.option(one.name(), ui.t(&format!("lifecircle-list-{}", one.name())));
    }
    let mut otherwise = select(ui, "otherwise", ui.t("lifecircle-field-otherwise"))
        .option("", ui.t("lifecircle-otherwise-none"))
        .selected(&typed.otherwise)
        .hint(ui.t("lifecircle-otherwise-hint"));
    for kind in &types.types {
        otherwise = otherwise.option(&kind.id, said(ui, kind));
    }
    html! {
        (kind)
        (datum_field(ui, &typed.datum, errors))
        (file_upload(ui, "file", ui.t("lifecircle-field-list-file")).accept(".geojson,.json,.csv,.txt,.xlsx,.xls,.ods")
            .hint(ui.t("lifecircle-list-hint")).error(errors.of("file")).required())
        (otherwise)
    }
}

fn datum_field(ui: &Ui, chosen: &str, errors: &FormErrors) -> Markup {
    let mut datum = select(ui, "datum", ui.t("lifecircle-field-datum"))
        .hint(ui.t("lifecircle-datum-hint"))
        .error(errors.of("datum"))
        .required();
    if !chosen.is_empty() {
        datum = datum.selected(chosen);
    }
    for one in Datum::ALL {
        datum = datum.option(
            one.name(),
            ui.t(&format!("lifecircle-datum-{}", one.name())),
        );
    }
    html! { (datum) }
}

pub(super) async fn one(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id, own)): Path<(CommunityId, CircleId, OwnId)>,
) -> Result<Markup, Failure> {
    let (circle, standing) = now(&analyses, &member, id).await?;
    let row = circle.lists.iter().find(|list| list.id == own);
    let row = row.cloned().ok_or(Error::NoSuchPart { what: "list" })?;
    let list = member
        .read(move |read, ctx| queries::list(read, ctx, id, own))
        .await?;
    let judged = match standing {
        Standing::Ready(found) => judged(found, &row, &list).await?,
        _ => None,
    };
    let ui = member.ui();
    let base = path_of(&member, id);
    let heading = heading(&member, &ui, &circle, &row.file_name)
        .crumb(format!("{base}/lists"), ui.t("lifecircle-view-lists"));
    let path = format!("{base}/lists/{own}");
    let may = member.may(PLAN) && row.withdrawn.is_none();
    Ok(ui.page(
        heading,
        html! {
            (doubt(&ui, judged.as_ref(), &path, may))
            (known(&ui, &row, judged.as_ref()))
            (faults(&ui, &list))
            @if may { (change(&ui, &row, &path)) }
            (attribution(&ui))
            (unplaced(&ui, &circle, &row))
        },
    ))
}

/// How well the list lies on the map.
async fn judged(
    found: std::sync::Arc<Found>,
    row: &OwnRow,
    list: &List,
) -> Result<Option<Judgement>, Failure> {
    if row.kind == ListKind::Districts {
        return Ok(None);
    }
    let raw: Vec<Position> = list
        .features
        .iter()
        .filter_map(|one| one.raw().next())
        .collect();
    let said = Reading {
        datum: row.datum,
        swapped: row.swapped,
    };
    let judged = tokio::task::spawn_blocking(move || {
        judge(&Snapper::new(&found.analysis.network), &raw, said)
    });
    judged
        .await
        .map_err(|error| Failure::internal("looking at a datum", &error))
}

/// What speaks against the datum that was given, with the button that puts it right.
fn doubt(ui: &Ui, judged: Option<&Judgement>, path: &str, may: bool) -> Markup {
    let Some(judged) = judged else {
        return html! {};
    };
    if let Some((better, median)) = judged.better {
        let mut name = ui
            .t(&format!("lifecircle-datum-{}", better.datum.name()))
            .into_owned();
        if better.swapped {
            name.push_str(&ui.t("lifecircle-swapped"));
        }
        let said = [
            ("metres", (judged.median_dm / 10).into()),
            ("better", (median / 10).into()),
            ("datum", name.as_str().into()),
        ];
        let text = ui.t_with("lifecircle-datum-doubt", &said).into_owned();
        let again = html! {
            (hidden("datum", better.datum.name()))
            @if better.swapped { (hidden("swapped", "on")) }
        };
        return html! {
            (notice(ui, Tone::Warning, html! { (text) }).title(ui.t("lifecircle-datum-doubt-title")))
            @if may {
                (form(ui, format!("{path}/datum"), again)
                    .button(button(ui.t_with("lifecircle-reread-as", &[("datum", name.as_str().into())]))))
            }
        };
    }
    html! {
        @if judged.is_off_the_map() {
            (notice(ui, Tone::Warning, html! { (ui.t("lifecircle-off-the-map")) }).title(ui.t("lifecircle-datum-doubt-title")))
        }
    }
}

fn known(ui: &Ui, row: &OwnRow, judged: Option<&Judgement>) -> Markup {
    let mut datum = ui
        .t(&format!("lifecircle-datum-{}", row.datum.name()))
        .into_owned();
    if row.swapped {
        datum.push_str(&ui.t("lifecircle-swapped"));
    }
    let counts = [
        ("features", row.features.into()),
        ("faults", row.faults.into()),
    ];
    let far = judged.map_or_else(
        || ui.t("lifecircle-unknown").into_owned(),
        |judged| format!("{} m", judged.median_dm / 10),
    );
    facts([
        (
            ui.t("lifecircle-field-kind"),
            ui.t(&format!("lifecircle-list-{}", row.kind.name()))
                .into_owned(),
        ),
        (ui.t("lifecircle-field-datum"), datum),
        (
            ui.t("lifecircle-rows"),
            ui.t_with("lifecircle-list-counts", &counts).into_owned(),
        ),
        (ui.t("lifecircle-median"), far),
        (ui.t("lifecircle-when"), ui.date_time(row.imported.micros())),
    ])
}

fn faults(ui: &Ui, list: &List) -> Markup {
    if list.faults.is_empty() {
        return html! {};
    }
    let columns = [
        Column::text(ui.t("lifecircle-row")),
        Column::text(ui.t("lifecircle-why")),
        Column::text(ui.t("lifecircle-stands-there")),
    ];
    let rows = list.faults.iter().take(SHOWN).map(|fault| {
        let key = format!("lifecircle-fault-{}", fault.code);
        vec![
            html! { (fault.at) },
            html! { (ui.t(&key)) },
            html! { (fault.value) },
        ]
    });
    let rest = list.faults.len().saturating_sub(SHOWN) + list.more_faults;
    let caption = ui.t("lifecircle-faults").into_owned();
    section(
        ui.t("lifecircle-faults"),
        html! {
            (table(ui, caption, columns).rows(rows))
            @if rest > 0 { p { (ui.t_with("lifecircle-and-more", &[("count", rest.into())])) } }
        },
    )
}

fn change(ui: &Ui, row: &OwnRow, path: &str) -> Markup {
    let swapped =
        web_ui::checkbox(ui, "swapped", ui.t("lifecircle-field-swapped")).checked(row.swapped);
    html! {
        (section(ui.t("lifecircle-restate"), html! {
            (form(ui, format!("{path}/datum"), html! {
                (datum_field(ui, row.datum.name(), &FormErrors::new()))
                (swapped)
            }).button(button(ui.t("lifecircle-save")).secondary()))
        }))
        (form(ui, format!("{path}/withdrawal"), html! {})
            .button(button(ui.t("lifecircle-withdraw")).quiet()))
    }
}

/// Where its rows without a place on the map are told.
fn unplaced(ui: &Ui, circle: &Circle, row: &OwnRow) -> Markup {
    html! {
        @if row.kind == ListKind::Entrances && circle.map_in_use().is_some() {
            p { (ui.t("lifecircle-entrances-text")) }
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Restated {
    #[serde(default)]
    datum: String,
    swapped: Option<String>,
}

pub(super) async fn restate(
    member: Member,
    Path((_, circle, list)): Path<(CommunityId, CircleId, OwnId)>,
    Form(sent): Form<Restated>,
) -> Result<Response, Failure> {
    let command = RestateList {
        circle,
        list,
        datum: sent.datum,
        swapped: sent.swapped.is_some(),
    };
    member.execute(command).await?;
    flash_to(
        &format!("{}/lists/{list}", path_of(&member, circle)),
        FlashKey(Tone::Success, "lifecircle-flash-restated"),
    )
}

pub(super) async fn withdraw(
    member: Member,
    Path((_, circle, list)): Path<(CommunityId, CircleId, OwnId)>,
) -> Result<Response, Failure> {
    member.execute(WithdrawList { circle, list }).await?;
    flash_to(
        &format!("{}/lists", path_of(&member, circle)),
        FlashKey(Tone::Success, "lifecircle-flash-withdrawn"),
    )
}
