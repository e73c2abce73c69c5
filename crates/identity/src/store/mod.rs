//! Identity's SQL texts; the functions that run them stand in the files beside.

mod account;
mod code;
mod passkey;
mod role;
mod session;

pub use code::{CodePurpose, OpenCode};
pub use role::{Member, Organisation};
pub use session::OwnSession;

pub(crate) use account::*;
pub(crate) use code::*;
pub(crate) use passkey::*;
pub(crate) use role::*;
pub(crate) use session::*;

db::statements! {
    INSERT_ACCOUNT = "insert into identity_account \
        (id, name_sealed, language, elder, password_hash, password_set_at, created_at, created_by) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    FIND_ACCOUNT = "select name_sealed, language, elder, password_hash, created_at \
        from identity_account where id = $1";
    UPDATE_PROFILE = "update identity_account set name_sealed = $2, language = $3, elder = $4 where id = $1";
    UPDATE_PASSWORD = "update identity_account set password_hash = $2, password_set_at = $3 where id = $1";
    INSERT_LOGIN = "insert into identity_login (login_index, account_id, kind, login_sealed, added_at) \
        values ($1, $2, $3, $4, $5) on conflict (login_index) do nothing";
    DELETE_LOGIN = "delete from identity_login where login_index = $1 and account_id = $2";
    FIND_LOGIN = "select l.account_id, a.password_hash \
        from identity_login l join identity_account a on a.id = l.account_id where l.login_index = $1";
    LIST_LOGINS = "select login_sealed, kind from identity_login where account_id = $1 order by added_at, kind";
    IS_DISABLED = "select disabled_at from identity_disabling where account_id = $1 and lifted_at is null";
    INSERT_DISABLING = "insert into identity_disabling (account_id, disabled_at, disabled_by, reason_sealed) \
        values ($1, $2, $3, $4)";
    LIFT_DISABLING = "update identity_disabling set lifted_at = $2, lifted_by = $3 \
        where account_id = $1 and lifted_at is null";

    FIND_FAILURES = "select failures, last_at, not_before from identity_failure where failure_key = $1";
    PUT_FAILURES = "insert into identity_failure (failure_key, failures, last_at, not_before) \
        values ($1, $2, $3, $4) on conflict (failure_key) do update set \
        failures = excluded.failures, last_at = excluded.last_at, not_before = excluded.not_before";
    DELETE_FAILURES = "delete from identity_failure where failure_key = $1";
    PRUNE_FAILURES = "delete from identity_failure where last_at < $1 and not_before < $1";

    INSERT_SESSION = "insert into identity_session (id, account_id, token_hash, assurance, device_sealed, \
        created_at, last_seen_at, authenticated_at, token_issued_at) \
        values ($1, $2, $3, $4, $5, $6, $6, $6, $6)";
    AUTHENTICATE = "select s.id, s.account_id, s.assurance, s.organisation_id, s.created_at, s.last_seen_at, \
        s.authenticated_at, s.token_issued_at, a.name_sealed, a.language, a.elder \
        from identity_session s join identity_account a on a.id = s.account_id \
        where s.token_hash = $1 and s.ended_at is null and not exists \
        (select 1 from identity_disabling d where d.account_id = s.account_id and d.lifted_at is null)";
    FIND_SESSION = "select authenticated_at, assurance from identity_session \
        where id = $1 and account_id = $2 and ended_at is null";
    LIST_SESSIONS = "select id, assurance, device_sealed, created_at, last_seen_at, authenticated_at \
        from identity_session where account_id = $1 and ended_at is null order by last_seen_at desc limit 100";
    TOUCH_SESSION = "update identity_session set last_seen_at = $2 \
        where id = $1 and ended_at is null and last_seen_at <= $3";
    ROTATE_SESSION = "update identity_session set token_hash = $3, token_issued_at = $4 \
        where id = $1 and account_id = $2 and ended_at is null";
    CONFIRM_SESSION = "update identity_session set token_hash = $3, token_issued_at = $4, authenticated_at = $4, \
        last_seen_at = $4, assurance = $5 where id = $1 and account_id = $2 and ended_at is null";
    ACT_FOR = "update identity_session set organisation_id = $3 \
        where id = $1 and account_id = $2 and ended_at is null";
    END_SESSION = "update identity_session set ended_at = $3, ended_by = $4, ended_why = $5 \
        where id = $1 and account_id = $2 and ended_at is null";
    END_SESSIONS = "update identity_session set ended_at = $3, ended_by = $4, ended_why = $5 \
        where account_id = $1 and id <> $2 and ended_at is null";
    PRUNE_SESSIONS = "delete from identity_session where ended_at < $1 or last_seen_at < $1";

    LIST_ROLES = "select community_id, role, organisation_id, since, until, ended_at \
        from identity_membership where account_id = $1 order by community_id, since";
    LIST_MEMBERS = "select m.account_id, a.name_sealed, m.role, m.organisation_id, m.since, m.until, m.reason \
        from identity_membership m join identity_account a on a.id = m.account_id \
        where m.community_id = $1 and m.ended_at is null and (m.until is null or m.until > $2) \
        and (m.account_id, m.role) > ($3, $4) order by m.account_id, m.role, m.organisation_id limit $5";
    HAS_ROLE = "select since from identity_membership where community_id = $1 and account_id = $2 and role = $3 \
        and organisation_id = $4 and ended_at is null and (until is null or until > $5)";
    IS_MEMBER = "select since from identity_membership where community_id = $1 and account_id = $2 \
        and ended_at is null and (until is null or until > $3)";
    INSERT_ROLE = "insert into identity_membership \
        (community_id, account_id, role, organisation_id, since, until, granted_by, reason) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    END_ROLE = "update identity_membership set ended_at = $5, ended_by = $6, ended_why = $7 \
        where community_id = $1 and account_id = $2 and role = $3 and organisation_id = $4 \
        and ended_at is null and (until is null or until > $5)";
    COUNT_HOLDERS = "select count(*) from identity_membership \
        where community_id = $1 and role = $2 and ended_at is null and (until is null or until > $3)";
    INSERT_ORGANISATION = "insert into identity_organisation \
        (community_id, id, kind, name, registered_at, registered_by) values ($1, $2, $3, $4, $5, $6)";
    FIND_ORGANISATION = "select kind, name from identity_organisation where community_id = $1 and id = $2";
    LIST_ORGANISATIONS = "select id, kind, name from identity_organisation \
        where community_id = $1 order by name, id limit 1000";
    ORGANISATIONS_OF = "select distinct o.id, o.name from identity_membership m join identity_organisation o \
        on o.id = m.organisation_id and (o.community_id = m.community_id or o.community_id = $2) \
        where m.account_id = $1 and m.ended_at is null order by o.name, o.id";
    LIST_ACTING = "select m.account_id, a.name_sealed, m.role, m.organisation_id, m.since, m.until, m.reason \
        from identity_membership m join identity_account a on a.id = m.account_id \
        where m.community_id = $1 and m.organisation_id = $2 and m.ended_at is null \
        and (m.until is null or m.until > $3) order by m.since, m.account_id, m.role limit 1000";

    INSERT_CODE = "insert into identity_code (community_id, id, code_index, purpose, account_id, role, \
        name_sealed, issued_at, issued_by, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    FIND_CODE = "select community_id, id, purpose, account_id, role, name_sealed, expires_at, settled_at, issued_by \
        from identity_code where code_index = $1";
    LIST_CODES = "select id, purpose, account_id, role, name_sealed, issued_at, issued_by, expires_at \
        from identity_code where community_id = $1 and settled_at is null and expires_at > $2 \
        order by issued_at desc, id limit 1000";
    SETTLE_CODE = "update identity_code set settled_at = $3, settled_by = $4, settled_how = $5 \
        where community_id = $1 and id = $2 and settled_at is null";
    SETTLE_RESETS = "update identity_code set settled_at = $3, settled_by = $4, settled_how = 'replaced' \
        where community_id = $1 and account_id = $2 and purpose = 'reset' and settled_at is null";

    INSERT_PASSKEY = "insert into identity_passkey (id, account_id, credential_id, credential, label, added_at) \
        values ($1, $2, $3, $4, $5, $6) on conflict (credential_id) do nothing";
    LIST_PASSKEYS = "select id, credential, label, added_at, last_used_at from identity_passkey \
        where account_id = $1 order by added_at, id";
    FIND_PASSKEY = "select id, account_id, credential from identity_passkey where credential_id = $1";
    USE_PASSKEY = "update identity_passkey set credential = $2, last_used_at = $3 where id = $1";
    RENAME_PASSKEY = "update identity_passkey set label = $3 where id = $1 and account_id = $2";
    DELETE_PASSKEY = "delete from identity_passkey where id = $1 and account_id = $2";
    INSERT_CEREMONY = "insert into identity_ceremony (id, kind, account_id, state_sealed, expires_at) \
        values ($1, $2, $3, $4, $5)";
    FIND_CEREMONY = "select kind, account_id, state_sealed, expires_at from identity_ceremony where id = $1";
    DELETE_CEREMONY = "delete from identity_ceremony where id = $1";
    PRUNE_CEREMONIES = "delete from identity_ceremony where expires_at < $1";
}
