//! The announcement of a result (业主大会决定公告): in Chinese, as the law's readers expect it, on screen and as PDF.

use ballot::resolution::{Measure, Tally, ThresholdCheck};
use documents::{Align, Block, Document, Signature, TableBlock, Verification};
use kernel::Timestamp;

use crate::model::SilenceRuleZh as _;
use crate::queries::CountedView;

/// The announcement in sentences, for the page.
pub(crate) fn announcement_lines(view: &CountedView, community: &str) -> Vec<String> {
    let mut lines = vec![opening(view, community)];
    lines.extend(threshold_sentences(view));
    lines.push(verdict(view));
    lines.extend(remark(view));
    lines.push(
        "业主认为决定侵害其合法权益的，可以依照《民法典》第二百八十条请求人民法院予以撤销。"
            .to_owned(),
    );
    lines
}

/// The announcement as a document to print, sign and seal. `address` is where a receipt is checked.
pub(crate) fn announcement_document(
    view: &CountedView,
    community: &str,
    address: &str,
) -> Document {
    let resolution = &view.resolution;
    let number = resolution
        .publication
        .as_ref()
        .map(|publication| publication.number.clone())
        .unwrap_or_default();
    let mut blocks = vec![
        Block::Address("全体业主：".to_owned()),
        Block::Paragraph(opening(view, community)),
        Block::Heading("一、表决事项".to_owned()),
        Block::Paragraph(resolution.draft.title.clone()),
    ];
    blocks.extend(
        resolution
            .draft
            .body
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| Block::Paragraph(line.trim().to_owned())),
    );
    blocks.push(Block::Heading("二、表决情况".to_owned()));
    blocks.push(Block::Table(tally_table(view)));
    blocks.extend(threshold_sentences(view).into_iter().map(Block::Paragraph));
    blocks.push(Block::Paragraph(silence_sentence(view)));
    blocks.push(Block::Heading("三、表决结果".to_owned()));
    blocks.push(Block::Paragraph(verdict(view)));
    blocks.extend(remark(view).map(Block::Paragraph));
    blocks.push(Block::Heading("四、异议与救济".to_owned()));
    blocks.push(Block::Paragraph(objection_sentence(view)));
    blocks.push(Block::Paragraph(
        "业主认为决定侵害其合法权益的，可以依照《民法典》第二百八十条请求人民法院予以撤销。"
            .to_owned(),
    ));
    let status = if resolution.announcement.is_some() {
        ""
    } else {
        "（未正式公告）"
    };
    Document {
        title: format!("{community}业主大会决定公告{status}"),
        number: document_number(&number),
        blocks,
        signature: Some(Signature {
            signatories: vec![format!("{community}业主委员会")],
            date: issued_on(view).date(),
            seal: true,
        }),
        verification: Some(verification(view, address)),
        footer: format!("{community} · 表决编号 {number}"),
    }
}

/// The announcement's number, as in `业决〔2026〕3号`.
pub(crate) fn number_of(view: &CountedView) -> String {
    let publication = view.resolution.publication.as_ref();
    publication
        .map(|publication| document_number(&publication.number))
        .unwrap_or_default()
}

/// `2026-3` as `业决〔2026〕3号`.
fn document_number(number: &str) -> String {
    match number.split_once('-') {
        Some((year, of_year)) => format!("业决〔{year}〕{of_year}号"),
        None => number.to_owned(),
    }
}

pub(crate) fn issued_on(view: &CountedView) -> Timestamp {
    match (&view.resolution.announcement, &view.resolution.count) {
        (Some((at, ..)), _) => *at,
        (None, Some(count)) => count.counted_at,
        (None, None) => view.resolution.drafted_at,
    }
}

fn opening(view: &CountedView, community: &str) -> String {
    let window = view.resolution.draft.window;
    format!(
        "{community}业主大会就“{}”组织业主共同决定，表决时间为{}至{}。现将表决结果公告如下。",
        view.resolution.draft.title,
        chinese_time(window.opens),
        chinese_time(window.closes),
    )
}

fn threshold_sentences(view: &CountedView) -> Vec<String> {
    use ballot::resolution::Kind;
    let by_name = view.election.is_some();
    let checks = view.outcome.tally.thresholds.iter();
    let mut sentences: Vec<String> = checks
        .filter(|check| !by_name || check.kind == Kind::Participation)
        .map(threshold_sentence)
        .collect();
    sentences.extend(election_sentences(view));
    sentences
}

/// Who was elected, who stands in reserve, and what another vote must decide.
fn election_sentences(view: &CountedView) -> Vec<String> {
    use ballot::election::Fate;
    let Some(election) = &view.election else {
        return Vec::new();
    };
    let of = |fate: Fate| {
        let standings = election.standings.iter().filter(|one| one.fate == fate);
        let names: Vec<String> = standings
            .map(|one| {
                let name = crate::pages::name_of(view, one.candidate);
                let (heads, area) = (one.votes.heads, one.votes.area);
                format!("{name}（{heads}人，{area}）")
            })
            .collect();
        names.join("、")
    };
    let mut sentences = vec![format!(
        "应选业主委员会委员{}名，当选{}名。当选须经参与表决的人数和专有部分面积均达到法定比例，按得票人数、得票面积排序。",
        election.seats, election.filled
    )];
    for (fate, words) in [
        (Fate::Elected, "当选委员："),
        (Fate::Reserve, "候补委员（依次递补）："),
        (Fate::TiedForSeat, "得票相同、超过应选名额，须另行选举："),
        (Fate::TiedForReserve, "候补得票相同，须另行选举："),
    ] {
        let names = of(fate);
        if !names.is_empty() {
            sentences.push(format!("{words}{names}。"));
        }
    }
    sentences
}

fn threshold_sentence(check: &ThresholdCheck) -> String {
    use ballot::resolution::Kind;
    let what = match (check.kind, check.of) {
        (Kind::Participation, Measure::Heads) => "参与表决的业主人数",
        (Kind::Participation, Measure::Area) => "参与表决的专有部分面积",
        (Kind::Consent, Measure::Heads) => "同意的业主人数",
        (Kind::Consent, Measure::Area) => "同意的专有部分面积",
    };
    let whole = match check.kind {
        Kind::Participation => "总数",
        Kind::Consent => "参与表决数",
    };
    let unit = match check.of {
        Measure::Heads => "人",
        Measure::Area => "",
    };
    let (part, all) = (check.required.num(), check.required.den());
    let demand = match (check.strict, part, all) {
        (true, 1, 2) => "过半数".to_owned(),
        (true, ..) => format!("超过{}分之{}", numeral(all), numeral(part)),
        (false, ..) => format!("{}分之{}以上", numeral(all), numeral(part)),
    };
    format!(
        "{what}为{}{unit}，{whole}为{}{unit}，应当达到{demand}，{}（{}）。",
        check.part,
        check.whole,
        if check.met { "已达到" } else { "未达到" },
        check.citation,
    )
}

/// A number as an official text writes it, where it is below eleven.
fn numeral(number: i64) -> String {
    const NUMERALS: [&str; 11] = [
        "零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十",
    ];
    let small = usize::try_from(number)
        .ok()
        .and_then(|place| NUMERALS.get(place));
    small.map_or_else(|| number.to_string(), |numeral| (*numeral).to_owned())
}

fn verdict(view: &CountedView) -> String {
    if view.passed {
        "本次表决获得通过，对全体业主具有法律约束力。".to_owned()
    } else {
        "本次表决未获通过。".to_owned()
    }
}

fn remark(view: &CountedView) -> Option<String> {
    let (_, remark, _) = view.resolution.announcement.as_ref()?;
    (!remark.trim().is_empty()).then(|| remark.trim().to_owned())
}

/// How silence was treated, and whether that decided: the result both ways.
fn silence_sentence(view: &CountedView) -> String {
    let rule = view.outcome.tally.silence.chinese();
    let decided = if view.outcome.silence_decides {
        "按其他方式计算，表决结果不同。"
    } else {
        "按其他方式计算，表决结果相同。"
    };
    format!("已送达未表决的处理：{rule}。{decided}")
}

fn objection_sentence(view: &CountedView) -> String {
    let until = view
        .resolution
        .count
        .as_ref()
        .map(|count| chinese_time(count.objections_until))
        .unwrap_or_default();
    match view.objections.len() {
        0 => format!("表决结果公示至{until}，公示期间未收到异议。"),
        count => format!("表决结果公示至{until}，公示期间收到异议{count}件，均已答复。"),
    }
}

fn tally_table(view: &CountedView) -> TableBlock {
    let tally = &view.outcome.tally;
    let row = |name: &str, tally: Tally| {
        vec![
            name.to_owned(),
            tally.units.to_string(),
            tally.heads.to_string(),
            tally.area.to_string(),
        ]
    };
    TableBlock {
        caption: "表决统计表".to_owned(),
        columns: vec![
            ("项目".to_owned(), Align::Start),
            ("户数".to_owned(), Align::End),
            ("人数".to_owned(), Align::End),
            ("专有部分面积（㎡）".to_owned(), Align::End),
        ],
        rows: vec![
            row("全体业主", view.outcome.total),
            row("参与表决", tally.participating),
            row("同意", tally.in_favour),
            row("反对", tally.against),
            row("弃权", tally.abstain),
            row("随多数（已计入上列）", tally.follow),
            row("已送达未表决", tally.silent),
            row("未送达", tally.unserved),
        ],
    }
}

fn verification(view: &CountedView, address: &str) -> Verification {
    let count = view.resolution.count.as_ref();
    let hash = count
        .map(|count| crate::hex(&count.record_sha256))
        .unwrap_or_default();
    let entry = count
        .map(|count| count.position.to_string())
        .unwrap_or_default();
    Verification {
        lines: vec![
            "凭表决回执编号扫码，可核对本人的一票是否计入。".to_owned(),
            format!("公开记录 SHA-256：{hash}"),
            format!("存证日志第 {entry} 条。"),
        ],
        qr: address.to_owned(),
    }
}

/// An instant as an official text writes it.
pub(crate) fn chinese_time(at: Timestamp) -> String {
    let text = at.rfc3339();
    let date = at.date();
    let clock = text.get(11..16).unwrap_or_default();
    format!("{}年{}月{}日{clock}", date.year(), date.month(), date.day())
}
