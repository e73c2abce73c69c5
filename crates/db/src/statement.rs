//! SQL texts with names, so that a test can prepare every one of them on both engines.

/// A named SQL text of a module's `store.rs`.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// What it answers, as in `FIND_UNIT`.
    pub name: &'static str,
    /// The text, `$n` parameters, portable subset.
    pub sql: &'static str,
}

/// Declares the statements of a `store.rs` as constants, and `STATEMENTS`, the list of all of them.
///
/// ```
/// db::statements! {
///     COUNT_UNITS = "select count(*) from unit where community_id = $1";
/// }
/// assert_eq!(STATEMENTS.len(), 1);
/// assert!(COUNT_UNITS.starts_with("select"));
/// ```
#[macro_export]
macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(const $name: &str = $sql;)*

        /// Every statement of this room, for the test that prepares them on both engines.
        pub const STATEMENTS: &[$crate::Statement] =
            &[$($crate::Statement { name: stringify!($name), sql: $name }),*];
    };
}
