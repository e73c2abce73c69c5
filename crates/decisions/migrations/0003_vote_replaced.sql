-- The votes of a unit that later ones replaced: the trace that the committee and the unit's owners read.
create table vote_replaced (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    unit_id BYTEA not null,
    revision BIGINT not null,
    choice TEXT not null,
    channel TEXT not null,
    cast_at BIGINT not null,
    cast_by BYTEA not null,
    evidence TEXT not null,
    position BIGINT not null,
    code TEXT not null,
    primary key (community_id, resolution_id, unit_id, revision)
);

create index vote_replaced_code on vote_replaced (community_id, resolution_id, code);
