//! A volunteer's certificates of service: issued, as PDF, and with the receipt that proves each.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{Heading, Icon, Input, button, empty, field, form, link_button, section};

use super::{Typed, again, done, download, duration, form_errors, to_correct};
use crate::{IssueCertificate, queries};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    certificates_page(&member, &Typed::default(), None).await
}

pub(super) async fn issue(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let day = |name: &str| Some(typed.text(name).to_owned()).filter(|day| !day.is_empty());
    let command = IssueCertificate {
        from: day("from"),
        until: day("until"),
    };
    let sent = member.execute(command).await.map(drop);
    let Some(failure) = to_correct(sent)? else {
        return done(&member, "/certificates", "timebank-flash-certified");
    };
    let page = certificates_page(&member, &typed, Some(&failure)).await?;
    Ok(again(&failure, page))
}

async fn certificates_page(
    member: &Member,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let issued = member.read(queries::certificates).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("timebank-certificates"))
        .crumb(member.path("timebank"), ui.t("timebank-title"))
        .lead(ui.t("timebank-certificates-lead"));
    let errors = form_errors(&ui, failure);
    Ok(ui.page(heading, html! {
        @if !errors.is_empty() { (web_ui::error_summary(&ui, &errors)) }
        (form(&ui, member.path("timebank/certificates"), html! {
            (field(&ui, "from", ui.t("timebank-field-from")).input(Input::Date).value(typed.text("from")))
            (field(&ui, "until", ui.t("timebank-field-until")).input(Input::Date).value(typed.text("until")))
        }).button(button(ui.t("timebank-certify")).icon(Icon::Check)))
        (section(ui.t("timebank-certified"), html! {
            @if issued.is_empty() { (empty(Icon::History, ui.t("timebank-no-certificates"))) }
            @for (position, at) in &issued {
                @let path = member.path(&format!("timebank/certificates/{position}"));
                div.card {
                    p { (ui.date_time(at.micros())) " · " (ui.t_with("timebank-certificate-number", &[("position", (*position).into())])) }
                    (link_button(format!("{path}/pdf"), ui.t("timebank-pdf")).icon(Icon::Download).download())
                    (link_button(format!("{path}/receipt"), ui.t("timebank-certificate-receipt"))
                        .secondary().icon(Icon::Download).download())
                }
            }
        }))
    }))
}

/// The certificate to print.
pub(super) async fn pdf(
    member: Member,
    Path((_, position)): Path<(CommunityId, u64)>,
) -> Result<Response, Failure> {
    let (certificate, issued_at) = member
        .read(move |read, ctx| queries::certificate(read, ctx, position))
        .await?;
    let ui = member.ui();
    let t = |key: &str| ui.t(key).into_owned();
    let number = ui.t_with("timebank-number", &[("number", certificate.number.into())]);
    let facts = vec![
        (t("timebank-certificate-name"), certificate.name.clone()),
        (t("timebank-certificate-volunteer"), number.into_owned()),
        (t("timebank-certificate-by"), certificate.community.clone()),
        (
            t("timebank-duration-title"),
            duration(&ui, certificate.minutes),
        ),
    ];
    let (start, end) = (documents::Align::Start, documents::Align::End);
    let rows = certificate.services.iter().map(|served| {
        vec![
            served.day.clone(),
            served.service.clone(),
            duration(&ui, served.minutes),
        ]
    });
    let table = documents::TableBlock {
        caption: String::new(),
        columns: vec![
            (t("timebank-when"), start),
            (t("timebank-what"), start),
            (t("timebank-duration-title"), end),
        ],
        rows: rows.collect(),
    };
    let document = documents::Document {
        title: t("timebank-certificate"),
        number: ui
            .t_with(
                "timebank-certificate-number",
                &[("position", position.into())],
            )
            .into_owned(),
        blocks: vec![
            documents::Block::KeyFacts(facts),
            documents::Block::Table(table),
            documents::Block::Note(t("timebank-certificate-ground")),
            documents::Block::Note(t("timebank-certificate-check")),
        ],
        footer: ui.date_time(issued_at.micros()),
        ..documents::Document::default()
    };
    let file =
        documents::to_pdf(&document).map_err(|error| Failure::internal("the PDF file", &error))?;
    Ok(download("certificate.pdf", "application/pdf", file))
}

/// The receipt that `linli verify` proves offline, with what the certificate says.
pub(super) async fn receipt(
    member: Member,
    Path((_, position)): Path<(CommunityId, u64)>,
) -> Result<Response, Failure> {
    member
        .read(move |read, ctx| queries::certificate(read, ctx, position))
        .await?;
    let vault = member.app().vault().clone();
    let journal = member.app().journal();
    let receipt = journal
        .receipt(member.community, position, Some(vault), member.visitor.now)
        .await?;
    let file = receipt.to_json().map_err(journal::Error::from)?;
    let name = format!("linli-receipt-{position}.json");
    Ok(download(&name, "application/json", file.into_bytes()))
}
