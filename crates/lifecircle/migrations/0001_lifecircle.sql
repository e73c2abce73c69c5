-- A piece of a city or community that is looked at as a life circle.
create table life_circle (
    community_id BYTEA not null,
    circle_id BYTEA not null,
    name TEXT not null,
    opened_by BYTEA not null,
    opened_at BIGINT not null,
    primary key (community_id, circle_id)
);

-- Street maps as they were imported, each kept; the one with the highest number that could be read is in use.
create table life_circle_map (
    community_id BYTEA not null,
    circle_id BYTEA not null,
    number BIGINT not null,
    file_name TEXT not null,
    sha256 BYTEA not null,
    imported_by BYTEA not null,
    imported_at BIGINT not null,
    content BYTEA not null,
    primary key (community_id, circle_id, number),
    foreign key (community_id, circle_id) references life_circle (community_id, circle_id)
);

-- What a map held, or why it could not be read.
create table life_circle_reading (
    community_id BYTEA not null,
    circle_id BYTEA not null,
    number BIGINT not null,
    outcome TEXT not null,
    read_at BIGINT not null,
    primary key (community_id, circle_id, number),
    foreign key (community_id, circle_id, number) references life_circle_map (community_id, circle_id, number)
);

-- A circle's own types of facilities; where there is none, those that come with Linli.
create table life_circle_types (
    community_id BYTEA not null,
    circle_id BYTEA not null,
    number BIGINT not null,
    types TEXT not null,
    changed_by BYTEA not null,
    changed_at BIGINT not null,
    primary key (community_id, circle_id, number),
    foreign key (community_id, circle_id) references life_circle (community_id, circle_id)
);

-- A circle's own lists: facilities, buildings, entrances, districts. Coordinates stand as they were given; datum and swapped
-- say how they are read, and may be put right later.
create table life_circle_own (
    community_id BYTEA not null,
    circle_id BYTEA not null,
    own_id BYTEA not null,
    kind TEXT not null,
    file_name TEXT not null,
    sha256 BYTEA not null,
    datum TEXT not null,
    swapped BOOLEAN not null,
    features BIGINT not null,
    faults BIGINT not null,
    imported_by BYTEA not null,
    imported_at BIGINT not null,
    withdrawn_at BIGINT,
    content TEXT not null,
    primary key (community_id, circle_id, own_id),
    foreign key (community_id, circle_id) references life_circle (community_id, circle_id)
);

-- What would be built or closed.
create table life_circle_scenario (
    community_id BYTEA not null,
    circle_id BYTEA not null,
    scenario_id BYTEA not null,
    name TEXT not null,
    changes TEXT not null,
    saved_by BYTEA not null,
    saved_at BIGINT not null,
    dropped_at BIGINT,
    primary key (community_id, circle_id, scenario_id),
    foreign key (community_id, circle_id) references life_circle (community_id, circle_id)
);
