//! Migrations: a module's tables, step by step.

/// One step of a module's schema. Never changed once released: add another.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The module.
    pub module: &'static str,
    /// 1, 2, 3… within the module.
    pub version: u32,
    /// Portable SQL: several statements, each ended by `;` at a line's end.
    pub sql: &'static str,
}
