create table people_upload (
    community_id BYTEA not null,
    upload_id BYTEA not null,
    uploaded_by BYTEA not null,
    uploaded_at BIGINT not null,
    file_name TEXT not null,
    file_sha256 TEXT not null,
    content BYTEA not null,
    primary key (community_id, upload_id)
);
