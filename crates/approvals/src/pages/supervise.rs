//! The supervisor's page: what is late, what will be by the speed of the past, where time goes, who waits for whom, the
//! cards that went out.

use axum::response::Response;
use documents::Cell;
use flow::{Chance, Outlook};
use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{
    Column, Heading, Icon, Shade, Tone, Ui, actions, badge, empty, link_button, notice, row, rows,
    section, stat, stats, table,
};

use super::export::{file, sheet};
use super::list::card_line;
use super::{day, path_of, said};
use crate::store::CardRow;
use crate::supervision::{CaseLine, Live, Overview, StageLine, overview};
use crate::{Error, queries};

/// How many files a list of the page shows; the export has all.
const SHOWN: usize = 100;

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    let (view, cards) = member
        .read(move |read, ctx| {
            let live = Live::of(read);
            let view = overview(read, ctx, &live, None, SHOWN)?;
            Ok::<_, Error>((view, queries::all_recent_cards(read, ctx)?))
        })
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("approvals-supervision"))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .lead(ui.t("approvals-supervision-lead"))
        .actions(html! {
            (link_button(member.path("approvals/responsibility"), ui.t("approvals-responsibility")).secondary().icon(Icon::People))
            (link_button(member.path("approvals/analysis"), ui.t("approvals-analysis")).secondary().icon(Icon::History))
            (link_button(member.path("approvals/steps"), ui.t("approvals-steps")).secondary().icon(Icon::Follow))
        });
    Ok(ui.page(heading, html! {
        (figures(&ui, &member.path("approvals"), &view))
        @if view.unread > 0 {
            (notice(&ui, Tone::Warning, html! { (ui.t_with("approvals-unread", &[("count", view.unread.into())])) }))
        }
        div id="late" { (section(ui.t("approvals-late-files"), cases(&member, &ui, &view, &view.late_cases, "late"))) }
        div id="likely" { (section(ui.t("approvals-likely-files"), html! {
            p { (ui.t("approvals-likely-how")) }
            (cases(&member, &ui, &view, &view.likely_cases, "likely"))
        })) }
        div id="stages" { (section(ui.t("approvals-by-stage"), stage_table(&member, &ui, &view.stages))) }
        (section(ui.t("approvals-where-time-goes"), html! {
            p { (ui.t("approvals-where-time-goes-how")) }
            (time_table(&ui, &view.stages))
        }))
        (section(ui.t("approvals-who-waits"), waits(&ui, &view)))
        (section(ui.t("approvals-cards-given"), card_rows(&member, &ui, &cards)))
    }))
}

/// How many files are open, how many stages late, how many may be; each leads to its list.
fn figures(ui: &Ui, base: &str, view: &Overview) -> Markup {
    let list = |place: &str| format!("{base}/supervision#{place}");
    html! {
        (stats([
            stat(list("stages"), ui.number(count(view.files)), ui.t("approvals-open-files")),
            stat(list("late"), ui.number(count(view.late)), ui.t("approvals-late-stages")),
            stat(list("likely"), ui.number(count(view.likely)), ui.t("approvals-likely-stages")),
        ]))
    }
}

/// The overview as the start page of those who supervise and handle nothing.
pub(crate) fn on_home(ui: &Ui, base: &str, view: &Overview) -> Markup {
    let lines = |lines: &[CaseLine]| {
        rows(lines.iter().map(|line| {
            row(format!("{base}/{}", line.case), line.title.clone())
                .icon(Icon::Document)
                .detail(html! { (said(ui, &line.stage)) " · " (unit(ui, view, &line.unit)) })
                .status(due(ui, line))
        }))
    };
    let whole = link_button(
        format!("{base}/supervision"),
        ui.t("approvals-supervision-all"),
    );
    html! {
        (section(ui.t("approvals-supervision"), html! {
            (figures(ui, base, view))
            h3 { (ui.t("approvals-late-files")) }
            @if view.late_cases.is_empty() { (empty(Icon::Check, ui.t("approvals-none-here"))) }
            (lines(&view.late_cases))
            h3 { (ui.t("approvals-likely-files")) }
            @if view.likely_cases.is_empty() { (empty(Icon::Check, ui.t("approvals-none-here"))) }
            (lines(&view.likely_cases))
            (actions(whole.icon(Icon::Forward)))
        }))
    }
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A unit's title.
pub(super) fn unit(ui: &Ui, view: &Overview, unit: &str) -> String {
    view.units
        .get(unit)
        .map_or_else(|| unit.to_owned(), |title| said(ui, title))
}

pub(super) fn cases(
    member: &Member,
    ui: &Ui,
    view: &Overview,
    lines: &[CaseLine],
    list: &str,
) -> Markup {
    if lines.is_empty() {
        return html! { (empty(Icon::Check, ui.t("approvals-none-here"))) };
    }
    let columns = [
        "approvals-column-file",
        "approvals-column-stage",
        "approvals-column-due",
        "approvals-column-outlook",
    ];
    let columns = columns.map(|key| Column::text(ui.t(key)));
    let cells = lines.iter().map(|line| {
        vec![
            html! { a href=(path_of(member, line.case)) { (line.title) } br; small { (line.number) } },
            html! { (said(ui, &line.stage)) br; small { (unit(ui, view, &line.unit)) } },
            due(ui, line),
            html! { (outlook(ui, line.outlook.as_ref())) },
        ]
    });
    let export = member.path(&format!("approvals/supervision/export?list={list}"));
    html! { (table(ui, ui.t(&format!("approvals-{list}-files")), columns).rows(cells).export(ui, export)) }
}

fn due(ui: &Ui, line: &CaseLine) -> Markup {
    let Some(due) = line.due else {
        return badge(Shade::Wall, ui.t("approvals-due-stopped"));
    };
    let (shade, key) = match line.left {
        ..0 => (Shade::Vermilion, "approvals-due-late"),
        0..=5 => (Shade::Sand, "approvals-due-near"),
        _ => (Shade::Mist, "approvals-due"),
    };
    badge(shade, ui.t_with(key, &[("date", day(ui, due).into())]))
}

/// What the past says, in counts of cases.
fn outlook(ui: &Ui, outlook: Option<&Outlook>) -> String {
    let Some(one) = outlook else {
        return String::new();
    };
    let few = one.chance == Chance::TooFew || one.of < flow::FEWEST_CASES;
    let key = if few {
        "approvals-outlook-few"
    } else {
        "approvals-outlook"
    };
    let counts = [
        ("late", one.late.into()),
        ("of", one.of.into()),
        ("beyond", one.open_beyond.into()),
    ];
    let mut text = ui.t_with(key, &counts).into_owned();
    if let Some(likely) = one.likely {
        let date = [("date", day(ui, likely).into())];
        text = format!("{text} {}", ui.t_with("approvals-outlook-date", &date));
    }
    text
}

/// How many of each stage are open, late or may be, and how long decided ones took.
fn stage_table(member: &Member, ui: &Ui, stages: &[StageLine]) -> Markup {
    let (counts, _) = STAGE_COLUMNS.split_at(COUNTS);
    let export = member.path("approvals/supervision/export?list=stages");
    let shown = of_stages(ui, stages, counts, |figures| {
        figures.get(..COUNTS).unwrap_or_default()
    });
    html! { (table(ui, ui.t("approvals-by-stage"), shown.0).rows(shown.1).export(ui, export)) }
}

/// Whose the days of decided stages were.
fn time_table(ui: &Ui, stages: &[StageLine]) -> Markup {
    let (_, shares) = STAGE_COLUMNS.split_at(COUNTS);
    let shown = of_stages(ui, stages, shares, |figures| {
        figures.get(COUNTS..).unwrap_or_default()
    });
    html! { (table(ui, ui.t("approvals-where-time-goes"), shown.0).rows(shown.1)) }
}

/// A line for each stage with some of its figures.
fn of_stages(
    ui: &Ui,
    stages: &[StageLine],
    keys: &[&str],
    some: impl Fn(&[String]) -> &[String],
) -> (Vec<Column>, Vec<Vec<Markup>>) {
    let first = std::iter::once(Column::text(ui.t("approvals-column-stage")));
    let numbers = keys.iter().map(|key| Column::number(ui.t(key)));
    let cells = stages.iter().map(|line| {
        let mut cells =
            vec![html! { (said(ui, &line.title)) br; small { (said(ui, &line.process_title)) } }];
        let figures = stage_figures(ui, line);
        cells.extend(some(&figures).iter().map(|figure| html! { (figure) }));
        cells
    });
    (first.chain(numbers).collect(), cells.collect())
}

/// How many of the columns are counts and days; the others are shares of the time.
const COUNTS: usize = 6;

const STAGE_COLUMNS: [&str; 10] = [
    "approvals-column-open",
    "approvals-column-late",
    "approvals-column-likely",
    "approvals-column-decided",
    "approvals-column-median",
    "approvals-column-p90",
    "approvals-column-applicant",
    "approvals-column-stopped",
    "approvals-column-supporting",
    "approvals-column-lead",
];

fn stage_figures(ui: &Ui, line: &StageLine) -> Vec<String> {
    let waited = &line.waited;
    let stopped: u32 = waited.stopped.values().sum();
    let whole = u64::from(waited.total());
    let share = |part: u32| {
        if whole == 0 {
            "–".to_owned()
        } else {
            ui.share(u64::from(part), whole)
        }
    };
    let days = |days: Option<u32>| days.map_or("–".to_owned(), |days| ui.number(i64::from(days)));
    vec![
        ui.number(count(line.open)),
        ui.number(count(line.late)),
        ui.number(count(line.likely)),
        ui.number(count(line.decided)),
        days(line.median_days),
        days(line.p90_days),
        share(waited.preparing.saturating_add(waited.applicant)),
        share(stopped),
        share(waited.supporting),
        share(waited.lead),
    ]
}

fn waits(ui: &Ui, view: &Overview) -> Markup {
    if view.waits.is_empty() {
        return html! { (empty(Icon::Check, ui.t("approvals-nobody-waits"))) };
    }
    let columns = [
        Column::text(ui.t("approvals-column-who")),
        Column::text(ui.t("approvals-column-whom")),
        Column::number(ui.t("approvals-column-times")),
        Column::number(ui.t("approvals-column-overdue")),
        Column::text(ui.t("approvals-column-since")),
    ];
    let cells = view.waits.iter().map(|line| {
        let whom = line.whom.as_ref().map_or_else(
            || ui.t("approvals-the-applicant").into_owned(),
            |whom| unit(ui, view, whom),
        );
        vec![
            html! { (unit(ui, view, &line.who)) },
            html! { (whom) },
            html! { (ui.number(count(line.count))) },
            html! { (ui.number(count(line.overdue))) },
            html! { (day(ui, line.since)) },
        ]
    });
    html! { (table(ui, ui.t("approvals-who-waits"), columns).rows(cells)) }
}

fn card_rows(member: &Member, ui: &Ui, cards: &[CardRow]) -> Markup {
    if cards.is_empty() {
        return html! { (empty(Icon::Check, ui.t("approvals-no-cards"))) };
    }
    rows(cards.iter().take(20).map(|one| card_line(member, ui, one)))
}

/// Which list to take along.
#[derive(serde::Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    list: String,
}

/// A list as Excel, all of it.
pub(super) async fn export(
    member: Member,
    axum::extract::Query(Wanted { list }): axum::extract::Query<Wanted>,
) -> Result<Response, Failure> {
    let view = member
        .read(move |read, ctx| {
            let live = Live::of(read);
            overview(read, ctx, &live, None, usize::MAX)
        })
        .await?;
    let ui = member.ui();
    if list == "stages" {
        let mut keys = vec!["approvals-column-process", "approvals-column-stage"];
        keys.extend(STAGE_COLUMNS);
        let mut sheet = sheet(&ui, "approvals-where-time-goes", &keys);
        sheet.rows = view
            .stages
            .iter()
            .map(|line| {
                let titles = [said(&ui, &line.process_title), said(&ui, &line.title)];
                titles
                    .into_iter()
                    .chain(stage_figures(&ui, line))
                    .map(Cell::Text)
                    .collect()
            })
            .collect();
        return file("supervision-stages.xlsx", sheet);
    }
    let (name, lines) = if list == "late" {
        ("approvals-late-files", &view.late_cases)
    } else {
        ("approvals-likely-files", &view.likely_cases)
    };
    let mut sheet = sheet(
        &ui,
        name,
        &[
            "approvals-column-number",
            "approvals-column-file",
            "approvals-column-stage",
            "approvals-column-unit",
            "approvals-column-due",
            "approvals-column-left",
            "approvals-column-outlook",
        ],
    );
    sheet.rows = lines
        .iter()
        .map(|line| {
            vec![
                Cell::Text(line.number.clone()),
                Cell::Text(line.title.clone()),
                Cell::Text(said(&ui, &line.stage)),
                Cell::Text(unit(&ui, &view, &line.unit)),
                line.due
                    .map_or(Cell::Empty, |due| Cell::Text(due.to_string())),
                Cell::Integer(line.left),
                Cell::Text(outlook(&ui, line.outlook.as_ref())),
            ]
        })
        .collect();
    file("supervision.xlsx", sheet)
}
