//! One's own points: the balance as lots, what earns and what can be had, the statement.

use axum::extract::Path;
use axum::response::Response;
use kernel::{AccountId, CommunityId};
use maud::{Markup, html};
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Column, Heading, Icon, Input, Shade, Tone, Ui, badge, button, empty, field, form, hidden,
    link_button, section, select, stat, stats, table, textarea,
};

use super::{Typed, form_errors};
use crate::model::{
    ItemId, ItemKind, MANAGE, MAX_TEXT, PROVIDE, REVIEW, Redemption, RedemptionId, Rule, RuleId,
    Standing, TAKE_PART,
};
use crate::queries::{self, Mine};
use crate::{CancelRedemption, ClaimPoints, Error, GivePoints, RedeemItem};

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

pub(super) async fn give(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let to: Result<AccountId, _> = typed.text("to").parse();
    let command = GivePoints {
        to: to.map_err(|_| Failure::from(Error::NotFamily))?,
        points: typed.number("points"),
    };
    let sent = member.execute(command).await;
    answered(&member, &typed, sent, "points-flash-given").await
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
        Err(failure) if failure.is_correctable() => {
            let page = mine_page(member, typed, Some(&failure)).await?;
            Ok(failure.again(page))
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
        @if member.may(REVIEW) {
            (link_button(member.path("points/review"), ui.t("points-review")).secondary().icon(Icon::Search))
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
            (gifts(member, &ui, &mine, typed, failure))
        }
        (claims(&ui, &mine))
    }))
}

/// Points to one's own family.
fn gifts(
    member: &Member,
    ui: &Ui,
    mine: &Mine,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    if mine.family.is_empty() || mine.available == 0 {
        return html! {};
    }
    let errors = form_errors(ui, failure.filter(|_| !typed.text("to").is_empty()));
    let to = mine.family.iter().fold(
        select(ui, "to", ui.t("points-field-to"))
            .selected(typed.text("to"))
            .required(),
        |select, one| select.option(one.account.to_string(), one.name.clone()),
    );
    html! {
        (section(ui.t("points-gifts"), html! {
            (form(ui, member.path("points/gifts"), html! {
                (to)
                (field(ui, "points", ui.t("points-field-points")).input(Input::Number).value(typed.text("points"))
                    .hint(ui.t("points-gift-hint")).error(errors.of("points")).required())
            })
            .errors(ui, &errors)
            .button(button(ui.t("points-give")).icon(Icon::Person)))
        }))
    }
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
    let errors = form_errors(ui, failure.filter(|_| typed.text("to").is_empty()));
    if mine.rules.is_empty() {
        return html! { (section(ui.t("points-earn"), empty(Icon::Add, ui.t("points-no-rules")))) };
    }
    let claimed = |rule: &&Rule| rule.terms.event.is_none();
    let chosen = mine.rules.iter().filter(claimed).fold(
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
    let by_itself = mine.rules.iter().filter(|rule| rule.terms.event.is_some());
    html! {
        (section(ui.t("points-earn"), html! {
            p { (link_button(member.path("points/check-in"), ui.t("points-check-in")).secondary().icon(Icon::Check)) }
            @for rule in by_itself {
                p {
                    (ui.t_with("points-by-itself", &[
                        ("title", rule.terms.title.as_str().into()), ("points", ui.number(rule.terms.points).into()),
                    ]))
                }
            }
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
            html! {
                (item.terms.title) " "
                (badge(Shade::Wall, ui.t(&format!("points-kind-{}", item.terms.kind.name().replace('_', "-")))))
                @if item.terms.kind == ItemKind::FeeOffset { " " (ui.money(item.terms.offset_fen)) }
            },
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
