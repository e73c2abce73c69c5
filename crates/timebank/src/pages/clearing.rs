//! Hours between communities: for the committee the agreements and offers, for a member sending hours along.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{
    Column, Heading, Icon, Input, Shade, Tone, Ui, badge, button, disclosure, empty, field, form,
    notice, section, select, table,
};

use super::{Typed, again, done, duration, form_errors, select_named, to_correct, workbook};
use crate::model::{CrossingId, CrossingKind, CrossingState, MANAGE};
use crate::queries::{self, Clearing, CrossingView, Mine, PairView};
use crate::{AnswerOffer, EndClearing, Error, OfferClearing, SendHours, deliver};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    clearing_page(&member, &Typed::default(), None).await
}

pub(super) async fn offer(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let sent = match partner(&typed) {
        Ok(partner) => {
            let command = OfferClearing {
                partner,
                kind: CrossingKind::from_name(typed.text("crossing"))
                    .unwrap_or(CrossingKind::Limit),
                minutes: typed.minutes(),
                ground: typed.text("ground").to_owned(),
            };
            member.execute(command).await.map(drop)
        }
        Err(error) => Err(error.into()),
    };
    if sent.is_ok() {
        carry(&member, member.community).await;
    }
    answered(&member, &typed, sent, "timebank-flash-offered").await
}

pub(super) async fn answer(
    member: Member,
    Path((_, crossing)): Path<(CommunityId, CrossingId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    // Hours of this community that are on their way would stand in the way of a new limit.
    if member.may(MANAGE) {
        carry(&member, member.community).await;
    }
    let accept = typed.text("accept") == "yes";
    let sent = match member.execute(AnswerOffer { crossing, accept }).await {
        Ok(by) => {
            carry(&member, by).await;
            Ok(())
        }
        Err(failure) => Err(failure),
    };
    answered(&member, &typed, sent, "timebank-flash-done").await
}

pub(super) async fn end(
    member: Member,
    Path((_, partner)): Path<(CommunityId, CommunityId)>,
) -> Result<Response, Failure> {
    let sent = member.execute(EndClearing { partner }).await;
    answered(&member, &Typed::default(), sent, "timebank-flash-done").await
}

/// What the member sends along, as the page of one's own part answers it.
pub(super) async fn send(member: &Member, typed: &Typed) -> Result<(), Failure> {
    let command = SendHours {
        partner: partner(typed)?,
        minutes: typed.minutes(),
    };
    member.execute(command).await?;
    carry(member, member.community).await;
    Ok(())
}

fn partner(typed: &Typed) -> Result<CommunityId, Error> {
    let chosen = typed.text("partner").parse();
    chosen.map_err(|_| Error::Blank { field: "partner" })
}

/// Carries at once what waits. Where that fails nothing is lost: it is tried again within a minute.
pub(crate) async fn carry(member: &Member, from: CommunityId) {
    let app = member.app().clone();
    let carried = tokio::task::spawn_blocking(move || {
        deliver(app.journal(), from, &|community| {
            app.system_context(community)
        })
    });
    let _ = carried.await;
}

async fn answered(
    member: &Member,
    typed: &Typed,
    sent: Result<(), Failure>,
    flash: &'static str,
) -> Result<Response, Failure> {
    let Some(failure) = to_correct(sent)? else {
        return done(member, "/desk/clearing", flash);
    };
    let page = clearing_page(member, typed, Some(&failure)).await?;
    Ok(again(&failure, page))
}

async fn clearing_page(
    member: &Member,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let clearing = member.read(queries::clearing).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("timebank-clearing"))
        .crumb(member.path("timebank"), ui.t("timebank-title"))
        .crumb(member.path("timebank/desk"), ui.t("timebank-desk"))
        .lead(ui.t("timebank-clearing-lead"));
    let errors = form_errors(&ui, failure);
    Ok(ui.page(
        heading,
        html! {
            @if !errors.is_empty() { (web_ui::error_summary(&ui, &errors)) }
            @if !clearing.offers.is_empty() { (offers(member, &ui, &clearing)) }
            (agreements(member, &ui, &clearing))
            @if member.may(MANAGE) && !clearing.others.is_empty() { (new_offer(member, &ui, &clearing, typed)) }
            (crossed(member, &ui, &clearing))
        },
    ))
}

/// What another committee offers, with both answers.
fn offers(member: &Member, ui: &Ui, clearing: &Clearing) -> Markup {
    html! {
        (section(ui.t("timebank-offers"), html! {
            @for offer in &clearing.offers {
                @let path = member.path(&format!("timebank/desk/clearing/offers/{}/answer", offer.id));
                div.card {
                    p { strong { (offer.partner) } " · " (told(ui, offer)) " · " (duration(ui, offer.minutes)) }
                    @if let Some(ground) = &offer.ground { p { (ground) } }
                    @if member.may(MANAGE) {
                        (form(ui, path.clone(), html! { input type="hidden" name="accept" value="yes"; })
                            .button(button(ui.t("timebank-accept-offer")).icon(Icon::Check)))
                        (form(ui, path, html! { input type="hidden" name="accept" value="no"; })
                            .button(button(ui.t("timebank-decline-offer")).secondary()))
                    }
                }
            }
        }))
    }
}

fn agreements(member: &Member, ui: &Ui, clearing: &Clearing) -> Markup {
    html! {
        (section(ui.t("timebank-agreements"), html! {
            @if clearing.pairs.is_empty() {
                (empty(Icon::People, ui.t("timebank-no-agreements")).text(ui.t("timebank-no-agreements-text")))
            }
            @for pair in &clearing.pairs {
                div.card {
                    p {
                        strong { (pair.name) } " "
                        @if pair.is_ended { (badge(Shade::Wall, ui.t("timebank-pair-ended"))) }
                        @else { (badge(Shade::Jade, ui.t("timebank-pair-in-force"))) }
                    }
                    p { (ui.t_with("timebank-pair-limit", &[("time", duration(ui, pair.limit_minutes).into())])) }
                    p { (stands(ui, pair)) }
                    @if member.may(MANAGE) && !pair.is_ended {
                        @let path = member.path(&format!("timebank/desk/clearing/{}/end", pair.partner));
                        (disclosure(ui.t("timebank-end-clearing"), html! {
                            p { (ui.t("timebank-end-clearing-text")) }
                            (form(ui, path, html! {}).button(button(ui.t("timebank-end-clearing")).danger()))
                        }))
                    }
                }
            }
        }))
    }
}

/// Who owes whom, in words.
fn stands(ui: &Ui, pair: &PairView) -> String {
    let key = match pair.owes.signum() {
        1 => "timebank-pair-we-owe",
        -1 => "timebank-pair-they-owe",
        _ => "timebank-pair-even",
    };
    ui.t_with(key, &[("time", duration(ui, pair.owes.abs()).into())])
        .into_owned()
}

fn new_offer(member: &Member, ui: &Ui, clearing: &Clearing, typed: &Typed) -> Markup {
    let mut to = select(ui, "partner", ui.t("timebank-field-partner"))
        .selected(typed.text("partner"))
        .required();
    for (id, name) in &clearing.others {
        to = to.option(id.to_string(), name.clone());
    }
    let kinds = [
        CrossingKind::Limit,
        CrossingKind::Settlement,
        CrossingKind::Forgiveness,
    ];
    let kinds = kinds.iter().map(|kind| kind.name());
    html! {
        (section(ui.t("timebank-new-offer"), form(ui, member.path("timebank/desk/clearing"), html! {
            (to)
            (select_named(ui, "crossing", kinds, typed.text("crossing")))
            (field(ui, "hours", ui.t("timebank-field-hours")).input(Input::Number).value(typed.text("hours")).required())
            (field(ui, "ground", ui.t("timebank-field-ground")).value(typed.text("ground"))
                .hint(ui.t("timebank-offer-hint")).max_length(200).required())
        }).button(button(ui.t("timebank-offer")).icon(Icon::Add))))
    }
}

fn crossed(member: &Member, ui: &Ui, clearing: &Clearing) -> Markup {
    let columns = TITLES.map(|key| match key {
        "timebank-duration-title" => Column::number(ui.t(key)),
        _ => Column::text(ui.t(key)),
    });
    let rows = clearing.crossings.iter().map(|one| {
        vec![
            html! { (ui.date_time(one.made_at.micros())) },
            html! { (one.partner) },
            html! { (told(ui, one)) },
            html! { (duration(ui, one.minutes)) },
            state(ui, one),
        ]
    });
    html! {
        (section(ui.t("timebank-crossed"), html! {
            @if let Some(max) = clearing.cut_at {
                (notice(ui, Tone::Info, ui.t_with("timebank-lists-cut", &[("max", max.into())])))
            }
            @if clearing.crossings.is_empty() { (empty(Icon::History, ui.t("timebank-nothing-crossed"))) }
            @else {
                (table(ui, ui.t("timebank-crossed"), columns).rows(rows)
                    .export(ui, member.path("timebank/desk/clearing/excel")))
            }
        }))
    }
}

const TITLES: [&str; 5] = [
    "timebank-when",
    "timebank-field-partner",
    "timebank-what",
    "timebank-duration-title",
    "timebank-state",
];

/// What it is and which way it goes.
fn told(ui: &Ui, one: &CrossingView) -> String {
    let way = if one.is_out { "out" } else { "in" };
    let kind = one.kind.name();
    ui.t(&format!("timebank-crossing-{kind}-{way}"))
        .into_owned()
}

/// Where it stands, and by which rule it was refused.
fn state(ui: &Ui, one: &CrossingView) -> Markup {
    let shade = match one.state {
        CrossingState::Waiting => Shade::Vermilion,
        CrossingState::Done => Shade::Jade,
        CrossingState::Refused => Shade::Wall,
    };
    html! {
        (badge(shade, ui.t(&format!("timebank-crossing-{}", one.state.name()))))
        @if let Some(rule) = refused_by(ui, one) { " " (rule) }
    }
}

fn refused_by(ui: &Ui, one: &CrossingView) -> Option<String> {
    let rule = one.refusal?.name().replace('_', "-");
    Some(ui.t(&format!("timebank-turned-{rule}")).into_owned())
}

/// Everything that crossed, to keep.
pub(super) async fn excel(member: Member) -> Result<Response, Failure> {
    let clearing = member.read(queries::clearing).await?;
    let ui = member.ui();
    let columns = TITLES.iter().map(|key| documents::Column {
        title: ui.t(key).into_owned(),
        width: None,
    });
    let rows = clearing.crossings.iter().map(|one| {
        let state = ui.t(&format!("timebank-crossing-{}", one.state.name()));
        let rule = refused_by(&ui, one).unwrap_or_default();
        vec![
            documents::Cell::Text(ui.date_time(one.made_at.micros())),
            documents::Cell::Text(one.partner.clone()),
            documents::Cell::Text(told(&ui, one)),
            documents::Cell::Integer(one.minutes),
            documents::Cell::Text(format!("{state} {rule}").trim_end().to_owned()),
        ]
    });
    let sheet = documents::Sheet {
        name: ui.t("timebank-crossed").into_owned(),
        columns: columns.collect(),
        rows: rows.collect(),
    };
    workbook("clearing.xlsx", sheet)
}

/// A member's part: hours to take along to another community, and those that went.
pub(super) fn along(member: &Member, ui: &Ui, mine: &Mine, typed: &Typed) -> Markup {
    if mine.partners.is_empty() && mine.crossings.is_empty() {
        return html! {};
    }
    let mut to = select(ui, "partner", ui.t("timebank-field-partner")).required();
    for pair in &mine.partners {
        to = to.option(pair.partner.to_string(), pair.name.clone());
    }
    html! {
        (section(ui.t("timebank-along"), html! {
            @if !mine.partners.is_empty() && mine.balance.available > 0 {
                (disclosure(ui.t("timebank-send"), html! {
                    p { (ui.t("timebank-send-text")) }
                    (form(ui, member.path("timebank/crossings"), html! {
                        (to)
                        (field(ui, "hours", ui.t("timebank-field-hours")).input(Input::Number).value(typed.text("hours")))
                        (field(ui, "minutes", ui.t("timebank-field-minutes")).input(Input::Number).value(typed.text("minutes")))
                    }).button(button(ui.t("timebank-send")).icon(Icon::Check)))
                }))
            }
            @for one in &mine.crossings {
                div.card {
                    p {
                        (ui.date_time(one.made_at.micros())) " · " strong { (one.partner) } " · " (told(ui, one)) " · "
                        (duration(ui, one.minutes))
                    }
                    p { (state(ui, one)) }
                }
            }
        }))
    }
}
