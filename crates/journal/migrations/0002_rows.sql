create table journal_rows (
    community_id BYTEA not null,
    position BIGINT not null,
    part BIGINT not null,
    prints BYTEA not null,
    primary key (community_id, position, part)
);
