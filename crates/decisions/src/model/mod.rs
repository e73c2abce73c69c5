//! Resolutions in the law's own terms, and the rules that need no database.

use ballot::resolution::{Choice, Matter, Requirement, SilenceRule, Thresholds};
use kernel::{Permission, Role, Timestamp, Window};
use serde::{Deserialize, Serialize};

use crate::Error;

kernel::id! {
    /// A resolution (业主共同决定事项): one question put to the owners.
    pub struct ResolutionId;
}
kernel::id! {
    /// A document attached to a resolution, or evidence of a vote or delivery.
    pub struct AttachmentId;
}
kernel::id! {
    /// A delivery of the ballot to a unit.
    pub struct DeliveryId;
}
kernel::id! {
    /// An objection to the preliminary result (异议).
    pub struct ObjectionId;
}
kernel::id! {
    /// A correction of a vote that was recorded wrongly.
    pub struct CorrectionId;
}
db::id_column!(
    ResolutionId,
    AttachmentId,
    DeliveryId,
    ObjectionId,
    CorrectionId
);

/// See resolutions, results and the published record.
pub const READ: Permission = Permission("decisions.read");
/// Draft, change and withdraw resolutions.
pub const DRAFT: Permission = Permission("decisions.draft");
/// Publish a resolution, which freezes its electorate.
pub const PUBLISH: Permission = Permission("decisions.publish");
/// Vote for one's own units.
pub const VOTE: Permission = Permission("decisions.vote");
/// Record votes cast on paper, at the door or by phone.
pub const RECORD_VOTE: Permission = Permission("decisions.record-vote");
/// Record that a ballot was delivered.
pub const DELIVER: Permission = Permission("decisions.deliver");
/// Count after the close.
pub const COUNT: Permission = Permission("decisions.count");
/// Object to a preliminary result.
pub const OBJECT: Permission = Permission("decisions.object");
/// Answer objections and announce the result.
pub const ANNOUNCE: Permission = Permission("decisions.announce");
/// Propose, confirm or refuse the correction of a vote that was recorded wrongly.
pub const CORRECT: Permission = Permission("decisions.correct-vote");
/// Adopt the community's rules for deciding (议事规则).
pub const ADOPT_RULES: Permission = Permission("decisions.adopt-rules");

/// Who may do what unless the community says otherwise.
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
    (DRAFT, &[Role::CommitteeMember]),
    (PUBLISH, &[Role::CommitteeMember]),
    (VOTE, &[Role::Owner]),
    (RECORD_VOTE, &[Role::CommitteeMember]),
    (DELIVER, &[Role::CommitteeMember, Role::Butler]),
    (COUNT, &[Role::CommitteeMember, Role::CityStaff]),
    (OBJECT, &[Role::Owner]),
    (ANNOUNCE, &[Role::CommitteeMember]),
    (CORRECT, &[Role::CommitteeMember, Role::CityStaff]),
    (ADOPT_RULES, &[Role::CommitteeMember]),
];

/// Declares an enum whose variants have one name each in storage, forms and JSON.
macro_rules! named {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every one, in the order of definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in storage, forms and JSON.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The one with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

mod agenda;
mod election;
mod turnout;

pub use agenda::*;
pub use election::*;
pub use turnout::*;

named! {
    /// The kind of owners' meeting (业主大会会议), which decides the notice.
    pub enum Meeting {
        /// 定期会议.
        Regular = "regular",
        /// 临时会议.
        Extraordinary = "extraordinary",
    }
}

named! {
    /// How a vote came in.
    pub enum Channel {
        /// 电子投票: the owner's own, on the platform.
        Electronic = "electronic",
        /// 纸质表决票.
        Paper = "paper",
        /// 上门征求意见: taken down at the door.
        Door = "door",
        /// 电话表决, with a recording.
        Phone = "phone",
    }
}

named! {
    /// How a ballot was delivered (送达).
    pub enum DeliveryChannel {
        /// The owner opened the ballot on the platform.
        Electronic = "electronic",
        /// Handed over against a signature.
        Hand = "hand",
        /// Registered mail.
        Post = "post",
        /// A message whose receipt is on record.
        Message = "message",
        /// Left in the letter box, with a picture.
        LetterBox = "letter_box",
    }
}

named! {
    /// Where a resolution stands; derived from what was done and the time, never stored.
    pub enum Stage {
        /// 起草中.
        Draft = "draft",
        /// 公告期: announced, not open yet.
        Notice = "notice",
        /// 表决中.
        Voting = "voting",
        /// 待计票: closed, not counted yet.
        Closed = "closed",
        /// 结果公示期: the preliminary result stands open to objections.
        Objection = "objection",
        /// The objection period is over, the announcement is due.
        Settled = "settled",
        /// 已公告: final.
        Announced = "announced",
        /// 已撤回.
        Withdrawn = "withdrawn",
    }
}

/// A rule of silence as an official text says it.
pub(crate) trait SilenceRuleZh {
    /// The rule in Chinese.
    fn chinese(self) -> &'static str;
}

impl SilenceRuleZh for SilenceRule {
    fn chinese(self) -> &'static str {
        match self {
            Self::NotCounted => "不计入参与表决",
            Self::Participates => "计入参与表决，视为弃权",
            Self::FollowsMajority => "计入参与表决，随多数意见",
        }
    }
}

/// How a community decides: its rules of procedure (议事规则), as far as Linli acts on them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// 1, 2, 3… within the community; 0 where it has adopted none.
    pub version: u32,
    /// Where it says so: the document and article of the community's rules.
    pub source: String,
    /// What silence after an effective delivery means.
    pub silence: SilenceRule,
    /// Whether a vote may be changed until the close.
    pub vote_may_change: bool,
    /// Whether "follow the majority" may be chosen.
    pub follow_allowed: bool,
    /// Whether turnout is shown while the vote runs.
    pub turnout_while_open: bool,
    /// How many days the preliminary result stands open to objections.
    pub objection_days: u32,
    /// For how many days, at most, the vote may be extended once where too few have taken part; 0 for not at all.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub extension_days: u32,
}

/// Rules that were adopted before there was such a rule are told as they were.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Default for Rules {
    /// What holds where a community has adopted nothing: silence is not counted, a vote stands as cast, nothing is shown
    /// while the vote runs.
    fn default() -> Self {
        Self {
            version: 0,
            source: String::new(),
            silence: SilenceRule::NotCounted,
            vote_may_change: false,
            follow_allowed: false,
            turnout_while_open: false,
            objection_days: 7,
            extension_days: 0,
        }
    }
}

/// What a resolution was published under; frozen at publication, so that it is counted by the law of that day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// When votes are taken.
    pub window: Window,
    /// The community's rules.
    pub rules: Rules,
    /// What the matter demands.
    pub thresholds: Thresholds,
    /// What the majority of those who voted must reach of all owners before silence may count, where the law asks it
    /// (Zhejiang property management regulations Art. 10(2)): by heads, by area.
    #[serde(default)]
    pub silence_floor: Option<(Requirement, Requirement)>,
    /// Who stands, where the resolution elects members by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub election: Option<ElectionTerms>,
    /// The clauses that were applied, as text with their status.
    pub grounds: Vec<Ground>,
}

impl Terms {
    /// The same, closing at another time if one is given: a vote that was extended.
    #[must_use]
    pub fn until(mut self, closes: Option<Timestamp>) -> Self {
        if let Some(closes) = closes {
            self.window.closes = closes;
        }
        self
    }
}

/// A clause that was applied, to be shown beside what it decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// What it decided: `thresholds`, `notice`, `window`, `results`.
    pub about: String,
    /// The law and article.
    pub citation: String,
    /// The clause's words, where they are held.
    pub quote: String,
    /// Whether the clause was read in the law's text.
    pub verified: bool,
}

/// What a drafter writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The question, in a line.
    pub title: String,
    /// The text put to the vote.
    pub body: String,
    /// Which of the matters of Civil Code 278 it is.
    pub matter: Matter,
    /// Regular or extraordinary meeting.
    pub meeting: Meeting,
    /// When votes are taken.
    pub window: Window,
}

/// The longest title, in characters.
pub const MAX_TITLE: usize = 100;
/// The longest text put to the vote, of an objection, answer or piece of evidence, in characters.
pub const MAX_TEXT: usize = 20_000;
/// The largest attachment, in bytes.
pub const MAX_ATTACHMENT: usize = 10 * 1024 * 1024;
/// The most attachments of a resolution and its evidence.
pub const MAX_ATTACHMENTS: usize = 200;

impl Draft {
    /// Refuses an empty or overlong title or text and a window that closes before it opens.
    pub fn check(&self) -> Result<(), Error> {
        check_text("title", &self.title, MAX_TITLE)?;
        check_text("body", &self.body, MAX_TEXT)?;
        if self.window.opens >= self.window.closes {
            return Err(Error::WindowReversed);
        }
        Ok(())
    }
}

/// A vote shorter than this, in days, is published only when confirmed: its times may be a slip of the hand. No law
/// says so; where one sets a window, that is checked first.
const SHORT_DAYS: i64 = 3;
/// So is a longer one.
const LONG_DAYS: i64 = 60;
/// So is one that opens later than this after its publication, in days.
const FAR_DAYS: i64 = 180;

/// Whether a window is so short, long or far off that it may be a slip.
pub fn is_unusual(window: Window, now: Timestamp) -> bool {
    window.closes < window.opens.plus_days(SHORT_DAYS)
        || window.closes > window.opens.plus_days(LONG_DAYS)
        || window.opens > now.plus_days(FAR_DAYS)
}

/// The names of these, for a message.
pub(crate) fn names(all: impl IntoIterator<Item = &'static str>) -> String {
    all.into_iter().collect::<Vec<_>>().join(", ")
}

/// Refuses a text that is blank or longer than `max` characters.
pub fn check_text(field: &'static str, text: &str, max: usize) -> Result<(), Error> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        Err(Error::Blank { field })
    } else if length > max {
        Err(Error::TooLong { field, length, max })
    } else {
        Ok(())
    }
}

/// What was done to a resolution, as far as its stage depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// When votes are taken, once published.
    pub window: Option<Window>,
    /// Until when objections are taken, once counted.
    pub objections_until: Option<Timestamp>,
    /// When it was announced.
    pub announced_at: Option<Timestamp>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

impl Progress {
    /// Where the resolution stands at `now`.
    pub fn stage(&self, now: Timestamp) -> Stage {
        if self.withdrawn_at.is_some() {
            return Stage::Withdrawn;
        }
        let Some(window) = self.window else {
            return Stage::Draft;
        };
        match (self.announced_at, self.objections_until) {
            (Some(_), _) => Stage::Announced,
            (None, Some(until)) if now < until => Stage::Objection,
            (None, Some(_)) => Stage::Settled,
            (None, None) if now < window.opens => Stage::Notice,
            (None, None) if now < window.closes => Stage::Voting,
            (None, None) => Stage::Closed,
        }
    }
}

/// The short code of a receipt: 12 characters of the vote's commitment, in groups, without look-alikes.
pub fn receipt_code(commitment: proof::Hash) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let bits = commitment
        .0
        .iter()
        .take(8)
        .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let mut code = String::with_capacity(14);
    for place in 0..12_u32 {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        let letter = usize::try_from(bits >> (59 - 5 * place) & 31).unwrap_or(0);
        code.push(char::from(ALPHABET.get(letter).copied().unwrap_or(b'0')));
    }
    code
}

/// What a person types of a code, brought to the form that is stored.
pub fn normalise_code(typed: &str) -> String {
    let letters: Vec<char> = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .take(12)
        .collect();
    letters
        .chunks(4)
        .map(String::from_iter)
        .collect::<Vec<_>>()
        .join("-")
}

/// A unit of a frozen electorate with what stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedUnit {
    /// The unit's number.
    pub label: String,
    /// Its exclusive area.
    pub area: units::Area,
    /// Which head it belongs to; the developer's is its own.
    pub head: u32,
    /// Whether it is the developer's.
    pub developer: bool,
    /// What was cast for it, or `Silent` where only delivered, or `Unserved`.
    pub choice: Choice,
}

impl CountedUnit {
    /// The unit as the counting engine takes it.
    pub fn for_count(&self) -> ballot::resolution::Unit {
        let owner = if self.developer {
            ballot::resolution::Owner::Developer
        } else {
            ballot::resolution::Owner::of([self.head.to_string()])
        };
        ballot::resolution::Unit {
            unit: self.label.clone(),
            owner,
            area: self.area,
            choice: self.choice,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_follows_the_clock_and_what_was_done() {
        let at = Timestamp::from_micros;
        let mut progress = Progress::default();
        assert_eq!(progress.stage(at(0)), Stage::Draft);
        progress.window = Some(Window {
            opens: at(10),
            closes: at(20),
        });
        assert_eq!(progress.stage(at(9)), Stage::Notice);
        assert_eq!(progress.stage(at(10)), Stage::Voting);
        assert_eq!(progress.stage(at(20)), Stage::Closed);
        progress.objections_until = Some(at(30));
        assert_eq!(progress.stage(at(29)), Stage::Objection);
        assert_eq!(progress.stage(at(30)), Stage::Settled);
        progress.announced_at = Some(at(31));
        assert_eq!(progress.stage(at(99)), Stage::Announced);
        progress.withdrawn_at = Some(at(1));
        assert_eq!(progress.stage(at(99)), Stage::Withdrawn);
    }

    #[test]
    fn a_receipt_code_survives_the_way_people_type_it() {
        let code = receipt_code(proof::Hash([0b1000_0110; 32]));
        assert_eq!(code.len(), 14);
        assert_eq!(normalise_code(&code.to_lowercase().replace('-', " ")), code);
        assert_eq!(normalise_code("o1il-5678-9abc"), "0111-5678-9ABC");
    }
}
