create index approval_case_begun on approval_case (community_id, process, begun_at);
