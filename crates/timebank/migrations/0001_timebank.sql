create table timebank_scheme (
    community_id BYTEA not null,
    revision BIGINT not null,
    scheme TEXT not null,
    confirm_after_days BIGINT not null,
    chosen_at BIGINT not null,
    chosen_by BYTEA not null,
    primary key (community_id, revision)
);

create table timebank_service (
    community_id BYTEA not null,
    service_id BYTEA not null,
    title TEXT not null,
    minutes BIGINT not null,
    made_at BIGINT not null,
    made_by BYTEA not null,
    ended_at BIGINT,
    primary key (community_id, service_id)
);

create table timebank_volunteer (
    community_id BYTEA not null,
    account_id BYTEA not null,
    number BIGINT not null,
    profile BYTEA not null,
    enrolled_at BIGINT not null,
    vetted_at BIGINT,
    vetted_by BYTEA,
    is_fit BOOLEAN,
    note BYTEA,
    primary key (community_id, account_id)
);

create unique index timebank_volunteer_number on timebank_volunteer (community_id, number);

create table timebank_elder (
    community_id BYTEA not null,
    elder_id BYTEA not null,
    account_id BYTEA,
    profile BYTEA not null,
    consent TEXT not null,
    evidence BYTEA,
    enrolled_at BIGINT not null,
    enrolled_by BYTEA not null,
    withdrawn_at BIGINT,
    withdrawn_by BYTEA,
    is_hardship BOOLEAN not null,
    entitled_at BIGINT,
    entitled_by BYTEA,
    primary key (community_id, elder_id)
);

create unique index timebank_elder_of_account on timebank_elder (community_id, account_id) where account_id is not null;

create table timebank_relation (
    community_id BYTEA not null,
    relation_id BYTEA not null,
    elder_id BYTEA not null,
    account_id BYTEA not null,
    bond TEXT not null,
    evidence BYTEA not null,
    confirmed_at BIGINT not null,
    confirmed_by BYTEA not null,
    primary key (community_id, relation_id)
);

create unique index timebank_relation_once on timebank_relation (community_id, elder_id, account_id);

create index timebank_relation_of_account on timebank_relation (community_id, account_id);

create table timebank_request (
    community_id BYTEA not null,
    request_id BYTEA not null,
    elder_id BYTEA not null,
    service_id BYTEA not null,
    minutes BIGINT not null,
    begins BIGINT not null,
    gender_wish TEXT,
    note BYTEA,
    channel TEXT not null,
    paid_by TEXT not null,
    payer BYTEA not null,
    requested_at BIGINT not null,
    requested_by BYTEA not null,
    closed_at BIGINT,
    closed_by BYTEA,
    primary key (community_id, request_id)
);

create index timebank_request_open on timebank_request (community_id, begins) where closed_at is null;

create index timebank_request_of_elder on timebank_request (community_id, elder_id, request_id);

create table timebank_visit (
    community_id BYTEA not null,
    visit_id BYTEA not null,
    request_id BYTEA not null,
    volunteer_id BYTEA not null,
    code TEXT not null,
    for_team BOOLEAN not null,
    is_reserved BOOLEAN not null,
    accepted_at BIGINT not null,
    came_at BIGINT,
    left_at BIGINT,
    entered_by BYTEA,
    place BYTEA,
    confirmed_at BIGINT,
    confirmed_by BYTEA,
    confirmed_as TEXT,
    credited BIGINT,
    overflow BIGINT,
    posting BYTEA,
    overflow_posting BYTEA,
    cancelled_at BIGINT,
    cancelled_by BYTEA,
    reason BYTEA,
    primary key (community_id, visit_id)
);

create unique index timebank_visit_of_request on timebank_visit (community_id, request_id) where cancelled_at is null;

create unique index timebank_visit_by_code on timebank_visit (community_id, code);

create index timebank_visit_of_volunteer on timebank_visit (community_id, volunteer_id, visit_id);

create index timebank_visit_open on timebank_visit (community_id, visit_id)
    where confirmed_at is null and cancelled_at is null;

create table timebank_gift (
    community_id BYTEA not null,
    gift_id BYTEA not null,
    kind TEXT not null,
    giver_id BYTEA not null,
    receiver_id BYTEA not null,
    minutes BIGINT not null,
    given_at BIGINT not null,
    given_by BYTEA not null,
    primary key (community_id, gift_id)
);

create index timebank_gift_of_giver on timebank_gift (community_id, giver_id, gift_id);

create unique index timebank_gift_start on timebank_gift (community_id, receiver_id) where kind = 'start';

create table timebank_complaint (
    community_id BYTEA not null,
    complaint_id BYTEA not null,
    visit_id BYTEA not null,
    said BYTEA not null,
    made_at BIGINT not null,
    made_by BYTEA not null,
    settled_at BIGINT,
    settled_by BYTEA,
    is_upheld BOOLEAN,
    ruling BYTEA,
    primary key (community_id, complaint_id)
);

create unique index timebank_complaint_open on timebank_complaint (community_id, visit_id) where settled_at is null;
