//! Before publication: the community's rules, drafts, their files, and withdrawal.

use db::Tx;
use documents::media;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{at_stage, subject};
use crate::Error;
use crate::model::{
    ADOPT_RULES, AttachmentId, DRAFT, Draft, MAX_ATTACHMENT, MAX_ATTACHMENTS, MAX_TEXT, MAX_TITLE,
    RECORD_VOTE, ResolutionId, Rules, Stage, check_text,
};
use crate::store::{self, Attachment};

/// Adopts the community's rules for deciding; the next resolution is published under them.
#[derive(Serialize, Deserialize)]
pub struct AdoptRules {
    /// The rules; their version is set here.
    pub rules: Rules,
}

impl Command for AdoptRules {
    const NAME: &'static str = "decisions.rules.adopt";
    type Outcome = u32;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u32, Error> {
        ctx.require(ADOPT_RULES)?;
        check_text("source", &self.rules.source, MAX_TITLE)?;
        if !(1..=60).contains(&self.rules.objection_days) {
            return Err(Error::ObjectionDays {
                days: self.rules.objection_days,
            });
        }
        if self.rules.extension_days > 60 {
            return Err(Error::ExtensionDays {
                days: self.rules.extension_days,
            });
        }
        let before = store::current_rules(tx, ctx.community)?;
        let rules = Rules {
            version: before.version + 1,
            ..self.rules.clone()
        };
        store::insert_rules(tx, ctx, &rules)?;
        let change = Change::new(
            "decisions.rules.adopted",
            format!("rules/{}", rules.version),
        )
        .public(json!({ "rules": rules, "before": before }));
        record(tx, ctx, change)?;
        Ok(rules.version)
    }
}

/// Drafts a resolution.
#[derive(Serialize, Deserialize)]
pub struct DraftResolution {
    /// What is drafted.
    pub draft: Draft,
}

impl Command for DraftResolution {
    const NAME: &'static str = "decisions.resolution.draft";
    type Outcome = ResolutionId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ResolutionId, Error> {
        ctx.require(DRAFT)?;
        self.draft.check()?;
        let id = ResolutionId::from_uuid(ctx.new_uuid());
        store::insert_resolution(tx, ctx, id, &self.draft)?;
        let change = Change::new("decisions.resolution.drafted", subject(id))
            .public(json!({ "draft": self.draft }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Changes a draft.
#[derive(Serialize, Deserialize)]
pub struct ChangeDraft {
    /// The resolution.
    pub resolution: ResolutionId,
    /// What it says from now on.
    pub draft: Draft,
}

impl Command for ChangeDraft {
    const NAME: &'static str = "decisions.resolution.change";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DRAFT)?;
        self.draft.check()?;
        let before = at_stage(
            tx,
            ctx,
            self.resolution,
            &[Stage::Draft],
            "the stage before publication",
        )?;
        if let Some(assembly) = store::assembly_of(tx, ctx.community, self.resolution)? {
            let call = store::assembly(tx, ctx.community, assembly)?.call;
            if self.draft.window != call.window || self.draft.meeting != call.meeting {
                return Err(Error::WindowOfAgenda);
            }
        }
        store::update_resolution(tx, ctx, self.resolution, &self.draft)?;
        let change = Change::new("decisions.resolution.changed", subject(self.resolution))
            .public(json!({ "before": before.draft, "after": self.draft }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Attaches a document to a draft, or evidence of votes and deliveries to a running resolution.
#[derive(Serialize, Deserialize)]
pub struct AddAttachment {
    /// The resolution.
    pub resolution: ResolutionId,
    /// Whether it is evidence, to be seen only by those who record votes.
    pub evidence: bool,
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its content.
    pub content: Vec<u8>,
}

impl Command for AddAttachment {
    const NAME: &'static str = "decisions.attachment.add";
    type Outcome = AttachmentId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<AttachmentId, Error> {
        ctx.require(if self.evidence { RECORD_VOTE } else { DRAFT })?;
        self.check()?;
        self.check_stage(tx, ctx)?;
        if store::attachments(tx, ctx.community, self.resolution)?.len() >= MAX_ATTACHMENTS {
            return Err(Error::TooManyAttachments {
                max: MAX_ATTACHMENTS,
            });
        }
        let attachment = Attachment {
            id: AttachmentId::from_uuid(ctx.new_uuid()),
            purpose: if self.evidence {
                "evidence"
            } else {
                "document"
            }
            .to_owned(),
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            sha256: Sha256::digest(&self.content).into(),
            size: u64::try_from(self.content.len()).unwrap_or(u64::MAX),
            added_at: ctx.now,
        };
        store::insert_attachment(tx, ctx, self.resolution, &attachment, self.content.clone())?;
        let change =
            Change::new("decisions.attachment.added", subject(self.resolution)).public(json!({
                "attachment": attachment.id,
                "purpose": attachment.purpose,
                "media_type": attachment.media_type,
                "sha256": crate::hex(&attachment.sha256),
                "size": attachment.size,
            }));
        record(tx, ctx, change.private(json!({ "name": attachment.name })))?;
        Ok(attachment.id)
    }
}

impl AddAttachment {
    fn check(&self) -> Result<(), Error> {
        check_text("name", &self.name, 200)?;
        let size = self.content.len();
        if size == 0 || size > MAX_ATTACHMENT {
            return Err(Error::AttachmentSize {
                size,
                max: MAX_ATTACHMENT,
            });
        }
        let media_type = || self.media_type.chars().take(80).collect();
        if !media::is_taken(&self.media_type) {
            let media_type = media_type();
            return Err(Error::AttachmentType { media_type });
        }
        if !media::fits(&self.media_type, &self.content) {
            let media_type = media_type();
            return Err(Error::AttachmentContent { media_type });
        }
        Ok(())
    }

    fn check_stage(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        if self.evidence {
            let stages = [
                Stage::Notice,
                Stage::Voting,
                Stage::Closed,
                // Scans of papers that were recorded wrongly.
                Stage::Objection,
                Stage::Settled,
            ];
            let needed = "publication, and no announcement yet";
            at_stage(tx, ctx, self.resolution, &stages, needed)?;
        } else {
            at_stage(
                tx,
                ctx,
                self.resolution,
                &[Stage::Draft],
                "the stage before publication",
            )?;
        }
        Ok(())
    }
}

/// Takes a document off a draft.
#[derive(Serialize, Deserialize)]
pub struct RemoveAttachment {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The document.
    pub attachment: AttachmentId,
}

impl Command for RemoveAttachment {
    const NAME: &'static str = "decisions.attachment.remove";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DRAFT)?;
        at_stage(
            tx,
            ctx,
            self.resolution,
            &[Stage::Draft],
            "the stage before publication",
        )?;
        if store::delete_attachment(tx, ctx.community, self.resolution, self.attachment)? == 0 {
            return Err(Error::NoSuchPart { what: "attachment" });
        }
        let change = Change::new("decisions.attachment.removed", subject(self.resolution))
            .public(json!({ "attachment": self.attachment }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Withdraws a resolution that was not counted yet. Votes cast stay in the record; they decide nothing.
#[derive(Serialize, Deserialize)]
pub struct WithdrawResolution {
    /// The resolution.
    pub resolution: ResolutionId,
    /// Why, for everyone to read.
    pub reason: String,
}

impl Command for WithdrawResolution {
    const NAME: &'static str = "decisions.resolution.withdraw";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DRAFT)?;
        check_text("reason", &self.reason, MAX_TEXT)?;
        let stages = [Stage::Draft, Stage::Notice, Stage::Voting];
        let resolution = at_stage(
            tx,
            ctx,
            self.resolution,
            &stages,
            "a stage before the close",
        )?;
        store::insert_withdrawal(tx, ctx, self.resolution, &self.reason)?;
        let change = Change::new("decisions.resolution.withdrawn", subject(self.resolution))
            .public(json!({
                "stage": resolution.progress().stage(ctx.now),
                "reason": self.reason,
            }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
