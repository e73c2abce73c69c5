//! The notice of a vote (业主大会会议通知): what is put to the owners, when and how they vote, and a code that leads to the
//! ballot. In Chinese, as the law's readers expect it, on screen and as PDF.

use documents::{Block, Document, Signature, Verification};
use kernel::Timestamp;

use crate::announcement::chinese_time;
use crate::model::{Meeting, SilenceRuleZh as _};
use crate::store::{Publication, Resolution};

/// The notice of a vote on one matter in sentences, for the page.
pub(crate) fn notice_lines(resolution: &Resolution, publication: &Publication) -> Vec<String> {
    let mut lines = vec![opening(resolution)];
    lines.extend(how(resolution, publication));
    lines
}

/// The notice of a meeting in sentences: every matter with its majority, then how to vote.
pub(crate) fn agenda_lines(matters: &[(&Resolution, &Publication)]) -> Vec<String> {
    let Some((first, publication)) = matters.first() else {
        return Vec::new();
    };
    let mut lines = vec![opening(first)];
    for (place, (resolution, publication)) in (1..).zip(matters) {
        let number = &publication.number;
        lines.push(format!(
            "议题{place}（表决编号 {number}）：{}。",
            resolution.draft.title
        ));
    }
    lines.push(
        "各议题分别表决、分别计票；可以只表决其中几项，没有填写的议题按未表决处理。".to_owned(),
    );
    lines.extend(how(first, publication));
    lines
}

/// The notice as a document to print, post and carry to every door. `address` is where the ballot is.
pub(crate) fn notice_document(
    resolution: &Resolution,
    publication: &Publication,
    community: &str,
    address: &str,
) -> Document {
    let number = format!("表决编号 {}", publication.number);
    agenda_of(&number, &[(resolution, publication)], community, address)
}

/// The one notice of all matters of a meeting.
pub(crate) fn agenda_document(
    title: &str,
    matters: &[(&Resolution, &Publication)],
    community: &str,
    address: &str,
) -> Document {
    agenda_of(title, matters, community, address)
}

fn agenda_of(
    number: &str,
    matters: &[(&Resolution, &Publication)],
    community: &str,
    address: &str,
) -> Document {
    let mut blocks = vec![Block::Address("全体业主：".to_owned())];
    if let Some((first, _)) = matters.first() {
        blocks.push(Block::Paragraph(opening(first)));
    }
    blocks.push(Block::Heading("一、表决事项".to_owned()));
    for (place, (resolution, publication)) in (1..).zip(matters) {
        let title = &resolution.draft.title;
        blocks.push(Block::Paragraph(if matters.len() == 1 {
            title.clone()
        } else {
            format!("议题{place}（表决编号 {}）：{title}", publication.number)
        }));
        let body = resolution.draft.body.lines();
        blocks.extend(
            body.filter(|line| !line.trim().is_empty())
                .map(|line| Block::Paragraph(line.trim().to_owned())),
        );
    }
    blocks.push(Block::Heading("二、怎样投票".to_owned()));
    if let Some((resolution, publication)) = matters.first() {
        blocks.extend(
            how(resolution, publication)
                .into_iter()
                .map(Block::Paragraph),
        );
    }
    blocks.push(Block::Heading("三、表决规则".to_owned()));
    blocks.extend(clauses(matters).into_iter().map(Block::Note));
    let issued = matters
        .first()
        .map(|(resolution, publication)| issued_on(resolution, publication).date());
    Document {
        title: format!("{community}业主大会会议通知"),
        number: number.to_owned(),
        blocks,
        signature: issued.map(|date| Signature {
            signatories: vec![format!("{community}业主委员会")],
            date,
            seal: true,
        }),
        verification: Some(Verification {
            lines: vec![
                "扫码登录后即可阅读表决内容并投票。".to_owned(),
                "不用手机的，可向业委会领取纸质表决票，或者请业委会上门。".to_owned(),
            ],
            qr: address.to_owned(),
        }),
        footer: format!("{community} · {number}"),
    }
}

/// The clauses that apply, each once.
fn clauses(matters: &[(&Resolution, &Publication)]) -> Vec<String> {
    let mut clauses: Vec<String> = Vec::new();
    for (_, publication) in matters {
        for ground in &publication.terms.grounds {
            let clause = format!("{}：{}", ground.citation, ground.quote);
            if !ground.quote.is_empty() && !clauses.contains(&clause) {
                clauses.push(clause);
            }
        }
    }
    clauses
}

/// How votes are taken, what silence means, and an extension.
fn how(resolution: &Resolution, publication: &Publication) -> Vec<String> {
    let mut lines = vec![how_to_vote(publication), silence(publication)];
    lines.extend(extension(resolution));
    lines
}

/// The day of the publication, or of the extension that changed it.
pub(crate) fn issued_on(resolution: &Resolution, publication: &Publication) -> Timestamp {
    resolution
        .extension
        .as_ref()
        .map_or(publication.published_at, |extension| extension.extended_at)
}

fn opening(resolution: &Resolution) -> String {
    let window = resolution.draft.window;
    let kind = match resolution.draft.meeting {
        Meeting::Regular => "定期",
        Meeting::Extraordinary => "临时",
    };
    format!(
        "现以书面征求意见和电子投票的形式召开业主大会{kind}会议，请全体业主就下列事项表决，投票时间为{}至{}。",
        chinese_time(window.opens),
        chinese_time(window.closes),
    )
}

fn how_to_vote(publication: &Publication) -> String {
    let change = if publication.terms.rules.vote_may_change {
        "截止前可以修改。"
    } else {
        "投出后不能修改。"
    };
    format!(
        "业主可以扫描本通知上的二维码在线投票，也可以填写纸质表决票签名后交业委会；一户由多人共有的，由共有人推选的一人投票。{change}"
    )
}

fn silence(publication: &Publication) -> String {
    let rule = publication.terms.rules.silence.chinese();
    format!("表决票送达后逾期不表决的，{rule}。")
}

fn extension(resolution: &Resolution) -> Option<String> {
    let extension = resolution.extension.as_ref()?;
    Some(format!(
        "投票原定于{}截止，因参与表决的业主未达到法定比例，延长一次至{}；已投的票继续有效。{}",
        chinese_time(extension.closes_before),
        chinese_time(extension.closes),
        extension.reason,
    ))
}
