//! A certificate of service says what was confirmed, and its receipt proves it.

use timebank::{
    Certificate, ConfirmVisit, Error, IssueCertificate, Scheme, certificate, certificates,
};

use crate::world::{ELDER, HELPER, STRANGER, World};

pub(crate) fn a_certificate_says_what_was_confirmed_and_its_receipt_proves_it(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let issue = |from: Option<&str>| IssueCertificate {
        from: from.map(str::to_owned),
        until: None,
    };
    let (_, visit) = world.visited(&town, 47);
    let early = world.run(HELPER, issue(None));
    assert!(
        matches!(early, Err(Error::NotFound { .. })),
        "nothing is confirmed yet"
    );
    let longer = false;
    world.must(ELDER, ConfirmVisit { visit, longer });
    let later = world.run(HELPER, issue(Some("2026-11-24")));
    assert!(matches!(later, Err(Error::NotFound { .. })));
    let odd = world.run(HELPER, issue(Some("yesterday")));
    assert!(matches!(odd, Err(Error::ImpossibleTimes)));
    let position = world.must(HELPER, issue(Some("2026-11-23")));
    let (told, _) = world
        .read(HELPER, move |read, ctx| certificate(read, ctx, position))
        .unwrap();
    assert_eq!(
        (told.name.as_str(), told.number, told.minutes),
        ("李小雨", 1, 47)
    );
    assert_eq!(told.services[0].service, "陪同散步");
    let listed = world.read(HELPER, certificates).unwrap();
    assert_eq!(listed.len(), 1);
    // Nobody else's business, and no other entry passes for one.
    for (who, at) in [
        (ELDER, position),
        (STRANGER, position),
        (HELPER, 0),
        (HELPER, 9_999),
    ] {
        let other = world.read(who, move |read, ctx| certificate(read, ctx, at));
        assert!(matches!(other, Err(Error::NotFound { .. })));
    }
    let (vault, now) = (test_kit::TestCommunity::vault(), world.now());
    let receipt = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(world.journal.receipt(world.id, position, Some(vault), now))
        .unwrap();
    let (key, community) = (world.journal.signer().verifying_key(), world.id);
    let signed = key.clone();
    let head = world
        .journal
        .database()
        .read_blocking(move |read: &mut dyn db::Read| {
            journal::head_file(read, signed, community, &[])
        });
    let verified = proof::verify_receipt(&receipt, &head.unwrap(), Some(&key)).unwrap();
    let private: Certificate = serde_json::from_str(&verified.private.unwrap()).unwrap();
    assert_eq!(private, told);
}
