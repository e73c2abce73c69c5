//! The way a matter takes, step by step: announced, voting, counted, objections, final.

use maud::{Markup, Render, html};

use crate::{Icon, Ui};

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// Where we are.
    Current,
    /// Still to come.
    Upcoming,
    /// It ended here: withdrawn, failed.
    Stopped,
}

/// One step.
#[derive(Clone, Debug)]
#[must_use]
pub struct Step {
    title: String,
    state: StepState,
    detail: Option<Markup>,
}

impl Step {
    /// A step.
    pub fn new(title: impl Into<String>, state: StepState) -> Self {
        Self {
            title: title.into(),
            state,
            detail: None,
        }
    }

    /// When it was or will be, or what happened.
    pub fn detail(mut self, detail: impl Render) -> Self {
        self.detail = Some(detail.render());
        self
    }
}

/// Steps in their order.
pub fn timeline(ui: &Ui, steps: impl IntoIterator<Item = Step>) -> Markup {
    html! {
        ol.timeline {
            @for step in steps {
                @let (class, key) = match step.state {
                    StepState::Done => ("done", "ui-step-done"),
                    StepState::Current => ("current", "ui-step-current"),
                    StepState::Upcoming => ("upcoming", "ui-step-upcoming"),
                    StepState::Stopped => ("stopped", "ui-step-stopped"),
                };
                li class=(class) aria-current=[(step.state == StepState::Current).then_some("step")] {
                    span.dot {
                        @match step.state {
                            StepState::Done => (Icon::Tick),
                            StepState::Stopped => (Icon::Close),
                            _ => {}
                        }
                    }
                    div {
                        p.step-title { (step.title) span.hidden { " (" (ui.t(key)) ")" } }
                        @if let Some(detail) = &step.detail { p.step-detail { (detail) } }
                    }
                }
            }
        }
    }
}
