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
    age_band TEXT not null,
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
    result TEXT not null,
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

-- Participatory budgets: a call, proposals, what was said and checked; the vote itself is a poll.
create table budget_round (
    community_id BYTEA not null,
    round_id BYTEA not null,
    title TEXT not null,
    body TEXT not null,
    budget_fen BIGINT not null,
    closes BIGINT not null,
    opened_by BYTEA not null,
    opened_at BIGINT not null,
    primary key (community_id, round_id)
);

create table budget_ballot (
    community_id BYTEA not null,
    round_id BYTEA not null,
    poll_id BYTEA not null,
    primary key (community_id, round_id, poll_id),
    foreign key (community_id, round_id) references budget_round (community_id, round_id),
    foreign key (community_id, poll_id) references poll (community_id, poll_id)
);

create table budget_proposal (
    community_id BYTEA not null,
    round_id BYTEA not null,
    proposal_id BYTEA not null,
    title TEXT not null,
    body TEXT not null,
    place TEXT not null,
    category TEXT not null,
    cost_fen BIGINT not null,
    proposed_by BYTEA not null,
    proposed_at BIGINT not null,
    primary key (community_id, proposal_id),
    foreign key (community_id, round_id) references budget_round (community_id, round_id)
);

create index budget_proposal_of_round on budget_proposal (community_id, round_id);

create table budget_withdrawal (
    community_id BYTEA not null,
    round_id BYTEA not null,
    proposal_id BYTEA not null,
    reason TEXT not null,
    withdrawn_at BIGINT not null,
    primary key (community_id, proposal_id),
    foreign key (community_id, proposal_id) references budget_proposal (community_id, proposal_id)
);

create table budget_check (
    community_id BYTEA not null,
    round_id BYTEA not null,
    proposal_id BYTEA not null,
    revision BIGINT not null,
    feasible BOOLEAN not null,
    cost_fen BIGINT not null,
    reason TEXT not null,
    checked_by BYTEA not null,
    checked_at BIGINT not null,
    primary key (community_id, proposal_id, revision),
    foreign key (community_id, proposal_id) references budget_proposal (community_id, proposal_id)
);

create table budget_comment (
    community_id BYTEA not null,
    proposal_id BYTEA not null,
    comment_id BYTEA not null,
    text TEXT not null,
    said_by BYTEA not null,
    said_at BIGINT not null,
    primary key (community_id, proposal_id, comment_id),
    foreign key (community_id, proposal_id) references budget_proposal (community_id, proposal_id)
);

create table budget_report (
    community_id BYTEA not null,
    proposal_id BYTEA not null,
    report_id BYTEA not null,
    state TEXT not null,
    spent_fen BIGINT not null,
    text TEXT not null,
    reported_by BYTEA not null,
    reported_at BIGINT not null,
    shows TEXT,
    media_type TEXT,
    sha256 BYTEA,
    content BYTEA,
    primary key (community_id, proposal_id, report_id),
    foreign key (community_id, proposal_id) references budget_proposal (community_id, proposal_id)
);
