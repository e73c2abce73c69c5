-- A vote that was recorded wrongly is corrected by two people: one proposes, another confirms or refuses.
create table vote_correction (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    correction_id BYTEA not null,
    unit_id BYTEA not null,
    vote_position BIGINT not null,
    code TEXT not null,
    choice TEXT,
    reason TEXT not null,
    attachment_id BYTEA not null,
    proposed_by BYTEA not null,
    proposed_at BIGINT not null,
    primary key (community_id, resolution_id, correction_id)
);

create table vote_correction_end (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    correction_id BYTEA not null,
    is_confirmed BOOLEAN not null,
    remark TEXT not null,
    ended_by BYTEA not null,
    ended_at BIGINT not null,
    position BIGINT not null,
    primary key (community_id, resolution_id, correction_id)
);

-- Counts that a correction replaced, with the records that were published.
create table resolution_count_before (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    position BIGINT not null,
    counted_at BIGINT not null,
    passed BOOLEAN not null,
    record TEXT not null,
    record_sha256 BYTEA not null,
    primary key (community_id, resolution_id, position)
);

-- The one extension that a vote may have.
create table resolution_extension (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    closes_before BIGINT not null,
    closes BIGINT not null,
    reason TEXT not null,
    extended_by BYTEA not null,
    extended_at BIGINT not null,
    primary key (community_id, resolution_id)
);

alter table decision_rules add column extension_days BIGINT not null default 0;
