//! `linli verify`: proves a receipt against a published head, or the whole record of every community, offline.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use db::{Database, Read};
use journal::Findings;
use kernel::{CommunityId, Vault};
use proof::{HeadFile, Receipt, VerifyingKey, verify_receipt};

use crate::audits;
use crate::ballots::read;
use crate::config::{Config, Store, Web};
use crate::opening::Opened;
use crate::out;

/// What to prove.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The receipt, as downloaded after the vote.
    receipt: Option<PathBuf>,
    /// The published head, as anyone may download it.
    #[arg(long, requires = "receipt")]
    head: Option<PathBuf>,
    /// The installation's public key, as it publishes it elsewhere; without it the head's own key is taken.
    #[arg(long, requires = "receipt")]
    key: Option<String>,
    #[command(flatten)]
    store: Store,
}

/// `linli verify`.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match (&arguments.receipt, &arguments.head) {
        (Some(receipt), Some(head)) => {
            let key = arguments
                .key
                .as_deref()
                .map(str::parse::<VerifyingKey>)
                .transpose()?;
            prove_receipt(&read(receipt)?, &read(head)?, key.as_ref())
        }
        (Some(_), None) => {
            bail!("a receipt is proved against a published head: add --head HEAD.json")
        }
        (None, _) => prove_database(&arguments.store),
    }
}

fn prove_receipt(
    receipt: &[u8],
    head: &[u8],
    key: Option<&VerifyingKey>,
) -> anyhow::Result<ExitCode> {
    let verified = verify_receipt(
        &Receipt::from_json(receipt)?,
        &HeadFile::from_json(head)?,
        key,
    )?;
    let is_closed = verified.private.is_none() && verified.entry.private_commitment.is_some();
    out::line(if is_closed {
        "The receipt holds, but does not say what it is about."
    } else {
        "The receipt holds."
    })?;
    out::line(format!(
        "  what      {} {}",
        verified.entry.kind, verified.entry.subject
    ))?;
    out::line(format!(
        "  entry     {} of {}",
        verified.entry.position, verified.head.origin
    ))?;
    if let Some(private) = &verified.private {
        out::line(format!("  content   {private}"))?;
    } else if is_closed {
        out::line(format!(
            "  content   not in this receipt: what was voted or done is not shown, only that entry {} exists; \
             a receipt downloaded again has it in `opening`",
            verified.entry.position
        ))?;
    }
    out::line(format!(
        "  under     the head over {} entries, root {}",
        verified.head.size, verified.head.root
    ))?;
    out::line(format!(
        "  signed by {}{}",
        verified.key,
        if verified.key_trusted {
            ""
        } else {
            " (compare this key with the published one)"
        }
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn prove_database(store: &Store) -> anyhow::Result<ExitCode> {
    let config = Config::decide(store, &Web::default())?;
    let Opened {
        database,
        keys,
        vault,
    } = Opened::as_it_stands(&config)?;
    let key = keys.signer()?.verifying_key();
    let mut communities: Vec<CommunityId> = database
        .read_blocking(|read| people::queries::communities(read))?
        .into_iter()
        .map(|community| community.id)
        .collect();
    communities.push(CommunityId::CITY);
    let mut broken = 0;
    let all = communities.clone();
    for (community, line) in
        database.read_blocking(move |read: &mut dyn Read| timebank::prove_clearing(read, &all))?
    {
        broken += 1;
        out::line(format!("BROKEN {community}: {line}"))?;
    }
    for community in communities {
        match prove_community(&database, &vault, &key, community) {
            Ok((summary, findings)) if findings.is_empty() => {
                out::line(format!("holds  {community}: {summary}"))?;
            }
            Ok((_, findings)) => {
                broken += 1;
                for line in findings.lines() {
                    out::line(format!("BROKEN {community}: {line}"))?;
                }
            }
            Err(error) => {
                broken += 1;
                out::line(format!("BROKEN {community}: {error:#}"))?;
            }
        }
    }
    Ok(if broken == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn prove_community(
    database: &Database,
    vault: &Vault,
    key: &VerifyingKey,
    community: CommunityId,
) -> anyhow::Result<(String, Findings)> {
    let (vault, key) = (vault.clone(), key.clone());
    let (audit, proved, records) = database.read_blocking(move |read: &mut dyn Read| {
        let (mut modules, mut stamps) = (audits::of_modules(), book::BookInJournal::new());
        let audit = journal::audit(read, &vault, &key, community, &mut |seen| {
            for module in &mut modules {
                module.see(seen);
            }
            stamps.see(seen);
            Ok(())
        })?;
        let mut proved = Vec::new();
        for module in modules {
            proved.push(module.compare(read, community)?);
        }
        let records = stamps.compare(read, community)?;
        Ok::<_, anyhow::Error>((audit, proved, records))
    })?;
    let (mut told, mut findings) = (String::new(), Findings::default());
    let (mut rows, mut untold) = (0, 0);
    for one in proved {
        if let Some((number, what)) = one.told {
            let _ = write!(told, "{number} {what}, ");
        }
        rows += one.rows;
        untold += one.untold;
        findings.extend(one.findings);
    }
    let mut summary = format!(
        "{} entries, {} private parts, {}, {told}{rows} other rows as journalled, {records} transfers as stamped and balances \
         as replayed, root {}",
        audit.entries,
        audit.private_parts,
        heads(audit.heads),
        audit.root
    );
    if untold > 0 {
        let _ = write!(
            summary,
            "; {untold} rows not proved, for they were written before entries vouched for rows"
        );
    }
    Ok((summary, findings))
}

/// How many signed heads there are. That one is gone is no loss to the record: it can be signed again over the same
/// entries. Who wants to see that the record was not rewritten compares it with a head that someone else keeps.
fn heads(number: u64) -> String {
    match number {
        0 => "no signed head kept (compare the root with a published one)".to_owned(),
        number => format!("{number} heads"),
    }
}
