//! One connection to a SQLite file.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OpenFlags};

use super::{create_private, dialect, fault};
use crate::rows;
use crate::session::{Session, refuse_unportable};
use crate::{Error, Options, Row, Value};

/// Statements that a connection keeps prepared.
const PREPARED_MAX: usize = 512;

/// Pages that the write-ahead log may hold before a commit moves them itself: 16 MiB. Until then it is done beside the
/// lane, and the commit that reaches the limit finds little left to do. A log that is written over and over in place is
/// synced sooner than one that grows.
const LOG_PAGES_MAX: &str = "4096";

/// One connection, with the texts it has translated.
pub(crate) struct SqliteSession {
    connection: Connection,
    texts: HashMap<(usize, usize, usize), Box<str>>,
    contended_tables: &'static [&'static str],
    read_only: bool,
    data_version: i64,
}

impl SqliteSession {
    pub(crate) fn open(
        path: &Path,
        options: &Options,
        read_only: bool,
        is_memory: bool,
    ) -> Result<Self, Error> {
        let unavailable = |error: &rusqlite::Error| fault::of_file(error, path);
        let connection = connect(path, options.must_exist, read_only)?;
        let set = |name: &str, value: &str| {
            connection
                .pragma_update(None, name, value)
                .map_err(|error| unavailable(&error))
        };
        connection
            .busy_timeout(options.lock_timeout)
            .map_err(|error| unavailable(&error))?;
        connection
            .pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))
            .map_err(|error| unavailable(&error))?;
        // FULL: a commit that was acknowledged survives a power cut, not only a crash of the process.
        set("synchronous", if is_memory { "off" } else { "full" })?;
        set("foreign_keys", "on")?;
        set("trusted_schema", "off")?;
        // As PostgreSQL's LIKE.
        set("case_sensitive_like", "on")?;
        set("temp_store", "memory")?;
        set("cache_size", if read_only { "-16384" } else { "-65536" })?;
        set("wal_autocheckpoint", LOG_PAGES_MAX)?;
        set("journal_size_limit", "67108864")?;
        if read_only {
            set("query_only", "on")?;
        }
        // A plan does not hang on the values bound: else every binding compiles its statement anew.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|error| unavailable(&error))?;
        connection.set_prepared_statement_cache_capacity(PREPARED_MAX);
        Ok(Self {
            connection,
            texts: HashMap::new(),
            contended_tables: options.contended_tables,
            read_only,
            data_version: 0,
        })
    }

    /// The connection itself, for what only SQLite knows.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    fn control(&self, sql: &'static str) -> Result<(), Error> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([]))
            .map(drop)
            .map_err(|error| self.error(&error, sql))
    }

    fn error(&self, error: &rusqlite::Error, sql: &str) -> Error {
        match fault::error(error, sql, self.contended_tables) {
            Error::Unavailable { reason }
                if self.read_only
                    && error.sqlite_error_code() == Some(rusqlite::ErrorCode::ReadOnly) =>
            {
                Error::Statement {
                    reason,
                    sql: sql.to_owned(),
                }
            }
            other => other,
        }
    }

    /// Remembers that a text is to be run in SQLite's words; the key is the text's place and the number of rows.
    fn translate(&mut self, sql: &'static str) -> (usize, usize, usize) {
        let key = (sql.as_ptr().addr(), sql.len(), 0);
        self.texts
            .entry(key)
            .or_insert_with(|| dialect::statement(sql).into());
        key
    }

    /// Runs a remembered text with these parameters and gives each row to `row`; the number of rows it changed.
    fn run<'a>(
        &self,
        key: (usize, usize, usize),
        parameters: impl ExactSizeIterator<Item = &'a Value>,
        mut row: impl FnMut(&rusqlite::Row<'_>, usize) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let sql = self.texts.get(&key).map_or("", |text| text);
        let error = |error: &rusqlite::Error| self.error(error, sql);
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .map_err(|raised| error(&raised))?;
        bind(&mut statement, parameters, sql, &error)?;
        let columns = statement.column_count();
        let is_read = statement.readonly();
        let mut rows = statement.raw_query();
        let mut count = 0;
        while let Some(found) = rows.next().map_err(|raised| error(&raised))? {
            row(found, columns)?;
            count += 1;
        }
        drop(rows);
        Ok(if is_read {
            count
        } else {
            self.connection.changes()
        })
    }
}

/// Opens the file; makes it first where it is missing and may be made.
fn connect(path: &Path, must_exist: bool, read_only: bool) -> Result<Connection, Error> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if must_exist {
        if !path.exists() {
            return Err(Error::Missing {
                place: format!("at {}", path.display()),
                maker: "`linli migrate`",
            });
        }
    } else {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
        if !read_only {
            create_private(path);
        }
    }
    Connection::open_with_flags(path, flags).map_err(|error| fault::of_file(&error, path))
}

impl SqliteSession {
    /// Runs a text over rows, piece by piece.
    fn run_many(
        &mut self,
        sql: &'static str,
        rows: &[Vec<Value>],
        mut row: impl FnMut(&rusqlite::Row<'_>, usize) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let columns = rows::columns(sql, rows)?;
        let mut changed = 0;
        for piece in rows::pieces(rows, columns) {
            let key = (sql.as_ptr().addr(), sql.len(), piece.len());
            self.texts.entry(key).or_insert_with(|| {
                let sql = dialect::statement(sql);
                rows::text(&sql, columns, piece.len(), '?').into()
            });
            let mut values = Vec::with_capacity(columns * piece.len());
            for row in piece {
                refuse_unportable(row)?;
                values.extend(row);
            }
            changed += self.run(key, values.into_iter(), &mut row)?;
        }
        Ok(changed)
    }
}

fn bind<'a>(
    statement: &mut CachedStatement<'_>,
    parameters: impl ExactSizeIterator<Item = &'a Value>,
    sql: &str,
    error: &impl Fn(&rusqlite::Error) -> Error,
) -> Result<(), Error> {
    let (wanted, given) = (statement.parameter_count(), parameters.len());
    if wanted != given {
        return Err(Error::Statement {
            reason: format!("it takes {wanted} parameters and was given {given}"),
            sql: sql.to_owned(),
        });
    }
    for (index, value) in (1..).zip(parameters) {
        match value {
            Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null),
            Value::Integer(integer) => statement.raw_bind_parameter(index, integer),
            Value::Text(text) => statement.raw_bind_parameter(index, text),
            Value::Bytes(bytes) => statement.raw_bind_parameter(index, bytes),
            Value::Flag(flag) => statement.raw_bind_parameter(index, flag),
            Value::Real(real) => statement.raw_bind_parameter(index, real + 0.0),
        }
        .map_err(|raised| error(&raised))?;
    }
    Ok(())
}

fn read_row(row: &rusqlite::Row<'_>, columns: usize) -> Result<Row, Error> {
    let mut values = Vec::with_capacity(columns);
    for column in 0..columns {
        let value = row.get_ref(column).map_err(|_| Error::Column {
            column,
            expected: "a value",
        })?;
        values.push(match value {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(integer) => Value::Integer(integer),
            ValueRef::Real(real) => Value::Real(real),
            ValueRef::Text(bytes) => Value::Text(
                std::str::from_utf8(bytes)
                    .map_err(|_| Error::Column {
                        column,
                        expected: "text in UTF-8",
                    })?
                    .to_owned(),
            ),
            ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        });
    }
    Ok(Row::new(values))
}

impl Session for SqliteSession {
    fn begin(&mut self) -> Result<bool, Error> {
        if self.read_only {
            self.control("begin")?;
            return Ok(false);
        }
        // IMMEDIATE: a deferred transaction that writes later may fail however long it would wait.
        self.control("begin immediate")?;
        let version: i64 = self
            .connection
            .prepare_cached("pragma data_version")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
            .map_err(|error| self.error(&error, "pragma data_version"))?;
        let others_wrote = version != self.data_version;
        self.data_version = version;
        Ok(others_wrote)
    }

    fn commit(&mut self) -> Result<(), Error> {
        self.control("commit")
    }

    fn rollback(&mut self) {
        if !self.connection.is_autocommit() {
            // Fails only where SQLite has rolled back by itself.
            let _ = self.control("rollback");
        }
    }

    fn savepoint(&mut self) -> Result<(), Error> {
        self.control("savepoint command")
    }

    fn release(&mut self) -> Result<(), Error> {
        self.control("release command")
    }

    fn rollback_to(&mut self) -> Result<(), Error> {
        self.control("rollback to command")?;
        self.control("release command")
    }

    fn is_voided_by_errors(&self) -> bool {
        false
    }

    fn is_lost(&self) -> bool {
        false
    }

    fn query(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        refuse_unportable(parameters)?;
        let key = self.translate(sql);
        let mut rows = Vec::new();
        self.run(key, parameters.iter(), |row, columns| {
            rows.push(read_row(row, columns)?);
            Ok(())
        })?;
        Ok(rows)
    }

    fn execute(&mut self, sql: &'static str, parameters: &[Value]) -> Result<u64, Error> {
        refuse_unportable(parameters)?;
        let key = self.translate(sql);
        self.run(key, parameters.iter(), |_, _| Ok(()))
    }

    fn query_many(&mut self, sql: &'static str, asked: &[Vec<Value>]) -> Result<Vec<Row>, Error> {
        let mut found = Vec::new();
        self.run_many(sql, asked, |row, columns| {
            found.push(read_row(row, columns)?);
            Ok(())
        })?;
        Ok(found)
    }

    fn insert_many(&mut self, insert: &'static str, rows: &[Vec<Value>]) -> Result<u64, Error> {
        self.run_many(insert, rows, |_, _| Ok(()))
    }

    fn prepare(&mut self, sql: &'static str) -> Result<(), Error> {
        let text = dialect::statement(sql);
        let text = rows::sample(&text, '?').unwrap_or(text);
        let text = text.as_str();
        self.connection
            .prepare_cached(text)
            .map(drop)
            .map_err(|error| self.error(&error, text))
    }

    fn checkpoint(&mut self) {
        // Passive: it neither waits nor makes anybody wait, and what it leaves, the next one takes.
        let _ = self
            .connection
            .query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()));
    }

    fn script(&mut self, sql: &str) -> Result<(), Error> {
        for statement in dialect::script(sql) {
            self.connection
                .execute_batch(&statement)
                .map_err(|error| self.error(&error, &statement))?;
        }
        Ok(())
    }
}
