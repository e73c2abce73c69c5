//! Asking for a visit, for oneself, for family, or as staff for whoever called or handed in a form.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{Heading, Icon, Input, Ui, button, field, form, select, textarea};

use super::{Typed, again, done, duration, form_errors, is_correctable, select_named};
use crate::model::{ASSIST, Channel, ConfirmedAs, ElderId, Gender, PaidBy};
use crate::store::{Elder, Service};
use crate::{AskForVisit, Error, WithdrawConsent, queries};

pub(super) async fn page(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
) -> Result<Markup, Failure> {
    ask_page(&member, elder, &Typed::default(), None).await
}

pub(super) async fn ask(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = match command(elder, &typed) {
        Ok(command) => member.execute(command).await,
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(_) if member.may(ASSIST) => done(&member, "/desk", "timebank-flash-asked"),
        Ok(_) => done(&member, "", "timebank-flash-asked"),
        Err(failure) if is_correctable(&failure) => {
            let page = ask_page(&member, elder, &typed, Some(&failure)).await?;
            Ok(again(&failure, page))
        }
        Err(failure) => Err(failure),
    }
}

fn command(elder: ElderId, typed: &Typed) -> Result<AskForVisit, Failure> {
    let service = typed.text("service").parse();
    Ok(AskForVisit {
        elder,
        service: service.map_err(|_| Failure::from(Error::NotFound { what: "service" }))?,
        begins: typed.instant("begins")?,
        gender_wish: Gender::from_name(typed.text("gender_wish")),
        note: typed.text("note").to_owned(),
        channel: Channel::from_name(typed.text("channel")).unwrap_or(Channel::Page),
        paid_by: PaidBy::from_name(typed.text("paid_by")).unwrap_or(PaidBy::Elder),
    })
}

pub(super) async fn withdraw(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
) -> Result<Response, Failure> {
    member.execute(WithdrawConsent { elder }).await?;
    done(&member, "", "timebank-flash-withdrawn")
}

async fn ask_page(
    member: &Member,
    elder: ElderId,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let (elder, as_whom, services) = member
        .read(move |read, ctx| queries::elder_to_ask_for(read, ctx, elder))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("timebank-ask"))
        .crumb(member.path("timebank"), ui.t("timebank-title"))
        .lead(ui.t_with(
            "timebank-ask-lead",
            &[("name", elder.profile.name.as_str().into())],
        ));
    let action = member.path(&format!("timebank/elders/{}/requests", elder.id));
    let withdrawal = member.path(&format!("timebank/elders/{}/withdrawal", elder.id));
    Ok(ui.page(
        heading,
        html! {
            (asking(&ui, action, &elder, as_whom, &services, typed, failure))
            @if as_whom != ConfirmedAs::Family && elder.withdrawn_at.is_none() {
                (form(&ui, withdrawal, html! { p { (ui.t("timebank-withdraw-text")) } })
                    .button(button(ui.t("timebank-withdraw")).secondary()))
            }
        },
    ))
}

fn asking(
    ui: &Ui,
    action: String,
    elder: &Elder,
    as_whom: ConfirmedAs,
    services: &[Service],
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let errors = form_errors(ui, failure);
    let mut service =
        select(ui, "service", ui.t("timebank-field-service")).selected(typed.text("service"));
    for one in services {
        service = service.option(
            one.id.to_string(),
            format!("{} · {}", one.title, duration(ui, one.minutes)),
        );
    }
    let payers = PaidBy::ALL.iter().filter(|one| match one {
        PaidBy::Elder => true,
        PaidBy::Family => as_whom == ConfirmedAs::Family,
        PaidBy::Pool => elder.entitled_at.is_some(),
    });
    let mut wish = select(ui, "gender_wish", ui.t("timebank-field-gender-wish"))
        .selected(typed.text("gender_wish"))
        .option("", ui.t("timebank-gender-any"));
    for one in Gender::ALL {
        wish = wish.option(one.name(), ui.t(&format!("timebank-gender-{}", one.name())));
    }
    let channels = Channel::ALL.iter().map(|one| one.name());
    html! {
        (form(ui, action, html! {
            (service.required())
            (field(ui, "begins", ui.t("timebank-field-begins")).input(Input::DateTime).value(typed.text("begins"))
                .error(errors.of("begins")).required())
            (wish)
            (select_named(ui, "paid_by", payers.map(|one| one.name()), typed.text("paid_by")))
            @if as_whom == ConfirmedAs::Staff { (select_named(ui, "channel", channels, typed.text("channel"))) }
            (textarea(ui, "note", ui.t("timebank-field-note")).lines(2).max_length(1_000).value(typed.text("note")))
        })
        .errors(ui, &errors)
        .button(button(ui.t("timebank-ask")).icon(Icon::Check)))
    }
}
