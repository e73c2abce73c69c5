//! After the close: the count, the result in every number, objections, and the announcement.

use axum::extract::Path;
use axum::response::Response;
use ballot::resolution::{Kind, Measured, Outcome, Reading, Tally, ThresholdCheck};
use documents::Cell;
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, download, flash_to};
use web_ui::{
    Column, Heading, Icon, Shade, Tone, Ui, badge, button, card, disclosure, facts, form,
    link_button, notice, section, share_bar, table, textarea,
};

use super::draft::{grounds, matter_key};
use super::resolution::{sheet, sheet_file};
use super::{path_of, stage_badge};
use crate::announcement::{announcement_document, announcement_lines, issued_on, number_of};
use crate::model::{ANNOUNCE, OBJECT, ObjectionId, ResolutionId, Stage};
use crate::queries::{self, CountedView};
use crate::{AnnounceResult, AnswerObjection, CountVotes, RaiseObjection};

pub(super) async fn count(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Response, Failure> {
    member.execute(CountVotes { resolution: id }).await?;
    flash_to(
        &member.path(&format!("decisions/{id}/result")),
        FlashKey(Tone::Success, "decisions-flash-counted"),
    )
}

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    let (view, before) = member
        .read(move |read, ctx| {
            let before = queries::counts_before(read, ctx, id)?;
            Ok::<_, crate::Error>((queries::result(read, ctx, id)?, before))
        })
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("decisions-result"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), view.resolution.draft.title.clone())
        .status(stage_badge(&ui, view.stage))
        .wide();
    let passed = view.passed;
    Ok(ui.page(heading, html! {
        (notice(&ui, if passed { Tone::Success } else { Tone::Warning }, html! {
            (ui.t(if passed { "decisions-passed-long" } else { "decisions-rejected-long" }))
        }).title(view.resolution.draft.title.clone()))
        (counted_before(&member, &ui, id, &before))
        (section(ui.t("decisions-thresholds"), html! {
            @for check in thresholds(&view) { (threshold(&ui, check)) }
        }))
        (tally_table(&member, &ui, &view))
        @if let Some(publication) = view.resolution.publication.as_ref().filter(|publication| publication.terms.rules.silence != view.outcome.tally.silence) {
            (notice(&ui, Tone::Info, html! {
                (ui.t("decisions-silence-floor")) " "
                @if let Some((heads, _)) = &publication.terms.silence_floor { (heads.citation) }
            }))
        }
        (super::election::result_part(&ui, &view))
        @if view.election.is_none() {
            (both_ways(&ui, &view.outcome))
            (conflicts(&ui, &view.outcome))
        }
        @if let Some(publication) = &view.resolution.publication { (grounds(&ui, &publication.terms.grounds)) }
        (section(ui.t("decisions-prove"), html! {
            p { (ui.t("decisions-prove-text")) }
            (web_ui::actions(html! {
                (link_button(member.path(&format!("decisions/{id}/check")), ui.t("decisions-check")).secondary().icon(Icon::Proof))
                (link_button(member.path(&format!("decisions/{id}/record")), ui.t("decisions-record-file")).secondary().download())
                (link_button(member.path(&format!("decisions/{id}/announcement")), ui.t("decisions-announcement")).secondary().icon(Icon::Document))
            }))
        }))
        (objections(&member, &ui, &view))
    }))
}

/// What had to be reached by all; in an election each candidate is measured apart.
fn thresholds(view: &CountedView) -> impl Iterator<Item = &ThresholdCheck> {
    let by_name = view.election.is_some();
    let checks = view.outcome.tally.thresholds.iter();
    checks.filter(move |check| !by_name || check.kind == Kind::Participation)
}

/// That a correction made the count anew, and the records published before.
fn counted_before(
    member: &Member,
    ui: &Ui,
    id: ResolutionId,
    before: &[(u64, kernel::Timestamp)],
) -> Markup {
    html! {
        @if !before.is_empty() {
            (notice(ui, Tone::Info, html! {
                (ui.t("decisions-recounted"))
                @for (position, at) in before {
                    " " a href=(member.path(&format!("decisions/{id}/records/{position}/file"))) download {
                        (ui.t_with("decisions-record-of", &[("date", ui.date_time(at.micros()).into())]))
                    }
                }
            }))
        }
    }
}

fn threshold(ui: &Ui, check: &ThresholdCheck) -> Markup {
    let whole = u64::try_from(check.whole.smallest_parts()).unwrap_or(0);
    let part = u64::try_from(check.part.smallest_parts()).unwrap_or(0);
    let share = (
        u64::try_from(check.required.num()).unwrap_or(0),
        u64::try_from(check.required.den()).unwrap_or(1),
    );
    let label = ui.t(&format!("decisions-threshold-{}-{}", check.kind, check.of));
    let key = if check.strict {
        "decisions-more-than"
    } else {
        "decisions-at-least"
    };
    let demand = ui
        .t_with(key, &[("share", check.required.to_string().into())])
        .into_owned();
    let shade = if check.met { Shade::Jade } else { Shade::Mist };
    html! {
        (share_bar(label.clone(), whole)
            .part(shade, label, part, measured(ui, check.part))
            .threshold(ui, share, demand, Some(check.met)))
        p.quiet { (check.citation) " · " (measured(ui, check.part)) " / " (measured(ui, check.whole)) }
    }
}

/// A number of heads or an area as pages write it.
fn measured(ui: &Ui, measured: Measured) -> String {
    match measured {
        Measured::Heads(heads) => ui.number(i64::from(heads)),
        Measured::Area(area) => ui.area(area.get()),
    }
}

fn tally_table(member: &Member, ui: &Ui, view: &CountedView) -> Markup {
    let tally = &view.outcome.tally;
    let columns = [
        Column::text(ui.t("decisions-what")),
        Column::number(ui.t("decisions-count-units")),
        Column::number(ui.t("decisions-count-heads")),
        Column::number(ui.t("decisions-count-area")),
    ];
    let rows = tally_rows(tally)
        .into_iter()
        .map(|(key, tally)| line(ui, key, tally));
    let export = member.path(&format!("decisions/{}/result/export", view.resolution.id));
    let table = table(ui, ui.t("decisions-tally"), columns)
        .rows(rows)
        .total(line(ui, "decisions-total", view.outcome.total))
        .export(ui, export);
    html! { (table) }
}

/// The lines of a tally, with the message that names each.
fn tally_rows(tally: &Reading) -> [(&'static str, Tally); 7] {
    [
        ("decisions-tally-participating", tally.participating),
        ("decisions-tally-for", tally.in_favour),
        ("decisions-tally-against", tally.against),
        ("decisions-tally-abstain", tally.abstain),
        ("decisions-tally-follow", tally.follow),
        ("decisions-tally-silent", tally.silent),
        ("decisions-tally-unserved", tally.unserved),
    ]
}

fn line(ui: &Ui, key: &str, tally: Tally) -> Vec<Markup> {
    vec![
        html! { (ui.t(key)) },
        html! { (ui.number(i64::from(tally.units))) },
        html! { (ui.number(i64::from(tally.heads))) },
        html! { (ui.area(tally.area.get())) },
    ]
}

/// The result under every rule of silence, so that everyone sees whether silence decided.
fn both_ways(ui: &Ui, outcome: &Outcome) -> Markup {
    let columns = [
        Column::text(ui.t("decisions-rules-silence")),
        Column::text(ui.t("decisions-participation-met")),
        Column::text(ui.t("decisions-consent-met")),
        Column::text(ui.t("decisions-verdict")),
    ];
    let met = |yes: bool| {
        badge(
            if yes { Shade::Jade } else { Shade::Wall },
            ui.t(if yes { "decisions-yes" } else { "decisions-no" }),
        )
    };
    let readings = std::iter::once(&outcome.tally).chain(&outcome.under_other_rules);
    let rows = readings.enumerate().map(|(place, reading)| {
        vec![
            html! {
                (ui.t(&format!("decisions-silence-{}", reading.silence.name())))
                @if place == 0 { " " (badge(Shade::Tile, ui.t("decisions-rule-in-force"))) }
            },
            met(reading.participation_met),
            met(reading.consent_met),
            html! { (ui.t(if reading.passed { "decisions-passed" } else { "decisions-rejected" })) },
        ]
    });
    section(
        ui.t("decisions-both-ways"),
        html! {
            p { (ui.t(if outcome.silence_decides { "decisions-silence-decided" } else { "decisions-silence-not-decided" })) }
            (table(ui, ui.t("decisions-both-ways"), columns).rows(rows))
        },
    )
}

fn conflicts(ui: &Ui, outcome: &Outcome) -> Markup {
    html! {
        @if !outcome.conflicts.is_empty() {
            (disclosure(ui.t_with("decisions-conflicts", &[("count", outcome.conflicts.len().into())]), html! {
                p { (ui.t("decisions-conflicts-text")) }
            }))
        }
    }
}

fn objections(member: &Member, ui: &Ui, view: &CountedView) -> Markup {
    let id = view.resolution.id;
    let Some(count) = &view.resolution.count else {
        return html! {};
    };
    section(
        ui.t("decisions-objections"),
        html! {
            p { (ui.t_with("decisions-objections-until", &[("date", ui.date_time(count.objections_until.micros()).into())])) }
            @for objection in &view.objections {
                (card(ui.date(objection.raised_at.micros()), html! {
                    p { (objection.text) }
                    @match &objection.answer {
                        Some((at, answer)) => { p { strong { (ui.t("decisions-answer")) " " (ui.date(at.micros())) } } p { (answer) } }
                        None if member.may(ANNOUNCE) => {
                            (form(ui, member.path(&format!("decisions/{id}/objections/{}/answer", objection.id)),
                                textarea(ui, "text", ui.t("decisions-answer")).required())
                                .button(button(ui.t("decisions-answer-send"))))
                        }
                        None => { p { (badge(Shade::Vermilion, ui.t("decisions-unanswered"))) } }
                    }
                }))
            }
            @if view.objections.is_empty() { p { (ui.t("decisions-objections-none")) } }
            @if view.stage == Stage::Objection && member.may(OBJECT) {
                (form(ui, member.path(&format!("decisions/{id}/objections")),
                    textarea(ui, "text", ui.t("decisions-object-text")).hint(ui.t("decisions-object-hint")).required())
                    .button(button(ui.t("decisions-object")).secondary()))
            }
        },
    )
}

#[derive(Deserialize)]
pub(super) struct Words {
    #[serde(default)]
    text: String,
}

pub(super) async fn object(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(Words { text }): Form<Words>,
) -> Result<Response, Failure> {
    member
        .execute(RaiseObjection {
            resolution: id,
            text,
        })
        .await?;
    flash_to(
        &member.path(&format!("decisions/{id}/result")),
        FlashKey(Tone::Success, "decisions-flash-objected"),
    )
}

pub(super) async fn answer(
    member: Member,
    Path((_, id, objection)): Path<(CommunityId, ResolutionId, ObjectionId)>,
    Form(Words { text }): Form<Words>,
) -> Result<Response, Failure> {
    member
        .execute(AnswerObjection {
            resolution: id,
            objection,
            text,
        })
        .await?;
    flash_to(
        &member.path(&format!("decisions/{id}/result")),
        FlashKey(Tone::Success, "decisions-flash-answered"),
    )
}

/// The numbers as an Excel file.
pub(super) async fn export(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Response, Failure> {
    let view = member
        .read(move |read, ctx| queries::result(read, ctx, id))
        .await?;
    let ui = member.ui();
    let header = [
        "decisions-what",
        "decisions-count-units",
        "decisions-count-heads",
        "decisions-count-area",
    ];
    let mut sheet = sheet(&ui, "decisions-tally", &header);
    let total = ("decisions-total", view.outcome.total);
    for (key, tally) in tally_rows(&view.outcome.tally).into_iter().chain([total]) {
        sheet.rows.push(vec![
            Cell::Text(ui.t(key).into_owned()),
            Cell::Integer(i64::from(tally.units)),
            Cell::Integer(i64::from(tally.heads)),
            Cell::Area(tally.area.get()),
        ]);
    }
    sheet_file("result.xlsx", sheet)
}

/// The published record, byte for byte as its hash stands in the journal.
pub(super) async fn record_file(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Response, Failure> {
    let record = member
        .read(move |read, ctx| queries::published_record(read, ctx, id))
        .await?;
    Ok(download(
        &format!("linli-record-{id}.json"),
        "application/json",
        record,
    ))
}

pub(super) async fn announcement(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::result(read, ctx, id))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("decisions-announcement"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), view.resolution.draft.title.clone())
        .status(stage_badge(&ui, view.stage));
    let unanswered = view
        .objections
        .iter()
        .filter(|objection| objection.answer.is_none())
        .count();
    Ok(ui.page(heading, html! {
        @if view.stage != Stage::Announced {
            (notice(&ui, Tone::Info, html! { (ui.t("decisions-announcement-draft")) }))
        }
        div lang="zh-CN" {
            (web_ui::announcement(&ui, format!("{}业主大会决定公告", member.face.name), html! {
                @for line in announcement_lines(&view, &member.face.name) { p { (line) } }
            })
            .number(number_of(&view))
            .signed(format!("{}业主委员会", member.face.name), web_ui::date(web_ui::Language::Zh, issued_on(&view).micros())))
        }
        (facts([(ui.t("decisions-matter"), ui.t(&matter_key(view.resolution.draft.matter)))]))
        (web_ui::actions(link_button(member.path(&format!("decisions/{id}/announcement/file")), ui.t("decisions-announcement-pdf")).secondary().icon(Icon::Download).download()))
        @if view.stage == Stage::Settled && member.may(ANNOUNCE) {
            @if unanswered > 0 {
                (notice(&ui, Tone::Danger, html! { (ui.t_with("decisions-error-objections-unanswered", &[("count", unanswered.into())])) }))
            } @else {
                (form(&ui, member.path(&format!("decisions/{id}/announcement")),
                    textarea(&ui, "text", ui.t("decisions-remark")).hint(ui.t("decisions-remark-hint")))
                    .button(button(ui.t("decisions-announce")).icon(Icon::Announcement)))
            }
        }
    }))
}

pub(super) async fn announce(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(Words { text }): Form<Words>,
) -> Result<Response, Failure> {
    member
        .execute(AnnounceResult {
            resolution: id,
            remark: text,
        })
        .await?;
    flash_to(
        &member.path(&format!("decisions/{id}/announcement")),
        FlashKey(Tone::Success, "decisions-flash-announced"),
    )
}

pub(super) async fn announcement_file(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Response, Failure> {
    announcement_pdf(&member, id).await
}

/// The announcement to print, sign and seal.
pub(crate) async fn announcement_pdf(
    member: &Member,
    id: ResolutionId,
) -> Result<Response, Failure> {
    let view = member
        .read(move |read, ctx| queries::result(read, ctx, id))
        .await?;
    let settings = member.app().settings();
    let address = format!(
        "{}{}",
        settings.public_url,
        member.path(&format!("decisions/{id}/check"))
    );
    let document = announcement_document(&view, &member.face.name, &address);
    let pdf = documents::to_pdf(&document).map_err(|error| Failure::internal("the PDF", &error))?;
    Ok(download(
        &format!("announcement-{id}.pdf"),
        "application/pdf",
        pdf,
    ))
}
