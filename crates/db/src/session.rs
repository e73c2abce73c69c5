//! What the lanes and readers need of a driver: one connection, one transaction at a time.

use crate::{Error, Row, Value};

/// One connection of either engine.
pub(crate) trait Session {
    /// Begins a transaction. `true` if another connection may have written since the last one of this session and
    /// the engine can tell.
    fn begin(&mut self) -> Result<bool, Error>;

    /// Commits. After an error the transaction is open still, or its fate unknown; roll back.
    fn commit(&mut self) -> Result<(), Error>;

    /// Ends the transaction without a trace, if there is one. Never fails: a connection that can't is given up and
    /// made anew by the next [`Self::begin`].
    fn rollback(&mut self);

    /// Marks the place to which [`Self::rollback_to`] returns; one at a time.
    fn savepoint(&mut self) -> Result<(), Error>;

    /// Keeps what was done since the savepoint.
    fn release(&mut self) -> Result<(), Error>;

    /// Undoes what was done since the savepoint, and forgets the savepoint.
    fn rollback_to(&mut self) -> Result<(), Error>;

    /// Whether any failed statement voids the whole transaction unless a savepoint precedes it (PostgreSQL).
    fn is_voided_by_errors(&self) -> bool;

    /// Whether the connection is gone, and with it the transaction.
    fn is_lost(&self) -> bool;

    /// The rows of a statement.
    fn query(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Error>;

    /// The number of rows that a statement changed.
    fn execute(&mut self, sql: &'static str, parameters: &[Value]) -> Result<u64, Error>;

    /// The rows of a statement over many rows, in as few statements as the limit of parameters allows.
    fn query_many(&mut self, sql: &'static str, asked: &[Vec<Value>]) -> Result<Vec<Row>, Error>;

    /// Inserts rows by multi-row VALUES, in as few statements as the limit of parameters allows.
    fn insert_many(&mut self, insert: &'static str, rows: &[Vec<Value>]) -> Result<u64, Error>;

    /// Prepares a statement without running it.
    fn prepare(&mut self, sql: &'static str) -> Result<(), Error>;

    /// Moves the log of what was committed into the database, as far as nobody is in the way. Nothing depends on it.
    fn checkpoint(&mut self) {}

    /// Runs a migration's statements, as they are in the portable text.
    fn script(&mut self, sql: &str) -> Result<(), Error>;
}

/// Refuses what one of the engines would store and the other not: NUL in text, and reals that are not finite.
pub(crate) fn refuse_unportable(parameters: &[Value]) -> Result<(), Error> {
    for value in parameters {
        let reason = match value {
            Value::Text(text) if text.contains('\0') => "text may not contain NUL",
            Value::Real(real) if !real.is_finite() => "a real number must be finite",
            _ => continue,
        };
        return Err(Error::Constraint {
            constraint: reason.to_owned(),
        });
    }
    Ok(())
}
