//! Checking a receipt against the newest head: what holds, or what does not and what that means.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, Render, html};
use proof::{Receipt, Verified, verify_receipt};
use shell::{Failure, Member, Uploads};
use web_ui::{Heading, Icon, Tone, Ui, button, facts, file_upload, form, link_button, notice};

use super::kind_words;
use super::record::head_file;
use crate::{Error, READ};

/// The largest receipt, in bytes: 256 kB hold any with room to spare.
pub(super) const MAX_RECEIPT: usize = 256 * 1024;

/// `GET /c/{community}/record/check`.
pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    member.context()?.require(READ)?;
    Ok(check_page(&member, &member.ui(), &html! {}))
}

/// `POST /c/{community}/record/check`: 200 where the receipt holds, 422 where it does not.
pub(super) async fn check(member: Member, mut uploads: Uploads) -> Result<Response, Failure> {
    member.context()?.require(READ)?;
    let file = uploads.take_file("receipt").ok_or(Error::ReceiptMissing)?;
    if file.content.len() > MAX_RECEIPT {
        return Err(Error::ReceiptTooLarge { max: MAX_RECEIPT }.into());
    }
    let ui = member.ui();
    Ok(match verify(&member, &file.content).await? {
        Ok(verified) => check_page(&member, &ui, &holds(&ui, &verified)).into_response(),
        Err(refusal) => {
            let page = check_page(&member, &ui, &refused(&ui, &refusal));
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
    })
}

/// Checks a receipt against the newest head of this community, by this server's own key.
async fn verify(
    member: &Member,
    content: &[u8],
) -> Result<Result<Verified, proof::Error>, Failure> {
    let receipt = match Receipt::from_json(content) {
        Ok(receipt) => receipt,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let head = head_file(member, Some(receipt.head.head.size)).await?;
    let key = member.app().journal().signer().verifying_key();
    Ok(verify_receipt(&receipt, &head, Some(&key)))
}

fn check_page(member: &Member, ui: &Ui, answer: &Markup) -> Markup {
    let heading = Heading::new(ui.t("record-check"))
        .crumb(member.path("record"), ui.t("record-title"))
        .lead(ui.t("record-check-lead"));
    let file = file_upload(ui, "receipt", ui.t("record-receipt"))
        .hint(ui.t("record-receipt-hint"))
        .accept("application/json,.json")
        .required();
    ui.page(
        heading,
        html! {
            (answer)
            (form(ui, member.path("record/check"), file)
                .multipart()
                .button(button(ui.t("record-check-now")).icon(Icon::Proof))
                .button(link_button(member.path("record"), ui.t("record-back")).secondary()))
        },
    )
}

fn holds(ui: &Ui, verified: &Verified) -> Markup {
    let number = |value: u64| ui.number(i64::try_from(value).unwrap_or(i64::MAX));
    notice(
        ui,
        Tone::Success,
        html! {
            p { (ui.t("record-holds-text")) }
            (facts([
                (ui.t("record-what"), kind_words(ui, &verified.entry.kind)),
                (ui.t("record-when"), ui.date_time(verified.entry.at_us)),
                (ui.t("record-position"), number(verified.entry.position)),
                (ui.t("record-then"), number(verified.receipt_head.size)),
                (ui.t("record-now"), number(verified.head.size)),
            ]))
        },
    )
    .title(ui.t("record-holds"))
    .render()
}

fn refused(ui: &Ui, refusal: &proof::Error) -> Markup {
    let (key, arguments) = refusal_words(refusal);
    let arguments: Vec<(&str, web_ui::Arg<'_>)> = arguments
        .iter()
        .map(|(name, value)| (*name, value.as_str().into()))
        .collect();
    notice(
        ui,
        Tone::Danger,
        html! { p { (ui.t_with(key, &arguments)) } },
    )
    .title(ui.t("record-refused"))
    .render()
}

/// What a refusal is in words: a message and what it speaks of.
fn refusal_words(refusal: &proof::Error) -> (&'static str, Vec<(&'static str, String)>) {
    use proof::Error as E;
    let text = |name, value: &dyn ToString| (name, value.to_string());
    match refusal {
        E::NotJson { .. } | E::WrongFormat { .. } => ("record-refusal-not-a-receipt", Vec::new()),
        E::MalformedEntry { .. } | E::PublicPartNotJson { .. } | E::NotAHash { .. } => {
            ("record-refusal-malformed", Vec::new())
        }
        E::ReceiptMisstates { field } => ("record-refusal-misstates", vec![text("field", field)]),
        E::NothingToOpen { .. } | E::WrongOpening { .. } => ("record-refusal-opening", Vec::new()),
        E::NotIncluded { index, size } => (
            "record-refusal-not-included",
            vec![text("position", index), text("size", size)],
        ),
        E::NoSuchEntry { index, size } => (
            "record-refusal-no-such-entry",
            vec![text("position", index), text("size", size)],
        ),
        E::MalformedHead { .. } | E::HeadAltered { .. } => {
            ("record-refusal-head-altered", Vec::new())
        }
        E::HeadNotSigned { .. }
        | E::UntrustedKey { .. }
        | E::InvalidKeyName { .. }
        | E::MalformedKey => ("record-refusal-key", Vec::new()),
        E::OtherLog { .. } => ("record-refusal-other-community", Vec::new()),
        E::HeadTooOld { receipt, head } => (
            "record-refusal-head-too-old",
            vec![text("receipt", receipt), text("head", head)],
        ),
        E::SplitView { size } => ("record-refusal-split-view", vec![text("size", size)]),
        E::Inconsistent { from, to } => (
            "record-refusal-inconsistent",
            vec![text("from", from), text("to", to)],
        ),
        E::ConsistencyMissing { .. }
        | E::NoSuchHead { .. }
        | E::TooLarge { .. }
        | E::WrongNodeCount { .. }
        | E::MalformedFrontier
        | E::RowAltered { .. } => ("record-refusal-unproven", Vec::new()),
    }
}
