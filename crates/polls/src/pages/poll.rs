//! A poll's page: options, voting from this device, what secrecy can and can't promise, the result.

use axum::extract::Path;
use ballot::choosing::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{
    Button, Choice, Column, Heading, Icon, Input, Tone, Ui, actions, asset_url, button, checkbox,
    choices, confirm, disclosure, facts, field, form, link_button, notice, section, select, table,
};

use super::{path_of, stage_badge};
use crate::board::Counted;
use crate::model::{Ballots, COUNT, DESK, DRAFT, Funding, PollId, PollOption, Stage};
use crate::queries::{self, View};
use crate::store::{Elector, Publication};

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, PollId)>,
) -> Result<Markup, Failure> {
    let (view, turnout) = member
        .read(move |read, ctx| {
            let view = queries::view(read, ctx, id)?;
            let by_building = queries::turnout(read, ctx, id, false)?;
            let by_age = queries::turnout(read, ctx, id, true)?;
            Ok::<_, crate::Error>((view, (by_building, by_age)))
        })
        .await?;
    let ui = member.ui();
    let draft = &view.poll.draft;
    let mut heading = Heading::new(draft.title.clone());
    heading = match &draft.funding {
        Some(funding) => heading
            .crumb(member.path("budgets"), ui.t("polls-budgets"))
            .crumb(
                member.path(&format!("budgets/{}", funding.round)),
                draft.title.clone(),
            ),
        None => heading.crumb(member.path("polls"), ui.t("polls-title")),
    };
    let heading = heading.status(stage_badge(&ui, view.stage));
    Ok(ui.page(
        heading,
        html! {
            @if let Some((at, reason)) = &view.poll.withdrawal {
                (notice(&ui, Tone::Warning, html! {
                    (ui.t_with("polls-withdrawn-on", &[("date", ui.date(at.micros()).into())])) " " (reason)
                }))
            }
            @match &view.counted {
                Some(Counted::Chosen(chosen)) => (super::result::part(&member, &ui, &view, chosen)),
                Some(Counted::Funded(funded)) => (super::funded::part(&member, &ui, &view, funded, &turnout)),
                None => {},
            }
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
    let words = if view.poll.draft.funding.is_some() {
        [
            "polls-proposal",
            "polls-place",
            "polls-cost",
            "polls-proposal-why",
        ]
    } else {
        [
            "polls-option",
            "polls-provider",
            "polls-price",
            "polls-terms",
        ]
    };
    let columns = words.map(|key| Column::text(ui.t(key)));
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
    let how = match &draft.funding {
        Some(funding) => format!("polls-rule-{}", funding.rule.name()),
        None => format!("polls-method-{}", draft.method.name()),
    };
    let mut pairs = vec![
        (ui.t("polls-method"), ui.t(&how).into_owned()),
        (ui.t("polls-how"), ui.t(&format!("{how}-text")).into_owned()),
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
    if let Some(funding) = &draft.funding {
        let budget = [("amount", crate::funded::yuan(funding.budget_fen).into())];
        pairs.push((
            ui.t("polls-budget"),
            ui.t_with("polls-yuan", &budget).into_owned(),
        ));
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
    if let Some(funding) = &draft.funding {
        return project_form(ui, view, funding);
    }
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
    sent_by_script(ui, &body)
}

/// The ballot on projects, with its limits.
fn project_form(ui: &Ui, view: &View, funding: &Funding) -> Markup {
    let options = || (1_usize..).zip(&view.poll.draft.options);
    let label = |option: &PollOption| {
        let cost = [("amount", option.price.as_str().into())];
        format!("{}（{}）", option.name, ui.t_with("polls-yuan", &cost))
    };
    let limits = [
        ("projects", funding.max_projects.into()),
        ("points", funding.max_points.into()),
    ];
    let body = match funding.ballots {
        Ballots::Approval => html! {
            p { (ui.t_with("polls-choose-projects", &limits)) }
            @for (number, option) in options() {
                (checkbox(ui, format!("option-{number}"), label(option)).value(number.to_string()))
            }
        },
        Ballots::Points => html! {
            p { (ui.t_with("polls-give-points", &limits)) }
            @for (number, option) in options() {
                (field(ui, format!("points-{number}"), label(option)).input(Input::Number).between("0", funding.max_points.to_string()))
            }
        },
        Ballots::Ranking => {
            let all = u32::try_from(view.poll.draft.options.len()).unwrap_or(u32::MAX);
            html! {
                p { (ui.t_with("polls-rank-projects", &limits)) }
                @for (number, option) in options() {
                    @let ranks = (1..=funding.max_projects.min(all)).fold(
                        select(ui, format!("rank-{number}"), label(option)).option("", ui.t("polls-no-rank")),
                        |ranks, rank| ranks.option(rank.to_string(), rank.to_string()),
                    );
                    (ranks)
                }
            }
        }
    };
    sent_by_script(ui, &body)
}

fn sent_by_script(ui: &Ui, body: &Markup) -> Markup {
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
    let is_budget = view.poll.draft.funding.is_some();
    if view.stage == Stage::Draft && member.may(DRAFT) && !is_budget {
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
