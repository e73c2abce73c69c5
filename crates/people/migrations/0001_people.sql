create table people_community (
    community_id BYTEA not null,
    name TEXT not null,
    place TEXT not null,
    address TEXT not null,
    demo BOOLEAN not null,
    created_at BIGINT not null,
    primary key (community_id)
);

create table people_building (
    community_id BYTEA not null,
    building_id BYTEA not null,
    name TEXT not null,
    sort_key BYTEA not null,
    primary key (community_id, building_id),
    unique (community_id, name),
    foreign key (community_id) references people_community (community_id)
);

create table people_unit (
    community_id BYTEA not null,
    unit_id BYTEA not null,
    building_id BYTEA not null,
    number TEXT not null,
    sort_key BYTEA not null,
    added_at BIGINT not null,
    primary key (community_id, unit_id),
    unique (community_id, building_id, number),
    foreign key (community_id, building_id) references people_building (community_id, building_id)
);

create index people_unit_in_order on people_unit (community_id, sort_key, unit_id);

create table people_unit_state (
    community_id BYTEA not null,
    unit_id BYTEA not null,
    revision BIGINT not null,
    exclusive_area BIGINT not null,
    area_source TEXT not null,
    unit_use TEXT not null,
    since BIGINT not null,
    until BIGINT,
    recorded_by BYTEA not null,
    primary key (community_id, unit_id, revision),
    foreign key (community_id, unit_id) references people_unit (community_id, unit_id)
);

create table people_owner (
    community_id BYTEA not null,
    owner_id BYTEA not null,
    kind TEXT not null,
    name BYTEA not null,
    name_index BYTEA not null,
    id_number BYTEA,
    id_number_index BYTEA,
    phone BYTEA,
    phone_index BYTEA,
    added_at BIGINT not null,
    primary key (community_id, owner_id),
    unique (community_id, id_number_index)
);

create index people_owner_by_name on people_owner (community_id, name_index);

create index people_owner_by_phone on people_owner (community_id, phone_index);

create table people_ownership (
    community_id BYTEA not null,
    unit_id BYTEA not null,
    revision BIGINT not null,
    owner_id BYTEA not null,
    since BIGINT,
    until BIGINT,
    recorded_at BIGINT not null,
    recorded_by BYTEA not null,
    primary key (community_id, unit_id, revision, owner_id),
    foreign key (community_id, unit_id) references people_unit (community_id, unit_id),
    foreign key (community_id, owner_id) references people_owner (community_id, owner_id)
);

create index people_ownership_of_owner on people_ownership (community_id, owner_id, unit_id);

create table people_voice (
    community_id BYTEA not null,
    voice_id BYTEA not null,
    unit_id BYTEA not null,
    owner_id BYTEA not null,
    ownership_revision BIGINT not null,
    since BIGINT not null,
    until BIGINT,
    appointed_by BYTEA not null,
    ended_by BYTEA,
    primary key (community_id, voice_id),
    foreign key (community_id, unit_id) references people_unit (community_id, unit_id),
    foreign key (community_id, owner_id) references people_owner (community_id, owner_id)
);

create unique index people_voice_of_unit on people_voice (community_id, unit_id) where until is null;

create table people_household (
    community_id BYTEA not null,
    household_id BYTEA not null,
    unit_id BYTEA not null,
    primary key (community_id, household_id),
    unique (community_id, unit_id),
    foreign key (community_id, unit_id) references people_unit (community_id, unit_id)
);

create table people_resident (
    community_id BYTEA not null,
    resident_id BYTEA not null,
    household_id BYTEA not null,
    name BYTEA not null,
    name_index BYTEA not null,
    phone BYTEA,
    phone_index BYTEA,
    birth_year BIGINT,
    relation TEXT not null,
    since BIGINT not null,
    until BIGINT,
    primary key (community_id, resident_id),
    foreign key (community_id, household_id) references people_household (community_id, household_id)
);

create index people_resident_of_household on people_resident (community_id, household_id);

create index people_resident_by_phone on people_resident (community_id, phone_index);

create table people_account_link (
    community_id BYTEA not null,
    link_id BYTEA not null,
    person_kind TEXT not null,
    person_id BYTEA not null,
    account_id BYTEA not null,
    since BIGINT not null,
    linked_by BYTEA not null,
    until BIGINT,
    ended_by BYTEA,
    primary key (community_id, link_id)
);

create unique index people_account_link_of_person on people_account_link (community_id, person_id) where until is null;

create index people_account_link_of_account on people_account_link (community_id, account_id);
