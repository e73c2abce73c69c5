//! Every command asks for its permission before anything else.

use std::collections::BTreeSet;

use fund::{
    AnnounceGift, ApplyForGrant, COMMANDS, ChangePurpose, CheckEvidence, ConfirmVoucher,
    DecideGrant, Display, DonorTerms, EndGrant, EndPurpose, Error, GiftId, GrantFromVote, GrantId,
    MakePurpose, PERMISSIONS, PayTranche, PurposeId, PurposeTerms, Purse, RecordVoucher,
    RefuseVoucher, ReturnDonation, ReviewGrant, SetCharter, Standing, SubmitEvidence, TrancheId,
    VoucherId, VoucherKind, WithdrawGift,
};
use journal::Command;
use kernel::{Actor, Grants, Uuid};

use crate::world::{CHAIR, World, charter, project};

struct Tried<'w>(&'w World, BTreeSet<&'static str>);

impl Tried<'_> {
    /// Runs a command with every permission but its own and expects to be told just that one.
    fn needs<C: Command<Error = Error>>(&mut self, command: C) {
        let (name, permission) = COMMANDS.iter().find(|(name, _)| *name == C::NAME).unwrap();
        let others = PERMISSIONS.iter().map(|(held, _)| *held);
        let grants = Grants::of(others.filter(|held| held != permission));
        let actor = Actor::account(CHAIR.account());
        let ctx = self.0.context_with(actor, grants);
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
    let nil = Uuid::nil();
    let (voucher, grant) = (VoucherId::from_uuid(nil), GrantId::from_uuid(nil));
    let tranche = TrancheId::from_uuid(nil);
    let blank = String::new;
    each.needs(SetCharter {
        terms: charter(Standing::SpecialFund),
    });
    each.needs(MakePurpose {
        terms: PurposeTerms {
            title: blank(),
            about: blank(),
        },
    });
    let purpose = PurposeId::from_uuid(nil);
    each.needs(EndPurpose { purpose });
    each.needs(AnnounceGift {
        donor: DonorTerms {
            name: blank(),
            display: Display::Named,
        },
        purse: Purse::General,
        amount: 0,
    });
    let gift = GiftId::from_uuid(nil);
    each.needs(WithdrawGift { gift });
    each.needs(RecordVoucher {
        terms: world.terms(VoucherKind::Donation, Purse::General, 0, ""),
        evidence: None,
    });
    each.needs(ConfirmVoucher { voucher });
    let reason = blank;
    each.needs(RefuseVoucher {
        voucher,
        reason: reason(),
    });
    each.needs(ReturnDonation {
        voucher,
        reason: reason(),
        evidence: None,
    });
    each.needs(ChangePurpose {
        voucher,
        purse: Purse::General,
        reason: reason(),
        evidence: None,
    });
    let terms = || project(Purse::General, &[]);
    each.needs(ApplyForGrant { terms: terms() });
    each.needs(ReviewGrant {
        grant,
        is_fit: true,
        reason: reason(),
    });
    each.needs(DecideGrant {
        grant,
        is_approved: true,
        reason: reason(),
    });
    each.needs(GrantFromVote {
        round: polls::RoundId::from_uuid(nil),
        proposal: polls::ProposalId::from_uuid(nil),
        terms: terms(),
    });
    each.needs(SubmitEvidence {
        tranche,
        note: blank(),
        evidence: None,
    });
    each.needs(CheckEvidence {
        tranche,
        is_met: true,
        reason: reason(),
    });
    each.needs(PayTranche {
        tranche,
        amount: None,
        reference: blank(),
    });
    each.needs(EndGrant {
        grant,
        is_finished: false,
        reason: reason(),
    });
    assert_eq!(each.1.len(), COMMANDS.len());
}
