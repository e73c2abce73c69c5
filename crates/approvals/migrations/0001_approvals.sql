create table approval_definition (
    community_id BYTEA not null,
    process TEXT not null,
    version TEXT not null,
    sha256 BYTEA not null,
    content TEXT not null,
    added_at BIGINT not null,
    added_by BYTEA not null,
    primary key (community_id, process, version)
);

create table approval_calendar_year (
    community_id BYTEA not null,
    year BIGINT not null,
    revision BIGINT not null,
    sha256 BYTEA not null,
    content TEXT not null,
    added_at BIGINT not null,
    added_by BYTEA not null,
    primary key (community_id, year, revision)
);

create table approval_appointment (
    community_id BYTEA not null,
    unit TEXT not null,
    since BIGINT not null,
    organisation_id BYTEA not null,
    organisation_name TEXT not null,
    appointed_by BYTEA not null,
    ended_at BIGINT,
    primary key (community_id, unit, since, organisation_id)
);

create table approval_succession (
    community_id BYTEA not null,
    unit TEXT not null,
    successor TEXT not null,
    reason TEXT not null,
    dissolved_at BIGINT not null,
    dissolved_by BYTEA not null,
    primary key (community_id, unit)
);

create table approval_case (
    community_id BYTEA not null,
    case_id BYTEA not null,
    number TEXT,
    process TEXT not null,
    version TEXT,
    account_id BYTEA not null,
    organisation_id BYTEA not null,
    title TEXT not null,
    form BYTEA not null,
    begun_at BIGINT not null,
    closed BOOLEAN not null,
    position BIGINT not null,
    primary key (community_id, case_id),
    unique (community_id, number)
);

create index approval_case_position on approval_case (community_id, position);
create index approval_case_open on approval_case (community_id, closed, case_id);
create index approval_case_account on approval_case (community_id, account_id);
create index approval_case_organisation on approval_case (community_id, organisation_id);

create table approval_event (
    community_id BYTEA not null,
    case_id BYTEA not null,
    seq BIGINT not null,
    event TEXT not null,
    words BYTEA,
    unit TEXT not null,
    received_at BIGINT not null,
    account_id BYTEA not null,
    organisation_id BYTEA not null,
    position BIGINT not null,
    primary key (community_id, case_id, seq)
);

create table approval_paper (
    community_id BYTEA not null,
    case_id BYTEA not null,
    paper_id BYTEA not null,
    paper TEXT not null,
    name TEXT not null,
    media_type TEXT not null,
    sha256 BYTEA not null,
    content BYTEA not null,
    added_at BIGINT not null,
    added_by BYTEA not null,
    primary key (community_id, case_id, paper_id)
);

create table approval_card (
    community_id BYTEA not null,
    case_id BYTEA not null,
    stage TEXT not null,
    colour TEXT not null,
    days_before BIGINT not null,
    due BIGINT not null,
    unit TEXT not null,
    escalated_to TEXT not null,
    issued_at BIGINT not null,
    position BIGINT not null,
    primary key (community_id, case_id, stage, colour, days_before)
);

create index approval_card_issued on approval_card (community_id, issued_at);

create table approval_migration (
    community_id BYTEA not null,
    case_id BYTEA not null,
    migrated_at BIGINT not null,
    from_version TEXT not null,
    to_version TEXT not null,
    migrated_by BYTEA not null,
    primary key (community_id, case_id, migrated_at)
);
