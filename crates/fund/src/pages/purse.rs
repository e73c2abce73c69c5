//! One purse: what it holds, and every movement of its money with the balance after it.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use ledger::Act;
use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{Column, Heading, Icon, Ui, empty, row, rows, section, stat, stats, table};

use super::overview::purse_bar;
use super::{grant_badge, purse_name, titled, word, workbook};
use crate::Error;
use crate::model::{Purse, VoucherKind};
use crate::queries::{self, PurseStatement, StatementRow};

async fn read(member: &Member, purse: &str) -> Result<PurseStatement, Failure> {
    let purse: Purse = purse
        .parse()
        .map_err(|_| Failure::from(Error::NotFound { what: "purpose" }))?;
    member
        .read(move |read, ctx| queries::purse(read, ctx, purse))
        .await
}

fn name(ui: &Ui, statement: &PurseStatement) -> String {
    let view = &statement.view;
    let purpose = view.purpose.as_ref();
    purse_name(
        ui,
        view.purse,
        purpose.map(|purpose| purpose.terms.title.as_str()),
    )
}

const TITLES: [&str; 4] = ["fund-when", "fund-what", "fund-amount", "fund-balance"];

pub(super) async fn page(
    member: Member,
    Path((_, purse)): Path<(CommunityId, String)>,
) -> Result<Markup, Failure> {
    let statement = read(&member, &purse).await?;
    let ui = member.ui();
    let title = name(&ui, &statement);
    let here = member.path(&format!("fund/purses/{}", statement.view.purse));
    let mut heading = Heading::new(title.clone()).crumb(member.path("fund"), ui.t("fund-title"));
    if let Some(purpose) = &statement.view.purpose {
        heading = heading.lead(purpose.terms.about.clone());
    }
    let [when, what, amount, balance] = TITLES.map(|key| ui.t(key));
    let columns = [
        Column::text(when),
        Column::text(what),
        Column::number(amount),
        Column::number(balance),
    ];
    let moved = statement.rows.iter().map(|row| {
        vec![
            html! { (ui.date_time(row.line.at.micros())) },
            line(&member, &ui, row),
            html! { (ui.money(row.line.change)) },
            html! { (ui.money(row.line.balance)) },
        ]
    });
    let all = table(&ui, ui.t("fund-movements"), columns)
        .rows(moved)
        .export(&ui, format!("{here}/excel"));
    let held = statement.view.balance;
    let grants = statement.grants.iter().map(|grant| {
        row(
            member.path(&format!("fund/grants/{}", grant.id)),
            grant.title.clone(),
        )
        .detail(html! { (grant.who) " · " (ui.money(grant.amount)) })
        .status(grant_badge(&ui, grant))
    });
    let grants: Vec<_> = grants.collect();
    Ok(ui.page(heading, html! {
        (stats([
            stat(here.clone(), ui.money(held.free()), ui.t("fund-free")),
            stat(here.clone(), ui.money(held.held), ui.t("fund-held")),
            stat(here, ui.money(held.received), ui.t("fund-came")),
        ]))
        (purse_bar(&ui, &statement.view))
        @if matches!(statement.view.purse, Purse::Purpose(_)) { p { (ui.t("fund-bound")) } }
        @if statement.rows.is_empty() { (empty(Icon::Receipt, ui.t("fund-no-lines"))) } @else { (all) }
        @if !grants.is_empty() { (section(ui.t("fund-projects"), html! { (rows(grants)) })) }
    }))
}

/// What a movement was, with the way to what it belongs to.
fn line(member: &Member, ui: &Ui, row: &StatementRow) -> Markup {
    let text = what(ui, row);
    match &row.grant {
        Some((grant, _)) => html! {
            a href=(member.path(&format!("fund/grants/{grant}"))) { (text) }
        },
        None if row.line.act == Act::Transfer => html! {
            a href=(member.path(&format!("fund/entries/{}", row.line.request))) { (text) }
        },
        None => html! { (text) },
    }
}

fn what(ui: &Ui, row: &StatementRow) -> String {
    let held = || ui.money(row.line.held);
    let kind = VoucherKind::ALL
        .iter()
        .find(|kind| kind.code() == row.line.code);
    let told = match (row.line.act, kind) {
        (Act::Reserve, _) => format!("{} {}", ui.t("fund-move-held"), held()),
        (Act::Void, _) => format!("{} {}", ui.t("fund-move-freed"), held()),
        (Act::Reverse, _) => ui.t("fund-move-undone").into_owned(),
        (_, Some(kind)) => word(ui, "kind", kind.name()),
        (_, None) => word(ui, "kind", "grant"),
    };
    match &row.grant {
        Some((_, title)) => format!("{told} · {title}"),
        None => told,
    }
}

pub(super) async fn excel(
    member: Member,
    Path((_, purse)): Path<(CommunityId, String)>,
) -> Result<Response, Failure> {
    use documents::Cell;
    let statement = read(&member, &purse).await?;
    let ui = member.ui();
    let moved = statement.rows.iter().map(|row| {
        vec![
            Cell::Text(ui.date_time(row.line.at.micros())),
            Cell::Text(what(&ui, row)),
            Cell::Money(row.line.change),
            Cell::Money(row.line.balance),
        ]
    });
    let sheet = documents::Sheet {
        name: name(&ui, &statement),
        columns: titled(&ui, &TITLES),
        rows: moved.collect(),
    };
    workbook("fund-purse.xlsx", &[sheet])
}
