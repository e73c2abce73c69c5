//! The roll, page by page.

use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{Heading, row, rows};

use crate::queries::{self, RollFilter};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    let page = member
        .read(|read, ctx| queries::roll(read, ctx, &RollFilter::default()))
        .await?;
    let ui = member.ui();
    Ok(ui.page(
        Heading::new(ui.t("roll-title")),
        html! {
            (rows(page.rows.iter().map(|line| {
                row(member.path(&format!("people/units/{}", line.unit)), line.label.to_string())
            })))
        },
    ))
}
