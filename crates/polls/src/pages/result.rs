//! Counting, the result with the way to it, the board as a file.

use axum::extract::Path;
use axum::response::Response;
use ballot::choosing::{Chosen, EliminatedBy, Pairwise, Runoff};
use documents::{Cell, Sheet};
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, FlashKey, Member, download, flash_to};
use web_ui::{Column, Icon, Tone, Ui, actions, link_button, notice, section, table};

use super::path_of;
use crate::board::Counted;
use crate::funded::Funded;
use crate::model::PollId;
use crate::queries::{self, View};
use crate::{CountPoll, Error};

pub(super) async fn count(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
) -> Result<Response, Failure> {
    member.execute(CountPoll { poll }).await?;
    flash_to(
        &path_of(&member, poll),
        FlashKey(Tone::Success, "polls-flash-counted"),
    )
}

/// The result on a poll's page.
pub(super) fn part(member: &Member, ui: &Ui, view: &View, counted: &Chosen) -> Markup {
    let id = view.poll.id;
    let names = Names(view);
    let verdict = match counted.winners.as_slice() {
        [] => (Tone::Info, ui.t("polls-won-none").into_owned()),
        [only] => (Tone::Success, said(ui, "polls-won", names.of(*only))),
        tied => (Tone::Warning, said(ui, "polls-tied", names.list(tied))),
    };
    let first = if counted.method.is_ranking() {
        "polls-first-choices"
    } else {
        "polls-votes"
    };
    let columns = [
        Column::text(ui.t("polls-option")),
        Column::number(ui.t(first)),
    ];
    let mut scores = table(ui, ui.t("polls-scores"), columns)
        .export(ui, member.path(&format!("polls/{id}/result/export")));
    let mut order: Vec<(usize, u64)> = counted.scores.iter().copied().enumerate().collect();
    order.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
    for (option, score) in order {
        scores = scores.row([
            names.of(option),
            ui.number(i64::try_from(score).unwrap_or(i64::MAX)),
        ]);
    }
    let link = |rest: &str, key: &str| {
        link_button(member.path(&format!("polls/{id}/{rest}")), ui.t(key)).secondary()
    };
    section(
        ui.t("polls-result"),
        html! {
            (notice(ui, verdict.0, html! { (verdict.1) }))
            p { (ui.t_with("polls-counted-ballots", &[
                ("ballots", counted.ballots.into()), ("blank", counted.blank.into()),
                ("paper", view.progress.handed_out.into()),
            ])) }
            (scores)
            @if let Some(runoff) = &counted.runoff { (rounds(ui, &names, runoff)) }
            @if let Some(pairwise) = &counted.pairwise { (comparisons(ui, &names, pairwise)) }
            (actions(html! {
                (link("check", "polls-check").icon(Icon::Proof))
                (link("board", "polls-board").icon(Icon::Download).download())
            }))
            p.quiet { (ui.t("polls-board-text")) }
            @if let Some((_, sha256)) = &view.poll.counted {
                p.quiet { "SHA-256 " code { (crate::hex(sha256)) } }
            }
        },
    )
}

fn said(ui: &Ui, key: &str, options: String) -> String {
    ui.t_with(key, &[("options", options.into())]).into_owned()
}

/// The options' names.
pub(super) struct Names<'v>(pub(super) &'v View);

impl Names<'_> {
    pub(super) fn of(&self, option: usize) -> String {
        let options = &self.0.poll.draft.options;
        options
            .get(option)
            .map(|option| option.name.clone())
            .unwrap_or_default()
    }

    pub(super) fn list(&self, options: &[usize]) -> String {
        let names: Vec<String> = options.iter().map(|option| self.of(*option)).collect();
        names.join("、")
    }
}

/// An instant run-off round by round, in words.
fn rounds(ui: &Ui, names: &Names<'_>, runoff: &Runoff) -> Markup {
    let mut columns = vec![Column::text(ui.t("polls-option"))];
    for round in 1..=runoff.rounds.len() {
        let number = u64::try_from(round).unwrap_or(u64::MAX);
        columns.push(Column::number(
            ui.t_with("polls-round", &[("number", number.into())])
                .into_owned(),
        ));
    }
    let mut all = table(ui, ui.t("polls-rounds"), columns);
    for option in 0..names.0.poll.draft.options.len() {
        let votes = runoff.rounds.iter().map(|round| {
            let votes = round.votes.get(option).copied().flatten();
            votes.map_or_else(|| "–".to_owned(), |votes| votes.to_string())
        });
        all = all.row(std::iter::once(names.of(option)).chain(votes));
    }
    let left = runoff
        .rounds
        .iter()
        .map(|round| round.exhausted.to_string());
    all = all.row(std::iter::once(ui.t("polls-exhausted").into_owned()).chain(left));
    html! {
        (all)
        ul {
            @for gone in runoff.rounds.iter().filter_map(|round| round.eliminated.as_ref()) {
                @let key = match gone.decided_by {
                    EliminatedBy::FewestVotes => "polls-out-fewest",
                    EliminatedBy::EarlierRounds => "polls-out-earlier",
                    EliminatedBy::ListOrder => "polls-out-list",
                };
                li { (ui.t_with(key, &[("option", names.of(gone.option).into()), ("tied", names.list(&gone.tied).into())])) }
            }
        }
    }
}

/// The comparisons of every two options, in words.
fn comparisons(ui: &Ui, names: &Names<'_>, pairwise: &Pairwise) -> Markup {
    let columns = [
        Column::text(ui.t("polls-pair")),
        Column::text(ui.t("polls-pair-votes")),
    ];
    let mut all = table(ui, ui.t("polls-pairs"), columns);
    for (a, row) in pairwise.prefer.iter().enumerate() {
        for (b, for_a) in row.iter().enumerate().skip(a + 1) {
            let for_b = pairwise
                .prefer
                .get(b)
                .and_then(|row| row.get(a))
                .copied()
                .unwrap_or(0);
            all = all.row([
                format!("{} – {}", names.of(a), names.of(b)),
                format!("{for_a} : {for_b}"),
            ]);
        }
    }
    let why = match pairwise.beats_all {
        Some(option) => said(ui, "polls-beats-all", names.of(option)),
        None => ui.t("polls-circle").into_owned(),
    };
    html! {
        p { (why) }
        (all)
        ol { @for group in &pairwise.order { li { (names.list(group)) } } }
    }
}

/// The scores as an Excel file.
pub(super) async fn export(
    member: Member,
    Path((_, id)): Path<(CommunityId, PollId)>,
) -> Result<Response, Failure> {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let stage = view.stage;
    let needed = "a count";
    let counted = view
        .counted
        .as_ref()
        .ok_or(Error::WrongStage { stage, needed })?;
    let ui = member.ui();
    let sheet = match counted {
        Counted::Chosen(chosen) => scores_sheet(&ui, &view, chosen),
        Counted::Funded(funded) => funded_sheet(&ui, &view, funded),
    };
    let file = documents::write_xlsx(&[sheet])
        .map_err(|error| Failure::internal("the Excel file", &error))?;
    Ok(download(&format!("poll-{id}.xlsx"), XLSX, file))
}

fn column(ui: &Ui, key: &str) -> documents::Column {
    documents::Column {
        title: ui.t(key).into_owned(),
        width: None,
    }
}

fn scores_sheet(ui: &Ui, view: &View, chosen: &Chosen) -> Sheet {
    let score = |option: usize| chosen.scores.get(option).copied().unwrap_or(0);
    let options = view.poll.draft.options.iter().enumerate();
    let rows = options.map(|(place, option)| {
        vec![
            Cell::Text(option.name.clone()),
            Cell::Text(option.provider.clone()),
            Cell::Integer(i64::try_from(score(place)).unwrap_or(i64::MAX)),
        ]
    });
    Sheet {
        name: ui.t("polls-result").into_owned(),
        columns: ["polls-option", "polls-provider", "polls-votes"]
            .map(|key| column(ui, key))
            .into(),
        rows: rows.collect(),
    }
}

fn funded_sheet(ui: &Ui, view: &View, funded: &Funded) -> Sheet {
    let options = view.poll.draft.options.iter().zip(&funded.projects);
    let rows = options.map(|(option, project)| {
        let key = if project.funded {
            "polls-standing-won"
        } else {
            "polls-standing-lost"
        };
        vec![
            Cell::Text(option.name.clone()),
            Cell::Text(option.price.clone()),
            Cell::Text(project.score.clone()),
            Cell::Text(ui.t(key).into_owned()),
            Cell::Text(super::funded::why(ui, project)),
        ]
    });
    let columns = [
        "polls-proposal",
        "polls-cost",
        "polls-score",
        "polls-standing",
        "polls-why",
    ];
    Sheet {
        name: ui.t("polls-result").into_owned(),
        columns: columns.map(|key| column(ui, key)).into(),
        rows: rows.collect(),
    }
}

/// The board as it was published, byte for byte.
pub(super) async fn board_file(
    member: Member,
    Path((_, id)): Path<(CommunityId, PollId)>,
) -> Result<Response, Failure> {
    let text = member
        .read(move |read, ctx| queries::board_text(read, ctx, id))
        .await?;
    Ok(download(
        &format!("linli-board-{id}.json"),
        "application/json",
        text,
    ))
}
