//! The text after its comments: issuing the next version, and what changed in it clause by clause.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use kernel::{CommunityId, Kind};
use maud::{Markup, html};
use shell::{Failure, FlashKey, Member, Uploads, flash_to};
use web_ui::{
    FormErrors, Heading, Icon, Shade, Tone, Ui, badge, button, file_upload, form, link_button,
    notice, row, rows, section, textarea,
};

use super::draft::clauses_sent;
use super::{name_of, path_of};
use crate::IssueVersion;
use crate::clauses::joined;
use crate::diff::{Change, Fate, Piece};
use crate::model::{ConsultationId, DRAFT, Stage};
use crate::queries::{self, Revision, View};

/// The versions of a text that has ended, and the way to the next one.
pub(super) fn versions_part(member: &Member, ui: &Ui, view: &View) -> Markup {
    let path = path_of(member, view.one.id);
    let waiting = view.count(None, "waiting");
    let may_issue = view.stage == Stage::Ended && member.may(DRAFT);
    html! {
        @if !view.versions.is_empty() || may_issue {
            (section(ui.t("consultation-versions"), html! {
                @if view.versions.is_empty() {
                    p.quiet { (ui.t("consultation-no-version")) }
                }
                (rows(view.versions.iter().rev().map(|version| {
                    row(format!("{path}/versions/{}", version.number), ui.t_with("consultation-version", &[("number", version.number.into())]))
                        .icon(Icon::Document)
                        .detail(html! { (ui.date(version.at.micros())) " · " (version.note) })
                })))
                @if may_issue && waiting > 0 {
                    p.quiet { (ui.t_with("consultation-version-waits", &[("number", waiting.into())])) }
                } @else if may_issue {
                    p { (link_button(format!("{path}/versions/new"), ui.t("consultation-version-new")).icon(Icon::Add)) }
                }
            }))
        }
    }
}

pub(super) async fn new(
    member: Member,
    Path((_, id)): Path<(CommunityId, ConsultationId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let view = member
        .read(move |read, ctx| queries::consultation(read, ctx, id, 0, None))
        .await?;
    let last = view.versions.last();
    let clauses = last.map_or(&view.one.draft.clauses, |version| &version.clauses);
    Ok(form_page(&member, id, (&joined(clauses), ""), None))
}

pub(super) async fn issue(
    member: Member,
    Path((_, consultation)): Path<(CommunityId, ConsultationId)>,
    mut uploads: Uploads,
) -> Result<Response, Failure> {
    let clauses = uploads.text("clauses").to_owned();
    let note = uploads.text("note").trim().to_owned();
    let sent = match clauses_sent(&mut uploads, &clauses) {
        Ok(clauses) => {
            let note = note.clone();
            let version = IssueVersion {
                consultation,
                clauses,
                note,
            };
            member.execute(version).await
        }
        Err(error) => Err(error.into()),
    };
    match sent {
        Ok(number) => flash_to(
            &format!("{}/versions/{number}", path_of(&member, consultation)),
            FlashKey(Tone::Success, "consultation-flash-issued"),
        ),
        Err(failure) if matches!(failure.kind, Kind::Invalid | Kind::Conflict) => {
            let page = form_page(&member, consultation, (&clauses, &note), Some(&failure));
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

fn form_page(
    member: &Member,
    id: ConsultationId,
    (clauses, note): (&str, &str),
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let path = path_of(member, id);
    let mut errors = FormErrors::new();
    if let Some(failure) = failure {
        for (at, sentence) in failure.finding_sentences(&ui.messages, ui.language) {
            errors.add(at, sentence);
        }
    }
    let refused = failure.filter(|failure| failure.kind == Kind::Conflict);
    let heading = Heading::new(ui.t("consultation-version-new"))
        .crumb(member.path("consultations"), ui.t("consultation-title"))
        .lead(ui.t("consultation-version-lead"));
    let fields = html! {
        (file_upload(&ui, "file", ui.t("consultation-file")).accept(".docx,.txt")
            .hint(ui.t("consultation-file-hint")).error(errors.of("file")))
        (textarea(&ui, "clauses", ui.t("consultation-clauses")).value(clauses).lines(16)
            .hint(ui.t("consultation-clauses-hint")).error(errors.of("clauses")))
        (textarea(&ui, "note", ui.t("consultation-version-note")).value(note).lines(3)
            .hint(ui.t("consultation-version-note-hint")).error(errors.of("note")).required())
    };
    ui.page(
        heading,
        html! {
            @if let Some(failure) = refused {
                (notice(&ui, Tone::Danger, html! { (failure.sentence(&ui.messages, ui.language)) }))
            }
            (form(&ui, format!("{path}/versions"), fields)
                .multipart()
                .errors(&ui, &errors)
                .guard_unsaved(&ui)
                .button(button(ui.t("consultation-version-issue")).icon(Icon::Check))
                .button(link_button(path, ui.t("consultation-back")).secondary()))
        },
    )
}

pub(super) async fn page(
    member: Member,
    Path((_, id, number)): Path<(CommunityId, ConsultationId, u32)>,
) -> Result<Markup, Failure> {
    let revision = member
        .read(move |read, ctx| queries::revision(read, ctx, id, number))
        .await?;
    let ui = member.ui();
    let version = &revision.version;
    let title = ui.t_with("consultation-version", &[("number", version.number.into())]);
    let heading = Heading::new(title)
        .crumb(member.path("consultations"), ui.t("consultation-title"))
        .crumb(path_of(&member, id), revision.one.draft.title.clone())
        .lead(version.note.clone());
    let count = |wanted: fn(&Change) -> bool| -> u64 {
        let many = revision.changes.iter().filter(|change| wanted(change));
        u64::try_from(many.count()).unwrap_or(u64::MAX)
    };
    let counts = [
        (
            "changed",
            count(|one| matches!(one, Change::Changed { .. })).into(),
        ),
        (
            "added",
            count(|one| matches!(one, Change::Added { .. })).into(),
        ),
        (
            "removed",
            count(|one| matches!(one, Change::Removed { .. })).into(),
        ),
        (
            "same",
            count(|one| matches!(one, Change::Same { .. })).into(),
        ),
    ];
    Ok(ui.page(
        heading,
        html! {
            p { (ui.date(version.at.micros())) " · " (ui.t_with("consultation-version-counts", &counts)) }
            @for change in &revision.changes { (one_change(&member, &ui, &revision, change)) }
        },
    ))
}

fn one_change(member: &Member, ui: &Ui, revision: &Revision, change: &Change) -> Markup {
    let clause = |clauses: &[String], place: u32| {
        let at = usize::try_from(place).unwrap_or(usize::MAX);
        let text = at.checked_sub(1).and_then(|at| clauses.get(at));
        text.cloned().unwrap_or_default()
    };
    let whole = |fate, text| vec![Piece { fate, text }];
    let (key, shade, pieces, before) = match change {
        Change::Same { after, .. } => {
            let text = clause(&revision.version.clauses, *after);
            return html! { article.change { @for line in text.lines() { p.quiet { (line) } } } };
        }
        Change::Changed { before, pieces, .. } => {
            ("changed", Shade::Tile, pieces.clone(), Some(*before))
        }
        Change::Added { after } => {
            let text = clause(&revision.version.clauses, *after);
            ("added", Shade::Jade, whole(Fate::Added, text), None)
        }
        Change::Removed { before } => {
            let text = clause(&revision.before, *before);
            (
                "removed",
                Shade::Wall,
                whole(Fate::Removed, text),
                Some(*before),
            )
        }
    };
    // Comments name the clauses of the published text, which is what the second version is compared with.
    let of = before.filter(|_| revision.version.number == 2);
    let adopted = revision.adopted.iter().filter(|(at, _)| Some(*at) == of);
    let adopted: Vec<u32> = adopted.map(|(_, number)| *number).collect();
    let path = path_of(member, revision.one.id);
    html! {
        article.change {
            p {
                (badge(shade, ui.t(&format!("consultation-change-{key}"))))
                @if let Some(before) = before { " " (name_of(ui, &revision.before, before)) }
            }
            p { @for piece in &pieces { (one_piece(piece)) } }
            @if !adopted.is_empty() {
                p.quiet {
                    (ui.t("consultation-adopted-here")) " "
                    @for number in &adopted {
                        a href=(format!("{path}?after={}#comment-{number}", number.saturating_sub(1))) {
                            (ui.t_with("consultation-comment-number", &[("number", (*number).into())]))
                        } " "
                    }
                }
            }
        }
    }
}

fn one_piece(piece: &Piece) -> Markup {
    let text = html! {
        @for (at, line) in piece.text.split('\n').enumerate() {
            @if at > 0 { br; }
            (line)
        }
    };
    match piece.fate {
        Fate::Kept => text,
        Fate::Removed => html! { del { (text) } },
        Fate::Added => html! { ins { (text) } },
    }
}
