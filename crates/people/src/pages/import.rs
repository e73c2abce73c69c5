//! Bringing a file: it is read and kept for a dry run, nothing is imported yet.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use sha2::{Digest, Sha256};
use shell::{Failure, Member, Upload, Uploads};
use web_ui::{FormErrors, Icon, Ui, button, file_upload, form, link_button, section};

use super::{form_errors, heading};
use crate::commands::UploadRoll;
use crate::import::{RollFile, read_file};
use crate::{Error, FieldFault, ROLL_IMPORT};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    member.context()?.require(ROLL_IMPORT)?;
    Ok(import_page(&member, None))
}

fn import_page(member: &Member, failure: Option<&Failure>) -> Markup {
    let ui = member.ui();
    let errors = at_the_file(&ui, failure);
    ui.page(
        heading(member, &ui, "roll-import").lead(ui.t("roll-import-lead")),
        html! {
            (upload_form(member, &ui, &errors))
            (section(ui.t("roll-import-help"), html! {
                ol {
                    li { (ui.t("roll-import-step-template")) }
                    li { (ui.t("roll-import-step-dry")) }
                    li { (ui.t("roll-import-step-apply")) }
                }
                (link_button(member.path("people/import/template"), ui.t("roll-template"))
                    .secondary().icon(Icon::Download).download())
            }))
        },
    )
}

/// Whatever is wrong, it is the file's.
fn at_the_file(ui: &Ui, failure: Option<&Failure>) -> FormErrors {
    let mut errors = FormErrors::new();
    for (_, sentence) in form_errors(ui, failure).iter() {
        errors.add("file", sentence);
    }
    errors
}

/// The form that brings a file; also below the faults of one.
pub(super) fn upload_form(member: &Member, ui: &Ui, errors: &FormErrors) -> Markup {
    html! {
        (form(ui, member.path("people/import"), html! {
            (file_upload(ui, "file", ui.t("roll-field-file")).accept(".xlsx,.xls,.ods,.csv")
                .hint(ui.t("roll-file-hint")).error(errors.of("file")).required())
        })
        .multipart()
        .errors(ui, errors)
        .button(button(ui.t("roll-check-file")).icon(Icon::Upload)))
    }
}

pub(super) async fn upload(member: Member, mut uploads: Uploads) -> Result<Response, Failure> {
    member.context()?.require(ROLL_IMPORT)?;
    let sent = match uploads.take_file("file") {
        Some(file) => keep(&member, file).await,
        None => Err(Failure::from(Error::Field {
            field: "file",
            reason: FieldFault::Blank,
        })),
    };
    match sent {
        Ok(path) => Ok((StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response()),
        Err(failure) if failure.is_correctable() => {
            Ok(failure.again(import_page(&member, Some(&failure))))
        }
        Err(failure) => Err(failure),
    }
}

async fn keep(member: &Member, upload: Upload) -> Result<String, Failure> {
    let (file, file_sha256) = read_upload(upload.content).await?;
    let command = UploadRoll {
        file_name: upload.name,
        file_sha256,
        file,
    };
    let id = member.execute(command).await?;
    Ok(member.path(&format!("people/import/{id}")))
}

/// What a file says, and its SHA-256; on a thread that may take its time.
pub(crate) async fn read_upload(content: Vec<u8>) -> Result<(RollFile, String), Failure> {
    let read = tokio::task::spawn_blocking(move || {
        let file = read_file(&content).map_err(Error::from)?;
        Ok::<_, Failure>((file, sha256(&content)))
    });
    read.await
        .map_err(|error| Failure::internal("reading a file", &error))?
}

/// The SHA-256 of bytes in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        for half in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(half), 16));
        }
    }
    text
}
