create table webhook (
    community_id BYTEA not null,
    webhook_id BYTEA not null,
    url TEXT not null,
    kinds TEXT not null,
    description TEXT not null,
    secret BYTEA not null,
    secret_at BIGINT not null,
    old_secret BYTEA,
    old_secret_until BIGINT,
    since BIGINT not null,
    added_at BIGINT not null,
    added_by BYTEA not null,
    primary key (community_id, webhook_id)
);

create table webhook_pause (
    community_id BYTEA not null,
    webhook_id BYTEA not null,
    paused_at BIGINT not null,
    paused_by BYTEA not null,
    reason TEXT not null,
    primary key (community_id, webhook_id),
    foreign key (community_id, webhook_id) references webhook (community_id, webhook_id)
);

create table webhook_delivery (
    community_id BYTEA not null,
    webhook_id BYTEA not null,
    position BIGINT not null,
    outcome TEXT not null,
    attempts BIGINT not null,
    next_at BIGINT not null,
    tried_at BIGINT,
    status BIGINT,
    problem TEXT,
    settled_at BIGINT,
    primary key (community_id, webhook_id, position),
    foreign key (community_id, webhook_id) references webhook (community_id, webhook_id)
);

create index webhook_delivery_by_outcome on webhook_delivery (community_id, webhook_id, outcome, position);

create index webhook_delivery_settled on webhook_delivery (community_id, settled_at);
