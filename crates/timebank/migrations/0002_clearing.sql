create table timebank_pair (
    community_id BYTEA not null,
    partner_id BYTEA not null,
    revision BIGINT not null,
    limit_minutes BIGINT not null,
    agreed_at BIGINT not null,
    ended_at BIGINT,
    ended_by BYTEA,
    primary key (community_id, partner_id)
);

create table timebank_crossing (
    community_id BYTEA not null,
    crossing_id BYTEA not null,
    partner_id BYTEA not null,
    is_out BOOLEAN not null,
    kind TEXT not null,
    minutes BIGINT not null,
    holder_id BYTEA,
    ground TEXT,
    made_at BIGINT not null,
    made_by BYTEA not null,
    state TEXT not null,
    refusal TEXT,
    answered_at BIGINT,
    answered_by BYTEA,
    primary key (community_id, crossing_id)
);

create index timebank_crossing_waiting on timebank_crossing (community_id, crossing_id) where state = 'waiting';

create index timebank_crossing_of_holder on timebank_crossing (community_id, holder_id, crossing_id);
