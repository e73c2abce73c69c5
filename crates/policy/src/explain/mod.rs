//! Explanations: which version, which row, on which clause, and why the other rows did not apply.
//! They refer into the policy and become text only when somebody reads them.

mod record;

use jiff::civil::Date;

pub use record::{Citation, LimitShown, PassedOver, Record, Shown, Source, Step};

use crate::expression::Limit;
use crate::policy::{Policy, Version};
use crate::table::{Case, Condition, Ground, Hit, Row, Table};
use crate::value::{Field, Value};
use crate::{Lang, Text};

/// Why a decision is as it is.
#[derive(Debug, Clone)]
pub struct Explanation<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) version: &'p Version,
    pub(crate) on: Date,
    pub(crate) given: Vec<Option<Value<'p>>>,
    pub(crate) outputs: Vec<Option<Value<'p>>>,
    pub(crate) hits: Vec<u16>,
    pub(crate) limits: Vec<Limit>,
}

impl Explanation<'_> {
    /// Whether every row that decided was read in the text of the law.
    pub fn is_verified(&self) -> bool {
        self.hits().all(|(_, row)| row.ground.is_verified())
    }

    /// The clauses that decided, one for each table that stands on one.
    pub fn citations(&self) -> Vec<Citation> {
        self.hits()
            .filter_map(|(_, row)| Citation::of(&row.ground))
            .collect()
    }

    /// The explanation in lines of text.
    pub fn render(&self, lang: Lang) -> String {
        self.record().render(lang)
    }

    /// The explanation as owned data.
    pub fn record(&self) -> Record {
        let (policy, version) = (self.policy, self.version);
        Record {
            policy: policy.id.clone(),
            title: policy.title.clone(),
            on: self.on,
            version_from: version.from,
            version_to: version.to,
            instrument: Source::of(&version.instrument),
            note: version.note.clone(),
            inputs: shown(&policy.inputs, &self.given),
            outputs: shown(&policy.outputs, &self.outputs),
            steps: self
                .hits()
                .map(|(table, row)| self.step(table, row))
                .collect(),
            limits: self
                .limits
                .iter()
                .filter_map(|limit| self.limit(limit))
                .collect(),
            verified: self.is_verified(),
        }
    }

    fn hits(&self) -> impl Iterator<Item = (&Table, &Row)> {
        let tables = self.version.tables.iter().zip(&self.hits);
        tables.filter_map(|(table, hit)| Some((table, table.rows.get(usize::from(*hit))?)))
    }

    fn step(&self, table: &Table, row: &Row) -> Step {
        let before = table
            .rows
            .iter()
            .take_while(|other| !std::ptr::eq(*other, row));
        let after = table
            .rows
            .iter()
            .skip_while(|other| !std::ptr::eq(*other, row))
            .skip(1);
        let after = after.filter(|_| table.hit == Hit::Unique);
        let silent = match &row.ground {
            Ground::Silence(text) => Some(text.clone()),
            _ => None,
        };
        Step {
            table: table.id.clone(),
            title: table.title.clone(),
            row: row.id.clone(),
            met: self.met(table, row),
            citation: Citation::of(&row.ground),
            silent,
            note: row.note.clone(),
            passed_over: before
                .chain(after)
                .filter_map(|row| self.passed_over(table, row))
                .collect(),
        }
    }

    fn met(&self, table: &Table, row: &Row) -> Vec<Text> {
        let fields = self.policy.fields();
        let describe = |(index, condition): &(usize, Condition)| {
            let dimension = table.dimensions.get(*index)?;
            let (title, asked) = (
                dimension.title(fields),
                condition.describe(dimension, fields),
            );
            Some(Text::new(
                format!("{}：{}", title.zh, asked.zh),
                format!("{}: {}", title.en, asked.en),
            ))
        };
        row.when.iter().filter_map(describe).collect()
    }

    fn passed_over(&self, table: &Table, row: &Row) -> Option<PassedOver> {
        let fields = self.policy.fields();
        let case = Case {
            on: self.on,
            given: &self.given,
            outputs: &self.outputs,
        };
        let missed = table.miss(row, &case)?;
        let dimension = table.dimensions.get(missed)?;
        let conditions: Vec<Text> = row
            .when
            .iter()
            .filter(|(index, _)| *index == missed)
            .map(|(_, condition)| condition.describe(dimension, fields))
            .collect();
        let have = match (fields.get(dimension.source), case.value(dimension.source)) {
            (Some(field), Some(value)) => field.describe(value),
            _ => Text::same(self.on.to_string()),
        };
        let title = dimension.title(fields);
        let asked = |lang| {
            conditions
                .iter()
                .map(|text| text.get(lang))
                .collect::<Vec<_>>()
                .join(" · ")
        };
        Some(PassedOver {
            row: row.id.clone(),
            because: Text::new(
                format!("{}须为 {}，本例为 {}", title.zh, asked(Lang::Zh), have.zh),
                format!(
                    "{} must be {}, here it is {}",
                    title.en,
                    asked(Lang::En),
                    have.en
                ),
            ),
        })
    }

    fn limit(&self, limit: &Limit) -> Option<LimitShown> {
        let field = self.policy.outputs.get(limit.output)?;
        Some(LimitShown {
            output: field.name.clone(),
            title: field.title.clone(),
            cap: limit.is_cap,
            limit: limit.value.to_string(),
            bound: limit.bound,
        })
    }
}

fn shown(fields: &[Field], values: &[Option<Value<'_>>]) -> Vec<Shown> {
    let show = |(field, value): (&Field, &Option<Value<'_>>)| {
        let value = value.as_ref()?;
        Some(Shown {
            name: field.name.clone(),
            title: field.title.clone(),
            value: field.json(value),
            text: field.describe(value),
        })
    };
    fields.iter().zip(values).filter_map(show).collect()
}
