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
            .zip(self.shares())
            .map(|(part, share)| format!("{} {} ({share})", part.label, part.written))
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

    /// The parts' shares and that of the rest, as written: what cutting leaves over goes to those that lost most by it
    /// (largest remainder), so that they add up to the whole. Where a threshold is marked, the first part, which is
    /// measured by it, is always cut: it never seems to reach what it does not.
    fn shares(&self) -> Vec<String> {
        let drawn = self
            .parts
            .iter()
            .fold(0_u64, |sum, part| sum.saturating_add(part.amount));
        let mut amounts: Vec<u64> = self.parts.iter().map(|part| part.amount).collect();
        amounts.push(self.whole.saturating_sub(drawn));
        if self.whole == 0 || drawn > self.whole {
            let cut = amounts
                .iter()
                .map(|amount| format::share(*amount, self.whole));
            return cut.collect();
        }
        let kept = usize::from(self.threshold.is_some());
        let written = largest_remainder(&amounts, self.whole, kept);
        written.into_iter().map(percent).collect()
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
        let shares = self.shares();
        html! {
            ul.bar-legend {
                @for (part, share) in self.parts.iter().zip(&shares) {
                    li {
                        span class={ "swatch " (part.shade.class()) } {}
                        (part.label) " " b { (part.written) }
                        span.dim { " " (share) }
                    }
                }
                @if let Some(rest) = &self.rest {
                    li {
                        span.swatch.wall {}
                        (rest)
                        span.dim { " " (shares.last().map_or("", String::as_str)) }
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

/// Shares in hundredths of a percent that add up to 10 000, as the amounts add up to the whole. The first `kept` are cut.
fn largest_remainder(amounts: &[u64], whole: u64, kept: usize) -> Vec<u64> {
    let mut shares: Vec<u64> = amounts
        .iter()
        .map(|amount| position(*amount, whole))
        .collect();
    let remainder = |amount: u64| u128::from(amount) * 10_000 % u128::from(whole.max(1));
    let mut order: Vec<usize> = (kept..amounts.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(amounts.get(*at).copied().map_or(0, remainder)));
    let left = shares
        .iter()
        .fold(10_000_u64, |left, share| left.saturating_sub(*share));
    let given = usize::try_from(left).unwrap_or(usize::MAX);
    // An amount of nothing stays nothing.
    let order = order
        .into_iter()
        .filter(|at| amounts.get(*at).is_some_and(|amount| *amount > 0));
    for at in order.take(given) {
        if let Some(share) = shares.get_mut(at) {
            *share = share.saturating_add(1);
        }
    }
    shares
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
    fn the_parts_and_the_rest_add_up() {
        assert_eq!(largest_remainder(&[1, 1, 1], 3, 0), [3334, 3333, 3333]);
        assert_eq!(largest_remainder(&[2, 1], 3, 0), [6667, 3333]);
        // Two thirds are not reached by rounding.
        assert_eq!(largest_remainder(&[2, 1], 3, 1), [6666, 3334]);
        assert_eq!(largest_remainder(&[1, 0, 2], 3, 1), [3333, 0, 6667]);
        for whole in 1..60 {
            for one in 0..=whole {
                let amounts = [one / 2, one - one / 2, whole - one];
                let sum: u64 = largest_remainder(&amounts, whole, 0).iter().sum();
                assert_eq!(sum, 10_000, "{amounts:?}");
            }
        }
    }

    #[test]
    fn the_bar_says_in_words_what_it_shows() {
        let bar = share_bar("按人数", 3)
            .part(Shade::Jade, "赞成", 1, "1")
            .part(Shade::Tile, "反对", 2, "2");
        assert_eq!(bar.said(), "按人数: 赞成 1 (33.33%), 反对 2 (66.67%)");
    }
}
