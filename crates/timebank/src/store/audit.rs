//! The time bank's tables as the audit reads them, and what a command says of the rows that it wrote.

use db::{Tx, Value};
use journal::{KeyType, Table, rewrote};
use kernel::CommunityId;

db::statements! {
    SCHEME_PAGE = "select revision, scheme, confirm_after_days, chosen_at, chosen_by from timebank_scheme where community_id \
        = $1 and revision > $2 order by revision limit $3";
    SCHEME_ROW = "select revision, scheme, confirm_after_days, chosen_at, chosen_by from timebank_scheme where community_id \
        = $1 and revision = $2";
    SERVICE_PAGE = "select service_id, title, minutes, made_at, made_by, ended_at from timebank_service where community_id = \
        $1 and service_id > $2 order by service_id limit $3";
    SERVICE_ROW = "select service_id, title, minutes, made_at, made_by, ended_at from timebank_service where community_id = \
        $1 and service_id = $2";
    VOLUNTEER_PAGE = "select account_id, number, profile, enrolled_at, vetted_at, vetted_by, is_fit, note from \
        timebank_volunteer where community_id = $1 and account_id > $2 order by account_id limit $3";
    VOLUNTEER_ROW = "select account_id, number, profile, enrolled_at, vetted_at, vetted_by, is_fit, note from \
        timebank_volunteer where community_id = $1 and account_id = $2";
    ELDER_PAGE = "select elder_id, account_id, profile, consent, evidence, enrolled_at, enrolled_by, withdrawn_at, \
        withdrawn_by, is_hardship, entitled_at, entitled_by from timebank_elder where community_id = $1 and \
        elder_id > $2 order by elder_id limit $3";
    ELDER_ROW = "select elder_id, account_id, profile, consent, evidence, enrolled_at, enrolled_by, withdrawn_at, \
        withdrawn_by, is_hardship, entitled_at, entitled_by from timebank_elder where community_id = $1 and \
        elder_id = $2";
    RELATION_PAGE = "select relation_id, elder_id, account_id, bond, evidence, confirmed_at, confirmed_by from \
        timebank_relation where community_id = $1 and relation_id > $2 order by relation_id limit $3";
    RELATION_ROW = "select relation_id, elder_id, account_id, bond, evidence, confirmed_at, confirmed_by from \
        timebank_relation where community_id = $1 and relation_id = $2";
    REQUEST_PAGE = "select request_id, elder_id, service_id, minutes, begins, gender_wish, note, channel, paid_by, payer, \
        requested_at, requested_by, closed_at, closed_by from timebank_request where community_id = $1 and \
        request_id > $2 order by request_id limit $3";
    REQUEST_ROW = "select request_id, elder_id, service_id, minutes, begins, gender_wish, note, channel, paid_by, payer, \
        requested_at, requested_by, closed_at, closed_by from timebank_request where community_id = $1 and \
        request_id = $2";
    VISIT_PAGE = "select visit_id, request_id, volunteer_id, code, for_team, is_reserved, accepted_at, came_at, left_at, \
        entered_by, place, confirmed_at, confirmed_by, confirmed_as, credited, overflow, posting, \
        overflow_posting, cancelled_at, cancelled_by, reason from timebank_visit where community_id = $1 and \
        visit_id > $2 order by visit_id limit $3";
    VISIT_ROW = "select visit_id, request_id, volunteer_id, code, for_team, is_reserved, accepted_at, came_at, left_at, \
        entered_by, place, confirmed_at, confirmed_by, confirmed_as, credited, overflow, posting, \
        overflow_posting, cancelled_at, cancelled_by, reason from timebank_visit where community_id = $1 and \
        visit_id = $2";
    GIFT_PAGE = "select gift_id, kind, giver_id, receiver_id, minutes, given_at, given_by from timebank_gift where \
        community_id = $1 and gift_id > $2 order by gift_id limit $3";
    GIFT_ROW = "select gift_id, kind, giver_id, receiver_id, minutes, given_at, given_by from timebank_gift where \
        community_id = $1 and gift_id = $2";
    COMPLAINT_PAGE = "select complaint_id, visit_id, said, made_at, made_by, settled_at, settled_by, is_upheld, ruling from \
        timebank_complaint where community_id = $1 and complaint_id > $2 order by complaint_id limit $3";
    COMPLAINT_ROW = "select complaint_id, visit_id, said, made_at, made_by, settled_at, settled_by, is_upheld, ruling from \
        timebank_complaint where community_id = $1 and complaint_id = $2";
    SIGNAL_PAGE = "select signal_id, kind, sign, accounts, detail, raised_at, settled_at, settled_by, note from timebank_signal where community_id = $1 and signal_id > $2 order by signal_id limit $3";
    SIGNAL_ROW = "select signal_id, kind, sign, accounts, detail, raised_at, settled_at, settled_by, note from timebank_signal where community_id = $1 and signal_id = $2";
    PAIR_PAGE = "select partner_id, revision, limit_minutes, agreed_at, ended_at, ended_by from timebank_pair \
        where community_id = $1 and partner_id > $2 order by partner_id limit $3";
    PAIR_ROW = "select partner_id, revision, limit_minutes, agreed_at, ended_at, ended_by from timebank_pair \
        where community_id = $1 and partner_id = $2";
    CROSSING_PAGE = "select crossing_id, partner_id, is_out, kind, minutes, holder_id, ground, made_at, made_by, state, refusal, \
        answered_at, answered_by from timebank_crossing where community_id = $1 and crossing_id > $2 order by crossing_id \
        limit $3";
    CROSSING_ROW = "select crossing_id, partner_id, is_out, kind, minutes, holder_id, ground, made_at, made_by, state, refusal, \
        answered_at, answered_by from timebank_crossing where community_id = $1 and crossing_id = $2";
}

pub(crate) static SCHEME: Table = Table {
    name: "timebank_scheme",
    keys: &[("revision", KeyType::Number)],
    columns: 5,
    page: SCHEME_PAGE,
    one: SCHEME_ROW,
};
pub(crate) static SERVICE: Table = Table {
    name: "timebank_service",
    keys: &[("service_id", KeyType::Id)],
    columns: 6,
    page: SERVICE_PAGE,
    one: SERVICE_ROW,
};
pub(crate) static VOLUNTEER: Table = Table {
    name: "timebank_volunteer",
    keys: &[("account_id", KeyType::Id)],
    columns: 8,
    page: VOLUNTEER_PAGE,
    one: VOLUNTEER_ROW,
};
pub(crate) static ELDER: Table = Table {
    name: "timebank_elder",
    keys: &[("elder_id", KeyType::Id)],
    columns: 12,
    page: ELDER_PAGE,
    one: ELDER_ROW,
};
pub(crate) static RELATION: Table = Table {
    name: "timebank_relation",
    keys: &[("relation_id", KeyType::Id)],
    columns: 7,
    page: RELATION_PAGE,
    one: RELATION_ROW,
};
pub(crate) static REQUEST: Table = Table {
    name: "timebank_request",
    keys: &[("request_id", KeyType::Id)],
    columns: 14,
    page: REQUEST_PAGE,
    one: REQUEST_ROW,
};
pub(crate) static VISIT: Table = Table {
    name: "timebank_visit",
    keys: &[("visit_id", KeyType::Id)],
    columns: 21,
    page: VISIT_PAGE,
    one: VISIT_ROW,
};
pub(crate) static GIFT: Table = Table {
    name: "timebank_gift",
    keys: &[("gift_id", KeyType::Id)],
    columns: 7,
    page: GIFT_PAGE,
    one: GIFT_ROW,
};
pub(crate) static COMPLAINT: Table = Table {
    name: "timebank_complaint",
    keys: &[("complaint_id", KeyType::Id)],
    columns: 9,
    page: COMPLAINT_PAGE,
    one: COMPLAINT_ROW,
};
pub(crate) static PAIR: Table = Table {
    name: "timebank_pair",
    keys: &[("partner_id", KeyType::Id)],
    columns: 6,
    page: PAIR_PAGE,
    one: PAIR_ROW,
};
pub(crate) static CROSSING: Table = Table {
    name: "timebank_crossing",
    keys: &[("crossing_id", KeyType::Id)],
    columns: 13,
    page: CROSSING_PAGE,
    one: CROSSING_ROW,
};
pub(crate) static SIGNAL: Table = Table {
    name: "timebank_signal",
    keys: &[("signal_id", KeyType::Id)],
    columns: 9,
    page: SIGNAL_PAGE,
    one: SIGNAL_ROW,
};

/// Every table of the module.
pub(crate) static TABLES: [&Table; 12] = [
    &SCHEME, &SERVICE, &VOLUNTEER, &ELDER, &RELATION, &REQUEST, &VISIT, &GIFT, &COMPLAINT, &PAIR,
    &CROSSING, &SIGNAL,
];

/// Has the command's entry vouch for a row that was just written.
pub(super) fn vouch(
    tx: &mut dyn Tx,
    table: &'static Table,
    community: CommunityId,
    key: impl Into<Value>,
) -> Result<(), db::Error> {
    rewrote(tx, table, community, &[key.into()])
}
