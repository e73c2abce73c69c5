//! Bringing a database to the schema of this version, one transaction a step.

use std::fmt::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use crate::session::Session;
use crate::{Database, Engine, Error, Migration, Statement, Value};

const CREATE: &str = "create table if not exists schema_migration (
  module text not null, version bigint not null, checksum text not null, at bigint not null,
  primary key (module, version)
);";
const HAS_STEPS_ON_SQLITE: &str =
    "select 1 from sqlite_schema where type = 'table' and name = 'schema_migration'";
const HAS_STEPS_ON_POSTGRES: &str = "select 1 where to_regclass('schema_migration') is not null";
const LOCK: &str = "lock table schema_migration in exclusive mode";
const APPLIED: &str =
    "select module, version, checksum from schema_migration order by module, version";
const RECORD: &str =
    "insert into schema_migration (module, version, checksum, at) values ($1, $2, $3, $4)";

/// Each waits for [`crate::Options::lock_timeout`].
const BEGIN_ATTEMPTS_MAX: u32 = 60;

/// A step that the database says was applied.
struct Applied {
    module: String,
    version: u32,
    checksum: String,
}

impl Database {
    /// Applies the steps that are missing, module by module in the order given, and answers which those were.
    ///
    /// Refuses, before anything is changed, a list with gaps, a step changed since it was applied, and a database
    /// that a newer version has migrated. Several processes may start at once: one migrates, the others wait.
    pub fn migrate(&self, migrations: &[Migration]) -> Result<Vec<Migration>, Error> {
        let engine = self.engine();
        self.with_session(|session| {
            create(session)?;
            let missing = transaction(session, |session| missing(session, migrations))?;
            let mut applied = Vec::new();
            for migration in missing {
                let is_new = transaction(session, |session| apply(session, engine, &migration))?;
                if is_new {
                    applied.push(migration);
                }
            }
            Ok(applied)
        })
    }

    /// The steps that [`Self::migrate`] would apply; refuses what it would refuse.
    pub fn pending(&self, migrations: &[Migration]) -> Result<Vec<Migration>, Error> {
        self.with_session(|session| {
            create(session)?;
            transaction(session, |session| missing(session, migrations))
        })
    }

    /// Whether any step was ever applied here; changes nothing, unlike [`Self::pending`], which makes the table of steps.
    pub fn is_migrated(&self) -> Result<bool, Error> {
        let sql = match self.engine() {
            Engine::Sqlite => HAS_STEPS_ON_SQLITE,
            Engine::Postgres => HAS_STEPS_ON_POSTGRES,
        };
        self.with_session(|session| {
            transaction(session, |session| Ok(!session.query(sql, &[])?.is_empty()))
        })
    }

    /// Prepares every statement on this engine; answers each that it refuses.
    pub fn prepare_all(&self, statements: &[Statement]) -> Result<(), Vec<Error>> {
        let refused = self.with_session(|session| {
            let mut refused = Vec::new();
            for statement in statements {
                if let Err(error) = session.prepare(statement.sql) {
                    refused.push(name(error, statement));
                }
            }
            Ok(refused)
        });
        match refused {
            Ok(refused) if refused.is_empty() => Ok(()),
            Ok(refused) => Err(refused),
            Err(error) => Err(vec![error]),
        }
    }
}

/// The error with the statement's name, by which it is found in `store.rs`.
fn name(error: Error, statement: &Statement) -> Error {
    match error {
        Error::Statement { reason, sql } => Error::Statement {
            reason: format!("{}: {reason}", statement.name),
            sql,
        },
        other => other,
    }
}

/// Makes the table of applied steps. PostgreSQL may refuse one of two who do so at once.
fn create(session: &mut dyn Session) -> Result<(), Error> {
    match transaction(session, |session| session.script(CREATE)) {
        Err(Error::Duplicate { .. } | Error::Conflict) => {
            transaction(session, |session| session.script(CREATE))
        }
        done => done,
    }
}

/// Waits for another process that migrates, as long as a step may take.
fn begin(session: &mut dyn Session) -> Result<(), Error> {
    for _ in 0..BEGIN_ATTEMPTS_MAX {
        match session.begin() {
            Err(Error::Conflict) => {}
            begun => return begun.map(drop),
        }
    }
    Err(Error::Conflict)
}

fn transaction<T>(
    session: &mut dyn Session,
    work: impl FnOnce(&mut dyn Session) -> Result<T, Error>,
) -> Result<T, Error> {
    begin(session)?;
    let done = work(session).and_then(|value| session.commit().map(|()| value));
    if done.is_err() {
        session.rollback();
    }
    done
}

/// The given steps that were not applied yet.
fn missing(session: &mut dyn Session, migrations: &[Migration]) -> Result<Vec<Migration>, Error> {
    let modules = modules(migrations)?;
    let applied = applied(session)?;
    refuse_foreign(&applied, &modules)?;
    let mut missing = Vec::new();
    for steps in &modules {
        for step in steps {
            let before = applied
                .iter()
                .find(|done| done.module == step.module && done.version == step.version);
            match before {
                None => missing.push(**step),
                Some(done) if done.checksum == checksum(step.sql) => {}
                Some(_) => {
                    return Err(refused(
                        step.module,
                        step.version,
                        "it was changed after it was applied; restore its text and add another step",
                    ));
                }
            }
        }
    }
    Ok(missing)
}

/// The steps by module, in the order in which the modules first appear, each numbered 1, 2, 3…
fn modules(migrations: &[Migration]) -> Result<Vec<Vec<&Migration>>, Error> {
    let mut modules: Vec<Vec<&Migration>> = Vec::new();
    for migration in migrations {
        let module = modules.iter_mut().find(|steps| {
            steps
                .first()
                .is_some_and(|step| step.module == migration.module)
        });
        match module {
            Some(steps) => steps.push(migration),
            None => modules.push(vec![migration]),
        }
    }
    for steps in &mut modules {
        steps.sort_by_key(|step| step.version);
        for (expected, step) in (1_u32..).zip(steps) {
            if step.version != expected {
                let reason = format!("its number should be {expected}; number steps without gaps");
                return Err(refused(step.module, step.version, &reason));
            }
        }
    }
    Ok(modules)
}

/// Refuses a database that holds steps which this version does not know, or that miss one before.
fn refuse_foreign(applied: &[Applied], modules: &[Vec<&Migration>]) -> Result<(), Error> {
    for (index, done) in applied.iter().enumerate() {
        let is_known = modules
            .iter()
            .flatten()
            .any(|step| step.module == done.module && step.version == done.version);
        if !is_known {
            return Err(refused(
                &done.module,
                done.version,
                "the database is newer than this version of Linli; install the newer version",
            ));
        }
        let earlier = applied.iter().take(index);
        let count = earlier.filter(|other| other.module == done.module).count();
        if u32::try_from(count).ok() != done.version.checked_sub(1) {
            return Err(refused(
                &done.module,
                done.version,
                "an earlier step was never applied; restore the database from a backup",
            ));
        }
    }
    Ok(())
}

fn applied(session: &mut dyn Session) -> Result<Vec<Applied>, Error> {
    let rows = session.query(APPLIED, &[])?;
    rows.iter()
        .map(|row| {
            Ok(Applied {
                module: row.get(0)?,
                version: row.get(1)?,
                checksum: row.get(2)?,
            })
        })
        .collect()
}

/// Applies one step, unless another process has done so meanwhile.
fn apply(session: &mut dyn Session, engine: Engine, migration: &Migration) -> Result<bool, Error> {
    if engine == Engine::Postgres {
        session.script(LOCK)?;
    }
    let is_done = applied(session)?
        .iter()
        .any(|done| done.module == migration.module && done.version == migration.version);
    if is_done {
        return Ok(false);
    }
    session
        .script(migration.sql)
        .map_err(|error| refused(migration.module, migration.version, &error.to_string()))?;
    session.execute(
        RECORD,
        &[
            migration.module.into(),
            migration.version.into(),
            checksum(migration.sql).into(),
            Value::Integer(now_micros()),
        ],
    )?;
    Ok(true)
}

fn refused(module: &str, version: u32, reason: &str) -> Error {
    Error::Migration {
        module: module.to_owned(),
        version,
        reason: reason.to_owned(),
    }
}

fn checksum(sql: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(sql) {
        // Writing to a String can't fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn now_micros() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_micros()).ok())
        .unwrap_or_default()
}
