//! The sign set: simple strokes on a 24 × 24 grid, drawn for this project, in the text's colour.

use maud::{Markup, PreEscaped, Render, html};

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident => $path:literal,)+) => {
        /// A sign. It renders as an inline SVG that assistive technology skips: the word beside
        /// it says the same.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Icon {
            $($(#[$doc])* $name,)+
        }

        impl Icon {
            /// Every sign, for the component page.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            const fn path(self) -> &'static str {
                match self {
                    $(Self::$name => $path,)+
                }
            }
        }
    };
}

icons! {
    /// A house under a tiled roof: home, the community.
    Home => r#"<path d="M3 11.5C7 10.5 10 8 12 4.5c2 3.5 5 6 9 7"/><path d="M5.5 11v9h13v-9"/><path d="M10 20v-5h4v5"/>"#,
    /// A slip going into a box: vote.
    Vote => r#"<path d="M4 12.5h16V20H4z"/><path d="M8 12.5V4h8v8.5"/><path d="m10 8 1.5 1.5L14.5 6.5"/>"#,
    /// Two people: residents, owners.
    People => r#"<circle cx="9" cy="8" r="3.25"/><path d="M3 20c.4-3.8 2.7-6 6-6s5.6 2.2 6 6"/><path d="M15.5 5.2a3.25 3.25 0 0 1 0 5.8M17.5 14.6c2 .7 3.2 2.6 3.5 5.4"/>"#,
    /// One person: my account.
    Person => r#"<circle cx="12" cy="8" r="3.75"/><path d="M4.5 20.5c.5-4.3 3.3-6.5 7.5-6.5s7 2.2 7.5 6.5"/>"#,
    /// A building of units: the roll.
    Building => r#"<path d="M5 21V4h9v17M14 9h5v12M3 21h18"/><path d="M8 8h3M8 12h3M8 16h3M16.5 13h.01M16.5 17h.01"/>"#,
    /// A sheet of paper: document.
    Document => r#"<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4M9 12h6M9 16h6"/>"#,
    /// A loudspeaker: announcement.
    Announcement => r#"<path d="M4 10v4l3 .5L16 19V5l-9 4.5z"/><path d="m7 14.5 1 5h2.5L9.5 15.5M19 9.5c1 1.5 1 3.5 0 5"/>"#,
    /// A bell: notice, reminders.
    Bell => r#"<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15z"/><path d="M10 20.5c1 .8 3 .8 4 0M12 5V3"/>"#,
    /// A tick in a circle: done, valid.
    Check => r#"<circle cx="12" cy="12" r="9"/><path d="m8 12.5 2.8 2.8L16.2 9.5"/>"#,
    /// A cross in a circle: against, refused.
    Cross => r#"<circle cx="12" cy="12" r="9"/><path d="m9 9 6 6M15 9l-6 6"/>"#,
    /// A bar in a circle: abstain.
    Abstain => r#"<circle cx="12" cy="12" r="9"/><path d="M8 12h8"/>"#,
    /// Arrows running together: follow the majority.
    Follow => r#"<path d="M4 6c4 0 5 6 9 6h7M4 18c4 0 5-6 9-6"/><path d="m17 9 3 3-3 3"/>"#,
    /// An i in a circle: good to know.
    Info => r#"<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5h.01"/>"#,
    /// A triangle: take care.
    Warning => r#"<path d="M12 4 2.8 20h18.4z"/><path d="M12 10v5M12 17.5h.01"/>"#,
    /// A hand-stamped seal: this needs you.
    NeedsYou => r#"<path d="M4 5.5 5.5 4h13L20 5.5v13L18.5 20h-13L4 18.5z"/><path d="M12 8v5M12 16h.01"/>"#,
    /// A clock: time left.
    Clock => r#"<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>"#,
    /// A calendar sheet: date.
    Calendar => r#"<path d="M4 6h16v15H4zM4 10.5h16M8.5 3.5v4M15.5 3.5v4"/>"#,
    /// A magnifying glass: search.
    Search => r#"<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>"#,
    /// An arrow into a tray: download, export.
    Download => r#"<path d="M12 4v11M7.5 10.5 12 15l4.5-4.5M4 19.5h16"/>"#,
    /// An arrow out of a tray: upload, import.
    Upload => r#"<path d="M12 15V4M7.5 8.5 12 4l4.5 4.5M4 19.5h16"/>"#,
    /// Two sheets: copy.
    Copy => r#"<path d="M8 8h12v12H8z"/><path d="M16 8V4H4v12h4"/>"#,
    /// A torn slip: receipt.
    Receipt => r#"<path d="M6 3v18l2-1.5 2 1.5 2-1.5 2 1.5 2-1.5 2 1.5V3z"/><path d="M9.5 8h5M9.5 12h5"/>"#,
    /// A scale: law, rules.
    Law => r#"<path d="M12 4v16M7 20h10M5 7h14"/><path d="m5 7-3 7c1.5 2 4.5 2 6 0zM19 7l-3 7c1.5 2 4.5 2 6 0z"/>"#,
    /// A shield with a tick: proof, verification.
    Proof => r#"<path d="M12 3c2.5 2 5 2.7 8 2.7 0 7-2.5 12-8 15.3-5.5-3.3-8-8.3-8-15.3 3 0 5.5-.7 8-2.7z"/><path d="m8.5 12 2.5 2.5 4.5-5"/>"#,
    /// A clock turning back: history, the record.
    History => r#"<path d="M4 5v4.5h4.5"/><path d="M4.3 9.5A8.5 8.5 0 1 1 3.5 13"/><path d="M12 8v5l3 2"/>"#,
    /// A door with an arrow: sign out.
    Leave => r#"<path d="M10 4H4v16h6M15 8l4.5 4-4.5 4M9 12h10"/>"#,
    /// A pen: edit, draft.
    Edit => r#"<path d="m5 15-1 5 5-1L20 8l-4-4z"/><path d="m13.5 6.5 4 4"/>"#,
    /// A plus: add.
    Add => r#"<path d="M12 5v14M5 12h14"/>"#,
    /// A phone handset: a vote by phone.
    Phone => r#"<path d="M7 3 4 5c0 8 7 15 15 15l2-3-4.5-3-2.5 2c-2.5-1-4-2.5-5-5l2-2.5z"/>"#,
    /// A paper clip: attachment.
    Attachment => r#"<path d="m19 11-8 8a4.5 4.5 0 0 1-6.5-6.5l8.5-8.5a3 3 0 0 1 4.5 4.5L9.5 16.5a1.5 1.5 0 0 1-2-2L14 8"/>"#,
    /// Four tiles: cockpit, overview.
    Overview => r#"<path d="M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z"/>"#,
    /// A bare tick: a step done.
    Tick => r#"<path d="m5 12.5 4.5 4.5L19 7.5"/>"#,
    /// A bare cross: stopped, take off.
    Close => r#"<path d="m6 6 12 12M18 6 6 18"/>"#,
    /// A printer: print.
    Print => r#"<path d="M7 9V4h10v5M7 17H4V9h16v8h-3"/><path d="M7 14h10v6H7z"/>"#,
    /// Three dots: more.
    More => r#"<path stroke-width="3.5" d="M5 12h.01M12 12h.01M19 12h.01"/>"#,
    /// A cog: settings.
    Settings => r#"<circle cx="12" cy="12" r="3.25"/><path d="M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M5.6 18.4l2.2-2.2M16.2 7.8l2.2-2.2"/>"#,
    /// A folded map: life circles.
    Map => r#"<path d="M3 6.5 9 4l6 2.5L21 4v13.5L15 20l-6-2.5L3 20z"/><path d="M9 4v13.5M15 6.5V20"/>"#,
    /// An arrow to the right: go on.
    Forward => r#"<path d="M4 12h15M13.5 6.5 19 12l-5.5 5.5"/>"#,
    /// An arrow to the left: back, newer.
    Back => r#"<path d="M20 12H5M10.5 6.5 5 12l5.5 5.5"/>"#,
}

impl Render for Icon {
    fn render(&self) -> Markup {
        icon(*self)
    }
}

/// The sign as inline SVG, hidden from assistive technology.
pub fn icon(icon: Icon) -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" aria-hidden="true" focusable="false" {
            (PreEscaped(icon.path()))
        }
    }
}
