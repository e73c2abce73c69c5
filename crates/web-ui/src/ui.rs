//! What a page knows about the person it is shown to: language, elder mode, name, where they are.

use std::{borrow::Cow, sync::Arc};

use maud::{Markup, Render, html};

use crate::{Arg, Heading, Icon, Language, Messages, format, frame};

/// The person who is signed in, as the header shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserChip {
    /// Their name as they see it themselves.
    pub name: String,
    /// What they are here, in their language: 业主 / Owner.
    pub role_label: String,
    /// Their own page, e.g. `/me`.
    pub href: String,
}

/// For whom the reader acts, where they may choose: themselves or an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// Where the choice is posted to, as `organisation` with `next`.
    pub action: String,
    /// The organisations: id and name.
    pub choices: Vec<(String, String)>,
    /// The id of the chosen one; empty for themselves.
    pub chosen: String,
}

/// A place in the main navigation. The first four stand in the tab bar of a phone, the others
/// under "more"; a desk shows all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads.
    pub href: String,
    /// Its name; at most four Chinese characters fit the tab bar on one line.
    pub label: String,
    /// Its sign.
    pub icon: Icon,
    /// Whether the page shown belongs to it.
    pub current: bool,
    /// How many things there wait for this person; 0 shows nothing.
    pub badge: u32,
}

/// A link in the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FooterLink {
    /// Where it leads.
    pub href: String,
    /// Its name.
    pub label: String,
}

/// What a notice is about, and so how loud it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Something worth knowing.
    #[default]
    Info,
    /// It worked, it is valid.
    Success,
    /// Something to be careful about.
    Warning,
    /// Needs you: an error to correct, a deadline, a refusal. The only vermilion on a page.
    Danger,
}

impl Tone {
    /// The name that the style sheet knows.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// The sign that goes with it, so that colour never says it alone.
    pub const fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Success => Icon::Check,
            Self::Warning => Icon::Warning,
            Self::Danger => Icon::NeedsYou,
        }
    }
}

/// A message shown once at the top of the next page ("Your vote is recorded").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// How loud.
    pub tone: Tone,
    /// The sentence, already in the reader's language.
    pub text: String,
}

/// The context of one page: who reads it, in which language and mode, and where it stands.
///
/// Owned and `'static`, so that a handler can take it from a request extractor. All words come
/// from [`Ui::t`] and [`Ui::t_with`]; all numbers and dates from the formatting methods.
#[derive(Clone)]
pub struct Ui {
    /// The reader's language.
    pub language: Language,
    /// Whether the reader has chosen large text and large targets.
    pub elder: bool,
    /// All modules' messages.
    pub messages: Arc<Messages>,
    /// Who is signed in; `None` for a visitor.
    pub user: Option<UserChip>,
    /// For whom they act; `None` where there is nothing to choose.
    pub acting: Option<Acting>,
    /// The community's name for the header; the platform's name where it is empty.
    pub community_name: String,
    /// Where the header's name leads: the community's home.
    pub home_href: String,
    /// The main navigation, most used first.
    pub navigation: Vec<NavItem>,
    /// Links in the footer.
    pub footer: Vec<FooterLink>,
    /// Path and query of this page; the preference forms come back to it.
    pub path: String,
    /// Shown once at the top.
    pub flashes: Vec<Flash>,
    /// Whether all that is shown is invented demo data.
    pub demo: bool,
    /// A token that every form carries as `csrf_token`, where the server uses one.
    pub csrf_token: Option<String>,
    /// The server's time in microseconds UTC, for "3 days left".
    pub now: i64,
}

impl Ui {
    /// A visitor's context at `/` without navigation; set the public fields for more.
    pub fn new(messages: Arc<Messages>, language: Language) -> Self {
        Self {
            language,
            elder: false,
            messages,
            user: None,
            acting: None,
            community_name: String::new(),
            home_href: "/".to_owned(),
            navigation: Vec::new(),
            footer: Vec::new(),
            path: "/".to_owned(),
            flashes: Vec::new(),
            demo: false,
            csrf_token: None,
            now: 0,
        }
    }

    /// The full HTML document: frame, header, navigation, heading and `body`.
    ///
    /// `heading` is a title (`&str`, `String`, the result of [`Ui::t`]) or a [`Heading`] with
    /// breadcrumbs, a lead sentence and actions. It becomes the page's only `h1`; the body
    /// starts at `h2`.
    pub fn page(&self, heading: impl Into<Heading>, body: impl Render) -> Markup {
        frame::page(self, &heading.into(), &body.render())
    }

    /// The message `key` in the reader's language.
    pub fn t(&self, key: &str) -> Cow<'_, str> {
        self.messages.text(self.language, key, &[])
    }

    /// Whether there is a message of this key.
    pub fn has(&self, key: &str) -> bool {
        self.messages.has(key)
    }

    /// The message `key` with variables: `ui.t_with("votes-left", &[("n", 3.into())])`.
    pub fn t_with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Cow<'_, str> {
        self.messages.text(self.language, key, args)
    }

    /// `12,345`.
    pub fn number(&self, value: i64) -> String {
        format::number(value)
    }

    /// An area in 0.01 m²: `89.53 ㎡`.
    pub fn area(&self, hundredths_m2: i64) -> String {
        format::area(hundredths_m2)
    }

    /// Money in fen: `¥1,089.50`.
    pub fn money(&self, fen: i64) -> String {
        format::money(fen)
    }

    /// `part / whole` in percent, cut to two decimals and never rounded up.
    pub fn share(&self, part: u64, whole: u64) -> String {
        format::share(part, whole)
    }

    /// The day of an instant in microseconds UTC: `2026年11月23日` / `23 Nov 2026`.
    pub fn date(&self, microseconds: i64) -> String {
        format::date(self.language, microseconds)
    }

    /// The minute of an instant in microseconds UTC: `16:05`.
    pub fn time(&self, microseconds: i64) -> String {
        format::time(microseconds)
    }

    /// Day and minute of an instant in microseconds UTC.
    pub fn date_time(&self, microseconds: i64) -> String {
        format::date_time(self.language, microseconds)
    }

    /// Day and minute as a `<time>` element, for prose and tables.
    pub fn moment(&self, microseconds: i64) -> Markup {
        html! {
            time datetime=(format::machine_time(microseconds)) { (self.date_time(microseconds)) }
        }
    }

    /// "还剩 3 天" / "3 days left", or "3 天前" / "3 days ago", seen from [`Ui::now`].
    pub fn relative(&self, microseconds: i64) -> String {
        let (key, count) = format::distance(microseconds, self.now);
        self.t_with(key, &[("n", count.into())]).into_owned()
    }

    /// A deadline as a `<time>` that the page's script keeps counting down; without the script
    /// it shows [`Ui::relative`].
    pub fn countdown(&self, microseconds: i64) -> Markup {
        let left_ms = microseconds.saturating_sub(self.now) / 1000;
        html! {
            time.countdown datetime=(format::machine_time(microseconds))
                title=(self.date_time(microseconds)) data-countdown=(left_ms) { (self.relative(microseconds)) }
        }
    }
}
