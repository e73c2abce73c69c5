create table consultation (
    community_id BYTEA not null,
    consultation_id BYTEA not null,
    title TEXT not null,
    draft TEXT not null,
    closes BIGINT not null,
    drafted_by BYTEA not null,
    drafted_at BIGINT not null,
    changed_at BIGINT not null,
    primary key (community_id, consultation_id)
);

create table consultation_publication (
    community_id BYTEA not null,
    consultation_id BYTEA not null,
    published_by BYTEA not null,
    published_at BIGINT not null,
    primary key (community_id, consultation_id),
    foreign key (community_id, consultation_id) references consultation (community_id, consultation_id)
);

-- Clause 0 is the whole text. same_as is the first comment with the same words, for staff to see.
create table consultation_comment (
    community_id BYTEA not null,
    consultation_id BYTEA not null,
    number BIGINT not null,
    clause BIGINT not null,
    channel TEXT not null,
    text TEXT not null,
    text_sha256 BYTEA not null,
    same_as BIGINT,
    received_at BIGINT not null,
    said_by BYTEA not null,
    said_at BIGINT not null,
    primary key (community_id, consultation_id, number),
    foreign key (community_id, consultation_id) references consultation_publication (community_id, consultation_id)
);

create index consultation_comment_of_clause on consultation_comment (community_id, consultation_id, clause, number);
create index consultation_comment_of_person on consultation_comment (community_id, consultation_id, said_by, number);
create index consultation_comment_like on consultation_comment (community_id, consultation_id, text_sha256, number);

-- A withdrawn comment stays where it was, struck through: it was public before.
create table consultation_withdrawal (
    community_id BYTEA not null,
    consultation_id BYTEA not null,
    number BIGINT not null,
    withdrawn_at BIGINT not null,
    primary key (community_id, consultation_id, number),
    foreign key (community_id, consultation_id, number)
        references consultation_comment (community_id, consultation_id, number)
);

create table consultation_answer (
    community_id BYTEA not null,
    consultation_id BYTEA not null,
    answer_id BYTEA not null,
    outcome TEXT not null,
    reason TEXT not null,
    answered_by BYTEA not null,
    answered_at BIGINT not null,
    primary key (community_id, consultation_id, answer_id),
    foreign key (community_id, consultation_id) references consultation_publication (community_id, consultation_id)
);

-- Which comments an answer is for; each comment has one answer.
create table consultation_answered (
    community_id BYTEA not null,
    consultation_id BYTEA not null,
    number BIGINT not null,
    answer_id BYTEA not null,
    primary key (community_id, consultation_id, number),
    foreign key (community_id, consultation_id, number)
        references consultation_comment (community_id, consultation_id, number),
    foreign key (community_id, consultation_id, answer_id)
        references consultation_answer (community_id, consultation_id, answer_id)
);

-- The text as it stands after the comments; the published text is version 1.
create table consultation_version (
    community_id BYTEA not null,
    consultation_id BYTEA not null,
    number BIGINT not null,
    clauses TEXT not null,
    note TEXT not null,
    issued_by BYTEA not null,
    issued_at BIGINT not null,
    primary key (community_id, consultation_id, number),
    foreign key (community_id, consultation_id) references consultation_publication (community_id, consultation_id)
);
