//! The modules' audits in one list: each sees every entry of a community's record and then compares its tables with them.

use db::Read;
use journal::{Audited, Findings};
use kernel::CommunityId;

/// A module's audit on its way through a record.
pub(crate) trait ModuleAudit {
    /// Takes in an entry; they come in order.
    fn see(&mut self, seen: &Audited<'_>);

    /// Compares the module's tables with what the entries told.
    fn compare(
        self: Box<Self>,
        read: &mut dyn Read,
        community: CommunityId,
    ) -> anyhow::Result<Proved>;
}

/// What a module's audit proved.
pub(crate) struct Proved {
    /// What it counts by name, and how it is called.
    pub(crate) told: Option<(u64, &'static str)>,
    /// Other rows as journalled.
    pub(crate) rows: u64,
    /// Rows that nothing vouches for.
    pub(crate) untold: u64,
    /// What contradicts the record.
    pub(crate) findings: Findings,
}

macro_rules! module_audits {
    ($($module:ident: |$proved:ident| $told:expr, $rows:expr, $untold:expr;)*) => {
        $(impl ModuleAudit for $module::Audit {
            fn see(&mut self, seen: &Audited<'_>) {
                $module::Audit::see(self, seen);
            }

            fn compare(self: Box<Self>, read: &mut dyn Read, community: CommunityId) -> anyhow::Result<Proved> {
                let $proved = $module::Audit::compare(*self, read, community)?;
                Ok(Proved { told: $told, rows: $rows, untold: $untold, findings: $proved.findings })
            }
        })*

        /// Those of all modules, at the beginning of a record.
        pub(crate) fn of_modules() -> Vec<Box<dyn ModuleAudit>> {
            vec![$(Box::new($module::Audit::new())),*]
        }
    };
}

module_audits! {
    people: |roll| None, roll.rows, roll.untold;
    decisions: |decided| Some((decided.votes, "votes")), decided.rows.saturating_sub(decided.votes), decided.untold;
    polls: |polled| Some((polled.ballots, "secret ballots")), polled.rows, 0;
    consultation: |consulted| None, consulted.rows, 0;
    timebank: |hours| None, hours.rows, 0;
    fund: |money| Some((money.transfers, "vouchers and payments of the fund")), money.rows, 0;
    approvals: |filed| Some((filed.events, "events of approvals")), filed.rows.saturating_sub(filed.events), filed.untold;
    lifecircle: |circles| None, circles.rows, 0;
}
