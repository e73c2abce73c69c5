//! One's own points: the balance as lots, what earns and what can be had, the statement.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use kernel::{CommunityId, Timestamp};
use maud::{Markup, html};
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Column, Heading, Icon, Shade, Tone, Ui, badge, button, empty, form, hidden, link_button,
    section, select, stat, stats, table, textarea,
};

use super::{Typed, again, download, form_errors, is_correctable, workbook};
use crate::model::{
    ItemId, MANAGE, MAX_TEXT, PROVIDE, Redemption, RedemptionId, RuleId, Standing, TAKE_PART,
};
use crate::queries::{self, Mine};
use crate::{CancelRedemption, ClaimPoints, Error, RedeemItem};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    mine_page(&member, &Typed::default(), None).await
}

pub(super) async fn claim(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let rule: Result<RuleId, _> = typed.text("rule").parse();
    let command = ClaimPoints {
        rule: rule.map_err(|_| Failure::from(Error::NotFound { what: "rule" }))?,
        evidence: typed.text("evidence").to_owned(),
    };
    let sent = member.execute(command).await.map(drop);
    answered(&member, &typed, sent, "points-flash-claimed").await
}

pub(super) async fn redeem(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let item: Result<ItemId, _> = typed.text("item").parse();
    let item = item.map_err(|_| Failure::from(Error::NotFound { what: "item" }))?;
    let sent = member.execute(RedeemItem { item }).await.map(drop);
    answered(&member, &Typed::default(), sent, "points-flash-redeemed").await
}

pub(super) async fn cancel(
    member: Member,
    Path((_, redemption)): Path<(CommunityId, RedemptionId)>,
) -> Result<Response, Failure> {
    member.execute(CancelRedemption { redemption }).await?;
    flash_to(
        &member.path("points"),
        FlashKey(Tone::Success, "points-flash-cancelled"),
    )
}

async fn answered(
    member: &Member,
    typed: &Typed,
    sent: Result<(), Failure>,
    flash: &'static str,
) -> Result<Response, Failure> {
    match sent {
        Ok(()) => flash_to(&member.path("points"), FlashKey(Tone::Success, flash)),
        Err(failure) if is_correctable(&failure) => {
            let page = mine_page(member, typed, Some(&failure)).await?;
            Ok(again(&failure, page))
        }
        Err(failure) => Err(failure),
    }
}

async fn mine_page(
    member: &Member,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let mine = member.read(queries::mine).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("points-title")).lead(ui.t("points-lead")).actions(html! {
        (link_button(member.path("points/statement"), ui.t("points-statement")).secondary().icon(Icon::History))
        @if member.may(MANAGE) {
            (link_button(member.path("points/desk"), ui.t("points-desk")).secondary().icon(Icon::Settings))
        }
        @if member.may(PROVIDE) {
            (link_button(member.path("points/counter"), ui.t("points-counter")).secondary().icon(Icon::Tick))
        }
    });
    Ok(ui.page(heading, html! {
        (stats([stat(member.path("points/statement"), ui.number(mine.available), ui.t("points-available"))]))
        (lots(&ui, &mine))
        @if member.may(TAKE_PART) {
            (earn(member, &ui, &mine, typed, failure))
            (catalogue(member, &ui, &mine))
            (redemptions(member, &ui, &mine.redemptions))
        }
        (claims(&ui, &mine))
    }))
}

fn lots(ui: &Ui, mine: &Mine) -> Markup {
    if mine.lots.is_empty() {
        return html! { (empty(Icon::Receipt, ui.t("points-none")).text(ui.t("points-none-text"))) };
    }
    let columns = [
        Column::text(ui.t("points-awarded")),
        Column::text(ui.t("points-expires")),
        Column::number(ui.t("points-left")),
    ];
    let all = table(ui, ui.t("points-lots"), columns).rows(mine.lots.iter().map(|lot| {
        let expires = lot.expires_at.map(|at| ui.date(at.micros()));
        vec![
            html! { (ui.date(lot.awarded_at.micros())) },
            html! { (expires.unwrap_or_default()) },
            html! { (ui.number(lot.remaining)) },
        ]
    }));
    html! { (section(ui.t("points-lots"), all)) }
}

fn earn(member: &Member, ui: &Ui, mine: &Mine, typed: &Typed, failure: Option<&Failure>) -> Markup {
    let errors = form_errors(ui, failure);
    if mine.rules.is_empty() {
        return html! { (section(ui.t("points-earn"), empty(Icon::Add, ui.t("points-no-rules")))) };
    }
    let chosen = mine.rules.iter().fold(
        select(ui, "rule", ui.t("points-field-rule"))
            .selected(typed.text("rule"))
            .required(),
        |select, rule| {
            let terms = &rule.terms;
            let label = ui.t_with(
                "points-rule-option",
                &[
                    ("title", terms.title.as_str().into()),
                    ("points", ui.number(terms.points).into()),
                    ("evidence", terms.evidence.as_str().into()),
                ],
            );
            select.option(rule.id.to_string(), label)
        },
    );
    let length = u32::try_from(MAX_TEXT).unwrap_or(u32::MAX);
    html! {
        (section(ui.t("points-earn"), html! {
            (form(ui, member.path("points/claims"), html! {
                (chosen)
                (textarea(ui, "evidence", ui.t("points-field-evidence")).lines(3).max_length(length)
                    .value(typed.text("evidence")).hint(ui.t("points-evidence-hint"))
                    .error(errors.of("evidence")).required())
            })
            .errors(ui, &errors)
            .button(button(ui.t("points-claim")).icon(Icon::Check)))
        }))
    }
}

fn catalogue(member: &Member, ui: &Ui, mine: &Mine) -> Markup {
    if mine.items.is_empty() {
        return html! { (section(ui.t("points-catalogue"), empty(Icon::Receipt, ui.t("points-no-items")))) };
    }
    let columns = [
        Column::text(ui.t("points-field-title")),
        Column::number(ui.t("points-field-price")),
        Column::number(ui.t("points-left")),
        Column::text(ui.t("points-redeem")),
    ];
    let all = table(ui, ui.t("points-catalogue"), columns).rows(mine.items.iter().map(|item| {
        let label = ui.t_with("points-redeem-one", &[("title", item.terms.title.as_str().into())]);
        let can = item.left > 0 && item.terms.price <= mine.available;
        vec![
            html! { (item.terms.title) },
            html! { (ui.number(item.terms.price)) },
            html! { (ui.number(item.left.max(0))) },
            html! {
                @if can {
                    (form(ui, member.path("points/redemptions"), hidden("item", item.id.to_string())).button(button(label)))
                } @else if item.left > 0 {
                    (ui.t("points-too-few"))
                } @else {
                    (ui.t("points-sold-out"))
                }
            },
        ]
    }));
    html! { (section(ui.t("points-catalogue"), all)) }
}

fn redemptions(member: &Member, ui: &Ui, all: &[Redemption]) -> Markup {
    if all.is_empty() {
        return html! {};
    }
    let lines = all.iter().map(|one| redemption(member, ui, one));
    html! { (section(ui.t("points-redemptions"), html! { @for line in lines { (line) } })) }
}

fn redemption(member: &Member, ui: &Ui, one: &Redemption) -> Markup {
    let standing = one.standing(member.visitor.now);
    let shade = match standing {
        Standing::Waiting => Shade::Jade,
        Standing::HandedOver => Shade::Tile,
        Standing::Cancelled | Standing::RanOut => Shade::Wall,
    };
    let back = member.path(&format!("points/redemptions/{}/cancellation", one.id));
    html! {
        div.card {
            p { strong { (one.title) } " · " (ui.number(one.price)) " " (badge(shade, ui.t(&format!("points-standing-{}", standing.name())))) }
            @if standing == Standing::Waiting {
                p { (ui.t("points-show-code")) " " strong { (one.code) } }
                p { (ui.t_with("points-fetch-until", &[("date", ui.date_time(one.deadline.micros()).into())])) }
                (form(ui, back, html! {}).button(button(ui.t("points-cancel")).secondary()))
            }
        }
    }
}

fn claims(ui: &Ui, mine: &Mine) -> Markup {
    if mine.claims.is_empty() {
        return html! {};
    }
    let lines = mine.claims.iter().map(|(claim, title)| {
        let (shade, key) = match claim.is_confirmed {
            None => (Shade::Mist, "points-claim-waiting"),
            Some(true) => (Shade::Jade, "points-claim-confirmed"),
            Some(false) => (Shade::Vermilion, "points-claim-refused"),
        };
        vec![
            html! { (title) },
            html! { (ui.date_time(claim.claimed_at.micros())) },
            html! { (badge(shade, ui.t(key))) @if let Some(reason) = &claim.reason { " " (reason) } },
        ]
    });
    let columns = [
        Column::text(ui.t("points-field-title")),
        Column::text(ui.t("points-when")),
        Column::text(ui.t("points-state")),
    ];
    html! { (section(ui.t("points-claims"), table(ui, ui.t("points-claims"), columns).rows(lines))) }
}

/// A movement as every form of the statement tells it: when, what, change, balance.
struct Line {
    at: Timestamp,
    what: String,
    change: i64,
    balance: i64,
}

async fn lines(member: &Member) -> Result<Vec<Line>, Failure> {
    let ui = member.ui();
    let statement = member.read(queries::statement).await?;
    let told = statement.into_iter().map(|(line, title)| {
        let key = match (line.act, line.change.signum()) {
            (ledger::Act::Reserve, _) => "points-move-held",
            (ledger::Act::Void, _) => "points-move-given-back",
            (ledger::Act::Expire, _) => "points-move-expired",
            (ledger::Act::Reverse, _) => "points-move-reversed",
            (_, 1) => "points-move-earned",
            _ => "points-move-spent",
        };
        let mut what = ui.t(key).into_owned();
        if let Some(title) = title {
            what = format!("{what} · {title}");
        }
        if line.held > 0 {
            what = format!("{what} ({})", ui.number(line.held));
        }
        Line {
            at: line.at,
            what,
            change: line.change,
            balance: line.balance,
        }
    });
    Ok(told.collect())
}

pub(super) async fn statement_page(member: Member) -> Result<Markup, Failure> {
    let lines = lines(&member).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("points-statement"))
        .crumb(member.path("points"), ui.t("points-title"))
        .actions(html! {
            (link_button(member.path("points/statement/pdf"), ui.t("points-pdf")).secondary().icon(Icon::Download).download())
        });
    let columns = [
        Column::text(ui.t("points-when")),
        Column::text(ui.t("points-what")),
        Column::number(ui.t("points-change")),
        Column::number(ui.t("points-balance")),
    ];
    let all = table(&ui, ui.t("points-statement"), columns)
        .rows(lines.iter().map(|line| {
            vec![
                html! { (ui.date_time(line.at.micros())) },
                html! { (line.what) },
                html! { (ui.number(line.change)) },
                html! { (ui.number(line.balance)) },
            ]
        }))
        .export(&ui, member.path("points/statement/excel"));
    Ok(ui.page(heading, html! { (all) }))
}

pub(super) async fn statement_excel(member: Member) -> Result<Response, Failure> {
    let lines = lines(&member).await?;
    let ui = member.ui();
    let titles = [
        "points-when",
        "points-what",
        "points-change",
        "points-balance",
    ];
    let sheet = documents::Sheet {
        name: ui.t("points-statement").into_owned(),
        columns: titles
            .iter()
            .map(|key| documents::Column {
                title: ui.t(key).into_owned(),
                width: None,
            })
            .collect(),
        rows: lines
            .into_iter()
            .map(|line| {
                vec![
                    documents::Cell::Text(ui.date_time(line.at.micros())),
                    documents::Cell::Text(line.what),
                    documents::Cell::Integer(line.change),
                    documents::Cell::Integer(line.balance),
                ]
            })
            .collect(),
    };
    workbook("points.xlsx", sheet)
}

pub(super) async fn statement_pdf(member: Member) -> Result<Response, Failure> {
    let lines = lines(&member).await?;
    let ui = member.ui();
    let end = documents::Align::End;
    let block = documents::TableBlock {
        caption: String::new(),
        columns: vec![
            (ui.t("points-when").into_owned(), documents::Align::Start),
            (ui.t("points-what").into_owned(), documents::Align::Start),
            (ui.t("points-change").into_owned(), end),
            (ui.t("points-balance").into_owned(), end),
        ],
        rows: lines
            .into_iter()
            .map(|line| {
                vec![
                    ui.date_time(line.at.micros()),
                    line.what,
                    ui.number(line.change),
                    ui.number(line.balance),
                ]
            })
            .collect(),
    };
    let document = documents::Document {
        title: format!("{} {}", member.face.name, ui.t("points-statement")),
        blocks: vec![documents::Block::Table(block)],
        footer: ui.date_time(member.visitor.now.micros()),
        ..documents::Document::default()
    };
    let file =
        documents::to_pdf(&document).map_err(|error| Failure::internal("the PDF file", &error))?;
    Ok(download("points.pdf", "application/pdf", file).into_response())
}
