//! The dry run: every fault with its line, or every change with its before and after; and the import itself.

use axum::extract::Path;
use axum::response::Response;
use kernel::{CommunityId, Finding};
use maud::{Markup, html};
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Column, FormErrors, Icon, Tone, Ui, button, checkbox, form, link_button, notice, section, stat,
    stats, table,
};

use super::import::upload_form;
use super::{Typed, form_errors, heading, sheet, workbook};
use crate::Error;
use crate::commands::ApplyUpload;
use crate::import::{Counts, Findings, ImportCounts, Warning};
use crate::model::{UnitFacts, UploadId};
use crate::queries::{self, ImportPreview, OwnerView, PreviewOwner, PreviewUnit, UploadView};

/// Changes and notes that the page lists; the figures tell of all.
const SHOWN: usize = 200;
/// Faults that the page lists; the Excel file has all.
const FAULTS_SHOWN: usize = 5_000;

pub(super) async fn page(
    member: Member,
    Path((_, upload)): Path<(CommunityId, UploadId)>,
) -> Result<Markup, Failure> {
    shown(&member, upload, None).await
}

async fn shown(
    member: &Member,
    upload: UploadId,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::upload(read, ctx, upload))
        .await?;
    let ui = member.ui();
    let body = match &view.preview {
        Ok(preview) => preview_part(member, &ui, upload, preview, failure),
        Err(findings) => faults_part(member, &ui, upload, findings),
    };
    Ok(ui.page(title(member, &ui, &view), body))
}

fn title(member: &Member, ui: &Ui, view: &UploadView) -> web_ui::Heading {
    let hash: String = view.file_sha256.chars().take(12).collect();
    heading(member, ui, "roll-preview")
        .crumb(member.path("people/import"), ui.t("roll-import"))
        .lead(html! { (view.file_name) " · SHA-256 " code { (hash) "…" } })
        .wide()
}

fn faults_part(member: &Member, ui: &Ui, upload: UploadId, findings: &Findings) -> Markup {
    let failure = Failure::from(Error::Import(findings.clone()));
    let columns = fault_columns(ui).map(Column::text);
    let lines = fault_lines(ui, &findings.0).into_iter().take(FAULTS_SHOWN);
    let lines = lines.map(|cells| cells.map(|cell| html! { (cell) }).to_vec());
    html! {
        (notice(ui, Tone::Danger, failure.sentence(&ui.messages, ui.language)))
        (table(ui, ui.t("roll-faults"), columns).rows(lines)
            .export(ui, member.path(&format!("people/import/{upload}/faults"))))
        (section(ui.t("roll-import-again"), upload_form(member, ui, &FormErrors::new())))
    }
}

fn fault_columns(ui: &Ui) -> [String; 4] {
    [
        "roll-fault-sheet",
        "roll-fault-line",
        "roll-fault-column",
        "roll-fault-what",
    ]
    .map(|key| ui.t(key).into_owned())
}

/// Each finding: its sheet, its line, its column as the template calls it, what is wrong and what to do.
fn fault_lines(ui: &Ui, findings: &[Finding]) -> Vec<[String; 4]> {
    let told = Failure {
        findings: findings.to_vec(),
        ..Failure::not_found()
    };
    let sentences = told.finding_sentences(&ui.messages, ui.language);
    findings
        .iter()
        .zip(sentences)
        .map(|(finding, (at, sentence))| {
            let (sheet, rest) = match at.strip_prefix("residents ") {
                Some(rest) => ("roll-sheet-residents", rest),
                None => ("roll-sheet-units", at.as_str()),
            };
            let line = rest.strip_prefix("line ").unwrap_or("—");
            [
                ui.t(sheet).into_owned(),
                line.to_owned(),
                column_of(finding).to_owned(),
                sentence,
            ]
        })
        .collect()
}

/// The column that a finding is about; the whole line where it is about several.
fn column_of(finding: &Finding) -> &str {
    let named = finding.arguments.iter().find(|(name, _)| name == "column");
    if let Some((_, column)) = named {
        return column;
    }
    // The codes are `people-import-WHAT`.
    match finding.code.splitn(3, '-').nth(2).unwrap_or_default() {
        code if code.starts_with("area-") => "专有面积",
        code if code.starts_with("id-number-") => "证件号",
        "owner-two-names" | "owner-twice" | "owner-blank" | "owner-ambiguous"
        | "too-many-owners" => "业主",
        "owner-two-kinds" => "业主类型",
        "phone" | "owner-two-phones" => "手机",
        "unit-twice" | "unknown-unit" => "房号",
        "resident-twice" => "姓名",
        code if code.starts_with("birth-year") => "出生年",
        _ => "—",
    }
}

pub(super) async fn faults_file(
    member: Member,
    Path((_, upload)): Path<(CommunityId, UploadId)>,
) -> Result<Response, Failure> {
    let view = member
        .read(move |read, ctx| queries::upload(read, ctx, upload))
        .await?;
    let ui = member.ui();
    let findings = view
        .preview
        .err()
        .map(|findings| findings.0)
        .unwrap_or_default();
    let rows = fault_lines(&ui, &findings)
        .into_iter()
        .map(|cells| cells.to_vec());
    workbook(
        "faults.xlsx",
        &[sheet(&ui.t("roll-faults"), &fault_columns(&ui), rows)],
    )
}

fn preview_part(
    member: &Member,
    ui: &Ui,
    upload: UploadId,
    preview: &ImportPreview,
    failure: Option<&Failure>,
) -> Markup {
    let here = member.path(&format!("people/import/{upload}"));
    let errors = form_errors(ui, failure);
    let is_new = preview.counts != unchanged(preview.counts);
    html! {
        (counts_part(ui, &here, &preview.counts))
        @if !is_new { (notice(ui, Tone::Success, ui.t("roll-preview-nothing"))) }
        (warnings_part(ui, &preview.warnings))
        @if !preview.units.is_empty() { (units_part(ui, &preview.units)) }
        @if !preview.owners.is_empty() { (owners_part(ui, &preview.owners)) }
        (form(ui, here, html! {
            @if preview.needs_confirmation {
                (checkbox(ui, "confirmed", ui.t("roll-confirm-values")).error(errors.of("")).required())
            }
            p { (ui.t("roll-apply-text")) }
        })
        .button(button(ui.t("roll-apply")).icon(Icon::Check))
        .button(link_button(member.path("people/import"), ui.t("roll-import-other")).secondary()))
    }
}

/// The same counts as if nothing were new or changed.
fn unchanged(counts: ImportCounts) -> ImportCounts {
    let same = |counts: Counts| Counts {
        unchanged: counts.unchanged,
        ..Counts::default()
    };
    ImportCounts {
        buildings_added: 0,
        units: same(counts.units),
        transfers: 0,
        owners: same(counts.owners),
        residents: same(counts.residents),
        missing: counts.missing,
    }
}

fn counts_part(ui: &Ui, here: &str, counts: &ImportCounts) -> Markup {
    let number = |count: u64| ui.number(i64::try_from(count).unwrap_or(i64::MAX));
    let line = |counts: Counts| {
        ui.t_with(
            "roll-counts",
            &[
                ("added", number(counts.added).into()),
                ("changed", number(counts.changed).into()),
                ("unchanged", number(counts.unchanged).into()),
            ],
        )
        .into_owned()
    };
    let all = |counts: Counts| number(counts.added + counts.changed + counts.unchanged);
    html! {
        (stats([
            stat(here, all(counts.units), ui.t("roll-units")).note(line(counts.units)),
            stat(here, all(counts.owners), ui.t("roll-owners")).note(line(counts.owners)),
            stat(here, all(counts.residents), ui.t("roll-residents")).note(line(counts.residents)),
            stat(here, number(counts.transfers), ui.t("roll-transfers")),
        ]))
    }
}

fn warnings_part(ui: &Ui, warnings: &[Warning]) -> Markup {
    let (to_confirm, notes): (Vec<&Warning>, Vec<&Warning>) = warnings
        .iter()
        .partition(|warning| warning.needs_confirmation);
    let listed = |title: &str, warnings: &[&Warning]| {
        let findings: Vec<Finding> = warnings
            .iter()
            .take(SHOWN)
            .map(|warning| warning.finding.clone())
            .collect();
        let lines = fault_lines(ui, &findings).into_iter();
        let lines = lines.map(|cells| cells.map(|cell| html! { (cell) }).to_vec());
        let more = warnings.len().saturating_sub(SHOWN);
        html! {
            (table(ui, ui.t(title), fault_columns(ui).map(Column::text)).rows(lines))
            (more_part(ui, more))
        }
    };
    html! {
        @if !to_confirm.is_empty() {
            (notice(ui, Tone::Warning, ui.t("roll-warnings-text")))
            (listed("roll-warnings", &to_confirm))
        }
        @if !notes.is_empty() { (web_ui::disclosure(ui.t("roll-notes"), listed("roll-notes", &notes))) }
    }
}

fn more_part(ui: &Ui, more: usize) -> Markup {
    let count = i64::try_from(more).unwrap_or(i64::MAX);
    html! { @if more > 0 { p.quiet { (ui.t_with("roll-and-more", &[("count", count.into())])) } } }
}

fn units_part(ui: &Ui, units: &[PreviewUnit]) -> Markup {
    let columns = [
        Column::number(ui.t("roll-fault-line")),
        Column::text(ui.t("roll-unit")),
        Column::text(ui.t("roll-before")),
        Column::text(ui.t("roll-after")),
    ];
    let lines = units.iter().take(SHOWN).map(|unit| {
        let before = unit
            .before
            .as_ref()
            .map(|facts| said(ui, facts, &unit.owners_before));
        vec![
            html! { (unit.line) },
            html! { (unit.label) },
            html! { (before.unwrap_or_else(|| ui.t("roll-new").into_owned())) },
            html! { (said(ui, &unit.after, &unit.owners_after)) },
        ]
    });
    html! {
        (table(ui, ui.t("roll-changed-units"), columns).rows(lines))
        (more_part(ui, units.len().saturating_sub(SHOWN)))
    }
}

/// A unit in one line.
fn said(ui: &Ui, facts: &UnitFacts, owners: &[String]) -> String {
    let source = ui.t(&format!("roll-source-{}", facts.area_source.name()));
    let unit_use = ui.t(&format!("roll-use-{}", facts.unit_use.name()));
    let area = ui.area(facts.exclusive_area.get());
    format!("{area} · {source} · {unit_use} · {}", owners.join("、"))
}

fn owners_part(ui: &Ui, owners: &[PreviewOwner]) -> Markup {
    let columns = [
        Column::number(ui.t("roll-fault-line")),
        Column::text(ui.t("roll-before")),
        Column::text(ui.t("roll-after")),
    ];
    let said = |owner: &OwnerView| {
        let parts = [
            Some(owner.name.as_str()),
            owner.id_number.as_deref(),
            owner.phone.as_deref(),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let lines = owners.iter().take(SHOWN).map(|owner| {
        vec![
            html! { (owner.line) },
            html! { (said(&owner.before)) },
            html! { (said(&owner.after)) },
        ]
    });
    html! {
        (table(ui, ui.t("roll-changed-owners"), columns).rows(lines))
        (more_part(ui, owners.len().saturating_sub(SHOWN)))
    }
}

pub(super) async fn apply(
    member: Member,
    Path((_, upload)): Path<(CommunityId, UploadId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = ApplyUpload {
        upload,
        is_confirmed: typed.is_ticked("confirmed"),
    };
    match member.execute(command).await {
        Ok(_) => flash_to(
            &member.path("people"),
            FlashKey(Tone::Success, "roll-flash-imported"),
        ),
        Err(failure) if failure.is_correctable() => {
            let page = shown(&member, upload, Some(&failure)).await?;
            Ok(failure.again(page))
        }
        Err(failure) => Err(failure),
    }
}
