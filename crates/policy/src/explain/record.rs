//! An explanation as owned data in both languages, and its rendering in lines of text.

use jiff::civil::Date;
use serde::Serialize;

use crate::instrument::{Instrument, Status};
use crate::table::Ground;
use crate::{Lang, Text};

/// A decision and its explanation as owned data in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The policy's id.
    pub policy: String,
    /// The policy's title.
    pub title: Text,
    /// The day decided for.
    pub on: Date,
    /// First day of the version.
    pub version_from: Date,
    /// Last day of the version, if it has ended.
    pub version_to: Option<Date>,
    /// The instrument that the version stands in.
    pub instrument: Source,
    /// A note on the version.
    pub note: Option<Text>,
    /// The inputs given.
    pub inputs: Vec<Shown>,
    /// The outputs.
    pub outputs: Vec<Shown>,
    /// One step per table.
    pub steps: Vec<Step>,
    /// Caps and floors that were looked at.
    pub limits: Vec<LimitShown>,
    /// Whether every row that decided was read in the text of the law.
    pub verified: bool,
}

/// A field with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The field's name.
    pub name: String,
    /// The field's title.
    pub title: Text,
    /// The value as data.
    pub value: serde_json::Value,
    /// The value in words.
    pub text: Text,
}

/// One table's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The table's id.
    pub table: String,
    /// The table's title.
    pub title: Text,
    /// The row that decided.
    pub row: String,
    /// The conditions that it met; empty if it has none.
    pub met: Vec<Text>,
    /// The clause, if the row stands on one.
    pub citation: Option<Citation>,
    /// Where the law is silent, what stands in for a clause.
    pub silent: Option<Text>,
    /// A note on the row.
    pub note: Option<Text>,
    /// The rows that did not apply; in a first-hit table the rows before the one that decided.
    pub passed_over: Vec<PassedOver>,
}

/// A clause of an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// The instrument.
    pub instrument: Source,
    /// Article, paragraph, item.
    pub article: String,
    /// The words of the clause, in Chinese.
    pub quote: Option<String>,
    /// Whether the words were read in the text.
    pub status: Status,
}

/// An instrument, as far as a citation needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Full title.
    pub title: Text,
    /// Who issued it.
    pub authority: Text,
    /// Document number.
    pub number: String,
    /// First day in force.
    pub from: Date,
    /// Whether number and dates were read in the source.
    pub status: Status,
}

/// A row that did not apply, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PassedOver {
    /// The row.
    pub row: String,
    /// What it asks, and what the case has.
    pub because: Text,
}

/// A cap or floor that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LimitShown {
    /// The output's name.
    pub output: String,
    /// The output's title.
    pub title: Text,
    /// Whether it is a cap; else a floor.
    pub cap: bool,
    /// The limit.
    pub limit: String,
    /// Whether it changed the value.
    pub bound: bool,
}

impl Citation {
    /// The clause of a row, if it stands on one.
    pub fn of(ground: &Ground) -> Option<Self> {
        match ground {
            Ground::Clause {
                instrument,
                article,
                quote,
                status,
            } => Some(Self {
                instrument: Source::of(instrument),
                article: article.clone(),
                quote: quote.clone(),
                status: *status,
            }),
            Ground::Silence(_) | Ground::Refusal(_) => None,
        }
    }
}

impl Source {
    pub(super) fn of(instrument: &Instrument) -> Self {
        Self {
            title: instrument.title.clone(),
            authority: instrument.authority.clone(),
            number: instrument.number.clone(),
            from: instrument.from,
            status: instrument.status,
        }
    }
}

impl Record {
    /// The record in lines of text.
    pub fn render(&self, lang: Lang) -> String {
        let mut lines = vec![format!("{} · {}", self.title.get(lang), self.on)];
        let to = self.version_to.map(|to| to.to_string());
        let open = if lang == Lang::Zh { "今" } else { "now" };
        lines.push(format!(
            "{}: {} – {} ({})",
            word(lang, "版本", "version"),
            self.version_from,
            to.as_deref().unwrap_or(open),
            self.instrument.title.get(lang),
        ));
        lines.extend(self.note.iter().map(|note| format!("  {}", note.get(lang))));
        lines.extend(self.inputs.iter().map(|field| field.line(lang)));
        lines.push(word(lang, "结果", "result").to_owned());
        lines.extend(self.outputs.iter().map(|field| field.line(lang)));
        for step in &self.steps {
            step.render(lang, &mut lines);
        }
        lines.extend(self.limits.iter().map(|limit| limit.line(lang)));
        if !self.verified {
            let warning = word(
                lang,
                "注意：部分依据未核对原文，或法律未作规定",
                "note: some of the grounds were not checked against the text, or the law is silent",
            );
            lines.push(warning.to_owned());
        }
        lines.join("\n")
    }
}

impl Shown {
    fn line(&self, lang: Lang) -> String {
        format!("  {}: {}", self.title.get(lang), self.text.get(lang))
    }
}

impl Step {
    fn render(&self, lang: Lang, lines: &mut Vec<String>) {
        lines.push(format!("{} → {}", self.title.get(lang), self.row));
        let met: Vec<&str> = self.met.iter().map(|text| text.get(lang)).collect();
        if !met.is_empty() {
            lines.push(format!(
                "  {}: {}",
                word(lang, "条件", "because"),
                met.join("; ")
            ));
        }
        if let Some(citation) = &self.citation {
            lines.push(format!(
                "  {}: {} {} ({})",
                word(lang, "依据", "ground"),
                citation.instrument.title.get(lang),
                citation.article,
                citation.status.text().get(lang),
            ));
            lines.extend(citation.quote.iter().map(|quote| format!("  “{quote}”")));
        }
        lines.extend(
            self.silent
                .iter()
                .map(|silent| format!("  {}", silent.get(lang))),
        );
        lines.extend(self.note.iter().map(|note| format!("  {}", note.get(lang))));
        for passed in &self.passed_over {
            let label = word(lang, "不适用", "did not apply");
            lines.push(format!(
                "  {label}: {} — {}",
                passed.row,
                passed.because.get(lang)
            ));
        }
    }
}

impl LimitShown {
    fn line(&self, lang: Lang) -> String {
        let kind = if self.cap {
            word(lang, "上限", "cap")
        } else {
            word(lang, "下限", "floor")
        };
        let effect = if self.bound {
            word(lang, "已触及", "applied")
        } else {
            word(lang, "未触及", "not reached")
        };
        format!("  {}: {kind} {} {effect}", self.title.get(lang), self.limit)
    }
}

fn word(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
