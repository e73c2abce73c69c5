//! What may stand in the way of deciding.

use kernel::{Denied, Finding, Kind, Problem, Timestamp};

use crate::model::Stage;

/// An error of a decision.
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
    /// The roll said no.
    #[error(transparent)]
    People(#[from] people::Error),
    /// No policy answers, or not with what is needed.
    #[error(transparent)]
    Policy(#[from] policy::Error),
    /// The electorate can't be counted.
    #[error(transparent)]
    Ballot(#[from] ballot::BallotError),
    /// There is no such resolution, or none that this actor may see.
    #[error("there is no such resolution in this community; look at the list")]
    NoSuchResolution,
    /// There is no such thing under this resolution.
    #[error("the resolution has no such {what}; reload its page")]
    NoSuchPart {
        /// What is missing.
        what: &'static str,
    },
    /// No ballot stands under a code.
    #[error("the published record has no ballot under this code; compare it with the receipt")]
    NoSuchBallot,
    /// The resolution is at another stage.
    #[error("this can't be done while the resolution is at the stage \"{}\"; it needs {needed}", stage.name())]
    WrongStage {
        /// Where it stands.
        stage: Stage,
        /// Where it must stand.
        needed: &'static str,
    },
    /// A vote before the window.
    #[error("the vote opens on {}; come back then", local(*opens))]
    NotOpenYet {
        /// When votes are taken from.
        opens: Timestamp,
    },
    /// A vote after the window, by the server's time.
    #[error("the vote closed on {}; nothing can be cast any more", local(*closes))]
    VoteOver {
        /// When it closed.
        closes: Timestamp,
    },
    /// A vote received before the one that stands.
    #[error("the unit voted on {}, after this vote was received; the later one counts", local(*at))]
    LaterVoteStands {
        /// When the vote that stands was cast or received.
        at: Timestamp,
    },
    /// A vote beside the platform that would replace one on it after the close.
    #[error(
        "the unit voted on the platform, and the vote closed on {}: nothing replaces it any more; the owner may object", local(*closes)
    )]
    TooLateToReplace {
        /// When the vote closed.
        closes: Timestamp,
    },
    /// A vote recorded by hand with a channel that is not.
    #[error(
        "\"{given}\" is no way in which a vote comes in beside the platform; it is one of {allowed}"
    )]
    NotByHand {
        /// What was sent.
        given: String,
        /// What there is.
        allowed: String,
    },
    /// A word that stands for nothing here.
    #[error("the field {field} has \"{given}\"; it is one of {allowed}")]
    NotOneOf {
        /// The field.
        field: &'static str,
        /// What was sent.
        given: String,
        /// What there is.
        allowed: String,
    },
    /// A window so short, long or far off that it may be a slip.
    #[error(
        "the vote would run from {} to {}: is that meant? Confirm it, or correct the times", local(*opens), local(*closes)
    )]
    UnusualWindow {
        /// When it would open.
        opens: Timestamp,
        /// When it would close.
        closes: Timestamp,
    },
    /// The unit is not in this resolution's electorate.
    #[error("the unit is not in the electorate of this resolution; check the unit")]
    NotInElectorate,
    /// The actor owns no unit that is asked for.
    #[error("you are not an owner of this unit; ask the committee to correct the roll")]
    NotYourUnit,
    /// A co-owner votes without being the unit's voice.
    #[error(
        "the owners of this unit have not appointed you its voice; agree on one voice first (the unit's page)"
    )]
    NotTheVoice,
    /// The vote stands and the rules allow no change.
    #[error("the unit has voted, and the community's rules allow no change")]
    AlreadyVoted,
    /// Following the majority is not provided for.
    #[error(
        "the community's rules do not allow to follow the majority; choose for, against or abstain"
    )]
    FollowNotAllowed,
    /// A choice that nobody casts: silence.
    #[error("\"{choice}\" is not something to cast; choose for, against or abstain")]
    NotCastable {
        /// What was sent.
        choice: String,
    },
    /// A vote on paper, at the door or by phone without evidence.
    #[error(
        "a vote that was not cast on the platform needs evidence: who took it, when, and where the paper or recording lies"
    )]
    EvidenceMissing,
    /// A paper vote received outside the window.
    #[error("the vote was received outside the voting window and can't count")]
    OutsideWindow,
    /// An unanswered objection.
    #[error("{count} objections have no answer yet; answer them before announcing")]
    ObjectionsUnanswered {
        /// How many.
        count: u64,
    },
    /// The notice is too short.
    #[error(
        "notice is given {given} days before the vote opens, {required} are required ({citation}); let it open later"
    )]
    NoticeTooShort {
        /// Days between publication and opening.
        given: i64,
        /// Days required.
        required: i64,
        /// The clause.
        citation: String,
    },
    /// The voting window is shorter or longer than the rule in force allows.
    #[error("the voting window has {days} days; it must have {min} to {max} ({citation})")]
    WindowLength {
        /// Its length in days, begun days counted.
        days: i64,
        /// The least.
        min: i64,
        /// The most; 0 for no limit.
        max: i64,
        /// The clause.
        citation: String,
    },
    /// The window closes before it opens.
    #[error("the vote closes before it opens; correct the times")]
    WindowReversed,
    /// A required text is blank.
    #[error("the field {field} is empty; fill it in")]
    Blank {
        /// The field.
        field: &'static str,
    },
    /// A text is too long.
    #[error(
        "the field {field} has {length} characters, {max} are the most; shorten it or attach a document"
    )]
    TooLong {
        /// The field.
        field: &'static str,
        /// Its length.
        length: usize,
        /// The limit.
        max: usize,
    },
    /// An attachment is empty or too large.
    #[error("the file has {size} bytes; it must have 1 to {max}")]
    AttachmentSize {
        /// Its size.
        size: usize,
        /// The limit.
        max: usize,
    },
    /// An attachment of a type that browsers might run.
    #[error("files of type {media_type} are not taken; use PDF, a picture, Word or Excel")]
    AttachmentType {
        /// The type sent.
        media_type: String,
    },
    /// A file that is not of the kind it says.
    #[error(
        "the file says it is {media_type}, but its content is not; save it anew in that format"
    )]
    AttachmentContent {
        /// What it says.
        media_type: String,
    },
    /// Too many attachments.
    #[error("the resolution has {max} files already; remove one first")]
    TooManyAttachments {
        /// The limit.
        max: usize,
    },
    /// Nobody to ask.
    #[error("the roll has no unit that could vote; import the roll first")]
    EmptyElectorate,
    /// A stored value this version does not know.
    #[error(
        "the record holds {what} \"{value}\", which this version does not know; use the newest version"
    )]
    Unreadable {
        /// What it is.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// A correction of what an owner cast on the platform.
    #[error(
        "the owner cast this vote on the platform; only the owner changes it, where the rules allow it"
    )]
    CastByTheOwner,
    /// A correction to what stands already.
    #[error("this is what is recorded for the unit; there is nothing to correct")]
    CorrectsNothing,
    /// Another correction of the unit's vote has not ended.
    #[error(
        "a correction waits for its second signature; a second person confirms or refuses it first"
    )]
    CorrectionWaits,
    /// The correction was confirmed or refused by somebody else.
    #[error("this correction has ended; reload the page")]
    CorrectionEnded,
    /// One person signs twice.
    #[error("you proposed this correction yourself; another person must confirm it")]
    SameHand,
    /// The vote is another than the one that the correction is about.
    #[error(
        "the unit's vote has changed since the correction was proposed; refuse it and look again"
    )]
    VoteMovedOn,
    /// Something of an election where nobody is elected by name.
    #[error(
        "this resolution elects nobody by name; plan the election first, or vote for or against"
    )]
    NotAnElection,
    /// A vote for or against where candidates are to be picked.
    #[error("this is an election: pick candidates instead of voting for or against")]
    PicksMissing,
    /// A committee of a size that the law does not know.
    #[error(
        "the committee would have a number of seats that the law does not allow: {least} to {most}, odd where the law says so"
    )]
    Seats {
        /// The fewest.
        least: i64,
        /// The most.
        most: i64,
    },
    /// More in reserve than the law allows.
    #[error("at most {most} can stand in reserve for this many seats")]
    ReserveTooLarge {
        /// The most.
        most: i64,
    },
    /// Nominations that end in the past, or too late to announce the candidates.
    #[error("nominations must end after now and by {}, so that the candidates can be announced in time", local(*latest))]
    NominationsUntil {
        /// The latest end.
        latest: Timestamp,
    },
    /// A nomination after the end.
    #[error("nominations are over; ask the committee")]
    NominationsOver,
    /// A publication while names are still taken.
    #[error("nominations run until {}; publish after that", local(*until))]
    NominationsOpen {
        /// Their end.
        until: Timestamp,
    },
    /// A publication before every candidate was checked.
    #[error("not every candidate has been checked; find each fit or not first")]
    CandidatesUnchecked,
    /// Too few candidates.
    #[error("at least {least} candidates must stand; take more nominations, or plan fewer seats")]
    TooFewCandidates {
        /// The fewest.
        least: u32,
    },
    /// Too few owners behind a joint nomination.
    #[error("a joint nomination needs at least {least} owners")]
    TooFewSupporters {
        /// The fewest.
        least: i64,
    },
    /// Somebody named twice.
    #[error("this owner stands already")]
    StandsAlready,
    /// More candidates than a ballot can name.
    #[error("the ballot can name 100 candidates at most")]
    TooManyCandidates,
    /// A condition of the law that a candidate does not meet.
    #[error("the candidate did not declare to meet \"{}\" ({citation}); refuse, or ask for the declaration", condition.name())]
    ConditionMissing {
        /// The condition.
        condition: crate::model::Condition,
        /// The clause.
        citation: String,
    },
    /// Somebody withdraws another's candidacy.
    #[error("only the candidate withdraws; a withdrawal on paper is recorded by the committee")]
    NotTheCandidate,
    /// More picks than seats.
    #[error("at most {seats} candidates can be picked; take some away")]
    TooManyPicks {
        /// The seats.
        seats: u32,
    },
    /// A pick of somebody who withdrew.
    #[error("candidate {number} withdrew; pick somebody else")]
    CandidateWithdrew {
        /// The candidate's number.
        number: u32,
    },
    /// There is no such meeting.
    #[error("there is no such meeting in this community; look at the list")]
    NoSuchAssembly,
    /// A meeting without a matter.
    #[error("the meeting has nothing on its agenda; add a matter first")]
    EmptyAgenda,
    /// Too many matters.
    #[error("the agenda has {max} matters, which are the most; call another meeting")]
    AgendaFull {
        /// The limit.
        max: usize,
    },
    /// A matter of a meeting is published with the others.
    #[error("this matter stands on a meeting's agenda; publish the meeting, or take it off first")]
    OnAgenda,
    /// A matter of a meeting with another window or kind.
    #[error("this matter stands on a meeting's agenda; change kind and times of the meeting")]
    WindowOfAgenda,
    /// A ballot without any choice.
    #[error("nothing is chosen; choose for at least one matter")]
    BlankBallot,
    /// A round of reminders too soon after the last one.
    #[error("owners were reminded of late; the next reminder can go out on {}", local(*next))]
    RemindedOfLate {
        /// When the next may go out.
        next: Timestamp,
    },
    /// Every round of reminders was sent.
    #[error("the vote had {max} reminders, which are the most; visit those who are left")]
    RemindersSpent {
        /// The most.
        max: u32,
    },
    /// Everyone has voted, or wants no reminder.
    #[error("nobody is left to remind: all have voted, or asked not to be reminded")]
    NobodyToRemind,
    /// The vote was extended before.
    #[error("the vote was extended once; it can't be extended again")]
    AlreadyExtended,
    /// The rules provide for no extension.
    #[error(
        "the rules under which the vote was published provide for no extension; it closes as announced"
    )]
    ExtensionNotProvided,
    /// An extension to an earlier time, or beyond what the rules allow.
    #[error(
        "the vote can be extended by 1 to {days} days, until {} at the latest", local(*latest)
    )]
    ExtensionLength {
        /// The most days.
        days: u32,
        /// The latest close.
        latest: Timestamp,
    },
    /// Participation is reached.
    #[error("enough owners have taken part; the vote closes as announced")]
    EnoughTakePart,
    /// A number of days out of range.
    #[error("an extension has {days} days; it must have at most 60")]
    ExtensionDays {
        /// What was asked for.
        days: u32,
    },
    /// A number of days out of range.
    #[error("the objection period has {days} days; it must have 1 to 60")]
    ObjectionDays {
        /// What was asked for.
        days: u32,
    },
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(error) => error.kind(),
            Self::Database(error) => error.kind(),
            Self::Journal(error) => error.kind(),
            Self::People(error) => error.kind(),
            Self::NoSuchResolution
            | Self::NoSuchAssembly
            | Self::NoSuchPart { .. }
            | Self::NoSuchBallot => Kind::NotFound,
            Self::NotYourUnit | Self::NotTheVoice | Self::SameHand | Self::NotTheCandidate => {
                Kind::Denied
            }
            Self::WrongStage { .. }
            | Self::NotOpenYet { .. }
            | Self::VoteOver { .. }
            | Self::LaterVoteStands { .. }
            | Self::TooLateToReplace { .. }
            | Self::UnusualWindow { .. }
            | Self::AlreadyVoted
            | Self::CastByTheOwner
            | Self::CorrectionWaits
            | Self::CorrectionEnded
            | Self::VoteMovedOn
            | Self::AlreadyExtended
            | Self::OnAgenda
            | Self::NominationsOver
            | Self::NominationsOpen { .. }
            | Self::CandidatesUnchecked
            | Self::TooFewCandidates { .. }
            | Self::StandsAlready
            | Self::CandidateWithdrew { .. }
            | Self::AgendaFull { .. }
            | Self::RemindedOfLate { .. }
            | Self::RemindersSpent { .. }
            | Self::NobodyToRemind
            | Self::ExtensionNotProvided
            | Self::EnoughTakePart
            | Self::ObjectionsUnanswered { .. } => Kind::Conflict,
            Self::AttachmentSize { .. } => Kind::TooLarge,
            Self::Policy(_) | Self::Ballot(_) | Self::Unreadable { .. } => Kind::Internal,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(error) => error.code(),
            Self::Database(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::People(error) => error.code(),
            Self::Policy(_) => "decisions-error-policy",
            Self::Ballot(_) => "decisions-error-ballot",
            Self::NoSuchResolution => "decisions-error-no-such-resolution",
            Self::NoSuchPart { .. } => "decisions-error-no-such-part",
            Self::NoSuchBallot => "decisions-check-missing",
            Self::WrongStage { .. } => "decisions-error-wrong-stage",
            Self::NotOpenYet { .. } => "decisions-error-not-open-yet",
            Self::VoteOver { .. } => "decisions-error-vote-over",
            Self::LaterVoteStands { .. } => "decisions-error-later-vote-stands",
            Self::TooLateToReplace { .. } => "decisions-error-too-late-to-replace",
            Self::NotByHand { .. } => "decisions-error-not-by-hand",
            Self::NotOneOf { .. } => "decisions-error-not-one-of",
            Self::UnusualWindow { .. } => "decisions-error-unusual-window",
            Self::NotInElectorate => "decisions-error-not-in-electorate",
            Self::NotYourUnit => "decisions-error-not-your-unit",
            Self::NotTheVoice => "decisions-error-not-the-voice",
            Self::AlreadyVoted => "decisions-error-already-voted",
            Self::FollowNotAllowed => "decisions-error-follow-not-allowed",
            Self::NotCastable { .. } => "decisions-error-not-castable",
            Self::EvidenceMissing => "decisions-error-evidence-missing",
            Self::OutsideWindow => "decisions-error-outside-window",
            Self::ObjectionsUnanswered { .. } => "decisions-error-objections-unanswered",
            Self::NoticeTooShort { .. } => "decisions-error-notice-too-short",
            Self::WindowLength { max: 0, .. } => "decisions-error-window-too-short",
            Self::WindowLength { .. } => "decisions-error-window-length",
            Self::WindowReversed => "decisions-error-window-reversed",
            Self::Blank { .. } => "decisions-error-blank",
            Self::TooLong { .. } => "decisions-error-too-long",
            Self::AttachmentSize { .. } => "decisions-error-attachment-size",
            Self::AttachmentType { .. } => "decisions-error-attachment-type",
            Self::AttachmentContent { .. } => "decisions-error-attachment-content",
            Self::TooManyAttachments { .. } => "decisions-error-too-many-attachments",
            Self::EmptyElectorate => "decisions-error-empty-electorate",
            Self::Unreadable { .. } => "error-internal",
            Self::ObjectionDays { .. } => "decisions-error-objection-days",
            Self::CastByTheOwner => "decisions-error-cast-by-the-owner",
            Self::CorrectsNothing => "decisions-error-corrects-nothing",
            Self::CorrectionWaits => "decisions-error-correction-waits",
            Self::CorrectionEnded => "decisions-error-correction-ended",
            Self::SameHand => "decisions-error-same-hand",
            Self::VoteMovedOn => "decisions-error-vote-moved-on",
            Self::NotAnElection => "decisions-error-not-an-election",
            Self::PicksMissing => "decisions-error-picks-missing",
            Self::Seats { .. } => "decisions-error-seats",
            Self::ReserveTooLarge { .. } => "decisions-error-reserve-too-large",
            Self::NominationsUntil { .. } => "decisions-error-nominations-until",
            Self::NominationsOver => "decisions-error-nominations-over",
            Self::NominationsOpen { .. } => "decisions-error-nominations-open",
            Self::CandidatesUnchecked => "decisions-error-candidates-unchecked",
            Self::TooFewCandidates { .. } => "decisions-error-too-few-candidates",
            Self::TooFewSupporters { .. } => "decisions-error-too-few-supporters",
            Self::StandsAlready => "decisions-error-stands-already",
            Self::TooManyCandidates => "decisions-error-too-many-candidates",
            Self::ConditionMissing { .. } => "decisions-error-condition-missing",
            Self::NotTheCandidate => "decisions-error-not-the-candidate",
            Self::TooManyPicks { .. } => "decisions-error-too-many-picks",
            Self::CandidateWithdrew { .. } => "decisions-error-candidate-withdrew",
            Self::NoSuchAssembly => "decisions-error-no-such-assembly",
            Self::EmptyAgenda => "decisions-error-empty-agenda",
            Self::AgendaFull { .. } => "decisions-error-agenda-full",
            Self::OnAgenda => "decisions-error-on-agenda",
            Self::WindowOfAgenda => "decisions-error-window-of-agenda",
            Self::BlankBallot => "decisions-error-blank-ballot",
            Self::RemindedOfLate { .. } => "decisions-error-reminded-of-late",
            Self::RemindersSpent { .. } => "decisions-error-reminders-spent",
            Self::NobodyToRemind => "decisions-error-nobody-to-remind",
            Self::AlreadyExtended => "decisions-error-already-extended",
            Self::ExtensionNotProvided => "decisions-error-extension-not-provided",
            Self::ExtensionLength { .. } => "decisions-error-extension-length",
            Self::EnoughTakePart => "decisions-error-enough-take-part",
            Self::ExtensionDays { .. } => "decisions-error-extension-days",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(error) => error.arguments(),
            Self::Journal(error) => error.arguments(),
            Self::People(error) => error.arguments(),
            Self::Policy(error) => vec![("reason", error.to_string())],
            Self::Ballot(error) => vec![("reason", error.to_string())],
            Self::NoSuchPart { what } => vec![("what", (*what).to_owned())],
            Self::WrongStage { stage, .. } => vec![("stage", stage.name().to_owned())],
            Self::NotOpenYet { opens: at }
            | Self::VoteOver { closes: at }
            | Self::LaterVoteStands { at }
            | Self::TooLateToReplace { closes: at }
            | Self::RemindedOfLate { next: at }
            | Self::NominationsUntil { latest: at }
            | Self::NominationsOpen { until: at } => {
                vec![("at", local(*at))]
            }
            Self::UnusualWindow { opens, closes } => {
                vec![("opens", local(*opens)), ("closes", local(*closes))]
            }
            Self::NotByHand { given, allowed } => {
                vec![("given", given.clone()), ("allowed", allowed.clone())]
            }
            Self::NotOneOf {
                field,
                given,
                allowed,
            } => vec![
                ("field", (*field).to_owned()),
                ("given", given.clone()),
                ("allowed", allowed.clone()),
            ],
            Self::ObjectionsUnanswered { count } => vec![("count", count.to_string())],
            Self::NotCastable { choice } => vec![("choice", choice.clone())],
            Self::NoticeTooShort {
                given,
                required,
                citation,
            } => vec![
                ("given", given.to_string()),
                ("required", required.to_string()),
                ("citation", citation.clone()),
            ],
            Self::WindowLength {
                days,
                min,
                max,
                citation,
            } => vec![
                ("days", days.to_string()),
                ("min", min.to_string()),
                ("max", max.to_string()),
                ("citation", citation.clone()),
            ],
            Self::Blank { field } => vec![("field", (*field).to_owned())],
            Self::TooLong { field, length, max } => vec![
                ("field", (*field).to_owned()),
                ("length", length.to_string()),
                ("max", max.to_string()),
            ],
            Self::AttachmentSize { size, max } => {
                vec![("size", size.to_string()), ("max", max.to_string())]
            }
            Self::AttachmentType { media_type } | Self::AttachmentContent { media_type } => {
                vec![("type", media_type.clone())]
            }
            Self::TooManyAttachments { max } | Self::AgendaFull { max } => {
                vec![("max", max.to_string())]
            }
            Self::Seats { least, most } => {
                vec![("least", least.to_string()), ("most", most.to_string())]
            }
            Self::ReserveTooLarge { most } => vec![("most", most.to_string())],
            Self::TooFewCandidates { least } => vec![("least", least.to_string())],
            Self::TooFewSupporters { least } => vec![("least", least.to_string())],
            Self::ConditionMissing {
                condition,
                citation,
            } => vec![
                ("condition", condition.name().to_owned()),
                ("citation", citation.clone()),
            ],
            Self::TooManyPicks { seats } => vec![("seats", seats.to_string())],
            Self::CandidateWithdrew { number } => vec![("number", number.to_string())],
            Self::RemindersSpent { max } => vec![("max", max.to_string())],
            Self::ObjectionDays { days } | Self::ExtensionDays { days } => {
                vec![("days", days.to_string())]
            }
            Self::ExtensionLength { days, latest } => {
                vec![("days", days.to_string()), ("at", local(*latest))]
            }
            _ => Vec::new(),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        match self {
            Self::Blank { field } | Self::TooLong { field, .. } => vec![Finding {
                at: (*field).to_owned(),
                code: self.code().to_owned(),
                arguments: self
                    .arguments()
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            }],
            Self::People(error) => error.findings(),
            _ => Vec::new(),
        }
    }
}

/// An instant as people in China write it: `2026-12-01 09:00`.
fn local(at: Timestamp) -> String {
    at.rfc3339()
        .replacen('T', " ", 1)
        .chars()
        .take(16)
        .collect()
}
