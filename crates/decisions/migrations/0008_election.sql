-- The election of a committee: what is to be filled, who stands, who was found fit, who withdrew.
create table election (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    seats BIGINT not null,
    reserve BIGINT not null,
    whole_committee BOOLEAN not null,
    nominations_until BIGINT not null,
    planned_by BYTEA not null,
    planned_at BIGINT not null,
    primary key (community_id, resolution_id)
);

create table candidate (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    candidate_id BYTEA not null,
    owner_id BYTEA not null,
    name TEXT not null,
    route TEXT not null,
    supporters BIGINT not null,
    statement TEXT not null,
    declared TEXT not null,
    evidence TEXT not null,
    nominated_by BYTEA not null,
    nominated_at BIGINT not null,
    primary key (community_id, resolution_id, candidate_id)
);

create table candidate_check (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    candidate_id BYTEA not null,
    is_accepted BOOLEAN not null,
    reason TEXT not null,
    checked_by BYTEA not null,
    checked_at BIGINT not null,
    primary key (community_id, resolution_id, candidate_id)
);

create table candidate_withdrawal (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    candidate_id BYTEA not null,
    reason TEXT not null,
    withdrawn_by BYTEA not null,
    withdrawn_at BIGINT not null,
    primary key (community_id, resolution_id, candidate_id)
);

-- The numbers of the candidates picked on an election's ballot, parted by commas.
alter table vote add column picks TEXT;
