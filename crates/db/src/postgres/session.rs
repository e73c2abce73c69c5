//! One connection to a PostgreSQL server, driven by the thread that uses it.

use std::collections::HashMap;

use futures_util::future::{join, join_all};
use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, Statement};

use super::codec::{self, Parameter};
use super::fault;
use crate::rows;
use crate::session::{Session, refuse_unportable};
use crate::{Error, Options, Row, Value};

/// Statements of one `insert_many` that are sent before the first answer is awaited.
const PIPELINED_MAX: usize = 8;

/// A prepared statement's key: its text's place and length, and the rows of an `insert_many`.
type Key = (usize, usize, usize);

type Parameters<'a> = [&'a (dyn ToSql + Sync)];

/// One connection, what it has prepared, and what is to be sent with the next statement.
pub(crate) struct PostgresSession {
    runtime: Runtime,
    config: Config,
    setup: String,
    begin: &'static str,
    client: Option<Client>,
    statements: HashMap<Key, Statement>,
    contended_tables: &'static [&'static str],
    /// `begin`, `savepoint` and the like, sent together with the statement that follows: no round trip of their own.
    pending: Vec<&'static str>,
    has_failed: bool,
}

impl PostgresSession {
    pub(crate) fn open(config: &Config, options: &Options, read_only: bool) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::Unavailable {
                reason: error.to_string(),
            })?;
        // Read-only by default, so that a statement whose BEGIN failed can't be written for itself. What is
        // acknowledged is on the server's disk, whatever the server's default.
        let setup = format!(
            "set default_transaction_read_only = on; set lock_timeout = {}; \
             set statement_timeout = {}; set client_min_messages = warning; \
             select set_config('synchronous_commit', 'on', false) \
             where current_setting('synchronous_commit') = 'off'",
            options.lock_timeout.as_millis(),
            options.statement_timeout.as_millis(),
        );
        // Repeatable read: what a command decides rests on one snapshot, and two processes that write one community
        // collide at its journal's next position instead of both deciding on the same state.
        let begin = if read_only {
            "begin isolation level repeatable read read only"
        } else {
            "begin isolation level repeatable read read write"
        };
        let mut session = Self {
            runtime,
            config: config.clone(),
            setup,
            begin,
            client: None,
            statements: HashMap::new(),
            contended_tables: options.contended_tables,
            pending: Vec::new(),
            has_failed: false,
        };
        session.connect()?;
        Ok(session)
    }

    fn connect(&mut self) -> Result<(), Error> {
        self.client = None;
        self.statements.clear();
        let (config, setup) = (&self.config, &self.setup);
        let client = self.runtime.block_on(async {
            let (client, connection) = config.connect(NoTls).await?;
            // Ends with the connection; whoever waits for an answer then learns that it is closed.
            tokio::spawn(connection);
            client.batch_execute(setup).await?;
            Ok(client)
        });
        self.client = Some(client.map_err(|error| self.refusal(&error))?);
        Ok(())
    }

    /// What it means that a connection was refused.
    fn refusal(&self, error: &tokio_postgres::Error) -> Error {
        if error.code() == Some(&SqlState::INVALID_CATALOG_NAME) {
            let name = self.config.get_dbname().unwrap_or_default();
            return Error::Missing {
                place: format!("\"{name}\" on this PostgreSQL server"),
                maker: "`createdb`",
            };
        }
        fault::error(error, "connect", self.contended_tables)
    }

    /// Whether nothing of the transaction has reached the server yet.
    fn is_unsent(&self) -> bool {
        self.pending.first() == Some(&self.begin)
    }

    /// Does work; if the connection turns out to be gone before the transaction did anything, as after the server
    /// was started anew, connects and does it once more.
    fn reconnecting<T>(
        &mut self,
        mut work: impl FnMut(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let unsent = self.is_unsent().then(|| self.pending.clone());
        let done = work(self);
        match unsent {
            Some(pending) if done.is_err() && self.client.is_none() => {
                self.connect()?;
                self.has_failed = false;
                self.pending = pending;
                work(self)
            }
            _ => done,
        }
    }

    /// Sends what is pending and then something else without waiting in between.
    fn send<T>(
        &mut self,
        sql: &str,
        request: &impl AsyncFn(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Error> {
        let pending = std::mem::take(&mut self.pending).join("; ");
        self.exchange(&pending, request)?.map_err(|error| {
            self.has_failed = true;
            if fault::is_lost(&error) || self.is_lost() {
                self.client = None;
            }
            if fault::is_stale(&error) {
                self.statements.clear();
            }
            fault::error(&error, sql, self.contended_tables)
        })
    }

    /// The outer error is that of a connection given up before.
    fn exchange<T>(
        &self,
        pending: &str,
        request: &impl AsyncFn(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<Result<T, tokio_postgres::Error>, Error> {
        let client = self.client.as_ref().ok_or_else(|| Error::Unavailable {
            reason: "the connection was lost".to_owned(),
        })?;
        if pending.is_empty() {
            return Ok(self.runtime.block_on(request(client)));
        }
        let both = join(client.batch_execute(pending), request(client));
        let (before, answer) = self.runtime.block_on(both);
        Ok(before.and(answer))
    }

    /// The prepared statement of a text.
    fn prepared(&mut self, key: Key, text: impl FnOnce() -> String) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.get(&key) {
            return Ok(statement.clone());
        }
        let text = text();
        let statement = self.send(&text, &async |client| client.prepare(&text).await)?;
        refuse_unportable_types(&statement, &text)?;
        self.statements.insert(key, statement.clone());
        Ok(statement)
    }

    /// Runs a statement with as many parameters as it takes.
    fn run<T>(
        &mut self,
        sql: &'static str,
        parameters: &[Value],
        request: &impl AsyncFn(&Client, &Statement, &Parameters<'_>) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Error> {
        refuse_unportable(parameters)?;
        let values: Vec<Parameter<'_>> = parameters.iter().map(Parameter).collect();
        let values: Vec<&(dyn ToSql + Sync)> = values
            .iter()
            .map(|value: &Parameter<'_>| -> &(dyn ToSql + Sync) { value })
            .collect();
        let key = (sql.as_ptr().addr(), sql.len(), 0);
        self.reconnecting(|session| {
            let statement = session.prepared(key, || sql.to_owned())?;
            let (wanted, given) = (statement.params().len(), values.len());
            if wanted != given {
                return Err(Error::Statement {
                    reason: format!("it takes {wanted} parameters and was given {given}"),
                    sql: sql.to_owned(),
                });
            }
            session.send(sql, &async |client| {
                request(client, &statement, &values).await
            })
        })
    }
}

impl PostgresSession {
    /// Runs a text over rows, some pieces on the way at a time; what each of them answers.
    fn run_pieces<T>(
        &mut self,
        sql: &'static str,
        rows: &[Vec<Value>],
        request: &impl AsyncFn(&Client, &Statement, &Parameters<'_>) -> Result<T, tokio_postgres::Error>,
    ) -> Result<Vec<T>, Error> {
        let columns = rows::columns(sql, rows)?;
        let mut prepared = Vec::new();
        for piece in rows::pieces(rows, columns) {
            let key = (sql.as_ptr().addr(), sql.len(), piece.len());
            let text = || rows::text(sql, columns, piece.len(), '$');
            let statement = self.prepared(key, text)?;
            let values: Vec<Parameter<'_>> = piece.iter().flatten().map(Parameter).collect();
            prepared.push((statement, values));
        }
        let mut answers = Vec::new();
        for group in prepared.chunks(PIPELINED_MAX) {
            let answered: Vec<T> = self.send(sql, &async |client| {
                let requests = group.iter().map(|(statement, values)| async move {
                    let values: Vec<&(dyn ToSql + Sync)> = values
                        .iter()
                        .map(|value: &Parameter<'_>| -> &(dyn ToSql + Sync) { value })
                        .collect();
                    request(client, statement, &values).await
                });
                join_all(requests).await.into_iter().collect()
            })?;
            answers.extend(answered);
        }
        Ok(answers)
    }
}

/// Refuses what is not one of the five column types, as NUMERIC, which `sum(bigint)` is.
fn refuse_unportable_types(statement: &Statement, sql: &str) -> Result<(), Error> {
    let columns = statement
        .columns()
        .iter()
        .map(|column| (format!("column {}", column.name()), column.type_()));
    let parameters = (1..)
        .zip(statement.params())
        .map(|(number, wanted)| (format!("parameter ${number}"), wanted));
    for (name, found) in columns.chain(parameters) {
        if !codec::is_portable(found) {
            return Err(Error::Statement {
                reason: format!("{name} is of type {found}; cast it to one of the five types"),
                sql: sql.to_owned(),
            });
        }
    }
    Ok(())
}

fn read_row(row: &tokio_postgres::Row) -> Result<Row, Error> {
    let mut values = Vec::with_capacity(row.len());
    for column in 0..row.len() {
        values.push(row.try_get(column).map_err(|_| Error::Column {
            column,
            expected: "one of the five types",
        })?);
    }
    Ok(Row::new(values))
}

impl Session for PostgresSession {
    fn begin(&mut self) -> Result<bool, Error> {
        self.has_failed = false;
        self.pending.clear();
        if self.client.as_ref().is_none_or(Client::is_closed) {
            self.connect()?;
        }
        self.pending.push(self.begin);
        Ok(false)
    }

    fn commit(&mut self) -> Result<(), Error> {
        if self.has_failed {
            // The server would answer COMMIT with a rollback and call it success.
            return Err(Error::Conflict);
        }
        if self.is_unsent() {
            self.pending.clear();
            return Ok(());
        }
        self.pending.push("commit");
        let batch = std::mem::take(&mut self.pending).join("; ");
        self.send("commit", &async |client| client.batch_execute(&batch).await)
    }

    fn rollback(&mut self) {
        let is_unsent = self.is_unsent();
        self.pending.clear();
        if is_unsent {
            return;
        }
        let rolled_back = self.send("rollback", &async |client| {
            client.batch_execute("rollback").await
        });
        if rolled_back.is_err() {
            self.client = None;
        }
        self.has_failed = false;
    }

    fn savepoint(&mut self) -> Result<(), Error> {
        self.pending.push("savepoint command");
        Ok(())
    }

    fn release(&mut self) -> Result<(), Error> {
        self.pending.push("release savepoint command");
        Ok(())
    }

    fn rollback_to(&mut self) -> Result<(), Error> {
        self.pending
            .push("rollback to savepoint command; release savepoint command");
        self.has_failed = false;
        Ok(())
    }

    fn is_voided_by_errors(&self) -> bool {
        true
    }

    fn is_lost(&self) -> bool {
        self.client.as_ref().is_none_or(Client::is_closed)
    }

    fn query(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let rows = self.run(sql, parameters, &async |client, statement, values| {
            client.query(statement, values).await
        })?;
        rows.iter().map(read_row).collect()
    }

    fn execute(&mut self, sql: &'static str, parameters: &[Value]) -> Result<u64, Error> {
        self.run(sql, parameters, &async |client, statement, values| {
            client.execute(statement, values).await
        })
    }

    fn query_many(&mut self, sql: &'static str, asked: &[Vec<Value>]) -> Result<Vec<Row>, Error> {
        for row in asked {
            refuse_unportable(row)?;
        }
        let pieces = self.reconnecting(|session| {
            session.run_pieces(sql, asked, &async |client, statement, values| {
                client.query(statement, values).await
            })
        })?;
        pieces.iter().flatten().map(read_row).collect()
    }

    fn insert_many(&mut self, insert: &'static str, rows: &[Vec<Value>]) -> Result<u64, Error> {
        for row in rows {
            refuse_unportable(row)?;
        }
        let pieces = self.reconnecting(|session| {
            session.run_pieces(insert, rows, &async |client, statement, values| {
                client.execute(statement, values).await
            })
        })?;
        Ok(pieces.into_iter().sum())
    }

    fn prepare(&mut self, sql: &'static str) -> Result<(), Error> {
        let key = (sql.as_ptr().addr(), sql.len(), 0);
        let text = || rows::sample(sql, '$').unwrap_or_else(|| sql.to_owned());
        self.prepared(key, text).map(drop)
    }

    fn script(&mut self, sql: &str) -> Result<(), Error> {
        // A migration takes the time it takes.
        let script = format!("set local statement_timeout = 0; set local lock_timeout = 0;\n{sql}");
        self.send(sql, &async |client| client.batch_execute(&script).await)
    }
}
