create table book_account (
    community_id BYTEA not null,
    account_id BYTEA not null,
    kind BIGINT not null,
    owner_id BYTEA not null,
    overflow_id BYTEA,
    at_most BIGINT,
    opened_at BIGINT not null,
    primary key (community_id, account_id)
);

create index book_account_of_kind on book_account (community_id, kind, account_id);

create table book_balance (
    community_id BYTEA not null,
    account_id BYTEA not null,
    received BIGINT not null,
    given BIGINT not null,
    incoming BIGINT not null,
    outgoing BIGINT not null,
    last_seq BIGINT not null,
    primary key (community_id, account_id)
);

create table book_record (
    community_id BYTEA not null,
    seq BIGINT not null,
    at BIGINT not null,
    request_id BYTEA not null,
    part BIGINT not null,
    act BIGINT not null,
    code BIGINT not null,
    from_id BYTEA not null,
    to_id BYTEA not null,
    amount BIGINT not null,
    requested BIGINT,
    deadline BIGINT,
    expires_at BIGINT,
    target_id BYTEA,
    from_before BIGINT not null,
    to_before BIGINT not null,
    primary key (community_id, seq)
);

create unique index book_record_of_request on book_record (community_id, request_id, part);

create unique index book_record_of_target on book_record (community_id, target_id) where target_id is not null;

create table book_piece (
    community_id BYTEA not null,
    seq BIGINT not null,
    is_given BOOLEAN not null,
    award BIGINT not null,
    expires_at BIGINT,
    amount BIGINT not null,
    primary key (community_id, seq, is_given, award)
);

create table book_lot (
    community_id BYTEA not null,
    account_id BYTEA not null,
    award BIGINT not null,
    expires_at BIGINT,
    remaining BIGINT not null,
    reserved BIGINT not null,
    primary key (community_id, account_id, award)
);

create index book_lot_due on book_lot (community_id, expires_at) where remaining > 0 and expires_at is not null;

create table book_open (
    community_id BYTEA not null,
    account_id BYTEA not null,
    seq BIGINT not null,
    deadline BIGINT,
    primary key (community_id, account_id, seq)
);

create table book_head (
    community_id BYTEA not null,
    last_seq BIGINT not null,
    at BIGINT not null,
    chain BYTEA not null,
    primary key (community_id)
);

create table book_proved (
    community_id BYTEA not null,
    last_seq BIGINT not null,
    at BIGINT not null,
    chain BYTEA not null,
    primary key (community_id)
);

create table book_proved_balance (
    community_id BYTEA not null,
    account_id BYTEA not null,
    received BIGINT not null,
    given BIGINT not null,
    incoming BIGINT not null,
    outgoing BIGINT not null,
    last_seq BIGINT not null,
    primary key (community_id, account_id)
);

create table book_proved_lot (
    community_id BYTEA not null,
    account_id BYTEA not null,
    award BIGINT not null,
    expires_at BIGINT,
    remaining BIGINT not null,
    reserved BIGINT not null,
    primary key (community_id, account_id, award)
);
