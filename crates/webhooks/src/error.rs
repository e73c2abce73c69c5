//! What may stand in the way of a webhook or of a look at the record.

use kernel::{Denied, Kind, Problem};

/// An error of the record or of a webhook.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor lacks a permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database said no.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// The journal said no.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// What may be shown of the record can't be told.
    #[error("what the record may show now can't be told: {reason}; see the log")]
    Shown {
        /// Why.
        reason: String,
    },
    /// A secret does not open.
    #[error(transparent)]
    Vault(#[from] kernel::Unsealable),
    /// There is no such webhook in this community.
    #[error("there is no such webhook in this community; look at the list")]
    NoSuchWebhook,
    /// There is no such delivery, or none any more.
    #[error("the webhook has no delivery of entry {position}; deliveries are kept for 30 days")]
    NoSuchDelivery {
        /// The entry asked for.
        position: u64,
    },
    /// An address that can't be read.
    #[error("the address can't be read: {reason}; write it as https://host/path")]
    UrlMalformed {
        /// Why.
        reason: String,
    },
    /// An address that anyone on the way could read.
    #[error("the address does not begin with https://; give the receiver a certificate")]
    UrlNotHttps,
    /// An address with a login in it.
    #[error(
        "the address holds a user name or password; take it out, the signature shows who calls"
    )]
    UrlLogin,
    /// An address inside a private network.
    #[error("the address leads into a private network; give a public one")]
    UrlPrivate,
    /// A text that can't begin a kind.
    #[error("\"{kind}\" can't begin a kind; write it as decisions or decisions.vote")]
    KindMalformed {
        /// What was typed.
        kind: String,
    },
    /// More beginnings than a webhook may name.
    #[error("a webhook names at most {max} kinds; leave the field empty for all")]
    TooManyKinds {
        /// The limit.
        max: usize,
    },
    /// A description that is too long.
    #[error("the description has {length} characters, {max} are the most; shorten it")]
    DescriptionTooLong {
        /// Its length.
        length: usize,
        /// The limit.
        max: usize,
    },
    /// More webhooks than a community may have.
    #[error("the community has {max} webhooks already; remove one first")]
    TooManyWebhooks {
        /// The limit.
        max: u64,
    },
    /// The webhook is paused already.
    #[error("the webhook is paused already")]
    AlreadyPaused,
    /// The webhook is not paused.
    #[error("the webhook is not paused")]
    NotPaused,
    /// A file too large to be a receipt.
    #[error("the file has more than {max} bytes; a receipt is far smaller")]
    ReceiptTooLarge {
        /// The limit.
        max: usize,
    },
    /// No file was sent.
    #[error("no file was chosen; choose the receipt you saved")]
    ReceiptMissing,
    /// A stored value this version does not know.
    #[error(
        "the database holds {what} \"{value}\", which this version does not know; use the newest version"
    )]
    Unreadable {
        /// What it is.
        what: &'static str,
        /// What stands there.
        value: String,
    },
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(error) => error.kind(),
            Self::Database(error) => error.kind(),
            Self::Journal(error) => error.kind(),
            Self::NoSuchWebhook | Self::NoSuchDelivery { .. } => Kind::NotFound,
            Self::TooManyWebhooks { .. } | Self::AlreadyPaused | Self::NotPaused => Kind::Conflict,
            Self::ReceiptTooLarge { .. } => Kind::TooLarge,
            Self::Vault(_) | Self::Shown { .. } | Self::Unreadable { .. } => Kind::Internal,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(error) => error.code(),
            Self::Database(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::NoSuchWebhook => "webhooks-error-no-such-webhook",
            Self::NoSuchDelivery { .. } => "webhooks-error-no-such-delivery",
            Self::UrlMalformed { .. } => "webhooks-error-url-malformed",
            Self::UrlNotHttps => "webhooks-error-url-not-https",
            Self::UrlLogin => "webhooks-error-url-login",
            Self::UrlPrivate => "webhooks-error-url-private",
            Self::KindMalformed { .. } => "webhooks-error-kind-malformed",
            Self::TooManyKinds { .. } => "webhooks-error-too-many-kinds",
            Self::DescriptionTooLong { .. } => "webhooks-error-description-too-long",
            Self::TooManyWebhooks { .. } => "webhooks-error-too-many-webhooks",
            Self::AlreadyPaused => "webhooks-error-already-paused",
            Self::NotPaused => "webhooks-error-not-paused",
            Self::ReceiptTooLarge { .. } => "record-error-receipt-too-large",
            Self::ReceiptMissing => "record-error-receipt-missing",
            Self::Vault(_) | Self::Shown { .. } | Self::Unreadable { .. } => "error-internal",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(error) => error.arguments(),
            Self::Database(error) => error.arguments(),
            Self::Journal(error) => error.arguments(),
            Self::NoSuchDelivery { position } => vec![("position", position.to_string())],
            Self::UrlMalformed { reason } => vec![("reason", reason.clone())],
            Self::KindMalformed { kind } => vec![("kind", kind.clone())],
            Self::TooManyKinds { max } => vec![("max", max.to_string())],
            Self::DescriptionTooLong { length, max } => {
                vec![("length", length.to_string()), ("max", max.to_string())]
            }
            Self::TooManyWebhooks { max } => vec![("max", max.to_string())],
            Self::ReceiptTooLarge { max } => vec![("kilobytes", (max / 1024).to_string())],
            _ => Vec::new(),
        }
    }
}
