create table decision_rules (
    community_id BYTEA not null,
    version BIGINT not null,
    adopted_at BIGINT not null,
    adopted_by BYTEA not null,
    source TEXT not null,
    silence TEXT not null,
    vote_may_change BOOLEAN not null,
    follow_allowed BOOLEAN not null,
    turnout_while_open BOOLEAN not null,
    objection_days BIGINT not null,
    primary key (community_id, version)
);

create table resolution (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    title TEXT not null,
    body TEXT not null,
    matter TEXT not null,
    meeting TEXT not null,
    opens BIGINT not null,
    closes BIGINT not null,
    drafted_by BYTEA not null,
    drafted_at BIGINT not null,
    changed_at BIGINT not null,
    primary key (community_id, resolution_id)
);

create table resolution_attachment (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    attachment_id BYTEA not null,
    purpose TEXT not null,
    name TEXT not null,
    media_type TEXT not null,
    sha256 BYTEA not null,
    content BYTEA not null,
    added_at BIGINT not null,
    primary key (community_id, resolution_id, attachment_id)
);

create table resolution_publication (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    number TEXT not null,
    published_at BIGINT not null,
    published_by BYTEA not null,
    terms TEXT not null,
    units BIGINT not null,
    heads BIGINT not null,
    area BIGINT not null,
    primary key (community_id, resolution_id),
    unique (community_id, number)
);

create table elector (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    unit_id BYTEA not null,
    building TEXT not null,
    label TEXT not null,
    area BIGINT not null,
    head BIGINT not null,
    developer BOOLEAN not null,
    owners BIGINT not null,
    primary key (community_id, resolution_id, unit_id)
);

create table elector_owner (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    owner_id BYTEA not null,
    unit_id BYTEA not null,
    primary key (community_id, resolution_id, owner_id, unit_id)
);

create table delivery (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    unit_id BYTEA not null,
    delivery_id BYTEA not null,
    channel TEXT not null,
    delivered_at BIGINT not null,
    recorded_by BYTEA not null,
    recorded_at BIGINT not null,
    evidence TEXT not null,
    warned_of_silence BOOLEAN not null,
    primary key (community_id, resolution_id, unit_id, delivery_id)
);

create table vote (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    unit_id BYTEA not null,
    choice TEXT not null,
    channel TEXT not null,
    cast_at BIGINT not null,
    cast_by BYTEA not null,
    evidence TEXT not null,
    position BIGINT not null,
    code TEXT not null,
    revision BIGINT not null,
    primary key (community_id, resolution_id, unit_id)
);

create table resolution_count (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    counted_at BIGINT not null,
    counted_by BYTEA not null,
    objections_until BIGINT not null,
    passed BOOLEAN not null,
    record TEXT not null,
    record_sha256 BYTEA not null,
    position BIGINT not null,
    primary key (community_id, resolution_id)
);

create table objection (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    objection_id BYTEA not null,
    raised_by BYTEA not null,
    raised_at BIGINT not null,
    text TEXT not null,
    primary key (community_id, resolution_id, objection_id)
);

create table objection_answer (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    objection_id BYTEA not null,
    answered_by BYTEA not null,
    answered_at BIGINT not null,
    text TEXT not null,
    primary key (community_id, resolution_id, objection_id)
);

create table announcement (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    announced_by BYTEA not null,
    announced_at BIGINT not null,
    remark TEXT not null,
    position BIGINT not null,
    primary key (community_id, resolution_id)
);

create table resolution_withdrawal (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    withdrawn_by BYTEA not null,
    withdrawn_at BIGINT not null,
    reason TEXT not null,
    primary key (community_id, resolution_id)
);
