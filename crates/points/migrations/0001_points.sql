create table points_rule (
    community_id BYTEA not null,
    rule_id BYTEA not null,
    title TEXT not null,
    evidence TEXT not null,
    points BIGINT not null,
    daily_cap BIGINT not null,
    yearly_cap BIGINT not null,
    valid_days BIGINT not null,
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
    primary key (community_id, claim_id)
);

create index points_claim_of_account on points_claim (community_id, account_id, claim_id);

create index points_claim_waiting on points_claim (community_id, claim_id) where decided_at is null;

create table points_item (
    community_id BYTEA not null,
    item_id BYTEA not null,
    title TEXT not null,
    price BIGINT not null,
    stock BIGINT not null,
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
