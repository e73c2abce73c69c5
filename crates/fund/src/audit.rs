//! Does the fund hold? Its rows are those that the journal vouches for; every voucher and payment is the very transfer that the
//! book has; no grant is paid more than it was granted; money for a purpose went to that purpose; files are what they were.

use std::collections::BTreeMap;

use book::chart;
use db::Read;
use journal::{Audited, Expected, Findings};
use kernel::CommunityId;
use ledger::Act;

use crate::model::{GrantId, Purse};
use crate::store::{self, Grant, TABLES, Tranche, Voucher};
use crate::{Error, yuan};

/// The fund of a community as its journal tells it, gathered while the journal is audited.
pub struct Audit {
    expected: Expected,
}

/// What the comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// Rows that stand as the journal tells them.
    pub rows: u64,
    /// Vouchers and payments that are the book's.
    pub transfers: u64,
    /// What does not hold.
    pub findings: Findings,
}

impl Default for Audit {
    fn default() -> Self {
        Self::new()
    }
}

impl Audit {
    /// Nothing gathered yet.
    pub fn new() -> Self {
        Self {
            expected: Expected::new(&TABLES),
        }
    }

    /// Takes note of an entry; entries come in the journal's order.
    pub fn see(&mut self, seen: &Audited<'_>) {
        if seen.has_rows() {
            self.expected.prints(seen.entry.position, seen.rows);
        }
    }

    /// Compares the tables with what was gathered and with the book.
    pub fn compare(self, read: &mut dyn Read, community: CommunityId) -> Result<Proved, Error> {
        let mut findings = Findings::default();
        let compared = self.expected.compare(
            read,
            community,
            &mut |_, _, _| Ok(None),
            &mut |_, _, _| {},
            &mut findings,
        )?;
        let mut proof = Proof {
            community,
            findings,
            ..Proof::default_of(community)
        };
        proof.vouchers(read)?;
        proof.grants(read)?;
        proof.files(read)?;
        proof.purses(read)?;
        Ok(Proved {
            rows: compared.rows,
            transfers: proof.transfers,
            findings: proof.findings,
        })
    }
}

/// What is gathered while the rows are gone through.
struct Proof {
    community: CommunityId,
    findings: Findings,
    transfers: u64,
    /// What each purse should hold.
    purses: BTreeMap<Purse, i64>,
}

impl Proof {
    fn default_of(community: CommunityId) -> Self {
        Self {
            community,
            findings: Findings::default(),
            transfers: 0,
            purses: BTreeMap::new(),
        }
    }

    fn moved(&mut self, purse: Purse, amount: i64) {
        let held = self.purses.entry(purse).or_default();
        *held = held.saturating_add(amount);
    }

    /// Every confirmed voucher is the transfer of its id.
    fn vouchers(&mut self, read: &mut dyn Read) -> Result<(), Error> {
        let community = self.community;
        store::all_vouchers(read, community, &mut |read, voucher| {
            self.voucher(read, &voucher)
        })
    }

    fn voucher(&mut self, read: &mut dyn Read, voucher: &Voucher) -> Result<(), Error> {
        let found = book::recorded(read, self.community, voucher.id.uuid())?;
        let own = voucher.purse.account();
        let fund = |kind| book::account_id(kind, store::FUND_ITSELF);
        let (from, to) = match (voucher.kind.is_income(), voucher.target) {
            (true, _) => (fund(chart::FUND_SOURCE), own),
            (false, Some(target)) => (own, target.account()),
            (false, None) => (own, fund(chart::FUND_SPENT)),
        };
        let holds = match (&found, voucher.is_confirmed) {
            (Some(found), Some(true)) => {
                found.act == Act::Transfer
                    && found.code == voucher.kind.code()
                    && (found.from, found.to) == (from, to)
                    && found.amount == voucher.amount
            }
            (None, Some(true)) => false,
            (found, _) => found.is_none(),
        };
        if !holds {
            let what = format!(
                "voucher {} of {} yuan is not the transfer of its id in the book",
                voucher.id,
                yuan(voucher.amount)
            );
            self.findings.add("fund_voucher", what);
        }
        if voucher.is_confirmed == Some(true) {
            self.transfers += 1;
            let sign = if voucher.kind.is_income() { 1 } else { -1 };
            if voucher.undone_at.is_none() {
                self.moved(voucher.purse, sign * voucher.amount);
            }
            if let Some(target) = voucher.target {
                self.moved(target, voucher.amount);
            }
        }
        Ok(())
    }

    /// No grant is paid more than it was granted; what was paid came from its purse and went to its account.
    fn grants(&mut self, read: &mut dyn Read) -> Result<(), Error> {
        let community = self.community;
        let mut tranches: BTreeMap<GrantId, Vec<Tranche>> = BTreeMap::new();
        store::all_tranches(read, community, &mut |_, tranche| {
            tranches.entry(tranche.grant).or_default().push(tranche);
            Ok(())
        })?;
        store::all_grants(read, community, &mut |read, grant| {
            let own = tranches.remove(&grant.id).unwrap_or_default();
            self.grant(read, &grant, &own)
        })?;
        for grant in tranches.keys() {
            let what = format!("there are tranches of grant {grant}, which there is not");
            self.findings.add("fund_tranche", what);
        }
        Ok(())
    }

    fn grant(
        &mut self,
        read: &mut dyn Read,
        grant: &Grant,
        tranches: &[Tranche],
    ) -> Result<(), Error> {
        let sum: i64 = tranches.iter().map(|tranche| tranche.amount).sum();
        let paid: i64 = tranches.iter().filter_map(|tranche| tranche.paid).sum();
        if sum != grant.amount || paid > grant.amount {
            let what = format!(
                "grant {} is of {} yuan, its tranches come to {}, paid were {}",
                grant.id,
                yuan(grant.amount),
                yuan(sum),
                yuan(paid)
            );
            self.findings.add("fund_grant", what);
        }
        let account = book::account_id(chart::FUND_GRANTEE, grant.id.uuid());
        let balance = book::balances(read, self.community, &[account])?;
        let received = balance.get(&account).map_or(0, |balance| balance.received);
        if received != paid {
            let what = format!(
                "grant {} was paid {} yuan by its tranches and {} by the book",
                grant.id,
                yuan(paid),
                yuan(received)
            );
            self.findings.add("fund_grant", what);
        }
        for tranche in tranches {
            self.tranche(read, grant, tranche)?;
        }
        self.moved(grant.purse, -paid);
        Ok(())
    }

    fn tranche(
        &mut self,
        read: &mut dyn Read,
        grant: &Grant,
        tranche: &Tranche,
    ) -> Result<(), Error> {
        let Some(paid) = tranche.paid else {
            return Ok(());
        };
        self.transfers += 1;
        let found = match tranche.posting {
            Some(posting) => book::recorded(read, self.community, posting)?,
            None => None,
        };
        let holds = found.is_some_and(|found| {
            found.act == Act::Post
                && found.target == Some(tranche.id.uuid())
                && found.from == grant.purse.account()
                && found.amount == paid
        });
        if !holds || paid > tranche.amount {
            let what = format!(
                "the payment of tranche {} of {} yuan is not the book's, or not from the money it was granted from",
                tranche.id,
                yuan(paid)
            );
            self.findings.add("fund_tranche", what);
        }
        Ok(())
    }

    /// Every file is still the one whose hash the journal has.
    fn files(&mut self, read: &mut dyn Read) -> Result<(), Error> {
        let community = self.community;
        store::all_files(read, community, &mut |read, file| {
            let now = store::content_hash_of(read, community, file.id)?;
            let same = now.is_some_and(|(sha256, size)| {
                sha256 == file.sha256 && u64::try_from(size).is_ok_and(|size| size == file.size)
            });
            if !same {
                let what = format!(
                    "file {} ({}) is not the one that was shown",
                    file.id, file.name
                );
                self.findings.add("fund_file", what);
            }
            Ok(())
        })
    }

    /// What every purse holds is what came to it less what left it.
    fn purses(&mut self, read: &mut dyn Read) -> Result<(), Error> {
        for purpose in store::purposes(read, self.community)? {
            self.moved(Purse::Purpose(purpose.id), 0);
        }
        let accounts: Vec<_> = self.purses.keys().map(|purse| purse.account()).collect();
        let balances = book::balances(read, self.community, &accounts)?;
        for (purse, told) in &self.purses {
            let held = balances.get(&purse.account());
            let held = held.map_or(0, |balance| balance.total());
            if held != *told {
                let what = format!(
                    "{purse} holds {} yuan by the book and {} by its vouchers and payments",
                    yuan(held),
                    yuan(*told)
                );
                self.findings.add("fund_voucher", what);
            }
        }
        Ok(())
    }
}
