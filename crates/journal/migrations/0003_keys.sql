-- The keys that a database's record belongs to: one row, the city's.
create table journal_keys (
    community_id BYTEA not null,
    at BIGINT not null,
    public_key TEXT not null,
    sealed BYTEA not null,
    primary key (community_id)
);
