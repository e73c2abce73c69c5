-- A meeting of the owners that puts several matters to the vote on one ballot.
create table assembly (
    community_id BYTEA not null,
    assembly_id BYTEA not null,
    title TEXT not null,
    meeting TEXT not null,
    opens BIGINT not null,
    closes BIGINT not null,
    called_by BYTEA not null,
    called_at BIGINT not null,
    primary key (community_id, assembly_id)
);

-- Its agenda. A matter stands on one agenda at most.
create table agenda_item (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    assembly_id BYTEA not null,
    place BIGINT not null,
    primary key (community_id, resolution_id)
);

create index agenda_item_assembly on agenda_item (community_id, assembly_id);
