//! The community's open record: the newest entries, the signed head, and how to check both without this server.

use axum::extract::Query;
use axum::response::Response;
use journal::Entry;
use maud::{Markup, html};
use proof::{HeadFile, SignedHead};
use serde::Deserialize;
use shell::{Failure, Member};
use web_ui::{
    Heading, HistoryEntry, Icon, Ui, button, facts, field, form, history, link_button, pagination,
    section,
};

use super::kind_words;
use crate::record::{Organisations, newest};
use crate::{Kinds, MANAGE, READ};

#[derive(Deserialize)]
pub(super) struct Asked {
    before: Option<u64>,
    #[serde(default)]
    kind: String,
}

/// `GET /c/{community}/record`.
pub(super) async fn page(member: Member, Query(asked): Query<Asked>) -> Result<Markup, Failure> {
    member.context()?.require(READ)?;
    let kinds = Kinds::parse(&asked.kind)?;
    let file = member
        .app()
        .journal()
        .head_file(member.community, Vec::new(), member.visitor.now)
        .await?;
    let head = SignedHead::from_note(&file.checkpoint).map_err(journal::Error::from)?;
    let before = asked.before.unwrap_or(head.head.size).min(head.head.size);
    let filter = kinds.clone();
    let (found, names) = member
        .read(move |read, ctx| {
            let found = newest(read, ctx, &filter, before)?;
            Ok::<_, crate::Error>((found, Organisations::of_community(read, ctx)?))
        })
        .await?;
    let ui = member.ui();
    let link = |rest: &str| {
        member.path(&format!(
            "record?kind={}{rest}",
            kinds.text().replace(' ', "+")
        ))
    };
    let newer = asked.before.map(|_| link(""));
    let older = found.older.map(|older| link(&format!("&before={older}")));
    let heading = Heading::new(ui.t("record-title")).lead(ui.t("record-lead")).actions(html! {
        (link_button(member.path("record/check"), ui.t("record-check")).icon(Icon::Proof))
        @if member.may(MANAGE) {
            (link_button(member.path("webhooks"), ui.t("webhooks-title")).secondary().icon(Icon::Bell))
        }
    });
    Ok(ui.page(
        heading,
        html! {
            (section(ui.t("record-entries"), html! {
                (filter_form(&member, &ui, &kinds))
                (history(&ui, found.entries.iter().map(|entry| history_entry(&member, &ui, entry, &names))))
                (pagination(&ui, newer.as_deref(), older.as_deref()))
            }))
            (head_section(&member, &ui, &file, &head))
        },
    ))
}

fn filter_form(member: &Member, ui: &Ui, kinds: &Kinds) -> web_ui::Form {
    let kind = field(ui, "kind", ui.t("record-kind"))
        .value(kinds.text())
        .hint(ui.t("record-kind-hint"));
    form(ui, member.path("record"), kind)
        .get()
        .button(button(ui.t("record-filter")).secondary().icon(Icon::Search))
}

fn history_entry(member: &Member, ui: &Ui, entry: &Entry, names: &Organisations) -> HistoryEntry {
    let actor = ui.t(Who::of(member, entry).message()).into_owned();
    let actor = match names.of(entry) {
        Some(organisation) => {
            let arguments = [
                ("actor", actor.into()),
                ("organisation", organisation.into()),
            ];
            ui.t_with("record-actor-for", &arguments).into_owned()
        }
        None => actor,
    };
    HistoryEntry::new(entry.at.micros(), actor, kind_words(ui, &entry.kind))
        .position(entry.position)
}

/// Who wrote an entry, as far as another reader may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Linli itself, by a rule.
    Linli,
    /// The reader.
    You,
    /// Someone else.
    Member,
}

impl Who {
    pub(crate) fn of(member: &Member, entry: &Entry) -> Self {
        let own = member
            .visitor
            .session
            .as_ref()
            .map(|session| session.signed_in.account.uuid());
        if entry.actor.is_nil() {
            Self::Linli
        } else if own == Some(entry.actor) {
            Self::You
        } else {
            Self::Member
        }
    }

    /// The name in the API.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Linli => "linli",
            Self::You => "you",
            Self::Member => "member",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::Linli => "record-actor-linli",
            Self::You => "record-actor-you",
            Self::Member => "record-actor-member",
        }
    }
}

fn head_section(member: &Member, ui: &Ui, file: &HeadFile, head: &SignedHead) -> Markup {
    section(
        ui.t("record-head"),
        html! {
            p { (ui.t("record-head-text")) }
            (facts([
                (ui.t("record-head-size"), html! { (ui.number(i64::try_from(head.head.size).unwrap_or(i64::MAX))) }),
                (ui.t("record-head-at"), html! { (ui.date_time(head.head.at_us)) }),
                (ui.t("record-head-key"), html! { code { (file.public_key) } }),
            ]))
            (web_ui::disclosure(ui.t("record-head-note"), html! { pre { (file.checkpoint) } }))
            (web_ui::disclosure(ui.t("record-offline"), html! {
                p { (ui.t("record-offline-text")) }
                pre { "linli verify RECEIPT.json --head linli-head.json" }
                p { (ui.t("record-offline-from")) }
            }))
            (web_ui::actions(
                link_button(member.path("record/head"), ui.t("record-head-save")).secondary().icon(Icon::Download).download()
            ))
        },
    )
}

#[derive(Deserialize)]
pub(super) struct FromSize {
    from: Option<u64>,
}

/// `GET /c/{community}/record/head`: the file for `linli verify`, with the proof that it continues a log of `from`
/// entries.
pub(super) async fn head(
    member: Member,
    Query(FromSize { from }): Query<FromSize>,
) -> Result<Response, Failure> {
    let file = head_file(&member, from).await?;
    let text = file.to_json().map_err(journal::Error::from)?;
    Ok(shell::download("linli-head.json", "application/json", text))
}

/// The newest head of the community's journal, signed now where entries came since.
pub(crate) async fn head_file(member: &Member, from: Option<u64>) -> Result<HeadFile, Failure> {
    member.context()?.require(READ)?;
    let journal = member.app().journal();
    Ok(journal
        .head_file(
            member.community,
            from.into_iter().collect(),
            member.visitor.now,
        )
        .await?)
}
