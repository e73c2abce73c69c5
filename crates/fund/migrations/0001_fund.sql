create table fund_charter (
    community_id BYTEA not null,
    revision BIGINT not null,
    name TEXT not null,
    standing TEXT not null,
    how TEXT not null,
    surplus_share BIGINT,
    surplus_ground TEXT not null,
    prior_income BIGINT not null,
    prior_net BIGINT not null,
    made_at BIGINT not null,
    made_by BYTEA not null,
    primary key (community_id, revision)
);

create table fund_purpose (
    community_id BYTEA not null,
    purpose_id BYTEA not null,
    title TEXT not null,
    about TEXT not null,
    made_at BIGINT not null,
    made_by BYTEA not null,
    ended_at BIGINT,
    ended_by BYTEA,
    primary key (community_id, purpose_id)
);

create table fund_gift (
    community_id BYTEA not null,
    gift_id BYTEA not null,
    account_id BYTEA not null,
    donor BYTEA not null,
    display TEXT not null,
    purse TEXT not null,
    amount BIGINT not null,
    code TEXT not null,
    announced_at BIGINT not null,
    withdrawn_at BIGINT,
    received_at BIGINT,
    primary key (community_id, gift_id)
);

create unique index fund_gift_of_code on fund_gift (community_id, code);

create index fund_gift_of_account on fund_gift (community_id, account_id, gift_id);

create table fund_voucher (
    community_id BYTEA not null,
    voucher_id BYTEA not null,
    kind TEXT not null,
    purse TEXT not null,
    target TEXT,
    amount BIGINT not null,
    surplus BIGINT,
    surplus_share BIGINT,
    means TEXT not null,
    reference TEXT not null,
    claim TEXT,
    day TEXT not null,
    what TEXT not null,
    donor BYTEA,
    display TEXT,
    account_id BYTEA,
    gift_id BYTEA,
    origin_id BYTEA,
    recorded_at BIGINT not null,
    recorded_by BYTEA not null,
    decided_at BIGINT,
    decided_by BYTEA,
    is_confirmed BOOLEAN,
    reason TEXT,
    number BIGINT,
    undone_at BIGINT,
    undone_by BYTEA,
    undone_as TEXT,
    undone_why TEXT,
    primary key (community_id, voucher_id)
);

create unique index fund_voucher_of_claim on fund_voucher (community_id, claim) where claim is not null;

create index fund_voucher_decided on fund_voucher (community_id, decided_at);

create index fund_voucher_undone on fund_voucher (community_id, undone_at) where undone_at is not null;

create index fund_voucher_of_account on fund_voucher (community_id, account_id, voucher_id) where account_id is not null;

create index fund_voucher_waiting on fund_voucher (community_id, voucher_id) where decided_at is null;

create table fund_file (
    community_id BYTEA not null,
    file_id BYTEA not null,
    about BYTEA not null,
    name TEXT not null,
    media_type TEXT not null,
    sha256 BYTEA not null,
    size BIGINT not null,
    added_at BIGINT not null,
    added_by BYTEA not null,
    is_open BOOLEAN not null,
    content BYTEA not null,
    primary key (community_id, file_id)
);

create index fund_file_about on fund_file (community_id, about, file_id);

create table fund_grant (
    community_id BYTEA not null,
    grant_id BYTEA not null,
    account_id BYTEA not null,
    title TEXT not null,
    plan TEXT not null,
    who TEXT not null,
    purse TEXT not null,
    amount BIGINT not null,
    round_id BYTEA,
    proposal_id BYTEA,
    applied_at BIGINT not null,
    decided_at BIGINT,
    decided_by BYTEA,
    is_approved BOOLEAN,
    reason TEXT,
    ended_at BIGINT,
    ended_by BYTEA,
    is_finished BOOLEAN,
    end_reason TEXT,
    primary key (community_id, grant_id)
);

create unique index fund_grant_of_proposal on fund_grant (community_id, proposal_id) where proposal_id is not null;

create table fund_review (
    community_id BYTEA not null,
    review_id BYTEA not null,
    grant_id BYTEA not null,
    is_fit BOOLEAN not null,
    reason TEXT not null,
    made_at BIGINT not null,
    made_by BYTEA not null,
    primary key (community_id, review_id)
);

create index fund_review_of_grant on fund_review (community_id, grant_id, review_id);

create table fund_tranche (
    community_id BYTEA not null,
    tranche_id BYTEA not null,
    grant_id BYTEA not null,
    place BIGINT not null,
    title TEXT not null,
    amount BIGINT not null,
    note TEXT,
    submitted_at BIGINT,
    submitted_by BYTEA,
    checked_at BIGINT,
    checked_by BYTEA,
    is_met BOOLEAN,
    check_reason TEXT,
    paid BIGINT,
    reference TEXT,
    posting BYTEA,
    paid_at BIGINT,
    paid_by BYTEA,
    primary key (community_id, tranche_id)
);

create index fund_tranche_of_grant on fund_tranche (community_id, grant_id, place);

create index fund_tranche_paid on fund_tranche (community_id, paid_at) where paid_at is not null;

create unique index fund_tranche_of_reference on fund_tranche (community_id, reference) where reference is not null;
