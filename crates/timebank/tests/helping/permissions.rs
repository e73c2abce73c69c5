//! Every command asks for its permission before anything else.

use std::collections::BTreeSet;

use journal::Command;
use kernel::{Actor, Grants, Uuid};
use timebank::{
    AcceptRequest, AnswerOffer, Arriving, AskForVisit, Bond, COMMANDS, CancelRequest, CancelVisit,
    Channel, CheckIn, CheckOut, ChooseScheme, CloseCrossing, Complain, ComplaintId,
    ConfirmRelation, ConfirmVisit, Consent, CrossingId, CrossingKind, DonateHours, ElderId,
    EndClearing, EndService, Enrol, EnrolElder, EnterTimes, EntitleElder, Error, FundPool, Gender,
    GiveHours, IssueCertificate, MakeService, OfferClearing, PERMISSIONS, PaidBy, RaiseSignals,
    Receiver, RequestId, Scheme, SendHours, ServiceId, SettleComplaint, SettleSignal, SettleVisit,
    SignalId, TakeCrossing, VetVolunteer, VisitId, VolunteerProfile, WithdrawConsent,
};

use crate::world::{COMMITTEE, World};

struct Tried<'w>(&'w World, BTreeSet<&'static str>);

impl Tried<'_> {
    /// Runs a command with every permission but its own and expects to be told just that one.
    fn needs<C: Command<Error = Error>>(&mut self, command: C) {
        let (name, permission) = COMMANDS.iter().find(|(name, _)| *name == C::NAME).unwrap();
        let others = PERMISSIONS.iter().map(|(held, _)| *held);
        let grants = Grants::of(others.filter(|held| held != permission));
        let actor = Actor::account(COMMITTEE.account());
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
    let (elder, service) = (ElderId::from_uuid(nil), ServiceId::from_uuid(nil));
    let (request, visit) = (RequestId::from_uuid(nil), VisitId::from_uuid(nil));
    let (account, now) = (COMMITTEE.account(), world.now());
    let blank = String::new;
    each.needs(ChooseScheme {
        scheme: Scheme::Nanjing,
        confirm_after_days: 0,
    });
    each.needs(MakeService {
        title: blank(),
        minutes: 0,
    });
    each.needs(EndService { service });
    each.needs(FundPool {
        minutes: 0,
        reason: blank(),
    });
    each.needs(Enrol {
        profile: VolunteerProfile {
            name: blank(),
            birth: "2000-01-01".parse().unwrap(),
            gender: Gender::Male,
            languages: vec![],
            skills: vec![],
            slots: vec![],
            team: None,
        },
    });
    each.needs(VetVolunteer {
        account,
        is_fit: true,
        note: blank(),
    });
    let profile = World::elder_profile("1940-01-01");
    each.needs(EnrolElder {
        profile,
        consent: Consent::Own,
        evidence: blank(),
    });
    each.needs(WithdrawConsent { elder });
    each.needs(EntitleElder {
        elder,
        is_hardship: false,
    });
    each.needs(ConfirmRelation {
        elder,
        number: 0,
        bond: Bond::Friend,
        evidence: blank(),
    });
    each.needs(AskForVisit {
        elder,
        service,
        begins: now,
        gender_wish: None,
        note: blank(),
        channel: Channel::Page,
        paid_by: PaidBy::Elder,
    });
    each.needs(CancelRequest {
        request,
        reason: blank(),
    });
    each.needs(AcceptRequest {
        request,
        for_team: false,
    });
    each.needs(CancelVisit {
        visit,
        reason: blank(),
    });
    each.needs(CheckIn {
        code: blank(),
        place: blank(),
    });
    each.needs(CheckOut { code: blank() });
    each.needs(EnterTimes {
        visit,
        came: now,
        left: now,
    });
    each.needs(ConfirmVisit {
        visit,
        longer: false,
    });
    each.needs(SettleVisit { visit });
    each.needs(GiveHours {
        to: Receiver::Elder(elder),
        minutes: 0,
    });
    each.needs(DonateHours { minutes: 0 });
    each.needs(Complain {
        visit,
        said: blank(),
    });
    let complaint = ComplaintId::from_uuid(nil);
    each.needs(SettleComplaint {
        complaint,
        right_minutes: None,
        ruling: blank(),
    });
    each.needs(IssueCertificate {
        from: None,
        until: None,
    });
    each.needs(RaiseSignals);
    let signal = SignalId::from_uuid(nil);
    each.needs(SettleSignal {
        signal,
        note: blank(),
    });
    let (partner, crossing) = (world.id, CrossingId::from_uuid(nil));
    each.needs(OfferClearing {
        partner,
        kind: CrossingKind::Limit,
        minutes: 0,
        ground: blank(),
    });
    each.needs(AnswerOffer {
        crossing,
        accept: true,
    });
    each.needs(EndClearing { partner });
    each.needs(SendHours {
        partner,
        minutes: 0,
    });
    each.needs(TakeCrossing {
        arriving: Arriving {
            id: crossing,
            from: partner,
            kind: CrossingKind::Hours,
            minutes: 0,
            holder: None,
            ground: None,
        },
    });
    each.needs(CloseCrossing {
        crossing,
        refusal: None,
    });
    assert_eq!(each.1.len(), COMMANDS.len());
}
