//! What a store sees of a database.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::{Error, Row, Value};

/// A connection that answers questions.
pub trait Read {
    /// The rows that `sql` answers, in its order.
    fn query(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Error>;

    /// The rows that `sql` answers to many questions at once, in no order. They stand at its `$rows(TYPE, …)`, as in
    /// `with asked (place, unit_id) as (values $rows(bigint, bytea)) select asked.place, … from asked cross join …`; each
    /// has a value a type. `cross join … where`, unlike `join … on`, keeps SQLite from looking at the table first.
    fn query_many(&mut self, sql: &'static str, asked: &[Vec<Value>]) -> Result<Vec<Row>, Error>;

    /// The only row, or none; the first where there are several.
    fn query_one(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Option<Row>, Error> {
        Ok(self.query(sql, parameters)?.into_iter().next())
    }

    /// What the database's readers remember between questions; none in a transaction, which may yet be undone.
    fn remembered(&self) -> Option<&ReadCache> {
        None
    }
}

/// A transaction in its lane.
pub trait Tx: Read {
    /// Runs a statement and says how many rows it changed.
    fn execute(&mut self, sql: &'static str, parameters: &[Value]) -> Result<u64, Error>;

    /// Inserts many rows by multi-row VALUES. `insert` is `insert into t (a, b, c)`: the columns, no values; each row
    /// has as many values as there are columns. Where more follows, `$rows` stands in place of the rows:
    /// `insert into t (a, b) values $rows on conflict …`.
    fn insert_many(&mut self, insert: &'static str, rows: &[Vec<Value>]) -> Result<u64, Error>;

    /// What the lane remembers between commands. Emptied whenever a command of the lane fails, so what stands in it
    /// is what the database holds.
    fn cache(&mut self) -> &mut Cache;
}

/// What the readers of one database remember between questions, in this process: one value a type, gone with the database.
///
/// Another process may write meanwhile, and another reader may have asked a later snapshot than one's own. So remember
/// only what a position of the journal guards, which every snapshot holds up to some place and none beyond it.
#[derive(Default)]
pub struct ReadCache(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl ReadCache {
    /// The remembered value of this type, made empty at first.
    pub fn entry<T: Any + Send + Sync + Default>(&self) -> Arc<T> {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = values.entry(TypeId::of::<T>());
        let known = known.or_insert_with(|| Arc::new(T::default())).clone();
        // What stands at a type's place is of that type.
        known.downcast().unwrap_or_default()
    }
}

/// A lane's memory: one value a type.
///
/// Another process may write meanwhile. SQLite tells, and the lane forgets; PostgreSQL does not, so remember only
/// what a key guards: a journal's next position, which the other process has taken, fails as a duplicate, and the
/// lane forgets and repeats the command.
#[derive(Default)]
pub struct Cache(HashMap<TypeId, Box<dyn Any + Send>>);

impl Cache {
    /// The remembered value of this type, made empty at first.
    ///
    /// # Panics
    ///
    /// Never: what stands at a type's place is of that type.
    pub fn entry<T: Any + Send + Default>(&mut self) -> &mut T {
        let slot = self.0.entry(TypeId::of::<T>());
        let any = match slot {
            std::collections::hash_map::Entry::Occupied(occupied) => occupied.into_mut(),
            std::collections::hash_map::Entry::Vacant(vacant) => {
                vacant.insert(Box::new(T::default()))
            }
        };
        if !any.is::<T>() {
            *any = Box::new(T::default());
        }
        #[expect(clippy::expect_used, reason = "the line above makes it a T")]
        any.downcast_mut()
            .expect("the slot of a type holds that type")
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
