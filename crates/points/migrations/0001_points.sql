create table points_rule (
    community_id BYTEA not null,
    rule_id BYTEA not null,
    title TEXT not null,
    evidence TEXT not null,
    points BIGINT not null,
    daily_cap BIGINT not null,
    yearly_cap BIGINT not null,
    valid_days BIGINT not null,
    earned_by TEXT not null,
    confirmed_by TEXT not null,
    event TEXT,
    made_at BIGINT not null,
    made_by BYTEA not null,
    ended_at BIGINT,
    primary key (community_id, rule_id)
);

create table points_claim (
    community_id BYTEA not null,
    claim_id BYTEA not null,
    rule_id BYTEA not null,
    account_id BYTEA not null,
    evidence BYTEA not null,
    claimed_at BIGINT not null,
    decided_at BIGINT,
    decided_by BYTEA,
    is_confirmed BOOLEAN,
    reason TEXT,
    session_id BYTEA,
    primary key (community_id, claim_id)
);

create unique index points_claim_of_session on points_claim (community_id, session_id, account_id)
    where session_id is not null;

create index points_claim_of_account on points_claim (community_id, account_id, claim_id);

create index points_claim_waiting on points_claim (community_id, claim_id) where decided_at is null;

create table points_item (
    community_id BYTEA not null,
    item_id BYTEA not null,
    title TEXT not null,
    kind TEXT not null,
    price BIGINT not null,
    stock BIGINT not null,
    per_year BIGINT not null,
    offset_fen BIGINT not null,
    provider_id BYTEA not null,
    offered_at BIGINT not null,
    approved_at BIGINT,
    approved_by BYTEA,
    ended_at BIGINT,
    primary key (community_id, item_id)
);

create table points_redemption (
    community_id BYTEA not null,
    redemption_id BYTEA not null,
    item_id BYTEA not null,
    account_id BYTEA not null,
    price BIGINT not null,
    code TEXT not null,
    redeemed_at BIGINT not null,
    deadline BIGINT not null,
    closed_at BIGINT,
    is_handed_over BOOLEAN,
    primary key (community_id, redemption_id)
);

create unique index points_redemption_by_code on points_redemption (community_id, code);

create index points_redemption_of_item on points_redemption (community_id, item_id, redemption_id);

create index points_redemption_of_account on points_redemption (community_id, account_id, redemption_id);

create table points_session (
    community_id BYTEA not null,
    session_id BYTEA not null,
    rule_id BYTEA not null,
    title TEXT not null,
    code TEXT not null,
    begins BIGINT not null,
    ends BIGINT not null,
    seats BIGINT not null,
    made_at BIGINT not null,
    made_by BYTEA not null,
    primary key (community_id, session_id)
);

create unique index points_session_by_code on points_session (community_id, code);

create table points_event (
    community_id BYTEA not null,
    subject TEXT not null,
    account_id BYTEA not null,
    happened_at BIGINT not null,
    due_at BIGINT,
    settled_at BIGINT,
    primary key (community_id, subject, account_id)
);

create index points_event_due on points_event (community_id, due_at) where settled_at is null and due_at is not null;

create table points_signal (
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

create unique index points_signal_once on points_signal (community_id, sign);

create table points_year (
    community_id BYTEA not null,
    year BIGINT not null,
    issued BIGINT not null,
    redeemed BIGINT not null,
    expired BIGINT not null,
    outstanding BIGINT not null,
    closed_at BIGINT not null,
    primary key (community_id, year)
);
