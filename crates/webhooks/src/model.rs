//! Webhooks and deliveries in their own terms, and the rules that need no I/O.

use kernel::{Permission, Role, Timestamp};

use crate::Kinds;

kernel::id! {
    /// A webhook: an address that is told of a community's entries.
    pub struct WebhookId;
}

db::id_column!(WebhookId);

/// To read the community's record.
pub const READ: Permission = Permission("record.read");
/// To say which programs are told of it.
pub const MANAGE: Permission = Permission("webhooks.manage");

/// Who holds what.
pub const PERMISSIONS: &[(Permission, &[Role])] = &[
    (
        READ,
        &[
            Role::Resident,
            Role::Owner,
            Role::Butler,
            Role::CommitteeMember,
            Role::CityStaff,
        ],
    ),
    (MANAGE, &[Role::CommitteeMember, Role::CityStaff]),
];

/// How many webhooks a community may have.
pub const MAX_WEBHOOKS: u64 = 20;
/// The longest description, in characters.
pub const MAX_DESCRIPTION: usize = 200;
/// How long the old secret goes on signing beside a new one, in seconds.
pub const OLD_SECRET_SECONDS: i64 = 86_400;
/// How long settled deliveries are kept, in days.
pub const KEPT_DAYS: i64 = 30;

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Where events go.
    pub url: String,
    /// Which entries it is told of.
    pub kinds: Kinds,
    /// What it is for.
    pub description: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// Until when the secret before the last change signs too.
    pub old_secret_until: Option<Timestamp>,
    /// Since when and why nothing is sent.
    pub pause: Option<Pause>,
}

/// Since when and why a webhook is told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: PauseReason,
}

/// Why a webhook is told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseReason {
    /// A person paused it: entries wait until it goes on.
    Person,
    /// The address answered 410 Gone: entries that come meanwhile are not kept for it.
    Gone,
}

impl PauseReason {
    /// The name in storage and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Gone => "gone",
        }
    }

    /// The reason with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Person, Self::Gone]
            .into_iter()
            .find(|reason| reason.name() == name)
    }
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is still to be sent, or sent again.
    Waiting,
    /// The receiver answered 2xx.
    Delivered,
    /// The last try failed too, or the receiver is gone.
    GivenUp,
}

impl Outcome {
    /// The name in storage and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::GivenUp => "given_up",
        }
    }

    /// The outcome with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Delivered, Self::GivenUp]
            .into_iter()
            .find(|outcome| outcome.name() == name)
    }
}

/// One entry on its way to one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The entry's position in the community's journal.
    pub position: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// How often it was tried since it last began to wait.
    pub attempts: u32,
    /// When it is tried next, while it waits.
    pub next_at: Timestamp,
    /// When it was tried last.
    pub tried_at: Option<Timestamp>,
    /// The HTTP status of the last answer, if there was one.
    pub status: Option<u32>,
    /// Why the last try failed.
    pub problem: Option<Failing>,
}

/// Why a try failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// The receiver answered something other than 2xx.
    Status,
    /// No answer in time.
    Timeout,
    /// The host's name leads nowhere.
    Host,
    /// The host's name leads into a private network.
    Private,
    /// No connection, or it broke off.
    Connection,
    /// The certificate or the TLS handshake is not in order.
    Tls,
    /// The webhook's secret does not open with this installation's keys.
    Secret,
}

impl Failing {
    const ALL: [Self; 7] = [
        Self::Status,
        Self::Timeout,
        Self::Host,
        Self::Private,
        Self::Connection,
        Self::Tls,
        Self::Secret,
    ];

    /// The name in storage and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Timeout => "timeout",
            Self::Host => "host",
            Self::Private => "private",
            Self::Connection => "connection",
            Self::Tls => "tls",
            Self::Secret => "secret",
        }
    }

    /// The failing with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failing| failing.name() == name)
    }
}

/// Seconds between a failed try and the next, as Standard Webhooks suggests; after the last one the delivery is given
/// up, some three days after the first try.
pub const RETRY_SECONDS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Seconds until the try after the `attempts`-th, or `None` if that was the last. `chance` is uniform below 2³²: it
/// spreads the wait by up to a tenth, so that receivers that were down together aren't called together.
pub fn retry_seconds(attempts: u32, chance: u32) -> Option<i64> {
    let place = usize::try_from(attempts.saturating_sub(1)).ok()?;
    let seconds = RETRY_SECONDS.get(place)?;
    let spread = (i128::from(*seconds) * i128::from(chance)) / (10 << 32);
    Some(seconds + i64::try_from(spread).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        assert_eq!(retry_seconds(1, 0), Some(5));
        assert_eq!(retry_seconds(2, 0), Some(300));
        assert_eq!(retry_seconds(9, 0), Some(86_400));
        assert_eq!(retry_seconds(10, 0), None);
        assert_eq!(retry_seconds(u32::MAX, u32::MAX), None);
    }

    #[test]
    fn a_wait_is_spread_by_less_than_a_tenth() {
        for attempts in 1..=9 {
            let (least, most) = (
                retry_seconds(attempts, 0),
                retry_seconds(attempts, u32::MAX),
            );
            assert!(most >= least, "{attempts}");
            assert!(most.unwrap() * 10 < least.unwrap() * 11, "{attempts}");
        }
        assert_eq!(retry_seconds(2, u32::MAX), Some(329));
    }

    #[test]
    fn names_lead_back() {
        for failing in Failing::ALL {
            assert_eq!(Failing::from_name(failing.name()), Some(failing));
        }
        assert_eq!(Outcome::from_name("lost"), None);
        assert_eq!(PauseReason::from_name("gone"), Some(PauseReason::Gone));
    }
}
