//! A short word on where a thing stands.

use maud::{Markup, Render, html};

/// The colour of a badge or of a part of a bar. Each stands for one meaning only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shade {
    /// White wall: not started, draft, silent.
    #[default]
    Wall,
    /// Jade: running, valid, for.
    Jade,
    /// Dark tile: closed, final, against.
    Tile,
    /// Mist: abstained, waiting.
    Mist,
    /// Sand: near its limit.
    Sand,
    /// Vermilion: needs you.
    Vermilion,
}

impl Shade {
    /// The name that the style sheet knows.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Jade => "jade",
            Self::Tile => "tile",
            Self::Mist => "mist",
            Self::Sand => "sand",
            Self::Vermilion => "vermilion",
        }
    }
}

/// A status chip: `badge(Shade::Jade, "投票中")`.
pub fn badge(shade: Shade, label: impl Render) -> Markup {
    html! { span class={ "badge " (shade.class()) } { (label) } }
}
