create table poll (
    community_id BYTEA not null,
    poll_id BYTEA not null,
    title TEXT not null,
    draft TEXT not null,
    opens BIGINT not null,
    closes BIGINT not null,
    drafted_by BYTEA not null,
    drafted_at BIGINT not null,
    changed_at BIGINT not null,
    primary key (community_id, poll_id)
);

create table poll_publication (
    community_id BYTEA not null,
    poll_id BYTEA not null,
    published_by BYTEA not null,
    published_at BIGINT not null,
    electors BIGINT not null,
    left_out BIGINT not null,
    public_key BYTEA not null,
    sealed_key BYTEA not null,
    primary key (community_id, poll_id),
    foreign key (community_id, poll_id) references poll (community_id, poll_id)
);

-- Who may vote, and whether their ballot was handed over; what they voted stands nowhere near.
create table poll_elector (
    community_id BYTEA not null,
    poll_id BYTEA not null,
    elector_id BYTEA not null,
    unit_id BYTEA not null,
    building TEXT not null,
    label TEXT not null,
    channel TEXT,
    blinded_sha256 BYTEA,
    primary key (community_id, poll_id, elector_id),
    foreign key (community_id, poll_id) references poll_publication (community_id, poll_id)
);

create index poll_elector_of_unit on poll_elector (community_id, poll_id, unit_id);

-- Ballots in shuffled slots: no time, no account, and a place that says nothing about when a ballot came.
create table poll_ballot (
    community_id BYTEA not null,
    poll_id BYTEA not null,
    slot BIGINT not null,
    serial BYTEA not null,
    voter_key BYTEA not null,
    credential BYTEA not null,
    choice TEXT not null,
    seal BYTEA not null,
    primary key (community_id, poll_id, slot),
    unique (community_id, poll_id, serial),
    foreign key (community_id, poll_id) references poll_publication (community_id, poll_id)
);

-- A box of paper ballots, entered by one person and again by another.
create table poll_paper (
    community_id BYTEA not null,
    poll_id BYTEA not null,
    paper_id BYTEA not null,
    choices TEXT not null,
    ballots BIGINT not null,
    entered_by BYTEA not null,
    entered_at BIGINT not null,
    confirmed_by BYTEA,
    confirmed_at BIGINT,
    primary key (community_id, poll_id, paper_id),
    foreign key (community_id, poll_id) references poll_publication (community_id, poll_id)
);

create table poll_count (
    community_id BYTEA not null,
    poll_id BYTEA not null,
    counted_at BIGINT not null,
    board TEXT not null,
    board_sha256 BYTEA not null,
    position BIGINT not null,
    primary key (community_id, poll_id),
    foreign key (community_id, poll_id) references poll_publication (community_id, poll_id)
);

create table poll_withdrawal (
    community_id BYTEA not null,
    poll_id BYTEA not null,
    withdrawn_by BYTEA not null,
    withdrawn_at BIGINT not null,
    reason TEXT not null,
    primary key (community_id, poll_id),
    foreign key (community_id, poll_id) references poll (community_id, poll_id)
);
