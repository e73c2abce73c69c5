//! The community's rules for deciding (议事规则), as far as Linli acts on them.

use axum::response::Response;
use ballot::resolution::SilenceRule;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Choice, Heading, Icon, Input, Tone, Ui, button, checkbox, choices, facts, field, form,
    link_button, notice, section,
};

use crate::model::{ADOPT_RULES, Rules};
use crate::{AdoptRules, Error, queries};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    let rules = member.read(queries::rules).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("decisions-rules"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .lead(ui.t("decisions-rules-lead"));
    Ok(ui.page(
        heading,
        html! {
            (rules_part(&ui, &rules))
            @if member.may(ADOPT_RULES) { (adoption_form(&member, &ui, &rules)) }
        },
    ))
}

/// The rules in words.
pub(super) fn rules_part(ui: &Ui, rules: &Rules) -> Markup {
    let yes_no = |yes: bool| ui.t(if yes { "decisions-yes" } else { "decisions-no" });
    section(
        ui.t("decisions-rules-now"),
        html! {
            @if rules.version == 0 {
                (notice(ui, Tone::Info, html! { (ui.t("decisions-rules-none")) }))
            }
            (facts([
                (ui.t("decisions-rules-silence"), html! { (ui.t(&format!("decisions-silence-{}", rules.silence.name()))) }),
                (ui.t("decisions-rules-change"), html! { (yes_no(rules.vote_may_change)) }),
                (ui.t("decisions-rules-follow"), html! { (yes_no(rules.follow_allowed)) }),
                (ui.t("decisions-rules-turnout"), html! { (yes_no(rules.turnout_while_open)) }),
                (ui.t("decisions-rules-objection"), html! { (ui.t_with("decisions-days", &[("days", rules.objection_days.into())])) }),
                (ui.t("decisions-rules-extension"), html! {
                    @if rules.extension_days == 0 { (ui.t("decisions-rules-extension-none")) }
                    @else { (ui.t_with("decisions-days", &[("days", rules.extension_days.into())])) }
                }),
            ]))
            @if !rules.source.is_empty() {
                p { (ui.t_with("decisions-rules-source-is", &[("source", rules.source.as_str().into()), ("version", rules.version.into())])) }
            }
        },
    )
}

fn adoption_form(member: &Member, ui: &Ui, rules: &Rules) -> Markup {
    let mut silence = choices(ui, "silence", ui.t("decisions-rules-silence"))
        .selected(rules.silence.name())
        .required();
    for one in SilenceRule::ALL {
        let key = format!("decisions-silence-{}", one.name());
        silence =
            silence.choice(Choice::new(one.name(), ui.t(&key)).text(ui.t(&format!("{key}-text"))));
    }
    section(
        ui.t("decisions-rules-adopt"),
        html! {
            (form(ui, member.path("decisions/rules"), html! {
                (field(ui, "source", ui.t("decisions-rules-source")).hint(ui.t("decisions-rules-source-hint")).required())
                (silence)
                (checkbox(ui, "vote_may_change", ui.t("decisions-rules-change")).checked(rules.vote_may_change))
                (checkbox(ui, "follow_allowed", ui.t("decisions-rules-follow")).checked(rules.follow_allowed))
                (checkbox(ui, "turnout_while_open", ui.t("decisions-rules-turnout")).checked(rules.turnout_while_open))
                (field(ui, "objection_days", ui.t("decisions-rules-objection")).input(Input::Number)
                    .value(rules.objection_days.to_string()).required())
                (field(ui, "extension_days", ui.t("decisions-rules-extension")).input(Input::Number)
                    .hint(ui.t("decisions-rules-extension-hint")).value(rules.extension_days.to_string()).required())
            })
            .button(button(ui.t("decisions-rules-adopt")).icon(Icon::Check))
            .button(link_button(member.path("decisions"), ui.t("decisions-back")).secondary()))
        },
    )
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    source: String,
    #[serde(default)]
    silence: String,
    vote_may_change: Option<String>,
    follow_allowed: Option<String>,
    turnout_while_open: Option<String>,
    #[serde(default)]
    objection_days: String,
    #[serde(default)]
    extension_days: String,
}

/// A whole number as typed; nothing is 0.
fn number(typed: &str) -> Result<u32, Failure> {
    match typed.trim() {
        "" => Ok(0),
        digits => digits
            .parse()
            .map_err(|_| Error::ExtensionDays { days: u32::MAX }.into()),
    }
}

pub(super) async fn adopt(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let rules = Rules {
        version: 0,
        source: typed.source,
        silence: typed
            .silence
            .parse()
            .map_err(|_| Failure::from(Error::Blank { field: "silence" }))?,
        vote_may_change: typed.vote_may_change.is_some(),
        follow_allowed: typed.follow_allowed.is_some(),
        turnout_while_open: typed.turnout_while_open.is_some(),
        objection_days: typed.objection_days.trim().parse().unwrap_or(0),
        extension_days: number(&typed.extension_days)?,
    };
    member.execute(AdoptRules { rules }).await?;
    flash_to(
        &member.path("decisions/rules"),
        FlashKey(Tone::Success, "decisions-flash-rules"),
    )
}
