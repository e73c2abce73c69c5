//! One's own part: giving, what was given with its receipts, what was asked for.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{
    FormErrors, Heading, Icon, Shade, Tone, Ui, badge, button, empty, field, form, link_button,
    notice, row, rows, section,
};

use super::{
    Typed, done, grant_badge, in_lines, name_among, purse_select, select_named, to_correct, word,
};
use crate::model::{Display, DonorTerms, GIVE, GiftId, fen};
use crate::queries::{self, GiftView, Mine};
use crate::store::Voucher;
use crate::{AnnounceGift, Error, WithdrawGift};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    mine_page(&member, &Typed::default(), None).await
}

fn gift_of(typed: &Typed) -> Result<AnnounceGift, Error> {
    let display = Display::from_name(typed.text("display"));
    Ok(AnnounceGift {
        donor: DonorTerms {
            name: typed.text("donor").to_owned(),
            display: display.ok_or(Error::NoSuchChoice { field: "display" })?,
        },
        purse: typed.purse("purse")?,
        amount: fen("amount", typed.text("amount"))?,
    })
}

pub(super) async fn announce(
    member: Member,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = match gift_of(&typed) {
        Ok(gift) => member.execute(gift).await.map(drop),
        Err(error) => Err(error.into()),
    };
    match to_correct(sent)? {
        None => done(&member, "/mine", "fund-flash-announced"),
        Some(failure) => {
            let page = mine_page(&member, &typed, Some(&failure)).await?;
            Ok(failure.again(page).into_response())
        }
    }
}

pub(super) async fn withdraw(
    member: Member,
    Path((_, gift)): Path<(CommunityId, GiftId)>,
) -> Result<Response, Failure> {
    member.execute(WithdrawGift { gift }).await?;
    done(&member, "/mine", "fund-flash-withdrawn")
}

async fn mine_page(
    member: &Member,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let mine = member.read(queries::mine).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("fund-mine"))
        .crumb(member.path("fund"), ui.t("fund-title"))
        .lead(ui.t("fund-mine-lead"));
    let errors = failure.map_or_else(FormErrors::new, |failure| {
        failure.form_errors(&ui, "fund", "")
    });
    Ok(ui.page(heading, html! {
        (announced(member, &ui, &mine))
        @if mine.charter.is_some() && member.may(GIVE) { (give(member, &ui, &mine, typed, &errors)) }
        (given(member, &ui, &mine))
        (asked(member, &ui, &mine))
    }))
}

/// What was announced and waits for its money: the code, and where to send it.
fn announced(member: &Member, ui: &Ui, mine: &Mine) -> Markup {
    let is_open =
        |view: &&GiftView| view.gift.withdrawn_at.is_none() && view.gift.received_at.is_none();
    let how = mine.charter.as_ref().map(|charter| &charter.terms.how);
    html! {
        @for view in mine.gifts.iter().filter(is_open) {
            (notice(ui, Tone::Info, html! {
                p {
                    (ui.t_with("fund-gift-code", &[("code", view.gift.code.as_str().into()),
                        ("amount", ui.money(view.gift.amount).into())]))
                }
                @if let Some(how) = how { (in_lines(how)) }
                (form(ui, member.path(&format!("fund/gifts/{}/withdrawal", view.gift.id)), html! {})
                    .button(button(ui.t("fund-withdraw")).quiet()))
            }).title(name_among(ui, view.gift.purse, &mine.purses)))
        }
    }
}

fn give(member: &Member, ui: &Ui, mine: &Mine, typed: &Typed, errors: &FormErrors) -> Markup {
    let displays = Display::ALL.iter().map(|one| one.name());
    let chosen = match typed.text("display") {
        "" => "masked",
        typed => typed,
    };
    let open: Vec<_> = mine
        .purses
        .iter()
        .filter(|view| view.purse != crate::Purse::Operation)
        .cloned()
        .collect();
    let body = form(
        ui,
        member.path("fund/gifts"),
        html! {
            (purse_select(ui, "purse", &open, true, typed.text("purse")).error(errors.of("purse")).required())
            (field(ui, "amount", ui.t("fund-field-amount")).value(typed.text("amount")).suffix(ui.t("fund-yuan"))
                .error(errors.of("amount")).required())
            (field(ui, "donor", ui.t("fund-field-donor")).value(typed.text("donor")).max_length(60)
                .error(errors.of("donor")).required())
            (select_named(ui, "display", displays, chosen).hint(ui.t("fund-display-hint")).error(errors.of("display")).required())
        },
    );
    section(
        ui.t("fund-give"),
        html! {
            p { (ui.t("fund-give-text")) }
            (body.errors(ui, errors).button(button(ui.t("fund-announce")).icon(Icon::Receipt)))
        },
    )
}

fn given(member: &Member, ui: &Ui, mine: &Mine) -> Markup {
    html! {
        (section(ui.t("fund-my-donations"), html! {
            @if mine.donations.is_empty() { (empty(Icon::Receipt, ui.t("fund-no-donations"))) }
            @for voucher in &mine.donations { div.card { (donation(member, ui, mine, voucher)) } }
        }))
    }
}

fn donation(member: &Member, ui: &Ui, mine: &Mine, voucher: &Voucher) -> Markup {
    let at = |rest: &str| member.path(&format!("fund/entries/{}{rest}", voucher.id));
    html! {
        p {
            a href=(at("")) { strong { (ui.money(voucher.amount)) } } " · "
            (name_among(ui, voucher.purse, &mine.purses)) " "
            @match (voucher.is_confirmed, voucher.undone_as.as_deref()) {
                (None, _) => { (badge(Shade::Mist, ui.t("fund-waits"))) }
                (Some(false), _) => { (badge(Shade::Wall, ui.t("fund-refused"))) }
                (Some(true), Some(_)) => { (badge(Shade::Tile, ui.t("fund-returned"))) }
                (Some(true), None) => { (badge(Shade::Jade, ui.t("fund-booked"))) }
            }
        }
        p { (voucher.what) }
        @if voucher.is_confirmed == Some(true) {
            (web_ui::actions(html! {
                (link_button(at("/receipt/pdf"), ui.t("fund-receipt-pdf")).secondary().icon(Icon::Download).download())
                (link_button(at("/receipt"), ui.t("fund-receipt-file")).quiet().icon(Icon::Proof).download())
            }))
        }
    }
}

fn asked(member: &Member, ui: &Ui, mine: &Mine) -> Markup {
    let grants = mine.grants.iter().map(|grant| {
        row(
            member.path(&format!("fund/grants/{}", grant.id)),
            grant.title.clone(),
        )
        .detail(html! { (ui.money(grant.amount)) " · " (word(ui, "stage", grant.stage())) })
        .status(grant_badge(ui, grant))
    });
    let grants: Vec<_> = grants.collect();
    html! {
        @if !grants.is_empty() { (section(ui.t("fund-my-projects"), html! { (rows(grants)) })) }
    }
}
