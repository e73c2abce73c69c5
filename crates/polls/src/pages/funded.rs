//! The result of a participatory budget: which projects are paid, why each or not, what other rules would have paid, who
//! took part.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Member, download};
use web_ui::{Column, Icon, Shade, Tone, Ui, actions, badge, link_button, notice, section, table};

use super::result::Names;
use crate::funded::{self, Funded, ProjectResult};
use crate::model::{Funding, PollId};
use crate::queries::{self, ShownGroup, View};

/// Turnout by building and by age band.
pub(super) type Turnout = (Vec<ShownGroup>, Vec<ShownGroup>);

/// The result on a poll's page.
pub(super) fn part(
    member: &Member,
    ui: &Ui,
    view: &View,
    funded: &Funded,
    turnout: &Turnout,
) -> Markup {
    let Some(funding) = &view.poll.draft.funding else {
        return html! {};
    };
    let names = Names(view);
    let many = u64::try_from(funded.winners.len()).unwrap_or(u64::MAX);
    let paid = [
        ("count", many.into()),
        ("cost", funded.cost.as_str().into()),
        ("budget", funded::yuan(funding.budget_fen).into()),
    ];
    let link = |rest: &str, key: &str| {
        let href = member.path(&format!("polls/{}/{rest}", view.poll.id));
        link_button(href, ui.t(key)).secondary()
    };
    section(
        ui.t("polls-result"),
        html! {
            (notice(ui, Tone::Success, html! { (ui.t_with("polls-funded", &paid)) }))
            p { (ui.t_with("polls-funded-ballots", &[
                ("ballots", funded.ballots.into()), ("blank", funded.blank.into()),
            ])) }
            (rule_part(ui, funding, funded))
            (projects(member, ui, &names, view, funded))
            (ties(ui, &names, funded))
            (other_rules(ui, &names, funded))
            (turnout_part(ui, turnout))
            (actions(html! {
                (link("check", "polls-check").icon(Icon::Proof))
                (link("pabulib", "polls-pabulib").icon(Icon::Download).download())
                (link("board", "polls-board").icon(Icon::Download).download())
            }))
            p.quiet { (ui.t("polls-pabulib-text")) }
            @if let Some((_, sha256)) = &view.poll.counted {
                p.quiet { "SHA-256 " code { (crate::hex(sha256)) } }
            }
        },
    )
}

fn rule_part(ui: &Ui, funding: &Funding, funded: &Funded) -> Markup {
    let rule = funding.rule.name();
    html! {
        p { strong { (ui.t(&format!("polls-rule-{rule}"))) } "：" (ui.t(&format!("polls-rule-{rule}-text"))) }
        @if let Some(share) = &funded.per_voter {
            p { (ui.t_with("polls-per-voter", &[("share", share.as_str().into())])) }
        }
    }
}

fn projects(member: &Member, ui: &Ui, names: &Names<'_>, view: &View, funded: &Funded) -> Markup {
    let columns = [
        Column::text(ui.t("polls-proposal")),
        Column::number(ui.t("polls-cost")),
        Column::number(ui.t("polls-score")),
        Column::text(ui.t("polls-standing")),
        Column::text(ui.t("polls-why")),
    ];
    let export = member.path(&format!("polls/{}/result/export", view.poll.id));
    let mut all = table(ui, ui.t("polls-projects"), columns).export(ui, export);
    let mut order: Vec<usize> = funded.winners.clone();
    let lost = (0..funded.projects.len()).filter(|place| !funded.winners.contains(place));
    order.extend(lost);
    for place in order {
        let Some(project) = funded.projects.get(place) else {
            continue;
        };
        let option = view.poll.draft.options.get(place);
        let on_ballot = option.and_then(|option| option.project.as_ref());
        let cost = on_ballot.map_or(0, |project| project.cost_fen);
        let funding = view.poll.draft.funding.as_ref();
        let href = on_ballot.zip(funding).map(|(project, funding)| {
            member.path(&format!(
                "budgets/{}/proposals/{}",
                funding.round, project.proposal
            ))
        });
        let (shade, key) = if project.funded {
            (Shade::Jade, "polls-standing-won")
        } else {
            (Shade::Wall, "polls-standing-lost")
        };
        all = all.row([
            html! {
                @if let Some(href) = href { a href=(href) { (names.of(place)) } } @else { (names.of(place)) }
            },
            html! { (funded::yuan(cost)) },
            html! { (project.score) },
            badge(shade, ui.t(key)),
            html! { (why(ui, project)) },
        ]);
    }
    html! { (all) }
}

/// Why a project won or lost, in words with its figures.
pub(super) fn why(ui: &Ui, project: &ProjectResult) -> String {
    let told: Vec<(&str, _)> = project
        .told
        .iter()
        .map(|(name, figure)| (name.as_str(), figure.as_str().into()))
        .collect();
    ui.t_with(&format!("polls-why-{}", project.why), &told)
        .into_owned()
}

fn ties(ui: &Ui, names: &Names<'_>, funded: &Funded) -> Markup {
    html! {
        @if !funded.ties.is_empty() {
            ul {
                @for tie in &funded.ties {
                    li { (ui.t_with(&format!("polls-tie-{}", tie.decided_by), &[
                        ("projects", names.list(&tie.projects).into()), ("chosen", names.list(&tie.chosen).into()),
                    ])) }
                }
            }
        }
    }
}

fn other_rules(ui: &Ui, names: &Names<'_>, funded: &Funded) -> Markup {
    let columns = [
        Column::text(ui.t("polls-rule")),
        Column::text(ui.t("polls-also-paid")),
        Column::text(ui.t("polls-not-paid")),
        Column::number(ui.t("polls-cost")),
    ];
    let mut all = table(ui, ui.t("polls-other-rules"), columns);
    for other in &funded.others {
        let more: Vec<usize> = without(&other.winners, &funded.winners);
        let fewer: Vec<usize> = without(&funded.winners, &other.winners);
        let list = |places: &[usize]| match places {
            [] => ui.t("polls-none-differ").into_owned(),
            places => names.list(places),
        };
        all = all.row([
            ui.t(&format!("polls-rule-{}", other.rule.name()))
                .into_owned(),
            list(&more),
            list(&fewer),
            other.cost.clone(),
        ]);
    }
    html! { (all) }
}

fn without(places: &[usize], others: &[usize]) -> Vec<usize> {
    let kept = places.iter().filter(|place| !others.contains(place));
    kept.copied().collect()
}

fn turnout_part(ui: &Ui, (by_building, by_age): &Turnout) -> Markup {
    html! {
        (groups(ui, "polls-turnout-building", by_building, &str::to_owned))
        @if by_age.iter().any(|group| !group.name.is_empty()) {
            (groups(ui, "polls-turnout-age", by_age, &|band| age_band(ui, band)))
        }
        p.quiet { (ui.t("polls-turnout-text")) }
    }
}

fn age_band(ui: &Ui, band: &str) -> String {
    let (from, to) = band.split_once('-').unwrap_or((band, ""));
    let ages = [("from", from.into()), ("to", to.into())];
    let key = match (from.is_empty(), to.is_empty()) {
        (true, _) => "polls-age-until",
        (_, true) => "polls-age-from",
        _ => "polls-age-between",
    };
    ui.t_with(key, &ages).into_owned()
}

fn groups(ui: &Ui, title: &str, groups: &[ShownGroup], name: &dyn Fn(&str) -> String) -> Markup {
    let columns = [
        Column::text(ui.t("polls-group")),
        Column::number(ui.t("polls-electors")),
        Column::number(ui.t("polls-given-out")),
    ];
    let mut all = table(ui, ui.t(title), columns);
    for group in groups {
        let given = match group.given {
            Some(given) => given.to_string(),
            None => ui.t("polls-hidden").into_owned(),
        };
        all = all.row([name(&group.name), group.electors.to_string(), given]);
    }
    html! { (all) }
}

/// The Pabulib file.
pub(super) async fn pabulib_file(
    member: Member,
    Path((_, id)): Path<(CommunityId, PollId)>,
) -> Result<Response, Failure> {
    let text = member
        .read(move |read, ctx| queries::pabulib_file(read, ctx, id))
        .await?;
    Ok(download(
        &format!("linli-budget-{id}.pb"),
        "text/plain; charset=utf-8",
        text,
    ))
}
