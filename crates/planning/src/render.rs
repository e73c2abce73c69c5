//! A report in lines of text.

use std::fmt::Write as _;

use policy::{Citation, Number, Rounding, Status, Text};

use crate::{Bound, Indicator, Limit, Measured, Report, Ruling};

/// A report for people, in English: each figure, what it is held against, and each part that does not count whole.
pub fn render_text(report: &Report) -> String {
    let mut text = format!(
        "{}, {} by the rules of {}: {}; by the strictest reading: {}\n\n",
        report.programme,
        report.place,
        report.on,
        verdict(report.passed),
        verdict(report.passed_strictly)
    );
    for indicator in &report.indicators {
        text += &figure(indicator);
    }
    text += "\nWhat does not count whole\n";
    for part in &report.parts {
        text += &measured(part);
    }
    for ruling in &report.vertical_green {
        let _ = writeln!(text, "  vertical planting: {}", ground(ruling));
    }
    text
}

fn figure(indicator: &Indicator) -> String {
    let unit = match indicator.unit {
        "" => String::new(),
        "%" => "%".to_owned(),
        unit => format!(" {unit}"),
    };
    let value = amount(indicator.value, &unit);
    let mut line = format!("{}: {value}", indicator.title.en);
    if indicator.strictest != indicator.value {
        let _ = write!(
            line,
            " (strictest reading {})",
            amount(indicator.strictest, &unit)
        );
    }
    let _ = writeln!(line, " = {}", indicator.formula.en);
    for limit in &indicator.limits {
        let _ = writeln!(line, "  {}", held(limit, &unit));
    }
    line
}

fn held(limit: &Limit, unit: &str) -> String {
    let bound = match limit.bound {
        Bound::AtMost => "at most",
        Bound::AtLeast => "at least",
    };
    let source = match &limit.citation {
        Some(citation) => cited(citation),
        None => "the plan".to_owned(),
    };
    let strictly = if limit.met_strictly == limit.met {
        String::new()
    } else {
        format!(", by the strictest reading {}", verdict(limit.met_strictly))
    };
    format!(
        "{bound} {}{unit} ({source}): {}{strictly}",
        limit.limit,
        verdict(limit.met)
    )
}

fn measured(part: &Measured) -> String {
    let mut lines = String::new();
    let whole = Number::integer(1);
    let named = format!("{} {}, {} m²", part.building, part.part, part.area_m2);
    if part.building_area.share != whole {
        let ruling = &part.building_area;
        let _ = writeln!(lines, "  {named}: as building area {}", ground(ruling));
    }
    if part.plot_ratio.share != whole {
        let ruling = &part.plot_ratio;
        let _ = writeln!(
            lines,
            "  {named}: in the floor area ratio {}",
            ground(ruling)
        );
    }
    lines
}

fn ground(ruling: &Ruling) -> String {
    let share = ruling
        .share
        .map_or_else(|| "not settled".to_owned(), |share| format!("×{share}"));
    let because = ruling
        .because
        .as_ref()
        .map(|because: &Text| because.en.clone());
    let why = ruling.citation.as_ref().map(cited).or(because);
    why.map_or(share.clone(), |why| format!("{share} ({why})"))
}

fn cited(citation: &Citation) -> String {
    let unverified = match citation.status {
        Status::Verified => "",
        Status::Unverified => ", unverified",
    };
    format!(
        "{} {}{unverified}",
        citation.instrument.number, citation.article
    )
}

fn verdict(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "met",
        Some(false) => "NOT MET",
        None => "not known",
    }
}

/// To a hundredth, for reading; limits are held against the exact figure.
fn amount(value: Option<Number>, unit: &str) -> String {
    let rounded =
        |value: Number| Number::ratio(1, 100).and_then(|cent| value.round(cent, Rounding::HalfUp));
    match value {
        Some(value) => format!("{}{unit}", rounded(value).unwrap_or(value)),
        None => "not known".to_owned(),
    }
}
