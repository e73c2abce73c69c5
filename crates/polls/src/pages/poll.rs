//! A poll's page: options, voting from this device, what secrecy can and can't promise, the result.

use axum::extract::Path;
use ballot::choosing::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{
    Button, Choice, Column, Heading, Icon, Tone, Ui, actions, asset_url, button, checkbox, choices,
    confirm, disclosure, facts, form, link_button, notice, section, select, table,
};

use super::{path_of, stage_badge};
use crate::model::{COUNT, DESK, DRAFT, PollId, Stage};
use crate::queries::{self, View};
use crate::store::{Elector, Publication};

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, PollId)>,
) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let ui = member.ui();
    let draft = &view.poll.draft;
    let heading = Heading::new(draft.title.clone())
        .crumb(member.path("polls"), ui.t("polls-title"))
        .status(stage_badge(&ui, view.stage));
    Ok(ui.page(
        heading,
        html! {
            @if let Some((at, reason)) = &view.poll.withdrawal {
                (notice(&ui, Tone::Warning, html! {
                    (ui.t_with("polls-withdrawn-on", &[("date", ui.date(at.micros()).into())])) " " (reason)
                }))
            }
            @if let Some(counted) = &view.counted { (super::result::part(&member, &ui, &view, counted)) }
            (voting(&member, &ui, &view))
            (section(ui.t("polls-about"), html! {
                @for paragraph in draft.body.lines().filter(|line| !line.trim().is_empty()) { p { (paragraph) } }
            }))
            (options_table(&ui, &view))
            (terms(&ui, &view))
            @if view.poll.publication.is_some() { (limits(&ui)) }
            (organisers(&member, &ui, &view))
        },
    ))
}

fn options_table(ui: &Ui, view: &View) -> Markup {
    let columns = [
        Column::text(ui.t("polls-option")),
        Column::text(ui.t("polls-provider")),
        Column::text(ui.t("polls-price")),
        Column::text(ui.t("polls-terms")),
    ];
    let mut options = table(ui, ui.t("polls-options"), columns);
    for (place, option) in view.poll.draft.options.iter().enumerate() {
        options = options.row([
            format!("{}. {}", place + 1, option.name),
            option.provider.clone(),
            option.price.clone(),
            option.terms.clone(),
        ]);
    }
    html! { (options) }
}

fn terms(ui: &Ui, view: &View) -> Markup {
    let draft = &view.poll.draft;
    let mut pairs = vec![
        (
            ui.t("polls-method"),
            ui.t(&format!("polls-method-{}", draft.method.name()))
                .into_owned(),
        ),
        (
            ui.t("polls-how"),
            ui.t(&format!("polls-method-{}-text", draft.method.name()))
                .into_owned(),
        ),
        (
            ui.t("polls-entitled"),
            ui.t(&format!("polls-entitled-{}", draft.entitled.name()))
                .into_owned(),
        ),
        (
            ui.t("polls-field-opens"),
            ui.date_time(draft.window.opens.micros()),
        ),
        (
            ui.t("polls-field-closes"),
            ui.date_time(draft.window.closes.micros()),
        ),
    ];
    if draft.entitled == crate::Entitled::Residents {
        pairs.push((ui.t("polls-field-min-age"), draft.min_age.to_string()));
    }
    if !draft.building.is_empty() {
        pairs.push((ui.t("polls-field-building"), draft.building.clone()));
    }
    if let Some(published) = &view.poll.publication {
        pairs.push((ui.t("polls-electors"), published.electors.to_string()));
        let given = view.progress.collected + view.progress.handed_out;
        pairs.push((ui.t("polls-given-out"), given.to_string()));
        if published.left_out > 0 {
            pairs.push((ui.t("polls-left-out"), published.left_out.to_string()));
        }
    }
    section(ui.t("polls-rules"), facts(pairs))
}

/// What secrecy promises and what it can't: said where people vote.
fn limits(ui: &Ui) -> Markup {
    let promises = [
        "polls-secret-blind",
        "polls-secret-board",
        "polls-secret-receipt",
    ];
    let cannot = [
        "polls-limit-coercion",
        "polls-limit-device",
        "polls-limit-script",
        "polls-limit-timing",
        "polls-limit-turnout",
        "polls-limit-few",
        "polls-limit-lost",
    ];
    disclosure(
        ui.t("polls-secret-title"),
        html! {
            ul { @for key in promises { li { (ui.t(key)) } } }
            p { strong { (ui.t("polls-limits-title")) } }
            ul { @for key in cannot { li { (ui.t(key)) } } }
        },
    )
}

fn voting(member: &Member, ui: &Ui, view: &View) -> Markup {
    let Some(published) = &view.poll.publication else {
        return html! {};
    };
    if !matches!(view.stage, Stage::Notice | Stage::Voting) || view.own.is_empty() {
        return html! {};
    }
    section(
        ui.t("polls-vote"),
        html! {
            @for elector in &view.own { (device(member, ui, view, published, elector)) }
            div data-poll-unable { (notice(ui, Tone::Info, html! { (ui.t("polls-no-script")) })) }
            script src=(asset_url("poll.js")) defer {}
        },
    )
}

/// What `poll.js` fills with life; hidden without it.
fn device(
    member: &Member,
    ui: &Ui,
    view: &View,
    published: &Publication,
    elector: &Elector,
) -> Markup {
    let id = view.poll.id;
    let api = format!("/api/v1/communities/{}/polls/{id}", member.community);
    if elector.channel.as_deref() == Some("paper") {
        return html! { (notice(ui, Tone::Info, html! { (ui.t("polls-voted-paper")) })) };
    }
    html! {
        div data-poll=(crate::model::name_of(id)) data-elector=(elector.id) data-key=(STANDARD.encode(&published.public_key))
            data-collect={ (api) "/credentials" } data-cast={ (api) "/ballots" } data-check={ (path_of(member, id)) "/check" }
            data-collected=[elector.channel.as_deref()] data-open=[(view.stage == Stage::Voting).then_some("yes")] hidden {
            p { (elector.building) " " (elector.label) }
            div data-poll-collect {
                p { (ui.t("polls-collect-text")) }
                div data-poll-shared { (checkbox(ui, format!("shared-{}", elector.id), ui.t("polls-shared"))) }
                (button(ui.t("polls-collect")).icon(Icon::Check))
            }
            div data-poll-wait hidden { (notice(ui, Tone::Success, html! {
                (ui.t_with("polls-wait", &[("date", ui.date_time(view.poll.draft.window.opens.micros()).into())]))
            })) }
            div data-poll-vote hidden { (ballot_form(ui, view)) }
            div data-poll-done hidden {
                (notice(ui, Tone::Success, html! {
                    (ui.t("polls-voted")) " " strong data-poll-code {} br;
                    a data-poll-check href=(format!("{}/check", path_of(member, id))) { (ui.t("polls-check")) }
                }))
                div data-poll-forget hidden {
                    p { (ui.t("polls-forget-text")) }
                    (button(ui.t("polls-forget")).secondary())
                }
            }
            div data-poll-elsewhere hidden { (notice(ui, Tone::Warning, html! { (ui.t("polls-elsewhere")) })) }
            p.field-error role="alert" data-poll-problem data-words=(ui.t("polls-problem")) hidden {}
        }
    }
}

/// The ballot, by the method. Sent by the script and never as a form: so it can't reach the server with a session.
fn ballot_form(ui: &Ui, view: &View) -> Markup {
    let draft = &view.poll.draft;
    let options = || (1_usize..).zip(&draft.options);
    let body = match draft.method {
        Method::Single => {
            let mut cards = choices(ui, "option", ui.t("polls-choose-one"));
            for (number, option) in options() {
                cards = cards.choice(Choice::new(number.to_string(), option.name.clone()));
            }
            html! { (cards) }
        }
        Method::Approval => html! {
            p { (ui.t("polls-choose-any")) }
            @for (number, option) in options() {
                (checkbox(ui, format!("option-{number}"), option.name.clone()).value(number.to_string()))
            }
        },
        Method::InstantRunoff | Method::Schulze => html! {
            p { (ui.t("polls-rank")) }
            @for (number, option) in options() {
                @let ranks = (1..=draft.options.len()).fold(
                    select(ui, format!("rank-{number}"), option.name.clone()).option("", ui.t("polls-no-rank")),
                    |ranks, rank| ranks.option(rank.to_string(), rank.to_string()),
                );
                (ranks)
            }
        },
    };
    html! {
        form.form method="dialog" data-poll-form data-twice=(ui.t("polls-rank-twice")) {
            (body)
            (button(ui.t("polls-cast")).icon(Icon::Vote).wide())
            p.quiet { (ui.t("polls-cast-text")) }
        }
    }
}

/// What those who organise the poll can do now.
fn organisers(member: &Member, ui: &Ui, view: &View) -> Markup {
    let id = view.poll.id;
    let link = |rest: &str, label: &str| {
        link_button(member.path(&format!("polls/{id}/{rest}")), ui.t(label)).secondary()
    };
    let mut buttons: Vec<Button> = Vec::new();
    if view.stage == Stage::Draft && member.may(DRAFT) {
        buttons.push(link("edit", "polls-edit").icon(Icon::Edit));
    }
    if matches!(view.stage, Stage::Voting | Stage::Closed) && member.may(DESK) {
        buttons.push(link("desk", "polls-desk").icon(Icon::People));
    }
    if matches!(view.stage, Stage::Draft | Stage::Notice | Stage::Voting) && member.may(DRAFT) {
        buttons.push(link("withdraw", "polls-withdraw").danger());
    }
    let publish = view.stage == Stage::Draft && member.may(DRAFT);
    let count = view.stage == Stage::Closed && member.may(COUNT);
    html! {
        @if publish {
            (confirm(ui, member.path(&format!("polls/{id}/publication")), html! { p { (ui.t("polls-publish-text")) } }, &[],
                button(ui.t("polls-publish")).icon(Icon::Announcement), member.path("polls")))
        }
        @if count {
            (form(ui, member.path(&format!("polls/{id}/count")), html! { p { (ui.t("polls-count-text")) } })
                .button(button(ui.t("polls-count")).icon(Icon::Check)))
        }
        @if !buttons.is_empty() { (actions(html! { @for button in &buttons { (button) } })) }
    }
}
