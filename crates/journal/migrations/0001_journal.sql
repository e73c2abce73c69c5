create table journal_entry (
    community_id BYTEA not null,
    position BIGINT not null,
    at BIGINT not null,
    actor_id BYTEA not null,
    kind TEXT not null,
    subject TEXT not null,
    public TEXT not null,
    commitment BYTEA,
    nodes BYTEA not null,
    primary key (community_id, position)
);

create index journal_entry_of_subject on journal_entry (community_id, subject, position);

create table journal_private (
    community_id BYTEA not null,
    position BIGINT not null,
    salt BYTEA not null,
    sealed BYTEA not null,
    primary key (community_id, position)
);

create table journal_head (
    community_id BYTEA not null,
    size BIGINT not null,
    at BIGINT not null,
    checkpoint TEXT not null,
    primary key (community_id, size)
);

create table journal_answer (
    community_id BYTEA not null,
    actor_id BYTEA not null,
    idempotency_key TEXT not null,
    fingerprint BYTEA not null,
    outcome TEXT not null,
    at BIGINT not null,
    primary key (community_id, actor_id, idempotency_key)
);

create table journal_follower (
    community_id BYTEA not null,
    follower TEXT not null,
    position BIGINT not null,
    primary key (community_id, follower)
);
