//! Events on their way: signed, in order, at least once, and never into private networks.

use std::time::Duration;

use kernel::CommunityId;
use webhooks::{
    Failing, Outcome, PauseReason, PauseWebhook, RemoveWebhook, RepeatDelivery, ResumeWebhook,
    RotateSecret, TestWebhook, WebhookId,
};

use crate::receiver::{Receiver, signature};
use crate::site::{HERE, Note, Site, engines};

#[tokio::test]
async fn events_arrive_signed_in_order_and_once() {
    for url in engines("webhooks_order") {
        let (site, receiver) = (Site::new(&url, true), Receiver::start().await);
        site.note("before the webhook").await;
        let (id, secret) = site.add(&receiver.url, "notes").await;
        let first = site.note("one").await;
        site.run(Note {
            kind: 1,
            text: "of another kind",
        })
        .await
        .unwrap();
        let second = site.note("two").await;

        assert_eq!(site.send().await, 2);
        assert_eq!(receiver.positions(), [first, second]);
        assert_eq!(site.send().await, 0, "everything went out once");
        let event = &receiver.received()[0];
        assert_eq!(event.id, format!("{HERE}/{first}"));
        assert_eq!(event.signature, signature(&secret.expose(), event));
        assert_eq!(
            event.content_type,
            "application/cloudevents+json; charset=utf-8"
        );
        let body: serde_json::Value = serde_json::from_str(&event.body).unwrap();
        assert_eq!(body["type"], "cn.linli.notes.note.written");
        assert_eq!(body["source"], format!("https://linli.example/c/{HERE}"));
        assert_eq!(body["data"]["public"], serde_json::json!({ "text": "one" }));
        assert!(
            !event.body.contains("王小明"),
            "a private part left the house"
        );
        let summary = site.summary(id).await;
        assert_eq!(summary.waiting, 0);
        assert_eq!(summary.newest.unwrap().outcome, Outcome::Delivered);
    }
}

#[tokio::test]
async fn a_refused_event_is_sent_again_before_the_next() {
    for url in engines("webhooks_retry") {
        let (site, receiver) = (Site::new(&url, true), Receiver::start().await);
        let (id, _) = site.add(&receiver.url, "notes").await;
        let (first, second) = (site.note("one").await, site.note("two").await);
        receiver.answer_next(&[500, 503]);

        assert_eq!(site.send().await, 1, "the second waits for the first");
        assert_eq!(site.send().await, 0, "not before its time");
        let next = site.summary(id).await.next.unwrap();
        assert_eq!(
            (next.position, next.status, next.problem),
            (first, Some(500), Some(Failing::Status))
        );
        site.pass_seconds(6);
        assert_eq!(site.send().await, 1);
        site.pass_seconds(6);
        assert_eq!(site.send().await, 0, "the second wait is five minutes");
        site.pass_seconds(330);
        assert_eq!(site.send().await, 2);
        assert_eq!(receiver.positions(), [first, first, first, second]);
        let bodies: Vec<_> = receiver
            .received()
            .into_iter()
            .map(|one| one.body)
            .collect();
        assert_eq!(bodies[0], bodies[2], "the same event at every try");
    }
}

#[tokio::test]
async fn after_the_last_try_an_event_is_given_up_and_the_next_goes() {
    let (site, receiver) = (Site::demo(), Receiver::start().await);
    let (id, _) = site.add(&receiver.url, "notes").await;
    let (first, second) = (site.note("one").await, site.note("two").await);
    receiver.answer_next(&[500; 10]);
    for _ in 0..9 {
        assert_eq!(site.send().await, 1);
        site.pass_seconds(100_000);
    }
    assert_eq!(site.send().await, 2, "the last try, then the next event");
    let mut expected = vec![first; 10];
    expected.push(second);
    assert_eq!(receiver.positions(), expected);
    let ctx = site.app.system_context(HERE).unwrap();
    let database = site.app.database();
    let deliveries = database
        .read(move |read| webhooks::deliveries(read, &ctx, id, None))
        .await
        .unwrap();
    let outcomes: Vec<_> = deliveries
        .iter()
        .map(|one| (one.outcome, one.attempts))
        .collect();
    assert_eq!(outcomes, [(Outcome::Delivered, 1), (Outcome::GivenUp, 10)]);
}

#[tokio::test]
async fn a_crash_between_the_call_and_its_note_sends_the_same_event_again() {
    for url in engines("webhooks_crash") {
        let (site, receiver) = (Site::new(&url, true), Receiver::start().await);
        let (_, secret) = site.add(&receiver.url, "notes").await;
        let position = site.note("one").await;
        journal::follow_community(site.app.database(), HERE, &webhooks::follower())
            .await
            .unwrap();
        receiver.take_time(Duration::from_millis(500));
        let sender = tokio::spawn(webhooks::run(site.app.clone()));
        receiver.wait_for(1).await;
        sender.abort();
        assert!(sender.await.unwrap_err().is_cancelled());
        tokio::time::sleep(Duration::from_millis(700)).await;

        receiver.take_time(Duration::ZERO);
        assert_eq!(site.send().await, 0, "the claim holds for a minute");
        site.pass_seconds(61);
        assert_eq!(site.send().await, 1);
        assert_eq!(receiver.positions(), [position, position]);
        let received = receiver.received();
        assert_eq!(received[0].id, received[1].id);
        assert_ne!(received[0].timestamp, received[1].timestamp);
        assert_eq!(
            received[1].signature,
            signature(&secret.expose(), &received[1])
        );
        site.pass_seconds(100);
        assert_eq!(site.send().await, 0, "noted this time");
    }
}

#[tokio::test]
async fn an_address_that_is_gone_is_told_nothing_until_a_person_says_so() {
    for url in engines("webhooks_gone") {
        let (site, receiver) = (Site::new(&url, true), Receiver::start().await);
        let (id, _) = site.add(&receiver.url, "notes").await;
        let first = site.note("one").await;
        receiver.answer_next(&[410]);
        assert_eq!(site.send().await, 1);
        let summary = site.summary(id).await;
        assert_eq!(summary.webhook.pause.unwrap().reason, PauseReason::Gone);
        assert_eq!(summary.newest.unwrap().outcome, Outcome::GivenUp);
        let kinds = kinds_of(&site, HERE).await;
        assert_eq!(
            kinds.last().unwrap(),
            "webhooks.webhook.paused",
            "the record says so"
        );

        site.note("nobody is told of this").await;
        site.pass_seconds(1_000_000);
        assert_eq!(site.send().await, 0);
        site.run(ResumeWebhook { webhook: id }).await.unwrap();
        let third = site.note("three").await;
        assert_eq!(site.send().await, 1);
        assert_eq!(receiver.positions(), [first, third]);
    }
}

async fn kinds_of(site: &Site, community: CommunityId) -> Vec<String> {
    let database = site.app.database();
    let entries = database
        .read(move |read| journal::entries(read, community, 0, 100))
        .await;
    entries
        .unwrap()
        .into_iter()
        .map(|entry| entry.kind)
        .collect()
}

#[tokio::test]
async fn what_happens_during_a_pause_waits() {
    let (site, receiver) = (Site::demo(), Receiver::start().await);
    let (id, _) = site.add(&receiver.url, "notes").await;
    receiver.answer_next(&[500]);
    let first = site.note("one").await;
    assert_eq!(site.send().await, 1);
    site.run(PauseWebhook { webhook: id }).await.unwrap();
    let again = site.run(PauseWebhook { webhook: id }).await;
    assert!(matches!(again, Err(webhooks::Error::AlreadyPaused)));
    let second = site.note("two").await;
    site.pass_seconds(1_000);
    assert_eq!(site.send().await, 0);
    assert_eq!(site.summary(id).await.waiting, 2);
    site.run(ResumeWebhook { webhook: id }).await.unwrap();
    assert_eq!(site.send().await, 2);
    assert_eq!(receiver.positions(), [first, first, second]);
    let again = site.run(ResumeWebhook { webhook: id }).await;
    assert!(matches!(again, Err(webhooks::Error::NotPaused)));
}

#[tokio::test]
async fn a_test_event_and_a_repeated_one_go_out_whatever_the_kinds() {
    let (site, receiver) = (Site::demo(), Receiver::start().await);
    let (id, _) = site.add(&receiver.url, "notes").await;
    let (other, _) = site.add(&receiver.url, "decisions").await;
    let tested = site.run(TestWebhook { webhook: id }).await.unwrap();
    assert_eq!(site.send().await, 1, "the other webhook is not concerned");
    site.run(RepeatDelivery {
        webhook: id,
        position: tested,
    })
    .await
    .unwrap();
    assert_eq!(site.send().await, 1);
    assert_eq!(receiver.positions(), [tested, tested]);
    let body: serde_json::Value = serde_json::from_str(&receiver.received()[0].body).unwrap();
    assert_eq!(body["type"], "cn.linli.webhooks.webhook.tested");
    assert_eq!(body["subject"], format!("webhook/{id}"));
    for (webhook, position) in [(id, tested + 40), (other, tested)] {
        let unknown = site.run(RepeatDelivery { webhook, position }).await;
        assert!(matches!(
            unknown,
            Err(webhooks::Error::NoSuchDelivery { .. })
        ));
    }
}

#[tokio::test]
async fn a_new_secret_signs_beside_the_old_one_for_a_day() {
    let (site, receiver) = (Site::demo(), Receiver::start().await);
    let (id, old) = site.add(&receiver.url, "notes").await;
    let ctx = site.app.system_context(HERE).unwrap();
    let now = ctx.now;
    site.app
        .journal()
        .execute(ctx, RotateSecret { webhook: id })
        .await
        .unwrap();
    let new = site.secret_made_at(id, now).await;
    assert_ne!(old, new);
    site.note("one").await;
    site.send().await;
    site.pass_seconds(86_401);
    site.note("two").await;
    site.send().await;
    let [first, second] = receiver.received().try_into().unwrap();
    let (by_new, by_old) = (
        signature(&new.expose(), &first),
        signature(&old.expose(), &first),
    );
    assert_eq!(first.signature, format!("{by_new} {by_old}"));
    assert_eq!(second.signature, signature(&new.expose(), &second));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (site, receiver) = (Site::demo(), Receiver::start().await);
    let (id, _) = site.add(&receiver.url, "notes").await;
    receiver.answer_next(&[307]);
    site.note("one").await;
    assert_eq!(site.send().await, 1);
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(site.summary(id).await.next.unwrap().status, Some(307));
}

#[tokio::test]
async fn this_machine_is_not_called_where_the_switch_is_off() {
    let (site, receiver) = (Site::new("sqlite::memory:", false), Receiver::start().await);
    // As if it had been added while the switch was on, or its name led elsewhere then.
    let (id, _) = site.add(&receiver.url, "notes").await;
    site.note("one").await;
    assert_eq!(site.send().await, 1);
    let next = site.summary(id).await.next.unwrap();
    assert_eq!((next.status, next.problem), (None, Some(Failing::Private)));
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn a_slow_receiver_holds_up_nobody_else_and_a_removed_one_is_forgotten() {
    let site = Site::demo();
    let (slow, quick) = (Receiver::start().await, Receiver::start().await);
    slow.take_time(Duration::from_secs(3));
    let (slow_id, _) = site.add(&slow.url, "notes").await;
    site.add(&quick.url, "notes").await;
    for text in ["one", "two", "three"] {
        site.note(text).await;
    }
    journal::follow_community(site.app.database(), HERE, &webhooks::follower())
        .await
        .unwrap();
    let sender = tokio::spawn(webhooks::run(site.app.clone()));
    quick.wait_for(3).await;
    assert_eq!(slow.received().len(), 1);
    site.run(RemoveWebhook { webhook: slow_id }).await.unwrap();
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(
        slow.received().len(),
        1,
        "what was under way ended, nothing more went there"
    );
    sender.abort();
    let unknown = WebhookId::from_uuid(kernel::Uuid::from_u128(9));
    let refused = site.run(RemoveWebhook { webhook: unknown }).await;
    assert!(matches!(refused, Err(webhooks::Error::NoSuchWebhook)));
}

#[tokio::test]
async fn an_entry_reaches_its_receiver_by_itself() {
    let (site, receiver) = (Site::demo(), Receiver::start().await);
    site.add(&receiver.url, "").await;
    let journal = site.app.journal().clone();
    let following = async move {
        journal
            .run_followers(vec![webhooks::follower()], Duration::from_secs(1))
            .await;
    };
    let (following, sending) = (
        tokio::spawn(following),
        tokio::spawn(webhooks::run(site.app.clone())),
    );
    tokio::time::sleep(Duration::from_millis(300)).await;
    let position = site.note("one").await;
    receiver.wait_for(1).await;
    assert_eq!(receiver.positions(), [position]);
    following.abort();
    sending.abort();
}

#[tokio::test]
async fn settled_deliveries_are_forgotten_after_thirty_days_and_waiting_ones_are_kept() {
    for url in engines("webhooks_forget") {
        let (site, receiver) = (Site::new(&url, true), Receiver::start().await);
        let (id, _) = site.add(&receiver.url, "notes").await;
        site.note("one").await;
        site.send().await;
        receiver.answer_next(&[500]);
        let waiting = site.note("two").await;
        site.send().await;
        assert_eq!(forget(&site).await, 0, "not yet");
        site.pass_seconds(31 * 86_400);
        assert_eq!(forget(&site).await, 1);
        assert_eq!(forget(&site).await, 0);
        let summary = site.summary(id).await;
        assert_eq!(
            (summary.waiting, summary.newest.unwrap().position),
            (1, waiting)
        );
    }
}

async fn forget(site: &Site) -> u64 {
    let job = webhooks::module().jobs[0];
    let app = site.app.clone();
    let done = tokio::task::spawn_blocking(move || {
        let ctx = app.system_context(HERE).unwrap();
        (job.run)(&app, ctx, app.now())
    });
    done.await.unwrap().unwrap()
}
