//! The types of facilities of a circle: which there are, how far they may be, and how a street map shows them.

use axum::extract::{Path, Query};
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use street_map::{FacilityType, FacilityTypes};
use web_ui::{
    Column, FormErrors, Heading, Icon, Input, Tone, Ui, button, field, form, hidden, link_button,
    select, table, textarea,
};

use super::{heading, path_of, said, status_badge, views};
use crate::model::{CircleId, PLAN};
use crate::store::Circle;
use crate::{ChangeTypes, Error, queries};

pub(super) async fn page(
    member: Member,
    axum::extract::Path((_, id)): Path<(CommunityId, CircleId)>,
) -> Result<Markup, Failure> {
    let (circle, types) = both(&member, id).await?;
    let ui = member.ui();
    let base = path_of(&member, id);
    let may = member.may(PLAN);
    let heading = heading(&member, &ui, &circle, &ui.t("lifecircle-view-types"))
        .lead(ui.t("lifecircle-types-lead"))
        .actions(html! {
            @if may { (link_button(format!("{base}/types/edit"), ui.t("lifecircle-add-type")).icon(Icon::Add)) }
        })
        .wide();
    let columns = [
        Column::text(ui.t("lifecircle-type")),
        Column::text(ui.t("lifecircle-circle-column")),
        Column::number(ui.t("lifecircle-limit")),
        Column::text(ui.t("lifecircle-tags")),
        Column::text(ui.t("lifecircle-rule")),
    ];
    let rows = types.types.iter().map(|kind| {
        vec![
            html! { @if may { a href={ (base) "/types/edit?id=" (kind.id) } { (said(&ui, kind)) } } @else { (said(&ui, kind)) } },
            html! { (ui.t_with("lifecircle-circle", &[("minutes", kind.circle.as_str().into())])) },
            html! { (kind.limit_m) " m" },
            html! { @if kind.tags.is_empty() { (ui.t("lifecircle-no-tags")) } @else { (kind.tags.join(", ")) } },
            html! { (kind.cite) " " (status_badge(&ui, &kind.status)) },
        ]
    });
    let caption = ui.t("lifecircle-view-types").into_owned();
    Ok(ui.page(
        heading,
        html! {
            (views(&member, &ui, id, "types"))
            (table(&ui, caption, columns).rows(rows))
            p { (types.instrument) }
        },
    ))
}

async fn both(member: &Member, id: CircleId) -> Result<(Circle, FacilityTypes), Failure> {
    member
        .read(move |read, ctx| {
            Ok::<_, Error>((
                queries::circle(read, ctx, id)?,
                queries::types(read, ctx, id)?,
            ))
        })
        .await
}

#[derive(Deserialize)]
pub(super) struct Asked {
    id: Option<String>,
}

/// A type as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    id: String,
    is_new: String,
    zh: String,
    en: String,
    circle: String,
    limit_m: String,
    cite: String,
    tags: String,
    act: String,
}

impl Typed {
    fn of(kind: &FacilityType) -> Self {
        Self {
            id: kind.id.clone(),
            zh: kind.zh.clone(),
            en: kind.en.clone(),
            circle: kind.circle.clone(),
            limit_m: kind.limit_m.to_string(),
            cite: kind.cite.clone(),
            tags: kind.tags.join("\n"),
            ..Self::default()
        }
    }

    /// The types with this one changed, added or taken away.
    fn applied(&self, mut types: Vec<FacilityType>) -> Result<Vec<FacilityType>, Error> {
        let known = types.iter().position(|kind| kind.id == self.id);
        if self.act == "remove" {
            let place = known.ok_or(Error::NoSuchPart { what: "type" })?;
            types.remove(place);
            return Ok(types);
        }
        let own_id = !self.id.is_empty()
            && self.id.len() <= 40
            && self
                .id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !own_id || (self.is_new == "yes" && known.is_some()) {
            return Err(Error::Blank { field: "id" });
        }
        if !["5", "10", "15"].contains(&self.circle.as_str()) {
            return Err(Error::Blank { field: "circle" });
        }
        let limit_m = self
            .limit_m
            .trim()
            .parse()
            .map_err(|_| Error::Blank { field: "limit_m" })?;
        let text = |field, text: &str| {
            crate::model::check_text(field, text, 80).map(|()| text.trim().to_owned())
        };
        let tags = self
            .tags
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        let kind = FacilityType {
            id: self.id.clone(),
            zh: text("zh", &self.zh)?,
            en: text("en", &self.en)?,
            circle: self.circle.clone(),
            limit_m,
            cite: text("cite", &self.cite)?,
            // What someone typed here was not compared with a text.
            status: "unverified".to_owned(),
            note: known.and_then(|place| types.get(place)?.note.clone()),
            tags: tags.map(str::to_owned).collect(),
        };
        match known.and_then(|place| types.get_mut(place)) {
            Some(old) => *old = kind,
            None => types.push(kind),
        }
        Ok(types)
    }
}

pub(super) async fn edit(
    member: Member,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    member.context()?.require(PLAN).map_err(Failure::from)?;
    let (circle, types) = both(&member, id).await?;
    let typed = match asked.id {
        None => Typed {
            is_new: "yes".to_owned(),
            circle: "15".to_owned(),
            ..Typed::default()
        },
        Some(wanted) => {
            let kind = types.types.iter().find(|kind| kind.id == wanted);
            Typed::of(kind.ok_or(Error::NoSuchPart { what: "type" })?)
        }
    };
    Ok(edit_page(&member, &circle, &typed, &FormErrors::new()))
}

pub(super) async fn change(
    member: Member,
    Path((_, id)): Path<(CommunityId, CircleId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (circle, types) = both(&member, id).await?;
    let sent = match typed.applied(types.types) {
        Ok(types) => member.execute(ChangeTypes { circle: id, types }).await,
        Err(error) => Err(error.into()),
    };
    match sent {
        Ok(_) => flash_to(
            &format!("{}/types", path_of(&member, id)),
            FlashKey(Tone::Success, "lifecircle-flash-types"),
        ),
        Err(failure) if failure.is_correctable() => {
            let errors = failure.form_errors(&member.ui(), "lifecircle", "tags");
            Ok(failure.again(edit_page(&member, &circle, &typed, &errors)))
        }
        Err(failure) => Err(failure),
    }
}

fn edit_page(member: &Member, circle: &Circle, typed: &Typed, errors: &FormErrors) -> Markup {
    let ui = member.ui();
    let base = path_of(member, circle.id);
    let is_new = typed.is_new == "yes";
    let key = if is_new {
        "lifecircle-add-type"
    } else {
        "lifecircle-edit-type"
    };
    let heading: Heading = heading(member, &ui, circle, &ui.t(key))
        .crumb(format!("{base}/types"), ui.t("lifecircle-view-types"));
    let mut fields = form(
        &ui,
        format!("{base}/types"),
        fields(&ui, typed, is_new, errors),
    )
    .errors(&ui, errors)
    .button(
        button(ui.t("lifecircle-save"))
            .icon(Icon::Check)
            .value("act", "save"),
    );
    if !is_new {
        fields = fields.button(
            button(ui.t("lifecircle-remove-type"))
                .secondary()
                .value("act", "remove"),
        );
    }
    ui.page(heading, html! { (fields) })
}

fn fields(ui: &Ui, typed: &Typed, is_new: bool, errors: &FormErrors) -> Markup {
    let mut circle = select(ui, "circle", ui.t("lifecircle-circle-column"))
        .selected(&typed.circle)
        .error(errors.of("circle"))
        .required();
    for minutes in ["5", "10", "15"] {
        let name = ui
            .t_with("lifecircle-circle", &[("minutes", minutes.into())])
            .into_owned();
        circle = circle.option(minutes, name);
    }
    html! {
        @if is_new {
            (hidden("is_new", "yes"))
            (field(ui, "id", ui.t("lifecircle-field-id")).value(&typed.id).max_length(40)
                .hint(ui.t("lifecircle-id-hint")).error(errors.of("id")).required())
        } @else { (hidden("id", &typed.id)) }
        (field(ui, "zh", ui.t("lifecircle-field-zh")).value(&typed.zh).max_length(80).error(errors.of("zh")).required())
        (field(ui, "en", ui.t("lifecircle-field-en")).value(&typed.en).max_length(80).error(errors.of("en")).required())
        (circle)
        (field(ui, "limit_m", ui.t("lifecircle-field-limit-m")).input(Input::Number).value(&typed.limit_m).suffix("m")
            .error(errors.of("limit_m")).required())
        (field(ui, "cite", ui.t("lifecircle-field-cite")).value(&typed.cite).max_length(80)
            .hint(ui.t("lifecircle-cite-hint")).error(errors.of("cite")).required())
        (textarea(ui, "tags", ui.t("lifecircle-tags")).value(&typed.tags).lines(4)
            .hint(ui.t("lifecircle-tags-hint")).error(errors.of("tags").or(errors.of("types"))))
    }
}
