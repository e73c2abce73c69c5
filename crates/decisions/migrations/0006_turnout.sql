-- How the owners of a unit want to be reminded of votes.
create table reminder_choice (
    community_id BYTEA not null,
    unit_id BYTEA not null,
    channel TEXT not null,
    chosen_by BYTEA not null,
    chosen_at BIGINT not null,
    evidence TEXT not null,
    primary key (community_id, unit_id)
);

-- Rounds of reminders, and the units each went to: those for which nothing was cast by then.
create table reminder (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    round BIGINT not null,
    text TEXT not null,
    sent_by BYTEA not null,
    sent_at BIGINT not null,
    primary key (community_id, resolution_id, round)
);

create table reminder_unit (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    unit_id BYTEA not null,
    round BIGINT not null,
    channel TEXT not null,
    primary key (community_id, resolution_id, unit_id, round)
);

-- Visits at the door.
create table visit (
    community_id BYTEA not null,
    resolution_id BYTEA not null,
    visit_id BYTEA not null,
    unit_id BYTEA not null,
    outcome TEXT not null,
    note TEXT not null,
    visited_at BIGINT not null,
    recorded_by BYTEA not null,
    recorded_at BIGINT not null,
    primary key (community_id, resolution_id, visit_id)
);
