//! Random acts of everybody: whatever is tried, no purse goes below zero, what came is what there is and what went, nothing
//! for a purpose leaves it, and the audit holds.

use std::collections::BTreeMap;

use fund::{
    ApplyForGrant, ChangePurpose, ConfirmVoucher, DecideGrant, EndGrant, GrantId, Purse,
    ReturnDonation, ReviewGrant, VoucherId, VoucherKind,
};
use kernel::Randomness;
use test_kit::on_both_engines;

use crate::grants::{check, pay, said, show};
use crate::proof::prove;
use crate::world::{CHAIR, DONOR, MAKER, OVERSEER, SECOND, TREASURER, World, project, slip};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    whatever_is_tried_the_money_is_there,
}

/// How many acts are tried; more by `LINLI_FUND_ACTS`.
fn acts() -> u64 {
    let more = std::env::var("LINLI_FUND_ACTS").ok();
    more.and_then(|more| more.parse().ok()).unwrap_or(100)
}

struct Life<'w> {
    world: &'w World,
    random: Randomness,
    purses: [Purse; 4],
    vouchers: Vec<VoucherId>,
    grants: Vec<GrantId>,
    done: BTreeMap<&'static str, u32>,
    number: u32,
}

impl Life<'_> {
    fn below(&self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from(self.random.below(bound)).unwrap()
    }

    fn purse(&self) -> Purse {
        self.purses[self.below(4)]
    }

    fn amount(&self) -> i64 {
        1 + i64::try_from(self.random.below(5_000)).unwrap()
    }

    fn reference(&mut self) -> String {
        self.number += 1;
        self.number.to_string()
    }

    fn note<T, E>(&mut self, what: &'static str, outcome: &Result<T, E>) {
        if outcome.is_ok() {
            *self.done.entry(what).or_default() += 1;
        }
    }

    fn act(&mut self) {
        match self.below(9) {
            0..=2 => self.record(),
            3 => self.apply(),
            4 | 5 => self.tranche(),
            6 => self.end(),
            7 => self.give_back(),
            _ => self.change(),
        }
    }

    fn record(&mut self) {
        let kind = match self.below(2) {
            0 => VoucherKind::Donation,
            _ => VoucherKind::ALL[self.below(VoucherKind::ALL.len())],
        };
        let reference = self.reference();
        let (purse, amount) = (self.purse(), self.amount());
        let mut terms = self.world.terms(kind, purse, amount, &reference);
        if kind == VoucherKind::SetAside {
            terms.target = Some(self.purse());
        }
        let recorded = self.world.try_record(terms);
        self.note("recorded", &recorded);
        if let Ok(voucher) = recorded {
            let confirmed = self.world.run(SECOND, ConfirmVoucher { voucher });
            self.note("confirmed", &confirmed);
            if kind == VoucherKind::Donation {
                self.vouchers.push(voucher);
            }
        }
    }

    fn apply(&mut self) {
        let amounts = [self.amount() / 3 + 1, self.amount() / 3 + 1];
        let terms = project(self.purse(), &amounts);
        let grant = self.world.must(MAKER, ApplyForGrant { terms });
        let reason = said;
        let review = ReviewGrant {
            grant,
            is_fit: self.below(4) > 0,
            reason: reason(),
        };
        self.world.must(OVERSEER, review);
        let decide = DecideGrant {
            grant,
            is_approved: true,
            reason: reason(),
        };
        let approved = self.world.run(CHAIR, decide);
        self.note("approved", &approved);
        self.grants.push(grant);
    }

    fn tranche(&mut self) {
        let Some(grant) = self.grants.get(self.below(self.grants.len())).copied() else {
            return;
        };
        let place = self.below(2);
        let tranche = self.world.grant_view(grant).tranches[place].tranche.id;
        let shown = self.world.run(MAKER, show(tranche));
        self.note("shown", &shown);
        let is_met = self.below(4) > 0;
        let checked = self.world.run(SECOND, check(tranche, is_met));
        self.note("checked", &checked);
        let amount = (self.below(2) == 0).then(|| self.amount());
        let reference = self.reference();
        let paid = self.world.run(TREASURER, pay(tranche, amount, &reference));
        self.note("paid", &paid);
    }

    fn end(&mut self) {
        let Some(grant) = self.grants.get(self.below(self.grants.len())).copied() else {
            return;
        };
        let end = EndGrant {
            grant,
            is_finished: self.below(2) == 0,
            reason: said(),
        };
        let ended = self.world.run(CHAIR, end);
        self.note("ended", &ended);
    }

    /// One of the newest donations: older ones are spent.
    fn late_donation(&self) -> Option<VoucherId> {
        let place = self.below(self.vouchers.len().min(4));
        self.vouchers.iter().rev().nth(place).copied()
    }

    fn give_back(&mut self) {
        let Some(voucher) = self.late_donation() else {
            return;
        };
        let back = ReturnDonation {
            voucher,
            reason: said(),
            evidence: Some(slip()),
        };
        let returned = self.world.run(CHAIR, back);
        self.note("returned", &returned);
    }

    fn change(&mut self) {
        let Some(voucher) = self.late_donation() else {
            return;
        };
        let change = ChangePurpose {
            voucher,
            purse: self.purse(),
            reason: said(),
            evidence: Some(slip()),
        };
        let changed = self.world.run(CHAIR, change);
        self.note("changed", &changed);
        self.vouchers.extend(changed);
    }

    /// Nothing below zero, and what came is what there is and what went.
    fn holds(&self) {
        let overview = self.world.overview();
        for view in &overview.purses {
            assert!(view.balance.total() >= 0 && view.balance.free() >= 0);
        }
        let today = self.world.now().date();
        let trial = self
            .world
            .read(DONOR, move |read, ctx| fund::trial(read, ctx, today))
            .unwrap();
        let sum: i64 = trial.iter().map(|line| line.received - line.given).sum();
        assert_eq!(sum, 0);
        let changes: i64 = self.world.lines().iter().map(|line| line.amount).sum();
        assert_eq!(changes, overview.total().total(), "the lines are the money");
    }
}

fn whatever_is_tried_the_money_is_there(world: &World) {
    let purposes = ["助餐", "植树"].map(|title| Purse::Purpose(world.purpose(title)));
    let mut life = Life {
        world,
        random: Randomness::from_number(20_261_124),
        purses: [Purse::General, Purse::Operation, purposes[0], purposes[1]],
        vouchers: Vec::new(),
        grants: Vec::new(),
        done: BTreeMap::new(),
        number: 0,
    };
    for act in 0..acts() {
        world.set_now(world.now().plus_seconds(60));
        life.act();
        if act % 20 == 0 {
            life.holds();
        }
    }
    life.holds();
    let kinds = [
        "recorded",
        "confirmed",
        "approved",
        "shown",
        "checked",
        "paid",
        "ended",
        "returned",
        "changed",
    ];
    for kind in kinds {
        assert!(life.done.contains_key(kind), "{kind}: {:?}", life.done);
    }
    prove(world);
}
