//! Bars that show shares of a whole against a threshold, with the same said in words.
//!
//! Drawn as SVG with percentages cut to hundredths, so that a bar never touches a mark that its
//! share does not reach.

use maud::{Markup, Render, html};

use super::badge::Shade;
use crate::{Ui, format};

/// A bar; made by [`share_bar`].
#[derive(Clone, Debug)]
#[must_use]
pub struct ShareBar {
    label: String,
    whole: u64,
    parts: Vec<Part>,
    threshold: Option<Threshold>,
    rest: Option<String>,
}

#[derive(Clone, Debug)]
struct Part {
    shade: Shade,
    label: String,
    amount: u64,
    written: String,
}

#[derive(Clone, Debug)]
struct Threshold {
    numerator: u64,
    denominator: u64,
    label: String,
    verdict: Option<(bool, String)>,
}

/// A bar of `whole` (heads, or area in 0.01 m²) called `label`; 0 draws an empty bar.
///
/// ```
/// # use std::sync::Arc;
/// # use web_ui::{Language, MESSAGES, Messages, Shade, Ui, share_bar};
/// # let ui = Ui::new(Arc::new(Messages::build(MESSAGES)?), Language::En);
/// # use maud::Render;
/// let bar = share_bar("Taking part, by heads", 1200)
///     .part(Shade::Jade, "taking part", 842, ui.number(842))
///     .threshold(&ui, (2, 3), "at least two thirds", Some(true));
/// assert!(bar.render().into_string().contains("70.16%"));
/// # Ok::<(), web_ui::MessagesError>(())
/// ```
pub fn share_bar(label: impl Into<String>, whole: u64) -> ShareBar {
    ShareBar {
        label: label.into(),
        whole,
        parts: Vec::new(),
        threshold: None,
        rest: None,
    }
}

impl ShareBar {
    /// A part of the bar: its amount in the whole's measure, and that amount as written
    /// (`842`, `89.53 ㎡`).
    pub fn part(
        mut self,
        shade: Shade,
        label: impl Into<String>,
        amount: u64,
        written: impl Into<String>,
    ) -> Self {
        self.parts.push(Part {
            shade,
            label: label.into(),
            amount,
            written: written.into(),
        });
        self
    }

    /// A mark at `fraction` of the whole. `met` is the engine's verdict, never the bar's: `None`
    /// while it is open.
    pub fn threshold(
        mut self,
        ui: &Ui,
        (numerator, denominator): (u64, u64),
        label: impl Into<String>,
        met: Option<bool>,
    ) -> Self {
        let verdict = met.map(|met| {
            let word = if met {
                ui.t("ui-threshold-met")
            } else {
                ui.t("ui-threshold-not-met")
            };
            (met, word.into_owned())
        });
        self.threshold = Some(Threshold {
            numerator,
            denominator,
            label: label.into(),
            verdict,
        });
        self
    }

    /// Names what is left of the whole, in the legend: "not voted".
    pub fn rest(mut self, label: impl Into<String>) -> Self {
        self.rest = Some(label.into());
        self
    }

    fn said(&self) -> String {
        let parts: Vec<String> = self
            .parts
            .iter()
            .map(|part| {
                let share = format::share(part.amount, self.whole);
                format!("{} {} ({share})", part.label, part.written)
            })
            .collect();
        let mut said = format!("{}: {}", self.label, parts.join(", "));
        if let Some(threshold) = &self.threshold {
            said.push_str(" · ");
            said.push_str(&threshold.label);
            if let Some((_, word)) = &threshold.verdict {
                said.push_str(" · ");
                said.push_str(word);
            }
        }
        said
    }

    fn drawing(&self) -> Markup {
        let mut start = 0_u64;
        let mut pieces = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let end = start.saturating_add(part.amount);
            let (from, to) = (position(start, self.whole), position(end, self.whole));
            pieces.push((part.shade, from, to.saturating_sub(from)));
            start = end;
        }
        html! {
            svg.bar role="img" aria-label=(self.said()) focusable="false" {
                rect.bar-rest width="100%" height="100%" {}
                @for (shade, from, width) in &pieces {
                    rect class={ "bar-" (shade.class()) } x=(percent(*from)) width=(percent(*width))
                        height="100%" {}
                }
                @if let Some(threshold) = &self.threshold {
                    @let mark = percent(position(threshold.numerator, threshold.denominator));
                    line.bar-mark-halo x1=(mark) x2=(mark) y1="0" y2="100%" {}
                    line.bar-mark x1=(mark) x2=(mark) y1="0" y2="100%" {}
                }
            }
        }
    }

    fn legend(&self) -> Markup {
        let drawn = self
            .parts
            .iter()
            .fold(0_u64, |sum, part| sum.saturating_add(part.amount));
        html! {
            ul.bar-legend {
                @for part in &self.parts {
                    li {
                        span class={ "swatch " (part.shade.class()) } {}
                        (part.label) " " b { (part.written) }
                        span.dim { " " (format::share(part.amount, self.whole)) }
                    }
                }
                @if let Some(rest) = &self.rest {
                    li {
                        span.swatch.wall {}
                        (rest)
                        span.dim { " " (format::share(self.whole.saturating_sub(drawn), self.whole)) }
                    }
                }
            }
        }
    }
}

impl Render for ShareBar {
    fn render(&self) -> Markup {
        html! {
            div.share {
                p.share-head {
                    span.share-label { (self.label) }
                    @if let Some(threshold) = &self.threshold {
                        span.share-rule {
                            (threshold.label)
                            @if let Some((met, word)) = &threshold.verdict {
                                " " (super::badge(if *met { Shade::Jade } else { Shade::Tile }, word))
                            }
                        }
                    }
                }
                (self.drawing())
                (self.legend())
            }
        }
    }
}

/// How far a piece of work has come: `done` of `all`.
pub fn progress(ui: &Ui, label: impl Into<String>, done: u64, all: u64) -> Markup {
    let label = label.into();
    html! {
        div.share {
            p.share-head {
                span.share-label { (label) }
                span.share-rule {
                    (ui.t_with("ui-done-of", &[("done", done.into()), ("all", all.into())]))
                }
            }
            svg.bar.thin role="progressbar" aria-label=(label) aria-valuemin="0" aria-valuenow=(done)
                aria-valuemax=(all) focusable="false" {
                rect.bar-rest width="100%" height="100%" {}
                rect.bar-jade width=(percent(position(done, all))) height="100%" {}
            }
        }
    }
}

/// `part / whole` in hundredths of a percent, cut off, at most 10 000.
fn position(part: u64, whole: u64) -> u64 {
    if whole == 0 {
        return 0;
    }
    let hundredths = u128::from(part) * 10_000 / u128::from(whole);
    u64::try_from(hundredths).unwrap_or(10_000).min(10_000)
}

fn percent(hundredths: u64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_cut_and_never_leave_the_bar() {
        assert_eq!(position(2, 3), 6666);
        assert_eq!(position(5, 3), 10_000);
        assert_eq!(position(u64::MAX, 1), 10_000);
        assert_eq!(position(1, 0), 0);
        assert_eq!(percent(6666), "66.66%");
        assert_eq!(percent(5), "0.05%");
    }

    #[test]
    fn the_bar_says_in_words_what_it_shows() {
        let bar = share_bar("按人数", 3).part(Shade::Jade, "赞成", 2, "2");
        assert_eq!(bar.said(), "按人数: 赞成 2 (66.66%)");
    }
}
