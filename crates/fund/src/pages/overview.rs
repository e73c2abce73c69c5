//! The fund at a glance: a few clear figures, where the money is, whether the ratios hold, what was done with it.

use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{
    Heading, Icon, Tone, Ui, badge, card, cards, disclosure, empty, link_button, notice, row, rows,
    section, share_bar, stat, stats,
};

use super::{
    clauses, fund_name, grant_badge, in_lines, leads, measure, name_among, shade_of, told, word,
};
use crate::Worry;
use crate::model::{APPLY, GIVE, MANAGE, Watch, Watched};
use crate::queries::{self, Overview, PurseView};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    let overview = member.read(queries::overview).await?;
    let ui = member.ui();
    let heading = Heading::new(fund_name(&ui, overview.charter.as_ref()))
        .lead(ui.t("fund-lead"))
        .actions(html! {
            @if overview.charter.is_some() && member.may(GIVE) {
                (link_button(member.path("fund/mine"), ui.t("fund-give")).icon(Icon::Receipt))
            }
            @if overview.charter.is_some() && member.may(APPLY) {
                (link_button(member.path("fund/grants/new"), ui.t("fund-apply")).secondary().icon(Icon::Add))
            }
            @if member.may(crate::CONFIRM) {
                (link_button(member.path("fund/desk"), ui.t("fund-desk")).secondary().icon(Icon::Edit))
            }
        });
    let body = if overview.charter.is_some() {
        whole(&member, &ui, &overview)
    } else {
        not_begun(&member, &ui)
    };
    Ok(ui.page(heading, body))
}

fn not_begun(member: &Member, ui: &Ui) -> Markup {
    let nothing = empty(Icon::Overview, ui.t("fund-not-begun")).text(ui.t("fund-not-begun-text"));
    if member.may(MANAGE) {
        let begin = link_button(member.path("fund/desk"), ui.t("fund-begin"));
        html! { (nothing.action(begin)) }
    } else {
        html! { (nothing) }
    }
}

fn whole(member: &Member, ui: &Ui, overview: &Overview) -> Markup {
    let how = overview
        .charter
        .as_ref()
        .map(|charter| charter.terms.how.clone());
    html! {
        (figures(member, ui, overview))
        (purses(member, ui, overview))
        (watches(ui, overview))
        (projects(member, ui, overview))
        (newest(member, ui, overview))
        @if let Some(how) = how {
            (section(ui.t("fund-how"), html! { (in_lines(&how)) p { (ui.t("fund-how-text")) } }))
        }
        (section(ui.t("fund-book-title"), html! {
            p { (ui.t("fund-book-text")) }
            (web_ui::actions(html! {
                (link_button(member.path("fund/ledger"), ui.t("fund-ledger")).secondary().icon(Icon::Receipt))
                (link_button(member.path("fund/book"), ui.t("fund-trial")).secondary().icon(Icon::Law))
            }))
        }))
    }
}

fn figures(member: &Member, ui: &Ui, overview: &Overview) -> Markup {
    let (total, year) = (overview.total(), &overview.watching);
    let ledger = member.path("fund/ledger");
    let of_year = ui.t_with(
        "fund-in-year",
        &[("year", i64::from(year.year).to_string().into())],
    );
    html! {
        (stats([
            stat(ledger.clone(), ui.money(total.free()), ui.t("fund-free")).note(ui.t("fund-free-note")),
            stat(member.path("fund/grants"), ui.money(total.held), ui.t("fund-held")).note(ui.t("fund-held-note")),
            stat(ledger.clone(), ui.money(year.figures.income()), ui.t("fund-income")).note(of_year.clone()),
            stat(ledger, ui.money(year.figures.spending()), ui.t("fund-spending")).note(of_year),
        ]))
    }
}

/// A card a purse: what came, what went, what is held, what is free.
fn purses(member: &Member, ui: &Ui, overview: &Overview) -> Markup {
    let shown = overview.purses.iter().filter(|view| {
        let ended = view
            .purpose
            .as_ref()
            .is_some_and(|purpose| purpose.ended_at.is_some());
        view.balance.received > 0 || (view.purpose.is_some() && !ended)
    });
    let all = shown.map(|view| purse_card(member, ui, overview, view));
    html! {
        (section(ui.t("fund-where"), html! {
            (cards(all.collect::<Vec<_>>()))
            @if !overview.surplus_grounds.is_empty() {
                (disclosure(ui.t("fund-operation-rule"), surplus_rule(ui, overview)))
            }
        }))
    }
}

fn purse_card(member: &Member, ui: &Ui, overview: &Overview, view: &PurseView) -> web_ui::Card {
    let name = name_among(ui, view.purse, &overview.purses);
    let href = member.path(&format!("fund/purses/{}", view.purse));
    card(
        name,
        html! {
            @if let Some(purpose) = &view.purpose { p { (purpose.terms.about) } }
            (purse_bar(ui, view))
        },
    )
    .href(href)
}

/// Of all that came to a purse: what went, what is held, what is free.
pub(super) fn purse_bar(ui: &Ui, view: &PurseView) -> web_ui::ShareBar {
    use web_ui::Shade;
    let balance = view.balance;
    let name = format!("{} {}", ui.t("fund-came"), ui.money(balance.received));
    let part = |fen: i64| (measure(fen), ui.money(fen));
    let (given, given_text) = part(balance.given);
    let (held, held_text) = part(balance.held);
    let (free, free_text) = part(balance.free());
    share_bar(name, measure(balance.received))
        .part(Shade::Tile, ui.t("fund-went"), given, given_text)
        .part(Shade::Sand, ui.t("fund-held"), held, held_text)
        .part(Shade::Jade, ui.t("fund-free"), free, free_text)
}

fn surplus_rule(ui: &Ui, overview: &Overview) -> Markup {
    let terms = overview.charter.as_ref().map(|charter| &charter.terms);
    html! {
        @match terms.and_then(|terms| terms.surplus_share) {
            Some(share) => {
                p { (ui.t_with("fund-share-set", &[
                    ("share", ui.share(measure(share), 10_000).into()),
                    ("ground", terms.map_or("", |terms| terms.surplus_ground.as_str()).into()),
                ])) }
            }
            None => { p { (ui.t("fund-share-unset")) } }
        }
        @for clause in clauses(ui, &overview.surplus_grounds) { (clause) }
    }
}

/// The ratios of the year, what counts, and a warning in time.
fn watches(ui: &Ui, overview: &Overview) -> Markup {
    let watching = &overview.watching;
    let worried = |watch: &&Watch| matches!(watch.worry, Worry::Danger | Worry::Missed);
    let worry = watching.watches.iter().find(worried);
    html! {
        (section(ui.t("fund-ratios"), html! {
            @if let Some(watch) = worry {
                (notice(ui, Tone::Warning, html! { (warning(ui, watch)) }))
            }
            @if watching.watches.is_empty() { p { (ui.t("fund-no-ratios")) } }
            @for watch in &watching.watches { (watch_bar(ui, watch)) }
            (disclosure(ui.t("fund-what-counts"), counts(ui, overview)))
            @for clause in clauses(ui, &watching.grounds) { (clause) }
        }))
    }
}

/// What is wrong with a ratio, and what would put it right.
fn warning(ui: &Ui, watch: &Watch) -> String {
    let key = format!("fund-worry-{}-{}", watch.watched.name(), watch.worry.name());
    ui.t_with(&key, &[("room", ui.money(watch.room).into())])
        .into_owned()
}

fn watch_bar(ui: &Ui, watch: &Watch) -> Markup {
    let label = ui.t(&format!("fund-watch-{}", watch.watched.name()));
    let (num, den) = watch.limit;
    let limit = ui.share(num, den);
    let key = if watch.watched == Watched::Administration {
        "fund-at-most"
    } else {
        "fund-at-least"
    };
    let mark = ui.t_with(key, &[("share", limit.into())]).into_owned();
    let part = watch.part.min(watch.whole);
    let of = [
        ("part", ui.money(watch.part).into()),
        ("whole", ui.money(watch.whole).into()),
    ];
    let bar = share_bar(ui.t_with("fund-of-whole", &of), measure(watch.whole))
        .part(
            shade_of(watch.worry),
            ui.t("fund-measured"),
            measure(part),
            ui.money(watch.part),
        )
        .threshold(ui, watch.limit, mark, None);
    html! {
        div.card {
            p {
                strong { (label) } " "
                (badge(shade_of(watch.worry), word(ui, "worry", watch.worry.name())))
            }
            (bar)
        }
    }
}

fn counts(ui: &Ui, overview: &Overview) -> Markup {
    let figures = &overview.watching.figures;
    let lines = [
        ("fund-count-donations", figures.donations),
        ("fund-count-returned", -figures.returned),
        ("fund-count-income", figures.other_income),
        ("fund-count-surplus", figures.surplus),
        ("fund-count-grants", figures.grants),
        ("fund-count-activities", figures.activities),
        ("fund-count-administration", figures.administration),
        ("fund-count-fundraising", figures.fundraising),
    ];
    web_ui::facts(lines.map(|(key, fen)| (ui.t(key), ui.money(fen))))
}

fn projects(member: &Member, ui: &Ui, overview: &Overview) -> Markup {
    let running = overview
        .grants
        .iter()
        .filter(|grant| grant.is_running() || grant.is_finished == Some(true))
        .take(6);
    let all = running.map(|grant| {
        let href = member.path(&format!("fund/grants/{}", grant.id));
        row(href, grant.title.clone())
            .detail(html! { (grant.who) " · " (ui.money(grant.amount)) })
            .status(grant_badge(ui, grant))
    });
    let all: Vec<_> = all.collect();
    html! {
        (section(ui.t("fund-projects"), html! {
            @if all.is_empty() { (empty(Icon::Document, ui.t("fund-no-projects"))) } @else { (rows(all)) }
            (web_ui::actions(link_button(member.path("fund/grants"), ui.t("fund-all-grants")).quiet()))
        }))
    }
}

fn newest(member: &Member, ui: &Ui, overview: &Overview) -> Markup {
    let lines = overview.recent.iter().map(|line| {
        row(leads(member, line), told(ui, line))
            .detail(html! {
                (ui.date_time(line.at.micros())) " · " (name_among(ui, line.purse, &overview.purses))
            })
            .status(html! { strong { (ui.money(line.amount)) } })
    });
    let lines: Vec<_> = lines.collect();
    html! {
        (section(ui.t("fund-newest"), html! {
            @if lines.is_empty() { (empty(Icon::Receipt, ui.t("fund-no-lines"))) } @else { (rows(lines)) }
        }))
    }
}
