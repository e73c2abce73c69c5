-- Accounts are global: a person has one, and memberships tie it to communities. Personal data stands sealed;
-- what must be found again has a keyed hash beside it. Times are microseconds UTC.
create table identity_account (
  id bytea primary key,
  name_sealed bytea not null,
  language text not null,
  elder boolean not null,
  password_hash text,
  password_set_at bigint,
  created_at bigint not null,
  created_by bytea not null
);

-- A phone number or user name that an account signs in with.
create table identity_login (
  login_index bytea primary key,
  account_id bytea not null references identity_account (id),
  kind text not null,
  login_sealed bytea not null,
  added_at bigint not null
);
create index identity_login_account on identity_login (account_id);

-- While a row here has no lifted_at, the account can't sign in.
create table identity_disabling (
  account_id bytea not null references identity_account (id),
  disabled_at bigint not null,
  disabled_by bytea not null,
  reason_sealed bytea not null,
  lifted_at bigint,
  lifted_by bytea,
  primary key (account_id, disabled_at)
);

create table identity_session (
  id bytea primary key,
  account_id bytea not null references identity_account (id),
  token_hash bytea not null unique,
  assurance text not null,
  device_sealed bytea not null,
  organisation_id bytea,
  created_at bigint not null,
  last_seen_at bigint not null,
  authenticated_at bigint not null,
  token_issued_at bigint not null,
  ended_at bigint,
  ended_by bytea,
  ended_why text
);
create index identity_session_account on identity_session (account_id, ended_at);

-- Failed sign-ins by keyed hash of the login tried or of the client's address.
create table identity_failure (
  failure_key bytea primary key,
  failures bigint not null,
  last_at bigint not null,
  not_before bigint not null
);

create table identity_organisation (
  community_id bytea not null,
  id bytea not null,
  kind text not null,
  name text not null,
  registered_at bigint not null,
  registered_by bytea not null,
  primary key (community_id, id)
);

-- organisation_id is sixteen zero bytes where the role is held for nobody but oneself.
create table identity_membership (
  community_id bytea not null,
  account_id bytea not null,
  role text not null,
  organisation_id bytea not null,
  since bigint not null,
  until bigint,
  granted_by bytea not null,
  reason text not null,
  ended_at bigint,
  ended_by bytea,
  ended_why text,
  primary key (community_id, account_id, role, organisation_id, since)
);
-- A sign-in asks for one account's roles in all its communities: the one question that does not start from one.
create index identity_membership_account on identity_membership (account_id, ended_at);

-- One-time codes on paper: an invitation makes an account, a reset sets a new password.
create table identity_code (
  community_id bytea not null,
  id bytea not null,
  code_index bytea not null,
  purpose text not null,
  account_id bytea,
  role text,
  name_sealed bytea,
  issued_at bigint not null,
  issued_by bytea not null,
  expires_at bigint not null,
  settled_at bigint,
  settled_by bytea,
  settled_how text,
  primary key (community_id, id)
);
create index identity_code_index on identity_code (code_index);
create index identity_code_account on identity_code (community_id, account_id);

create table identity_passkey (
  id bytea primary key,
  account_id bytea not null references identity_account (id),
  credential_id bytea not null unique,
  credential text not null,
  label text not null,
  added_at bigint not null,
  last_used_at bigint
);
create index identity_passkey_account on identity_passkey (account_id);

-- What the server remembers between the two halves of a passkey ceremony, for minutes.
create table identity_ceremony (
  id bytea primary key,
  kind text not null,
  account_id bytea,
  state_sealed bytea not null,
  expires_at bigint not null
);
create index identity_ceremony_expiry on identity_ceremony (expires_at);
