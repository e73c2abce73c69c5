create table timebank_signal (
    community_id BYTEA not null,
    signal_id BYTEA not null,
    kind TEXT not null,
    sign TEXT not null,
    accounts TEXT not null,
    detail TEXT not null,
    raised_at BIGINT not null,
    settled_at BIGINT,
    settled_by BYTEA,
    note BYTEA,
    primary key (community_id, signal_id)
);

create unique index timebank_signal_once on timebank_signal (community_id, sign);

create index timebank_visit_confirmed on timebank_visit (community_id, confirmed_at) where confirmed_at is not null;
