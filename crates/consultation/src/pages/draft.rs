//! Bringing a text, correcting its clauses, publishing it.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use documents::{Limits, read_paragraphs};
use kernel::{CommunityId, Kind};
use maud::{Markup, html};
use shell::{Failure, FlashKey, Member, Uploads, flash_to};
use web_ui::{
    FormErrors, Heading, Icon, Input, Tone, Ui, button, field, file_upload, form, link_button,
    select, textarea,
};

use super::{instant, local_time, path_of};
use crate::clauses::{blocks, joined, split};
use crate::model::{ConsultationId, DRAFT, Draft, MAX_LINE, TextKind};
use crate::{ChangeText, DraftText, Error, PublishText, queries};

/// The form as typed.
#[derive(Clone, Default)]
struct Typed {
    title: String,
    department: String,
    kind: String,
    about: String,
    clauses: String,
    closes: String,
    shortened: String,
}

impl Typed {
    fn of(draft: &Draft) -> Self {
        Self {
            title: draft.title.clone(),
            department: draft.department.clone(),
            kind: draft.kind.name().to_owned(),
            about: draft.about.clone(),
            clauses: joined(&draft.clauses),
            closes: local_time(draft.closes),
            shortened: draft.shortened.clone(),
        }
    }

    fn sent(uploads: &Uploads) -> Self {
        let text = |field: &str| uploads.text(field).trim().to_owned();
        Self {
            title: text("title"),
            department: text("department"),
            kind: text("kind"),
            about: text("about"),
            clauses: text("clauses"),
            closes: text("closes"),
            shortened: text("shortened"),
        }
    }

    /// What is drafted; a file, if there is one, stands before the typed text.
    fn draft(&self, uploads: &mut Uploads) -> Result<Draft, Error> {
        let clauses = clauses_sent(uploads, &self.clauses)?;
        Ok(Draft {
            title: self.title.clone(),
            department: self.department.clone(),
            kind: TextKind::from_name(&self.kind).ok_or(Error::Blank { field: "kind" })?,
            about: self.about.clone(),
            clauses,
            closes: instant(&self.closes).ok_or(Error::Blank { field: "closes" })?,
            shortened: self.shortened.clone(),
        })
    }
}

/// The clauses of the file that was sent, or else of the typed text.
pub(super) fn clauses_sent(uploads: &mut Uploads, typed: &str) -> Result<Vec<String>, Error> {
    let file = uploads
        .take_file("file")
        .filter(|file| !file.content.is_empty());
    let Some(file) = file else {
        return Ok(blocks(typed));
    };
    let read = read_paragraphs(&file.content, &Limits::default());
    Ok(split(&read.map_err(|error| Error::File {
        reason: error.to_string(),
    })?))
}

pub(super) async fn new(member: Member) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let typed = Typed {
        kind: TextKind::Normative.name().to_owned(),
        closes: format!("{}T18:00", member.visitor.now.plus_days(31).date()),
        ..Typed::default()
    };
    Ok(draft_page(&member, None, &typed, None))
}

pub(super) async fn create(member: Member, mut uploads: Uploads) -> Result<Response, Failure> {
    let typed = Typed::sent(&uploads);
    let sent = match typed.draft(&mut uploads) {
        Ok(draft) => member.execute(DraftText { draft }).await,
        Err(error) => Err(error.into()),
    };
    match sent {
        Ok(id) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "consultation-flash-drafted"),
        ),
        Err(failure) => refused(&member, None, &typed, failure),
    }
}

pub(super) async fn edit(
    member: Member,
    Path((_, id)): Path<(CommunityId, ConsultationId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let view = member
        .read(move |read, ctx| queries::consultation(read, ctx, id, 0, None))
        .await?;
    let typed = Typed::of(&view.one.draft);
    Ok(draft_page(&member, Some(id), &typed, None))
}

pub(super) async fn change(
    member: Member,
    Path((_, consultation)): Path<(CommunityId, ConsultationId)>,
    mut uploads: Uploads,
) -> Result<Response, Failure> {
    let typed = Typed::sent(&uploads);
    let sent = match typed.draft(&mut uploads) {
        Ok(draft) => {
            let change = ChangeText {
                consultation,
                draft,
            };
            member.execute(change).await
        }
        Err(error) => Err(error.into()),
    };
    match sent {
        Ok(()) => flash_to(
            &path_of(&member, consultation),
            FlashKey(Tone::Success, "consultation-flash-drafted"),
        ),
        Err(failure) => refused(&member, Some(consultation), &typed, failure),
    }
}

/// The form again with what was typed, if it can be corrected; any other failure goes on.
fn refused(
    member: &Member,
    id: Option<ConsultationId>,
    typed: &Typed,
    failure: Failure,
) -> Result<Response, Failure> {
    if failure.kind != Kind::Invalid {
        return Err(failure);
    }
    let page = draft_page(member, id, typed, Some(&failure));
    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn draft_page(
    member: &Member,
    id: Option<ConsultationId>,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let mut errors = FormErrors::new();
    if let Some(failure) = failure {
        for (at, sentence) in failure.finding_sentences(&ui.messages, ui.language) {
            errors.add(at, sentence);
        }
    }
    let key = if id.is_some() {
        "consultation-edit"
    } else {
        "consultation-new"
    };
    let heading = Heading::new(ui.t(key))
        .crumb(member.path("consultations"), ui.t("consultation-title"))
        .lead(ui.t("consultation-draft-lead"));
    let (action, back) = match id {
        Some(id) => (
            member.path(&format!("consultations/{id}/edit")),
            path_of(member, id),
        ),
        None => (member.path("consultations"), member.path("consultations")),
    };
    ui.page(
        heading,
        html! {
            (form(&ui, action, fields(&ui, typed, &errors))
                .multipart()
                .errors(&ui, &errors)
                .guard_unsaved(&ui)
                .button(button(ui.t("consultation-save")).icon(Icon::Check))
                .button(link_button(back, ui.t("consultation-back")).secondary()))
        },
    )
}

fn fields(ui: &Ui, typed: &Typed, errors: &FormErrors) -> Markup {
    let longest = u32::try_from(MAX_LINE).unwrap_or(u32::MAX);
    let mut kind = select(ui, "kind", ui.t("consultation-kind"))
        .selected(&typed.kind)
        .hint(ui.t("consultation-kind-hint"))
        .error(errors.of("kind"))
        .required();
    for one in TextKind::ALL {
        let key = format!("consultation-kind-{}", one.name());
        kind = kind.option(one.name(), ui.t(&key));
    }
    html! {
        (field(ui, "title", ui.t("consultation-field-title")).value(&typed.title).max_length(longest)
            .error(errors.of("title")).required())
        (field(ui, "department", ui.t("consultation-department")).value(&typed.department).max_length(longest)
            .error(errors.of("department")).required())
        (kind)
        (textarea(ui, "about", ui.t("consultation-about")).value(&typed.about).lines(4)
            .error(errors.of("about")).required())
        (file_upload(ui, "file", ui.t("consultation-file")).accept(".docx,.txt")
            .hint(ui.t("consultation-file-hint")).error(errors.of("file")))
        (textarea(ui, "clauses", ui.t("consultation-clauses")).value(&typed.clauses).lines(12)
            .hint(ui.t("consultation-clauses-hint")).error(errors.of("clauses")))
        (field(ui, "closes", ui.t("consultation-closes")).input(Input::DateTime).value(&typed.closes)
            .error(errors.of("closes")).required())
        (textarea(ui, "shortened", ui.t("consultation-shortened")).value(&typed.shortened).lines(2)
            .hint(ui.t("consultation-shortened-hint")).error(errors.of("shortened")))
    }
}

pub(super) async fn publish(
    member: Member,
    Path((_, consultation)): Path<(CommunityId, ConsultationId)>,
) -> Result<Response, Failure> {
    member.execute(PublishText { consultation }).await?;
    flash_to(
        &path_of(&member, consultation),
        FlashKey(Tone::Success, "consultation-flash-published"),
    )
}
