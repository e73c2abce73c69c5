//! The desk of who keeps the book: what waits to be confirmed, checked, decided and paid; recording; what the fund is.

use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{
    FormErrors, Heading, Icon, Input, Shade, Ui, badge, button, disclosure, empty, field,
    file_upload, form, row, rows, section, textarea,
};

use super::grants::project_fields;
use super::{Typed, fund_name, in_yuan, name_among, purse_select, select_named, word};
use crate::model::{Display, MANAGE, Means, RECORD, Standing, VoucherKind};
use crate::queries::{self, Desk, Winner};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    desk_page(&member, &Typed::default(), None).await
}

/// The desk, with the voucher form as it was typed and what is to be corrected in it.
pub(super) async fn desk_page(
    member: &Member,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let desk = member.read(queries::desk).await?;
    let ui = member.ui();
    let errors = failure.map_or_else(FormErrors::new, |failure| {
        failure.form_errors(&ui, "fund", "")
    });
    let heading = Heading::new(ui.t("fund-desk"))
        .crumb(member.path("fund"), fund_name(&ui, desk.charter.as_ref()))
        .lead(ui.t("fund-desk-lead"));
    let has_begun = desk.charter.is_some();
    Ok(ui.page(
        heading,
        html! {
            @if has_begun {
                (waiting(member, &ui, &desk))
                (tranches(member, &ui, &desk))
                (applications(member, &ui, &desk))
                @if member.may(RECORD) { (recording(member, &ui, &desk, typed, &errors)) }
                (gifts(&ui, &desk))
                @if member.may(MANAGE) {
                    (winners(member, &ui, &desk))
                    (purposes(member, &ui, &desk))
                }
            }
            @if member.may(MANAGE) { (charter(member, &ui, &desk)) }
        },
    ))
}

fn waiting(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    let all = desk.waiting.iter().map(|(voucher, name, is_own)| {
        let donor = name.as_deref().map(|name| format!(" · {name}"));
        let shown = row(
            member.path(&format!("fund/entries/{}", voucher.id)),
            format!(
                "{} {}{}",
                word(ui, "kind", voucher.kind.name()),
                ui.money(voucher.amount),
                donor.unwrap_or_default()
            ),
        )
        .detail(html! {
            (name_among(ui, voucher.purse, &desk.purses)) " · " (voucher.reference) " · " (voucher.what)
        });
        if *is_own {
            shown.status(badge(Shade::Mist, ui.t("fund-needs-another")))
        } else {
            shown.status(badge(Shade::Vermilion, ui.t("fund-to-confirm"))).needs_you()
        }
    });
    let all: Vec<_> = all.collect();
    section(
        ui.t("fund-waiting"),
        html! {
            @if all.is_empty() { (empty(Icon::Check, ui.t("fund-nothing-waits"))) } @else { (rows(all)) }
        },
    )
}

fn tranches(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    let all = desk.tranches.iter().map(|one| {
        row(
            member.path(&format!("fund/grants/{}", one.grant.id)),
            format!("{} · {}", one.grant.title, one.tranche.title),
        )
        .detail(html! { (ui.money(one.tranche.amount)) })
        .status(badge(Shade::Mist, word(ui, "tranche", one.tranche.stage())))
    });
    let all: Vec<_> = all.collect();
    html! {
        @if !all.is_empty() { (section(ui.t("fund-tranches-waiting"), html! { (rows(all)) })) }
    }
}

fn applications(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    let all = desk.applications.iter().map(|grant| {
        row(
            member.path(&format!("fund/grants/{}", grant.id)),
            grant.title.clone(),
        )
        .detail(html! {
            (grant.who) " · " (ui.money(grant.amount)) " · " (name_among(ui, grant.purse, &desk.purses))
        })
    });
    let all: Vec<_> = all.collect();
    html! {
        @if !all.is_empty() { (section(ui.t("fund-applications"), html! { (rows(all)) })) }
    }
}

fn recording(member: &Member, ui: &Ui, desk: &Desk, typed: &Typed, errors: &FormErrors) -> Markup {
    let kinds = VoucherKind::ALL.iter().map(|one| one.name());
    let means = Means::ALL.iter().map(|one| one.name());
    let displays = Display::ALL.iter().map(|one| one.name());
    let text = |name: &'static str| {
        field(
            ui,
            name,
            ui.t(&format!("fund-field-{}", name.replace('_', "-"))),
        )
        .value(typed.text(name))
        .error(errors.of(name))
    };
    let body = form(
        ui,
        member.path("fund/desk/vouchers"),
        html! {
            (select_named(ui, "kind", kinds, typed.text("kind")).error(errors.of("kind")).required())
            (purse_select(ui, "purse", &desk.purses, false, typed.text("purse")).error(errors.of("purse")).required())
            (text("amount").suffix(ui.t("fund-yuan")).hint(ui.t("fund-amount-hint")).required())
            (select_named(ui, "means", means, typed.text("means")).error(errors.of("means")).required())
            (text("reference").hint(ui.t("fund-reference-hint")).max_length(40).required())
            (text("day").input(Input::Date).required())
            (textarea(ui, "what", ui.t("fund-field-what")).value(typed.text("what")).lines(2).hint(ui.t("fund-what-hint"))
                .max_length(2_000).error(errors.of("what")).required())
            (file_upload(ui, "file", ui.t("fund-field-file")).hint(ui.t("fund-closed-file-hint")).required())
            fieldset {
                legend { (ui.t("fund-for-donations")) }
                (text("gift_code").hint(ui.t("fund-gift-code-hint")).max_length(20))
                (text("donor").max_length(60))
                (select_named(ui, "display", displays, typed.text("display")).error(errors.of("display")))
            }
            fieldset {
                legend { (ui.t("fund-for-set-aside")) }
                (purse_select(ui, "target", &desk.purses, true, typed.text("target")).error(errors.of("target")))
            }
        },
    );
    section(
        ui.t("fund-record"),
        html! {
            p { (ui.t("fund-record-text")) }
            (body.multipart().errors(ui, errors).button(button(ui.t("fund-record")).icon(Icon::Add)))
        },
    )
}

fn gifts(ui: &Ui, desk: &Desk) -> Markup {
    html! {
        @if !desk.gifts.is_empty() {
            (section(ui.t("fund-gifts"), html! {
                ul {
                    @for view in &desk.gifts {
                        li {
                            strong { (view.gift.code) } " · " (view.name) " · " (ui.money(view.gift.amount)) " · "
                            (name_among(ui, view.gift.purse, &desk.purses)) " · " (ui.date(view.gift.announced_at.micros()))
                        }
                    }
                }
            }))
        }
    }
}

/// Projects that won a participatory budget and wait for their grant.
fn winners(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    html! {
        @if !desk.winners.is_empty() {
            (section(ui.t("fund-winners"), html! {
                p { (ui.t("fund-winners-text")) }
                @for winner in &desk.winners {
                    (disclosure(html! { (winner.title) " · " (ui.money(winner.cost)) " · " (winner.round_title) },
                        winner_form(member, ui, desk, winner)))
                }
            }))
        }
    }
}

fn winner_form(member: &Member, ui: &Ui, desk: &Desk, winner: &Winner) -> Markup {
    let typed = Typed(vec![
        ("title".to_owned(), winner.title.clone()),
        ("plan".to_owned(), winner.round_title.clone()),
        ("amount1".to_owned(), in_yuan(winner.cost)),
    ]);
    html! {
        (form(ui, member.path("fund/desk/votes"), html! {
            (web_ui::hidden("round", winner.round.to_string()))
            (web_ui::hidden("proposal", winner.proposal.to_string()))
            (project_fields(ui, &desk.purses, &typed, &FormErrors::new()))
        }).button(button(ui.t("fund-grant-it")).icon(Icon::Check)))
    }
}

fn purposes(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    html! {
        (section(ui.t("fund-purposes"), html! {
            @for view in &desk.purses {
                @if let Some(purpose) = &view.purpose {
                    div.card {
                        p { strong { (purpose.terms.title) } " · " (ui.money(view.balance.free())) }
                        p { (purpose.terms.about) }
                        @if purpose.ended_at.is_some() { (badge(Shade::Wall, ui.t("fund-purpose-ended"))) }
                        @else {
                            (form(ui, member.path(&format!("fund/desk/purposes/{}/end", purpose.id)), html! {})
                                .button(button(ui.t("fund-end-purpose")).quiet()))
                        }
                    }
                }
            }
            (disclosure(ui.t("fund-make-purpose"), form(ui, member.path("fund/desk/purposes"), html! {
                (field(ui, "title", ui.t("fund-field-title")).max_length(60).required())
                (textarea(ui, "about", ui.t("fund-field-about")).lines(2).max_length(2_000).required())
            }).button(button(ui.t("fund-make-purpose")).secondary())))
        }))
    }
}

fn charter(member: &Member, ui: &Ui, desk: &Desk) -> Markup {
    let terms = desk.charter.as_ref().map(|charter| &charter.terms);
    let text = |of: fn(&crate::CharterTerms) -> String| terms.map(of).unwrap_or_default();
    let standings = Standing::ALL.iter().map(|one| one.name());
    let standing = terms.map_or("special_fund", |terms| terms.standing.name());
    let share = terms.and_then(|terms| terms.surplus_share);
    let share = share.map(in_yuan).unwrap_or_default();
    let body = form(ui, member.path("fund/desk/charter"), html! {
        (field(ui, "name", ui.t("fund-field-name")).value(text(|terms| terms.name.clone())).max_length(60).required())
        (select_named(ui, "standing", standings, standing).hint(ui.t("fund-standing-hint")).required())
        (textarea(ui, "how", ui.t("fund-field-how")).value(text(|terms| terms.how.clone())).lines(3)
            .hint(ui.t("fund-how-hint")).max_length(2_000).required())
        (field(ui, "surplus_share", ui.t("fund-field-surplus-share")).value(share).suffix("%")
            .hint(ui.t("fund-surplus-share-hint")))
        (field(ui, "surplus_ground", ui.t("fund-field-surplus-ground"))
            .value(text(|terms| terms.surplus_ground.clone())).max_length(60))
        (field(ui, "prior_income", ui.t("fund-field-prior-income")).value(text(|terms| in_yuan(terms.prior_income)))
            .suffix(ui.t("fund-yuan")).hint(ui.t("fund-prior-hint")))
        (field(ui, "prior_net", ui.t("fund-field-prior-net")).value(text(|terms| in_yuan(terms.prior_net)))
            .suffix(ui.t("fund-yuan")))
    })
    .button(button(ui.t("fund-set-charter")).secondary());
    html! {
        @if desk.charter.is_some() { (disclosure(ui.t("fund-charter"), body)) }
        @else { (section(ui.t("fund-charter"), html! { p { (ui.t("fund-not-begun-text")) } (body) })) }
    }
}
