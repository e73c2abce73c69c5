//! The provider's counter: hand over against a code, offer something new, see what was earned.

use axum::response::Response;
use maud::{Markup, html};
use shell::{Failure, FlashKey, Member, flash_to};
use web_ui::{
    Column, Form, Heading, Icon, Input, Shade, Tone, Ui, badge, button, empty, field, form,
    section, stat, stats, table,
};

use super::{Typed, form_errors, select_named};
use crate::model::{Item, ItemKind, ItemTerms};
use crate::{HandOver, OfferItem, queries};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    counter_page(&member, &Typed::default(), None).await
}

pub(super) async fn hand_over(
    member: Member,
    shell::Form(typed): shell::Form<Typed>,
) -> Result<Response, Failure> {
    let code = typed.text("code").to_owned();
    let sent = member.execute(HandOver { code }).await.map(drop);
    answered(&member, &typed, sent, "points-flash-handed-over").await
}

pub(super) async fn offer(
    member: Member,
    shell::Form(typed): shell::Form<Typed>,
) -> Result<Response, Failure> {
    let terms = ItemTerms {
        title: typed.text("title").to_owned(),
        kind: ItemKind::from_name(typed.text("kind")).unwrap_or(ItemKind::Service),
        price: typed.number("price"),
        stock: typed.number("stock"),
        per_year: typed.number("per_year"),
        offset_fen: offset(typed.text("offset_fen")),
    };
    let sent = member.execute(OfferItem { terms }).await.map(drop);
    answered(&member, &typed, sent, "points-flash-offered").await
}

/// Yuan as typed, in fen; nothing typed is nothing, and what can't be read is out of range.
fn offset(yuan: &str) -> i64 {
    if yuan.is_empty() {
        return 0;
    }
    yuan.parse::<units::Fen>().map_or(-1, units::Fen::get)
}

async fn answered(
    member: &Member,
    typed: &Typed,
    sent: Result<(), Failure>,
    flash: &'static str,
) -> Result<Response, Failure> {
    match sent {
        Ok(()) => flash_to(
            &member.path("points/counter"),
            FlashKey(Tone::Success, flash),
        ),
        Err(failure) if failure.is_correctable() || failure.code == "points-error-not-found" => {
            let page = counter_page(member, typed, Some(&failure)).await?;
            Ok(failure.again(page))
        }
        Err(failure) => Err(failure),
    }
}

async fn counter_page(
    member: &Member,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let (items, earned) = member.read(queries::counter).await?;
    let ui = member.ui();
    let is_code = !typed.text("code").is_empty();
    let heading = Heading::new(ui.t("points-counter"))
        .crumb(member.path("points"), ui.t("points-title"))
        .lead(ui.t("points-counter-lead"));
    Ok(ui.page(heading, html! {
        (stats([stat(member.path("points/counter"), ui.number(earned), ui.t("points-earned-here"))]))
        (section(ui.t("points-hand-over"), code_form(member, &ui, typed, failure.filter(|_| is_code))))
        (offered(&ui, &items))
        (section(ui.t("points-offer"), offer_form(member, &ui, typed, failure.filter(|_| !is_code))))
    }))
}

fn code_form(member: &Member, ui: &Ui, typed: &Typed, failure: Option<&Failure>) -> Form {
    let code = field(ui, "code", ui.t("points-field-code"))
        .input(Input::Code)
        .value(typed.text("code"))
        .hint(ui.t("points-code-hint"))
        .max_length(20)
        .required();
    form(ui, member.path("points/counter/codes"), code)
        .errors(ui, &form_errors(ui, failure))
        .button(button(ui.t("points-hand-over")).icon(Icon::Check))
}

fn offered(ui: &Ui, items: &[Item]) -> Markup {
    if items.is_empty() {
        let nothing = empty(Icon::Receipt, ui.t("points-nothing-offered"));
        return html! { (section(ui.t("points-offered"), nothing)) };
    }
    let columns = [
        Column::text(ui.t("points-field-title")),
        Column::number(ui.t("points-field-price")),
        Column::number(ui.t("points-left")),
        Column::text(ui.t("points-state")),
    ];
    let lines = items.iter().map(|item| {
        let (shade, key) = match (item.ended_at, item.approved_at) {
            (Some(_), _) => (Shade::Wall, "points-ended"),
            (None, Some(_)) => (Shade::Jade, "points-approved"),
            (None, None) => (Shade::Mist, "points-awaits-approval"),
        };
        vec![
            html! { (item.terms.title) },
            html! { (ui.number(item.terms.price)) },
            html! { (ui.number(item.left.max(0))) },
            html! { (badge(shade, ui.t(key))) },
        ]
    });
    let all = table(ui, ui.t("points-offered"), columns).rows(lines);
    html! { (section(ui.t("points-offered"), all)) }
}

fn offer_form(member: &Member, ui: &Ui, typed: &Typed, failure: Option<&Failure>) -> Form {
    let errors = form_errors(ui, failure);
    let plain = |name: &'static str| {
        let label = ui.t(&format!("points-field-{}", name.replace('_', "-")));
        field(ui, name, label.into_owned())
            .value(typed.text(name))
            .error(errors.of(name))
    };
    let number = |name: &'static str| plain(name).input(Input::Number);
    let kinds = ItemKind::ALL.iter().map(|kind| kind.name());
    let body = html! {
        (plain("title").max_length(60).required())
        (select_named(ui, "kind", kinds, typed.text("kind")))
        (number("price").required())
        (number("stock").required())
        (number("per_year").required())
        (number("offset_fen").hint(ui.t("points-offset-hint")))
    };
    form(ui, member.path("points/counter/items"), body)
        .errors(ui, &errors)
        .button(button(ui.t("points-offer")).icon(Icon::Add))
}
