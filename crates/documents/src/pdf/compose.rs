//! From a document to marks on pages: title, number, text, signature, verification, foot.

use qrcode::{Color, QrCode};

use super::font::Fonts;
use super::line::break_lines;
use super::page::{
    BOTTOM, Composer, HEADING, LEFT, MIDDLE, Mark, PAGE_WIDTH, Pages, PartKind, Role, SMALL, TEXT,
    TITLE, Type, WIDTH, points,
};
use super::table::{key_facts, table};
use super::{Block, Document, Signature, Verification};

/// Paragraphs begin two characters in.
const INDENT: f32 = 2.0;
/// The QR code's side, in points: 27 mm, so that a phone reads it at arm's length.
const CODE_SIZE: f32 = 76.0;
/// The foot of the page: its top lies 7 mm below the type area.
const FOOT: f32 = BOTTOM + 19.8;

/// Sets the document.
pub(super) fn compose(document: &Document, fonts: &Fonts) -> Result<Pages, String> {
    let mut to = Composer::new(fonts);
    head(&mut to, document);
    for block in &document.blocks {
        set(&mut to, block);
    }
    if let Some(signature) = &document.signature {
        sign(&mut to, signature);
    }
    if let Some(verification) = &document.verification {
        verify(&mut to, verification)?;
    }
    foot(&mut to, &document.footer);
    Ok(to.pages)
}

fn head(to: &mut Composer, document: &Document) {
    heading(to, 1, &document.title);
    let part = to.pages.parts.len().saturating_sub(1);
    for line in title_lines(to, &document.title) {
        to.centred(part, &line, TITLE, WIDTH / TITLE.size);
    }
    if !document.number.is_empty() {
        to.y += 6.0;
        let part = to.part(PartKind::Paragraph, None);
        to.centred(part, &document.number, MIDDLE, WIDTH / MIDDLE.size);
    }
    to.y += TEXT.pitch * 0.8;
}

/// The title in the lines that its author broke it into; one too long is broken before 关于, where
/// its meaning parts, else into lines of similar length.
fn title_lines(to: &Composer, title: &str) -> Vec<String> {
    let full = WIDTH / TITLE.size;
    let width = to.fonts.width(title);
    if title.contains('\n') || width <= full {
        return vec![title.to_owned()];
    }
    if let Some((who, what)) = title.split_once("关于").filter(|(who, _)| !who.is_empty()) {
        let what = format!("关于{what}");
        if to.fonts.width(who) <= full && to.fonts.width(&what) <= full {
            return vec![who.to_owned(), what];
        }
    }
    let measure = (width / (width / full).ceil() + 1.0).min(full);
    break_lines(to.fonts, title, measure, 0.0)
        .into_iter()
        .map(|line| line.text)
        .collect()
}

fn set(to: &mut Composer, block: &Block) {
    match block {
        Block::Address(text) => {
            let part = to.part(PartKind::Paragraph, None);
            to.flow(part, text, TEXT, 0.0);
        }
        Block::Heading(text) => {
            // A heading never stands alone at the foot of a page.
            to.keep(HEADING.pitch * 2.0);
            heading(to, 2, text);
            let part = to.pages.parts.len().saturating_sub(1);
            to.flow(part, text, HEADING, INDENT);
        }
        Block::Paragraph(text) => {
            let part = to.part(PartKind::Paragraph, None);
            to.flow(part, text, TEXT, INDENT);
        }
        Block::Note(text) => {
            to.y += 4.0;
            let part = to.part(PartKind::Paragraph, None);
            to.flow(part, text, SMALL, 0.0);
            to.y += 4.0;
        }
        Block::KeyFacts(facts) => key_facts(to, facts),
        Block::Table(block) => table(to, block),
    }
}

fn heading(to: &mut Composer, level: u16, text: &str) {
    let (page, y) = (to.page(), to.y);
    to.part(
        PartKind::Heading {
            level,
            text: text.to_owned(),
            page,
            y,
        },
        None,
    );
}

/// Names over the date at the right, centred on one another, four characters in from the edge.
fn sign(to: &mut Composer, signature: &Signature) {
    let date = signature.date;
    let date = format!("{}年{}月{}日", date.year(), date.month(), date.day());
    let mut lines = signature.signatories.clone();
    if signature.seal
        && let Some(last) = lines.last_mut()
    {
        last.push_str("（盖章）");
    }
    lines.push(date);

    let space = if signature.seal { 2.0 } else { 1.0 } * TEXT.pitch;
    to.keep(space + points(lines.len()) * TEXT.pitch);
    to.y += space;
    let widest = lines
        .iter()
        .map(|line| to.fonts.width(line))
        .fold(0.0, f32::max)
        * TEXT.size;
    let indent = (4.0 * TEXT.size).min((WIDTH - widest).max(0.0));
    let middle = LEFT + WIDTH - indent - widest / 2.0;
    for line in lines {
        let part = to.part(PartKind::Paragraph, None);
        let x = (middle - to.fonts.width(&line) * TEXT.size / 2.0).max(LEFT);
        let y = to.y;
        to.text(Role::Content(part), &line, x, y, TEXT, 0.0);
        to.y += TEXT.pitch;
    }
}

/// A hairline, the code at the left, and beside it what to do with it.
fn verify(to: &mut Composer, verification: &Verification) -> Result<(), String> {
    let code = if verification.qr.is_empty() {
        None
    } else {
        let code = QrCode::new(&verification.qr);
        Some(code.map_err(|error| format!("its QR code cannot hold the text: {error}"))?)
    };
    let beside = if code.is_some() {
        CODE_SIZE + 12.0
    } else {
        0.0
    };
    let kind = Type { grey: 40, ..SMALL };
    let measure = (WIDTH - beside) / kind.size;
    let lines: Vec<String> = verification
        .lines
        .iter()
        .flat_map(|text| break_lines(to.fonts, text, measure, 0.0))
        .map(|line| line.text)
        .collect();
    let text_height = points(lines.len()) * kind.pitch;
    let height = if code.is_some() {
        text_height.max(CODE_SIZE)
    } else {
        text_height
    };

    to.keep(height + 30.0);
    to.y += 20.0;
    hairline(to);
    to.y += 10.0;
    let top = to.y;
    if let Some(code) = code {
        let part = to.part(
            PartKind::Figure(format!("二维码：{}", verification.qr)),
            None,
        );
        let modules = code
            .to_colors()
            .iter()
            .map(|color| *color == Color::Dark)
            .collect();
        let (columns, size) = (code.width(), CODE_SIZE);
        to.draw(
            Role::Content(part),
            Mark::Code {
                modules,
                columns,
                x: LEFT,
                y: top,
                size,
            },
        );
    }
    let part = to.part(PartKind::Paragraph, None);
    let mut y = top + (height - text_height) / 2.0;
    for line in lines {
        to.text(Role::Content(part), &line, LEFT + beside, y, kind, 0.0);
        y += kind.pitch;
    }
    to.y = top + height;
    Ok(())
}

fn hairline(to: &mut Composer) {
    let line = Mark::Fill {
        x: LEFT,
        y: to.y,
        width: WIDTH,
        height: 0.5,
        grey: 120,
    };
    to.draw(Role::Decoration, line);
}

/// Page numbers at the outer edge, as GB/T 9704 has them, and the foot line at the other.
fn foot(to: &mut Composer, footer: &str) {
    let footer: String = footer
        .chars()
        .filter(|character| !character.is_control())
        .collect();
    let marks = std::mem::take(&mut to.pages.marks);
    for (place, page) in marks.into_iter().enumerate() {
        to.pages.marks.push(page);
        let number = format!("— {} —", place + 1);
        let width = to.fonts.width(&number) * MIDDLE.size;
        let at_right = place % 2 == 0;
        let edge = LEFT + MIDDLE.size;
        let x = if at_right {
            PAGE_WIDTH - edge - width
        } else {
            edge
        };
        to.text(Role::PageNumber, &number, x, FOOT, MIDDLE, 0.0);

        let measure = (WIDTH - width - 3.0 * MIDDLE.size) / SMALL.size;
        let line = break_lines(to.fonts, &footer, measure, 0.0)
            .into_iter()
            .next();
        let text = line.map(|line| line.text).unwrap_or_default();
        let width = to.fonts.width(&text) * SMALL.size;
        let x = if at_right { LEFT } else { LEFT + WIDTH - width };
        let top = FOOT + (MIDDLE.pitch - SMALL.pitch) / 2.0;
        to.text(Role::Footer, &text, x, top, SMALL, 0.0);
    }
}
