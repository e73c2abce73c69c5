//! One voucher: what it tells, what shows it, its entries and its receipt; and what may be done with it.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Form, Member, Uploads, download};
use web_ui::{
    Heading, Icon, Shade, Ui, badge, button, disclosure, facts, file_upload, form, link_button,
    section, textarea,
};

use super::{
    Typed, done, entries, evidence, files, pdf_file, purse_name, purse_select, sources, word,
};
use crate::Error;
use crate::model::{CONFIRM, FileId, MANAGE, Purse, VoucherId, VoucherKind};
use crate::queries::{self, Giver, PurseView, VoucherView};
use crate::{ChangePurpose, ConfirmVoucher, RefuseVoucher, ReturnDonation};

type Of = Path<(CommunityId, VoucherId)>;

pub(super) async fn page(member: Member, Path((_, id)): Of) -> Result<Markup, Failure> {
    let (view, purses) = member
        .read(move |read, ctx| {
            let view = queries::voucher(read, ctx, id)?;
            Ok::<_, Error>((view, queries::purse_list(read, ctx)?))
        })
        .await?;
    let ui = member.ui();
    let voucher = &view.voucher;
    let heading = Heading::new(word(&ui, "kind", voucher.kind.name()))
        .crumb(member.path("fund"), ui.t("fund-title"))
        .crumb(member.path("fund/ledger"), ui.t("fund-ledger"))
        .status(standing(&ui, &view))
        .actions(html! {
            @if voucher.is_confirmed == Some(true) {
                (receipts(&member, &ui, &view))
            }
        });
    Ok(ui.page(
        heading,
        html! {
            (told(&member, &ui, &view))
            (acts(&member, &ui, &view, &purses))
            (section(ui.t("fund-evidence"), html! {
                @if view.files.is_empty() { p { (ui.t("fund-no-files")) } }
                (files(&member, &ui, &view.files))
            }))
            (section(ui.t("fund-in-journal"), entries(&ui, &view.entries)))
        },
    ))
}

fn standing(ui: &Ui, view: &VoucherView) -> Markup {
    let voucher = &view.voucher;
    let (shade, key) = match (voucher.is_confirmed, voucher.undone_as.as_deref()) {
        (None, _) => (Shade::Mist, "fund-waits"),
        (Some(false), _) => (Shade::Wall, "fund-refused"),
        (Some(true), Some("changed")) => (Shade::Tile, "fund-changed"),
        (Some(true), Some(_)) => (Shade::Tile, "fund-returned"),
        (Some(true), None) => (Shade::Jade, "fund-booked"),
    };
    badge(shade, ui.t(key))
}

fn receipts(member: &Member, ui: &Ui, view: &VoucherView) -> Markup {
    let at = |rest: &str| member.path(&format!("fund/entries/{}/receipt{rest}", view.voucher.id));
    html! {
        (link_button(at(""), ui.t("fund-receipt-file")).secondary().icon(Icon::Proof).download())
        @if view.voucher.kind == VoucherKind::Donation {
            (link_button(at("/pdf"), ui.t("fund-receipt-pdf")).secondary().icon(Icon::Download).download())
        }
    }
}

/// Who gave, as this reader may know.
fn donor(ui: &Ui, view: &VoucherView) -> Option<String> {
    let shown = view.donor.as_ref()?;
    let shown = match shown {
        Giver::Shown(name) => name.clone(),
        Giver::Anonymous => ui.t("fund-anonymous").into_owned(),
    };
    Some(match &view.name {
        Some(name) if *name != shown => {
            let shown = ui.t_with("fund-shown-as", &[("name", shown.into())]);
            format!("{name}（{shown}）")
        }
        _ => shown,
    })
}

fn told(member: &Member, ui: &Ui, view: &VoucherView) -> Markup {
    let voucher = &view.voucher;
    let purse = purse_name(ui, voucher.purse, view.purpose.as_deref());
    let mut lines = vec![
        (ui.t("fund-amount"), ui.money(voucher.amount)),
        (ui.t("fund-purse"), purse),
    ];
    if let Some(target) = voucher.target {
        let target = purse_name(ui, target, view.target.as_deref());
        lines.push((ui.t("fund-field-target"), target));
    }
    if let (Some(surplus), Some(share)) = (voucher.surplus, voucher.surplus_share) {
        let share = ui.share(super::measure(share), 10_000);
        let text = format!("{} × {share}", ui.money(surplus));
        lines.push((ui.t("fund-share-of"), text));
    }
    if let Some(donor) = donor(ui, view) {
        lines.push((ui.t("fund-donor"), donor));
    }
    lines.push((ui.t("fund-field-what"), voucher.what.clone()));
    lines.push((
        ui.t("fund-field-day"),
        web_ui::civil_date(ui.language, voucher.day),
    ));
    lines.push((
        ui.t("fund-field-means"),
        word(ui, "means", voucher.means.name()),
    ));
    if view.name.is_some() || member.may(CONFIRM) {
        lines.push((ui.t("fund-field-reference"), voucher.reference.clone()));
    }
    if let Some(number) = voucher.number {
        lines.push((ui.t("fund-receipt-number"), ui.number(number)));
    }
    if let Some(seq) = view.seq {
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        lines.push((ui.t("fund-record-number"), ui.number(seq)));
    }
    for (key, why) in [
        ("fund-why-refused", &voucher.reason),
        ("fund-why-undone", &voucher.undone_why),
    ] {
        if let Some(why) = why {
            lines.push((ui.t(key), why.clone()));
        }
    }
    html! {
        (facts(lines))
        @if let Some(origin) = voucher.origin {
            p { a href=(member.path(&format!("fund/entries/{origin}"))) { (ui.t("fund-origin")) } }
        }
        (sources(member, ui, &view.sources))
    }
}

fn acts(member: &Member, ui: &Ui, view: &VoucherView, purses: &[PurseView]) -> Markup {
    let voucher = &view.voucher;
    let to = |rest: &str| member.path(&format!("fund/entries/{}/{rest}", voucher.id));
    let is_donation = voucher.kind == VoucherKind::Donation;
    let is_whole = voucher.is_confirmed == Some(true) && voucher.undone_at.is_none();
    html! {
        @if voucher.is_confirmed.is_none() && member.may(CONFIRM) {
            (section(ui.t("fund-second-person"), html! {
                p { (ui.t("fund-second-person-text")) }
                (form(ui, to("confirmation"), html! {}).button(button(ui.t("fund-confirm")).icon(Icon::Check)))
                (disclosure(ui.t("fund-refuse"), form(ui, to("refusal"), html! {
                    (textarea(ui, "reason", ui.t("fund-field-reason")).lines(2).max_length(2_000).required())
                }).button(button(ui.t("fund-refuse")).secondary())))
            }))
        }
        @if is_donation && is_whole && member.may(MANAGE) {
            (disclosure(ui.t("fund-return"), form(ui, to("return"), html! {
                p { (ui.t("fund-return-text")) }
                (textarea(ui, "reason", ui.t("fund-field-reason")).lines(2).max_length(2_000).required())
                (file_upload(ui, "file", ui.t("fund-field-file")).required())
            }).multipart().button(button(ui.t("fund-return")).danger())))
            (disclosure(ui.t("fund-change"), form(ui, to("change"), html! {
                p { (ui.t("fund-change-text")) }
                (purse_select(ui, "purse", purses, true, "").required())
                (textarea(ui, "reason", ui.t("fund-field-reason")).lines(2).max_length(2_000).required())
                (file_upload(ui, "file", ui.t("fund-field-consent")).required())
            }).multipart().button(button(ui.t("fund-change")).secondary())))
        }
    }
}

pub(super) async fn confirm(member: Member, Path((_, voucher)): Of) -> Result<Response, Failure> {
    member.execute(ConfirmVoucher { voucher }).await?;
    done(
        &member,
        &format!("/entries/{voucher}"),
        "fund-flash-confirmed",
    )
}

pub(super) async fn refuse(
    member: Member,
    Path((_, voucher)): Of,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let reason = typed.text("reason").to_owned();
    member.execute(RefuseVoucher { voucher, reason }).await?;
    done(
        &member,
        &format!("/entries/{voucher}"),
        "fund-flash-refused",
    )
}

pub(super) async fn give_back(
    member: Member,
    Path((_, voucher)): Of,
    mut uploads: Uploads,
) -> Result<Response, Failure> {
    let command = ReturnDonation {
        voucher,
        reason: uploads.text("reason").to_owned(),
        evidence: evidence(&mut uploads),
    };
    member.execute(command).await?;
    done(
        &member,
        &format!("/entries/{voucher}"),
        "fund-flash-returned",
    )
}

pub(super) async fn change(
    member: Member,
    Path((_, voucher)): Of,
    mut uploads: Uploads,
) -> Result<Response, Failure> {
    let purse: Purse = Typed::of(&uploads, &["purse"]).purse("purse")?;
    let command = ChangePurpose {
        voucher,
        purse,
        reason: uploads.text("reason").to_owned(),
        evidence: evidence(&mut uploads),
    };
    let into = member.execute(command).await?;
    done(&member, &format!("/entries/{into}"), "fund-flash-changed")
}

/// A file that shows something, to keep.
pub(super) async fn file(
    member: Member,
    Path((_, file)): Path<(CommunityId, FileId)>,
) -> Result<Response, Failure> {
    let (content, media_type, name) = member
        .read(move |read, ctx| queries::file(read, ctx, file))
        .await?;
    Ok(download(&name, &media_type, content))
}

/// The receipt of a voucher's entry; with its private part for the donor and who keeps the book.
async fn receipt_of(member: &Member, id: VoucherId) -> Result<proof::Receipt, Failure> {
    let (position, is_opened) = member
        .read(move |read, ctx| queries::receipt_position(read, ctx, id))
        .await?;
    let vault = is_opened.then(|| member.app().vault().clone());
    let journal = member.app().journal();
    Ok(journal
        .receipt(member.community, position, vault, member.visitor.now)
        .await?)
}

/// The receipt as a file that `linli verify` proves offline.
pub(crate) async fn receipt_json(member: Member, Path((_, id)): Of) -> Result<Response, Failure> {
    let receipt = receipt_of(&member, id).await?;
    Ok(download(
        &format!("linli-receipt-{}.json", receipt.position),
        "application/json",
        receipt.to_json().map_err(journal::Error::from)?,
    ))
}

/// The donation's receipt to print: what was given, and how anybody checks it.
pub(super) async fn receipt_pdf(member: Member, Path((_, id)): Of) -> Result<Response, Failure> {
    let (view, charter) = member
        .read(move |read, ctx| {
            let view = queries::voucher(read, ctx, id)?;
            Ok::<_, Error>((view, queries::fund_charter(read, ctx)?))
        })
        .await?;
    let voucher = &view.voucher;
    if voucher.kind != VoucherKind::Donation || voucher.is_confirmed != Some(true) {
        return Err(Error::NotOpen { what: "voucher" }.into());
    }
    let ui = member.ui();
    let receipt = receipt_of(&member, id).await?;
    let fund = super::fund_name(&ui, charter.as_ref());
    let address = format!(
        "{}{}",
        member.app().settings().public_url,
        member.path(&format!("fund/entries/{id}"))
    );
    let document = receipt_document(&ui, &view, &fund, (receipt.position, &address));
    pdf_file(
        &format!("receipt-{}.pdf", voucher.number.unwrap_or(0)),
        &document,
    )
}

fn receipt_document(
    ui: &Ui,
    view: &VoucherView,
    fund: &str,
    (position, address): (u64, &str),
) -> documents::Document {
    let voucher = &view.voucher;
    let key = |key: &str| ui.t(key).into_owned();
    let who = view.name.clone().or_else(|| donor(ui, view));
    let mut lines = vec![
        (key("fund-donor"), who.unwrap_or_default()),
        (key("fund-amount"), ui.money(voucher.amount)),
        (
            key("fund-purse"),
            purse_name(ui, voucher.purse, view.purpose.as_deref()),
        ),
        (
            key("fund-field-day"),
            web_ui::civil_date(ui.language, voucher.day),
        ),
        (
            key("fund-field-means"),
            word(ui, "means", voucher.means.name()),
        ),
    ];
    if view.is_own || view.name.is_some() {
        lines.push((key("fund-field-reference"), voucher.reference.clone()));
    }
    let number = [
        ("number", voucher.number.unwrap_or(0).into()),
        (
            "year",
            voucher
                .decided_at
                .map_or(0, |at| i64::from(at.date().year()))
                .to_string()
                .into(),
        ),
    ];
    let mut blocks = vec![
        documents::Block::KeyFacts(lines),
        documents::Block::Paragraph(key("fund-receipt-thanks")),
        documents::Block::Note(key("fund-receipt-note")),
    ];
    if let Some(why) = &voucher.undone_why {
        let undone = format!("{}：{why}", key("fund-why-undone"));
        blocks.insert(0, documents::Block::Paragraph(undone));
    }
    let entry = i64::try_from(position).unwrap_or(i64::MAX);
    documents::Document {
        title: format!("{fund}\n{}", key("fund-receipt-title")),
        number: ui.t_with("fund-receipt-numbered", &number).into_owned(),
        blocks,
        signature: voucher.decided_at.map(|at| documents::Signature {
            signatories: vec![fund.to_owned()],
            date: at.date(),
            seal: true,
        }),
        verification: Some(documents::Verification {
            lines: vec![
                ui.t_with("fund-receipt-entry", &[("entry", entry.into())])
                    .into_owned(),
                key("fund-receipt-check"),
            ],
            qr: address.to_owned(),
        }),
        footer: String::new(),
    }
}
