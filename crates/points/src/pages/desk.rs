//! The committee's desk: claims to confirm, rules, the catalogue, what will expire, the trial balance.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use ledger::Asset;
use maud::{Markup, html};
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Column, Heading, Icon, Input, Shade, Tone, Ui, badge, button, empty, field, form, section,
    select, table, textarea,
};

use super::{Typed, form_errors, name_of, select_named, workbook};
use crate::model::{ClaimId, Confirmer, Earner, Event, ItemId, RuleId, RuleTerms, Session};
use crate::queries::{self, Desk, PREVIEW_DAYS, WaitingClaim};
use crate::{ApproveItem, ConfirmClaim, EndItem, EndRule, MakeRule, RefuseClaim};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    let typed = Typed(
        [
            ("daily_cap", "1"),
            ("yearly_cap", "50"),
            ("valid_days", "365"),
            ("seats", "30"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
    );
    desk_page(&member, &typed, None).await
}

pub(super) async fn confirm(
    member: Member,
    Path((_, claim)): Path<(CommunityId, ClaimId)>,
) -> Result<Response, Failure> {
    member.execute(ConfirmClaim { claim }).await?;
    done(&member, "points-flash-confirmed")
}

pub(super) async fn refuse(
    member: Member,
    Path((_, claim)): Path<(CommunityId, ClaimId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let reason = typed.text("reason").to_owned();
    member.execute(RefuseClaim { claim, reason }).await?;
    done(&member, "points-flash-refused")
}

pub(super) async fn make_rule(
    member: Member,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let terms = RuleTerms {
        title: typed.text("title").to_owned(),
        evidence: typed.text("evidence").to_owned(),
        points: typed.number("points"),
        daily_cap: typed.number("daily_cap"),
        yearly_cap: typed.number("yearly_cap"),
        valid_days: typed.number("valid_days"),
        earned_by: Earner::from_name(typed.text("earned_by")).unwrap_or(Earner::Everyone),
        confirmed_by: Confirmer::from_name(typed.text("confirmed_by"))
            .unwrap_or(Confirmer::Committee),
        event: Event::from_name(typed.text("event")),
    };
    match member.execute(MakeRule { terms }).await {
        Ok(_) => done(&member, "points-flash-rule-made"),
        Err(failure) if failure.is_correctable() => {
            let page = desk_page(&member, &typed, Some(&failure)).await?;
            Ok(failure.again(page))
        }
        Err(failure) => Err(failure),
    }
}

pub(super) async fn end_rule(
    member: Member,
    Path((_, rule)): Path<(CommunityId, RuleId)>,
) -> Result<Response, Failure> {
    member.execute(EndRule { rule }).await?;
    done(&member, "points-flash-ended")
}

pub(super) async fn approve(
    member: Member,
    Path((_, item)): Path<(CommunityId, ItemId)>,
) -> Result<Response, Failure> {
    member.execute(ApproveItem { item }).await?;
    done(&member, "points-flash-approved")
}

pub(super) async fn end_item(
    member: Member,
    Path((_, item)): Path<(CommunityId, ItemId)>,
) -> Result<Response, Failure> {
    member.execute(EndItem { item }).await?;
    done(&member, "points-flash-ended")
}

pub(super) fn done(member: &Member, flash: &'static str) -> Result<Response, Failure> {
    flash_to(&member.path("points/desk"), FlashKey(Tone::Success, flash))
}

pub(super) async fn desk_page(
    member: &Member,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let desk = member.read(queries::desk).await?;
    let waiting = member.read(queries::waiting_claims).await?;
    let mut named = Vec::with_capacity(waiting.len());
    for claim in waiting {
        let name = name_of(member, claim.claim.account).await;
        named.push((claim, name));
    }
    let ui = member.ui();
    let heading = Heading::new(ui.t("points-desk"))
        .crumb(member.path("points"), ui.t("points-title"))
        .lead(ui.t("points-desk-lead"));
    Ok(ui.page(
        heading,
        html! {
            (claims(member, &ui, &named))
            (items(member, &ui, &desk))
            (rules(member, &ui, &desk))
            (new_rule(member, &ui, typed, failure))
            (sessions(member, &ui, &desk))
            (new_session(member, &ui, &desk, typed, failure))
            (preview(&ui, &desk))
            (years(&ui, &desk))
            (trial(member, &ui, &desk))
        },
    ))
}

fn claims(member: &Member, ui: &Ui, waiting: &[(WaitingClaim, String)]) -> Markup {
    if waiting.is_empty() {
        let nothing = empty(Icon::Check, ui.t("points-no-claims"));
        return html! { (section(ui.t("points-waiting"), nothing)) };
    }
    html! {
        (section(ui.t("points-waiting"), html! {
            @for (one, name) in waiting {
                div.card {
                    p { strong { (one.title) } " · " (name) " · " (ui.date_time(one.claim.claimed_at.micros())) }
                    p { (one.evidence) }
                    @if one.is_own {
                        p { (ui.t("points-own-claim")) }
                    } @else {
                        (decide(member, ui, one.claim.id))
                    }
                }
            }
        }))
    }
}

fn decide(member: &Member, ui: &Ui, claim: ClaimId) -> Markup {
    let path = |what: &str| member.path(&format!("points/claims/{claim}/{what}"));
    html! {
        (form(ui, path("confirmation"), html! {}).button(button(ui.t("points-confirm")).icon(Icon::Check)))
        (form(ui, path("refusal"), html! {
            (field(ui, "reason", ui.t("points-field-reason")).max_length(200).required())
        })
        .button(button(ui.t("points-refuse")).secondary()))
    }
}

fn items(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    if desk.items.is_empty() {
        let nothing = empty(Icon::Receipt, ui.t("points-no-items"));
        return html! { (section(ui.t("points-catalogue"), nothing)) };
    }
    let columns = [
        Column::text(ui.t("points-field-title")),
        Column::number(ui.t("points-field-price")),
        Column::number(ui.t("points-left")),
        Column::text(ui.t("points-state")),
    ];
    let lines = desk.items.iter().map(|item| {
        let path = |what: &str| member.path(&format!("points/items/{}/{what}", item.id));
        let state = match (item.ended_at, item.approved_at) {
            (Some(_), _) => html! { (badge(Shade::Wall, ui.t("points-ended"))) },
            (None, Some(_)) => {
                html! { (form(ui, path("end"), html! {}).button(button(ui.t("points-end")).secondary())) }
            }
            (None, None) => {
                html! { (form(ui, path("approval"), html! {}).button(button(ui.t("points-approve")))) }
            }
        };
        vec![
            html! { (item.terms.title) },
            html! { (ui.number(item.terms.price)) },
            html! { (ui.number(item.left.max(0))) },
            state,
        ]
    });
    html! { (section(ui.t("points-catalogue"), table(ui, ui.t("points-catalogue"), columns).rows(lines))) }
}

fn rules(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    if desk.rules.is_empty() {
        let nothing = empty(Icon::Add, ui.t("points-no-rules"));
        return html! { (section(ui.t("points-rules"), nothing)) };
    }
    let columns = [
        Column::text(ui.t("points-field-title")),
        Column::number(ui.t("points-field-points")),
        Column::text(ui.t("points-caps")),
        Column::text(ui.t("points-state")),
    ];
    let lines = desk.rules.iter().map(|rule| {
        let terms = &rule.terms;
        let caps = ui.t_with(
            "points-caps-of",
            &[
                ("day", ui.number(i64::from(terms.daily_cap)).into()),
                ("year", ui.number(i64::from(terms.yearly_cap)).into()),
                ("valid", ui.number(i64::from(terms.valid_days)).into()),
            ],
        );
        let end = member.path(&format!("points/rules/{}/end", rule.id));
        vec![
            html! { (terms.title) " · " (terms.evidence) },
            html! { (ui.number(terms.points)) },
            html! { (caps) },
            html! {
                @if rule.ended_at.is_some() { (badge(Shade::Wall, ui.t("points-ended"))) }
                @else { (form(ui, end, html! {}).button(button(ui.t("points-end")).secondary())) }
            },
        ]
    });
    html! { (section(ui.t("points-rules"), table(ui, ui.t("points-rules"), columns).rows(lines))) }
}

fn new_rule(member: &Member, ui: &Ui, typed: &Typed, failure: Option<&Failure>) -> Markup {
    let errors = form_errors(ui, failure.filter(|_| typed.text("begins").is_empty()));
    let number = |name: &'static str| {
        let label = ui
            .t(&format!("points-field-{}", name.replace('_', "-")))
            .into_owned();
        field(ui, name, label)
            .input(Input::Number)
            .value(typed.text(name))
            .error(errors.of(name))
            .required()
    };
    html! {
        (section(ui.t("points-new-rule"), html! {
            (form(ui, member.path("points/rules"), html! {
                (field(ui, "title", ui.t("points-field-title")).value(typed.text("title")).max_length(60)
                    .error(errors.of("title")).required())
                (textarea(ui, "evidence", ui.t("points-field-evidence")).lines(2).value(typed.text("evidence"))
                    .error(errors.of("evidence")).required())
                (number("points"))
                (number("daily_cap"))
                (number("yearly_cap"))
                (number("valid_days"))
                (select_named(ui, "earned_by", Earner::ALL.iter().map(|one| one.name()), typed.text("earned_by")))
                (select_named(ui, "confirmed_by", Confirmer::ALL.iter().map(|one| one.name()), typed.text("confirmed_by")))
                (select_named(ui, "event", std::iter::once("none").chain(Event::ALL.iter().map(|one| one.name())), typed.text("event")))
            })
            .errors(ui, &errors)
            .button(button(ui.t("points-make-rule")).icon(Icon::Add)))
        }))
    }
}

fn sessions(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    if desk.sessions.is_empty() {
        let nothing = empty(Icon::Calendar, ui.t("points-no-sessions"));
        return html! { (section(ui.t("points-sessions"), nothing)) };
    }
    let columns = [
        Column::text(ui.t("points-field-title")),
        Column::text(ui.t("points-when")),
        Column::number(ui.t("points-attended")),
    ];
    let line = |session: &Session| {
        let href = member.path(&format!("points/sessions/{}", session.code));
        vec![
            html! { a href=(href) { (session.terms.title) } },
            html! { (ui.date_time(session.terms.begins.micros())) },
            html! { (ui.number(i64::from(session.attended))) " / " (ui.number(i64::from(session.terms.seats))) },
        ]
    };
    let all = table(ui, ui.t("points-sessions"), columns).rows(desk.sessions.iter().map(line));
    html! { (section(ui.t("points-sessions"), all)) }
}

fn new_session(
    member: &Member,
    ui: &Ui,
    desk: &Desk,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let errors = form_errors(ui, failure.filter(|_| !typed.text("begins").is_empty()));
    let claimed = desk.rules.iter();
    let claimed = claimed.filter(|rule| rule.ended_at.is_none() && rule.terms.event.is_none());
    let rule = claimed.fold(
        select(ui, "rule", ui.t("points-field-rule"))
            .selected(typed.text("rule"))
            .required(),
        |select, rule| select.option(rule.id.to_string(), rule.terms.title.clone()),
    );
    let time = |name: &'static str| {
        field(ui, name, ui.t(&format!("points-field-{name}")))
            .input(Input::DateTime)
            .value(typed.text(name))
            .required()
    };
    html! {
        (section(ui.t("points-new-session"), html! {
            (form(ui, member.path("points/sessions"), html! {
                (rule)
                (field(ui, "title", ui.t("points-field-title")).value(typed.text("title")).max_length(60)
                    .error(errors.of("title")).required())
                (time("begins"))
                (time("ends"))
                (field(ui, "seats", ui.t("points-field-seats")).input(Input::Number).value(typed.text("seats"))
                    .error(errors.of("seats")).required())
            })
            .errors(ui, &errors)
            .button(button(ui.t("points-open-session")).icon(Icon::Add)))
        }))
    }
}

/// Closed years, and what this one would be closed with today.
fn years(ui: &Ui, desk: &Desk) -> Markup {
    let columns = [
        Column::text(ui.t("points-year")),
        Column::number(ui.t("points-issued")),
        Column::number(ui.t("points-redeemed")),
        Column::number(ui.t("points-expired")),
        Column::number(ui.t("points-outstanding")),
    ];
    let running = (&desk.this_year, "points-year-running");
    let closed = desk.years.iter().map(|year| (year, "points-year-closed"));
    let lines = std::iter::once(running).chain(closed).map(|(year, key)| {
        vec![
            html! { (year.year) " " (badge(Shade::Wall, ui.t(key))) },
            html! { (ui.number(year.issued)) },
            html! { (ui.number(year.redeemed)) },
            html! { (ui.number(year.expired)) },
            html! { (ui.number(year.outstanding)) },
        ]
    });
    let all = table(ui, ui.t("points-years"), columns).rows(lines);
    html! { (section(ui.t("points-years"), html! { p { (ui.t("points-years-text")) } (all) })) }
}

fn preview(ui: &Ui, desk: &Desk) -> Markup {
    let title = ui.t_with("points-preview", &[("days", PREVIEW_DAYS.into())]);
    if desk.preview.is_empty() {
        return html! { (section(title.clone(), html! { p { (ui.t("points-preview-none")) } })) };
    }
    let columns = [
        Column::text(ui.t("points-expires")),
        Column::number(ui.t("points-members")),
        Column::number(ui.t("points-left")),
    ];
    let lines = by_day(ui, desk).into_iter().map(|(day, members, points)| {
        vec![
            html! { (day) },
            html! { (ui.number(members)) },
            html! { (ui.number(points)) },
        ]
    });
    let all = table(ui, title.clone(), columns).rows(lines);
    html! { (section(title.clone(), all)) }
}

/// The preview by day: how many members' lots, how many points.
fn by_day(ui: &Ui, desk: &Desk) -> Vec<(String, i64, i64)> {
    let mut days: Vec<(String, i64, i64)> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for due in &desk.preview {
        let day = ui.date(due.expires_at.micros());
        let is_new = seen.insert((day.clone(), due.account));
        match days.last_mut() {
            Some((last, members, points)) if *last == day => {
                *members += i64::from(is_new);
                *points += due.amount;
            }
            _ => days.push((day, 1, due.amount)),
        }
    }
    days
}

fn trial(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    let columns = [
        Column::text(ui.t("points-account-kind")),
        Column::number(ui.t("points-accounts")),
        Column::number(ui.t("points-received")),
        Column::number(ui.t("points-given")),
        Column::number(ui.t("points-balance")),
    ];
    let of_points = desk.trial.iter().filter(|line| line.asset == Asset::Points);
    let lines = of_points.map(|line| {
        vec![
            html! { (ui.t(&format!("points-kind-{}", line.name))) },
            html! { (ui.number(i64::try_from(line.accounts).unwrap_or(i64::MAX))) },
            html! { (ui.number(line.received)) },
            html! { (ui.number(line.given)) },
            html! { (ui.number(line.received - line.given)) },
        ]
    });
    let all = table(ui, ui.t("points-trial"), columns)
        .rows(lines)
        .export(ui, member.path("points/desk/excel"));
    html! { (section(ui.t("points-trial"), html! { p { (ui.t("points-trial-text")) } (all) })) }
}

pub(super) async fn excel(member: Member) -> Result<Response, Failure> {
    let desk = member.read(queries::desk).await?;
    let ui = member.ui();
    let titles = [
        "points-account-kind",
        "points-accounts",
        "points-received",
        "points-given",
    ];
    let of_points = desk.trial.iter().filter(|line| line.asset == Asset::Points);
    let sheet = documents::Sheet {
        name: ui.t("points-trial").into_owned(),
        columns: titles
            .iter()
            .map(|key| documents::Column {
                title: ui.t(key).into_owned(),
                width: None,
            })
            .collect(),
        rows: of_points
            .map(|line| {
                vec![
                    documents::Cell::Text(ui.t(&format!("points-kind-{}", line.name)).into_owned()),
                    documents::Cell::Integer(i64::try_from(line.accounts).unwrap_or(i64::MAX)),
                    documents::Cell::Integer(line.received),
                    documents::Cell::Integer(line.given),
                ]
            })
            .collect(),
    };
    workbook("trial-balance.xlsx", sheet)
}
