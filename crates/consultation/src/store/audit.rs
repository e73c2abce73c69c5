//! SQL of the audit: the tables in the order of their keys.

use journal::{KeyType, Table};

db::statements! {
    TEXTS = "select consultation_id, title, draft, closes, drafted_by, drafted_at, changed_at from consultation \
        where community_id = $1 and consultation_id > $2 order by consultation_id limit $3";
    PUBLICATIONS = "select consultation_id, published_by, published_at from consultation_publication \
        where community_id = $1 and consultation_id > $2 order by consultation_id limit $3";
    MADE = "select consultation_id, number, clause, channel, text, same_as, received_at, said_by, said_at \
        from consultation_comment where community_id = $1 and (consultation_id, number) > ($2, $3) \
        order by consultation_id, number limit $4";
    WITHDRAWALS = "select consultation_id, number, withdrawn_at from consultation_withdrawal \
        where community_id = $1 and (consultation_id, number) > ($2, $3) order by consultation_id, number limit $4";
    ANSWERS = "select consultation_id, answer_id, outcome, reason, answered_by, answered_at from consultation_answer \
        where community_id = $1 and (consultation_id, answer_id) > ($2, $3) order by consultation_id, answer_id limit $4";
    ANSWERED = "select consultation_id, number, answer_id from consultation_answered \
        where community_id = $1 and (consultation_id, number) > ($2, $3) order by consultation_id, number limit $4";
    VERSIONS = "select consultation_id, number, clauses, note, issued_by, issued_at from consultation_version \
        where community_id = $1 and (consultation_id, number) > ($2, $3) order by consultation_id, number limit $4";
}

const CONSULTATION: (&str, KeyType) = ("consultation_id", KeyType::Id);
const NUMBER: (&str, KeyType) = ("number", KeyType::Number);

const fn table(
    name: &'static str,
    keys: &'static [(&'static str, KeyType)],
    columns: usize,
    page: &'static str,
) -> Table {
    Table {
        name,
        keys,
        columns,
        page,
        one: "",
    }
}

/// The tables whose every row an entry tells.
pub(crate) static TABLES: &[&Table] = &[
    &table("consultation", &[CONSULTATION], 7, TEXTS),
    &table("consultation_publication", &[CONSULTATION], 3, PUBLICATIONS),
    &table("consultation_comment", &[CONSULTATION, NUMBER], 9, MADE),
    &table(
        "consultation_withdrawal",
        &[CONSULTATION, NUMBER],
        3,
        WITHDRAWALS,
    ),
    &table(
        "consultation_answer",
        &[CONSULTATION, ("answer_id", KeyType::Id)],
        6,
        ANSWERS,
    ),
    &table(
        "consultation_answered",
        &[CONSULTATION, NUMBER],
        3,
        ANSWERED,
    ),
    &table("consultation_version", &[CONSULTATION, NUMBER], 6, VERSIONS),
];
