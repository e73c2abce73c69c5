//! Why a stage is due on that very day, in sentences.

use std::fmt::Write as _;

use jiff::civil::Date;
use policy::{DayKind, Lang, Status, Text};

use crate::due::Start;
use crate::{Clock, Count, Days, Definition, Due, Limit, Source, Stage};

/// How many holidays are named.
const LISTED: usize = 12;

impl Due {
    /// How the date came about: start, limit with its clause, stops, extension, days off on the way, versions.
    pub fn explain(&self, definition: &Definition, days: &Days, lang: Lang) -> String {
        let Some(stage) = self.stage_of(definition) else {
            return String::new();
        };
        let mut lines = vec![self.headline(stage, lang)];
        if let Some((from, start)) = self.start {
            lines.push(started(from, start, lang));
        }
        if let (Some(limit), Some(_)) = (stage.limit(), self.start) {
            lines.push(limited(limit, stage, lang));
            self.push_changes(stage, limit.count, lang, &mut lines);
            if let (Some((from, _)), Some(date)) = (self.start, self.date) {
                self.push_days_off(from, date, limit.count, days, lang, &mut lines);
            }
            lines.push(self.progress(limit.count, lang));
        }
        lines.push(match lang {
            Lang::Zh => format!(
                "依据流程版本 {}，日历 {}",
                definition.version,
                days.version()
            ),
            Lang::En => format!(
                "By process version {}, calendar {}",
                definition.version,
                days.version()
            ),
        });
        lines.join("\n")
    }

    fn headline(&self, stage: &Stage, lang: Lang) -> String {
        let title = stage.title.get(lang);
        let provisional = match (self.provisional, lang) {
            (false, _) => "",
            (true, Lang::Zh) => "（暂定：相关年份放假通知尚未公布）",
            (true, Lang::En) => {
                " (provisional: the holidays of a year it touches are not published)"
            }
        };
        match (self.clock, self.date, lang) {
            (Clock::NotStarted, _, Lang::Zh) => format!("{title}：尚未受理，未起算"),
            (Clock::NotStarted, _, Lang::En) => {
                format!("{title}: not taken in; the clock has not started")
            }
            (Clock::NoLimit, _, Lang::Zh) => format!("{title}：未设时限"),
            (Clock::NoLimit, _, Lang::En) => format!("{title}: no limit is set"),
            (_, None, Lang::Zh) => format!("{title}：计时停止中，恢复后方可推算到期日"),
            (_, None, Lang::En) => {
                format!("{title}: the clock stands still; the due date follows when it resumes")
            }
            (_, Some(date), Lang::Zh) => format!("{title}：{date} 到期{provisional}"),
            (_, Some(date), Lang::En) => format!("{title}: due on {date}{provisional}"),
        }
    }

    fn push_changes(&self, stage: &Stage, count: Count, lang: Lang, lines: &mut Vec<String>) {
        let unit = shown_count(count, lang);
        for (from, to, ground, lost) in &self.stops {
            let known = stage
                .suspensions
                .iter()
                .find(|known| known.ground == *ground);
            let title = known.map_or(ground.as_str(), |known| known.title.get(lang));
            let cited = known.map_or(String::new(), |known| cited(&known.source, lang));
            let end = to.map(|to| to.to_string());
            lines.push(match lang {
                Lang::Zh => format!(
                    "  {from} 停表（{title}，{cited}），{}：不计 {lost} {unit}",
                    end.map_or("至今未恢复".to_owned(), |end| format!("{end} 恢复"))
                ),
                Lang::En => format!(
                    "  stopped on {from} for {title} ({cited}), {}: {lost} {unit} not counted",
                    end.map_or("not resumed yet".to_owned(), |end| format!(
                        "resumed on {end}"
                    ))
                ),
            });
        }
        if let (1.., Some(extension)) = (self.extension, &stage.extension) {
            let cited = cited(&extension.source, lang);
            lines.push(match lang {
                Lang::Zh => format!("  经批准延长 {} {unit}（{cited}）", self.extension),
                Lang::En => format!("  extended by {} {unit} ({cited})", self.extension),
            });
        }
    }

    /// Days off on weekdays, and make-up days at weekends: what a glance at the calendar gets wrong.
    fn push_days_off(
        &self,
        from: Date,
        to: Date,
        count: Count,
        days: &Days,
        lang: Lang,
        lines: &mut Vec<String>,
    ) {
        if count == Count::Calendar {
            return;
        }
        let mut found: Vec<(Text, bool, Date, Date)> = Vec::new();
        let mut date = from;
        while date < to {
            let Ok(next) = date.tomorrow() else { break };
            date = next;
            let day = days.calendar().is_working_day(date);
            let Some(holiday) = day.holiday.filter(|_| !self.stood_still(date)) else {
                continue;
            };
            let works = day.kind == DayKind::Working;
            match found.last_mut() {
                Some((title, worked, _, last))
                    if title == holiday
                        && *worked == works
                        && last.tomorrow().is_ok_and(|day| day == date) =>
                {
                    *last = date;
                }
                _ => found.push((holiday.clone(), works, date, date)),
            }
        }
        for (title, works, first, last) in found.into_iter().take(LISTED) {
            let title = title.get(lang);
            let span = if first == last {
                first.to_string()
            } else {
                format!("{first} – {last}")
            };
            lines.push(match (works, lang) {
                (false, Lang::Zh) => format!("  {span} {title}放假，不计"),
                (false, Lang::En) => format!("  {span} {title}: not counted"),
                (true, Lang::Zh) => format!("  {span} {title}调休上班，计入"),
                (true, Lang::En) => format!("  {span} make-up day for {title}: counted"),
            });
        }
    }

    /// Whether the clock stood still on a day, so that it did not count whatever it was.
    fn stood_still(&self, date: Date) -> bool {
        self.stops
            .iter()
            .any(|(from, to, _, _)| date > *from && to.is_none_or(|to| date <= to))
    }

    fn progress(&self, count: Count, lang: Lang) -> String {
        let unit = shown_count(count, lang);
        let left = self.left().unwrap_or_default();
        let whole = self.limit.map_or(0, |(limit, _)| limit);
        match (lang, left < 0) {
            (Lang::Zh, false) => format!("  已用 {} / {whole} {unit}，剩余 {left}", self.used),
            (Lang::Zh, true) => format!("  已用 {} / {whole} {unit}，超期 {}", self.used, -left),
            (Lang::En, false) => format!("  {} of {whole} {unit} used, {left} left", self.used),
            (Lang::En, true) => {
                format!("  {} of {whole} {unit} used, {} too many", self.used, -left)
            }
        }
    }
}

fn started(from: Date, start: Start, lang: Lang) -> String {
    match (start, lang) {
        (Start::Accepted, Lang::Zh) => format!("  {from} 受理，当日不计（民法典第二百零一条）"),
        (Start::Accepted, Lang::En) => {
            format!("  taken in on {from}; that day is not counted (Civil Code Art. 201)")
        }
        (Start::Deemed, Lang::Zh) => {
            format!(
                "  {from} 收到材料，逾期未告知，自收到之日起即为受理；当日不计（行政许可法第三十二条）"
            )
        }
        (Start::Deemed, Lang::En) => format!(
            "  arrived on {from} and nothing was said in time, so it counts as taken in then; that day is not counted (Administrative Licensing Law Art. 32)"
        ),
    }
}

fn limited(limit: &Limit, stage: &Stage, lang: Lang) -> String {
    let unit = shown_count(limit.count, lang);
    let mut line = String::new();
    let promised = stage.promised.is_some();
    let name = match (promised, lang) {
        (true, Lang::Zh) => "承诺时限",
        (false, Lang::Zh) => "法定时限",
        (true, Lang::En) => "promised limit:",
        (false, Lang::En) => "limit by law:",
    };
    let _ = write!(
        line,
        "  {name} {} {unit} ({})",
        limit.days,
        cited(&limit.source, lang)
    );
    if let (true, Some(law)) = (promised, &stage.statutory) {
        let cited = cited(&law.source, lang);
        let _ = match lang {
            Lang::Zh => write!(line, "；法定时限 {} {unit} ({cited})", law.days),
            Lang::En => write!(line, "; by law {} {unit} ({cited})", law.days),
        };
    }
    line
}

fn cited(source: &Source, lang: Lang) -> String {
    let clause = source.clause.get(lang);
    match source.status {
        Status::Verified => clause.to_owned(),
        Status::Unverified => format!("{clause}; {}", source.status.text().get(lang)),
    }
}

fn shown_count(count: Count, lang: Lang) -> &'static str {
    match (count, lang) {
        (Count::Working, Lang::Zh) => "个工作日",
        (Count::Working, Lang::En) => "working days",
        (Count::Calendar, Lang::Zh) => "日",
        (Count::Calendar, Lang::En) => "days",
    }
}
