//! Accounts, passkeys, sessions, roles and permissions.
