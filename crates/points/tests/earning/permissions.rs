//! Every command asks for its permission before anything else.

use std::collections::BTreeSet;

use journal::Command;
use kernel::{Actor, Grants, Uuid};
use points::{
    ApproveItem, COMMANDS, CancelRedemption, CheckIn, ClaimId, ClaimPoints, CloseYear,
    ConfirmClaim, Confirmer, Earner, EndItem, EndRule, Error, ExpirePoints, GivePoints, HandOver,
    ItemId, MakeRule, OfferItem, OpenSession, PERMISSIONS, PayEvents, RaiseSignals, RedeemItem,
    RedemptionId, RefuseClaim, RuleId, RuleTerms, SessionTerms, SettleSignal, SignalId,
};

use crate::world::{COMMITTEE, World, haircut};

struct Tried<'w>(&'w World, BTreeSet<&'static str>);

impl Tried<'_> {
    /// Runs a command with every permission but its own and expects to be told just that one.
    fn needs_its_permission<C: Command<Error = Error>>(&mut self, command: C) {
        let (name, permission) = COMMANDS.iter().find(|(name, _)| *name == C::NAME).unwrap();
        let others = PERMISSIONS.iter().map(|(held, _)| *held);
        let grants = Grants::of(others.filter(|held| held != permission));
        let ctx = self
            .0
            .context_with(Actor::account(COMMITTEE.account()), grants);
        match self.0.journal.execute_blocking(ctx, command) {
            Err(Error::Denied(denied)) => assert_eq!(denied.permission, *permission, "{name}"),
            Err(other) => panic!("{name} looked at something before the permission: {other}"),
            Ok(_) => panic!("{name} ran without {}", permission.0),
        }
        assert!(self.1.insert(name));
    }
}

#[test]
fn every_command_needs_its_permission() {
    let world = World::on_sqlite();
    let mut each = Tried(&world, BTreeSet::new());
    let (rule, claim) = (
        RuleId::from_uuid(Uuid::nil()),
        ClaimId::from_uuid(Uuid::nil()),
    );
    let (item, redemption) = (
        ItemId::from_uuid(Uuid::nil()),
        RedemptionId::from_uuid(Uuid::nil()),
    );
    let blank = String::new;
    each.needs_its_permission(MakeRule {
        terms: RuleTerms {
            title: blank(),
            evidence: blank(),
            points: 0,
            daily_cap: 0,
            yearly_cap: 0,
            valid_days: 0,
            earned_by: Earner::Everyone,
            confirmed_by: Confirmer::Committee,
            event: None,
        },
    });
    each.needs_its_permission(EndRule { rule });
    each.needs_its_permission(ClaimPoints {
        rule,
        evidence: blank(),
    });
    each.needs_its_permission(ConfirmClaim { claim });
    each.needs_its_permission(RefuseClaim {
        claim,
        reason: blank(),
    });
    each.needs_its_permission(OfferItem {
        terms: haircut(0, 0),
    });
    each.needs_its_permission(ApproveItem { item });
    each.needs_its_permission(EndItem { item });
    each.needs_its_permission(RedeemItem { item });
    each.needs_its_permission(CancelRedemption { redemption });
    each.needs_its_permission(HandOver { code: blank() });
    each.needs_its_permission(ExpirePoints);
    each.needs_its_permission(OpenSession {
        terms: SessionTerms {
            rule,
            title: blank(),
            begins: world.now(),
            ends: world.now(),
            seats: 0,
        },
    });
    each.needs_its_permission(CheckIn { code: blank() });
    each.needs_its_permission(PayEvents);
    let to = COMMITTEE.account();
    each.needs_its_permission(GivePoints { to, points: 0 });
    each.needs_its_permission(RaiseSignals);
    each.needs_its_permission(SettleSignal {
        signal: SignalId::from_uuid(Uuid::nil()),
        note: blank(),
    });
    each.needs_its_permission(CloseYear);
    assert_eq!(each.1.len(), COMMANDS.len());
}
