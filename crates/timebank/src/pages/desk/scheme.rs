//! The scheme: which city's rules are in force, what another would change, choosing one.

use axum::extract::Query;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Form, Member};
use web_ui::{
    Column, Heading, Icon, Input, Tone, Ui, button, citation, facts, field, form, hidden, notice,
    section, table,
};

use super::super::{Typed, again, done, duration, form_errors, is_correctable, select_named};
use crate::law::Law;
use crate::model::{MANAGE, Scheme};
use crate::queries::{self, Desk, Preview};
use crate::{ChooseScheme, Error};

/// Which scheme is in force, with its clauses.
pub(super) fn in_force(ui: &Ui, desk: &Desk) -> Markup {
    let (Some(chosen), Some(law)) = (desk.chosen, &desk.law) else {
        return html! { (notice(ui, Tone::Warning, ui.t("timebank-no-scheme"))) };
    };
    html! {
        (section(ui.t("timebank-scheme"), html! {
            p {
                strong { (ui.t(&format!("timebank-scheme-{}", chosen.scheme.name().replace('_', "-")))) }
                " · " (ui.t_with("timebank-confirms-after", &[("days", chosen.confirm_after_days.into())]))
            }
            (facts(rules(ui, law)))
            @for ground in &law.grounds { (citation(ui, ground.citation.clone(), ground.verified)) }
        }))
    }
}

/// A scheme's rules, each with its name.
fn rules(ui: &Ui, law: &Law) -> Vec<(String, String)> {
    let none = || ui.t("timebank-rule-none").into_owned();
    let age = |age: Option<i64>| {
        age.map_or_else(none, |age| {
            ui.t_with("timebank-rule-age", &[("age", age.into())])
                .into_owned()
        })
    };
    let time = |minutes: Option<i64>| minutes.map_or_else(none, |minutes| duration(ui, minutes));
    let bonds: Vec<String> = law
        .gift_to
        .iter()
        .map(|bond| ui.t(&format!("timebank-bond-{}", bond.name())).into_owned())
        .collect();
    let team = if law.team_to_pool {
        "timebank-rule-team-pool"
    } else {
        "timebank-rule-none"
    };
    [
        ("timebank-rule-volunteer", age(law.volunteer_from_age)),
        ("timebank-rule-redeem", age(law.redeem_from_age)),
        ("timebank-rule-cap", time(law.cap_minutes)),
        ("timebank-rule-start", time(law.starting_minutes)),
        ("timebank-rule-gifts", bonds.join("、")),
        ("timebank-rule-pool", age(law.pool_from_age)),
        ("timebank-rule-team", ui.t(team).into_owned()),
    ]
    .map(|(key, value)| (ui.t(key).into_owned(), value))
    .into()
}

/// Which scheme to look at.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    scheme: String,
}

pub(crate) async fn preview(member: Member, Query(asked): Query<Asked>) -> Result<Markup, Failure> {
    preview_page(&member, &asked.scheme, "3", None).await
}

async fn preview_page(
    member: &Member,
    name: &str,
    days: &str,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let wanted = Scheme::from_name(name);
    let found = member
        .read(move |read, ctx| {
            ctx.require(MANAGE)?;
            wanted
                .map(|scheme| queries::preview(read, ctx, scheme))
                .transpose()
        })
        .await?;
    let errors = form_errors(&member.ui(), failure);
    let ui = member.ui();
    let heading = Heading::new(ui.t("timebank-scheme"))
        .crumb(member.path("timebank"), ui.t("timebank-title"))
        .crumb(member.path("timebank/desk"), ui.t("timebank-desk"))
        .lead(ui.t("timebank-scheme-lead"));
    let schemes = Scheme::ALL.iter().map(|one| one.name());
    let action = member.path("timebank/desk/scheme");
    Ok(ui.page(heading, html! {
        (form(&ui, action.clone(), html! { (select_named(&ui, "scheme", schemes, name)) })
            .get().button(button(ui.t("timebank-preview")).secondary()))
        @if let (Some(preview), Some(scheme)) = (&found, wanted) {
            (changes(&ui, preview))
            (form(&ui, action, html! {
                (hidden("scheme", scheme.name()))
                (field(&ui, "confirm_after_days", ui.t("timebank-field-confirm-after-days")).input(Input::Number)
                    .value(days).error(errors.of("confirm_after_days")).hint(ui.t("timebank-confirm-after-hint")).required())
            }).errors(&ui, &errors).button(button(ui.t("timebank-choose")).icon(Icon::Check)))
        }
    }))
}

fn changes(ui: &Ui, preview: &Preview) -> Markup {
    let columns = [
        Column::text(ui.t("timebank-rule")),
        Column::text(ui.t("timebank-now")),
        Column::text(ui.t("timebank-then")),
    ];
    let now = preview.now.as_ref().map(|law| rules(ui, law));
    let rows = rules(ui, &preview.then)
        .into_iter()
        .enumerate()
        .map(|(place, (name, then))| {
            let before = now
                .as_ref()
                .and_then(|now| now.get(place))
                .map(|(_, value)| value.clone());
            let before = before.unwrap_or_else(|| "—".to_owned());
            let is_new = before != then;
            vec![
                html! { (name) },
                html! { (before) },
                html! { @if is_new { strong { (then) } } @else { (then) } },
            ]
        });
    let count = |number: usize| ui.number(i64::try_from(number).unwrap_or(i64::MAX));
    html! {
        (section(ui.t("timebank-changes"), html! {
            (table(ui, ui.t("timebank-changes"), columns).rows(rows))
            (facts([
                (ui.t("timebank-above-cap"), count(preview.above_cap)),
                (ui.t("timebank-too-young"), count(preview.too_young)),
                (ui.t("timebank-shut-out"), count(preview.shut_out)),
                (ui.t("timebank-let-in"), count(preview.let_in)),
            ]))
            @for ground in &preview.then.grounds { (citation(ui, ground.citation.clone(), ground.verified)) }
        }))
    }
}

pub(crate) async fn choose(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let scheme = Scheme::from_name(typed.text("scheme"));
    let command = ChooseScheme {
        scheme: scheme.ok_or_else(|| Failure::from(Error::NotFound { what: "scheme" }))?,
        confirm_after_days: typed.number("confirm_after_days"),
    };
    match member.execute(command).await {
        Ok(_) => done(&member, "/desk", "timebank-flash-chosen"),
        Err(failure) if is_correctable(&failure) => {
            let (name, days) = (typed.text("scheme"), typed.text("confirm_after_days"));
            let page = preview_page(&member, name, days, Some(&failure)).await?;
            Ok(again(&failure, page))
        }
        Err(failure) => Err(failure),
    }
}
