create table approval_reading (
    community_id BYTEA not null,
    case_id BYTEA not null,
    account_id BYTEA not null,
    read_at BIGINT not null,
    organisation_id BYTEA not null,
    position BIGINT not null,
    primary key (community_id, case_id, position)
);

create index approval_card_position on approval_card (community_id, position);
