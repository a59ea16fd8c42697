//! Sign-in: links are used once and in time; sessions are listed, rest no longer than they may, and end.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use domain::policy::Role;
use domain::refusal::Refusal;
use domain::scope::Scope;
use jiff::SignedDuration;

use super::TestPortal;
use super::database::on_both;
use crate::{Origin, Session};

on_both!(
    a_link_is_used_once,
    links_grow_old,
    secrets_are_not_stored,
    a_session_that_rests_is_over,
    a_session_that_is_used_lasts_for_thirty_days,
    a_person_ends_other_sessions,
    whoever_follows_a_session_hears_at_once_that_it_is_over,
    who_signed_in_and_who_ended_what_is_audited,
);

async fn a_link_is_used_once(portal: TestPortal) {
    let token = portal.plane.new_link().await.expect("a link");
    let secret = redeemed(&portal, &token).await.expect("a session");
    let session = session(&portal, &secret).await.expect("the first owner");
    let owner = session.desk.actor();
    assert_eq!(owner.name, "Owner");
    let rights = session.desk.rights().await.expect("its rights");
    assert_eq!(rights.role_at(&Scope::root()), Some(Role::Owner));
    assert!(matches!(redeemed(&portal, &token).await, Err(Refusal::NotFound(_))));

    let second = signed_in(&portal, "").await;
    assert_eq!(second.desk.actor().id, owner.id);

    session.desk.sign_out().await.expect("signed out");
    assert!(self::session(&portal, &secret).await.is_none());
    assert_eq!(second.desk.sessions().await.expect("a list").len(), 1);
}

async fn links_grow_old(portal: TestPortal) {
    let first = portal.plane.new_link().await.expect("a link");
    portal.clock.advance(SignedDuration::from_hours(23));
    redeemed(&portal, &first).await.expect("the first link waits for a day");
    let later = portal.plane.new_link().await.expect("a link");
    portal.clock.advance(SignedDuration::from_mins(16));
    assert!(redeemed(&portal, &later).await.is_err());
    assert!(redeemed(&portal, "no such token").await.is_err());
}

async fn secrets_are_not_stored(portal: TestPortal) {
    let token = portal.plane.new_link().await.expect("a link");
    let secret = redeemed(&portal, &token).await.expect("a session");
    let store = portal.plane.store();
    let links: Vec<(String,)> = sqlx::query_as("select hash from sign_in_link")
        .fetch_all(&mut *store.reading().await.expect("a connection"))
        .await
        .expect("rows");
    let sessions: Vec<(String,)> = sqlx::query_as("select hash from session")
        .fetch_all(&mut *store.reading().await.expect("a connection"))
        .await
        .expect("rows");
    assert_eq!((links.len(), sessions.len()), (1, 1));
    assert!(links[0].0 != token && sessions[0].0 != secret);
    assert_eq!(token.len(), 64, "256 bits");
}

async fn a_session_that_rests_is_over(portal: TestPortal) {
    let token = portal.plane.new_link().await.expect("a link");
    let secret = redeemed(&portal, &token).await.expect("a session");
    portal.clock.advance(SignedDuration::from_hours(7 * 24 - 1));
    assert!(session(&portal, &secret).await.is_some(), "within a week");
    portal.clock.advance(SignedDuration::from_hours(7 * 24 - 1));
    assert!(session(&portal, &secret).await.is_some(), "a week begins anew with each use");
    portal.clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    assert!(session(&portal, &secret).await.is_none());
}

async fn a_session_that_is_used_lasts_for_thirty_days(portal: TestPortal) {
    let token = portal.plane.new_link().await.expect("a link");
    let secret = redeemed(&portal, &token).await.expect("a session");
    for day in 1..30 {
        portal.clock.advance(SignedDuration::from_hours(24));
        assert!(session(&portal, &secret).await.is_some(), "day {day}");
    }
    portal.clock.advance(SignedDuration::from_hours(24));
    assert!(session(&portal, &secret).await.is_none());
}

async fn a_person_ends_other_sessions(portal: TestPortal) {
    let mine = signed_in(&portal, "Mine").await;
    portal.clock.advance(SignedDuration::from_mins(1));
    let (lost, lent) = (signed_in(&portal, "Lost").await, signed_in(&portal, "Lent").await);
    let listed = mine.desk.sessions().await.expect("a list");
    let of = |agent: &str| listed.iter().find(|one| one.agent == agent).expect("it is listed");
    assert_eq!(listed.len(), 3);
    assert!(of("Mine").here && !of("Lost").here && !of("Lent").here);
    assert_eq!(of("Lost").address, "127.0.0.9");

    mine.desk.end_session(&of("Lost").name).await.expect("ended");
    assert!(matches!(mine.desk.end_session(&of("Lost").name).await, Err(Refusal::NotFound(_))));
    assert_eq!(lost.desk.sessions().await.expect("a list").len(), 2);
    assert_eq!(mine.desk.end_other_sessions().await.expect("ended"), 1);
    assert_eq!(mine.desk.end_other_sessions().await.expect("none is left"), 0);
    let left = mine.desk.sessions().await.expect("a list");
    assert_eq!(left.iter().map(|one| one.agent.as_str()).collect::<Vec<_>>(), ["Mine"]);
    drop(lent);
}

async fn whoever_follows_a_session_hears_at_once_that_it_is_over(portal: TestPortal) {
    let (mine, other) = (signed_in(&portal, "").await, signed_in(&portal, "").await);
    let mut followed = pin!(portal.plane.over(&other));
    let still =
        std::future::poll_fn(|context| Poll::Ready(followed.as_mut().poll(context).is_pending())).await;
    assert!(still);
    mine.desk.end_other_sessions().await.expect("ended");
    followed.await;
    mine.desk.sign_out().await.expect("signed out");
    portal.plane.over(&mine).await;

    let rests = signed_in(&portal, "").await;
    portal.clock.advance(SignedDuration::from_hours(8 * 24));
    portal.plane.over(&rests).await;
}

async fn who_signed_in_and_who_ended_what_is_audited(portal: TestPortal) {
    let (mine, _other) = (signed_in(&portal, "Mine").await, signed_in(&portal, "\u{7}Other").await);
    mine.desk.end_other_sessions().await.expect("ended");
    mine.desk.sign_out().await.expect("signed out");
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("select action, before_json, after_json from audit order by id")
            .fetch_all(&mut *portal.plane.store().reading().await.expect("a connection"))
            .await
            .expect("rows");
    let said = |agent: &str| format!(r#"{{"address":"127.0.0.9","agent":"{agent}"}}"#);
    let none = String::new;
    let row = |action: &str, before, after| (action.to_owned(), before, after);
    assert_eq!(
        rows,
        [
            row("session/SIGN_IN", none(), said("Mine")),
            row("session/SIGN_IN", none(), said("Other")),
            row("session/END", said("Other"), none()),
            row("session/SIGN_OUT", said("Mine"), none()),
        ]
    );
}

async fn redeemed(portal: &TestPortal, token: &str) -> Result<String, Refusal> {
    portal.plane.redeem_link(token, &Origin::default()).await
}

async fn session(portal: &TestPortal, secret: &str) -> Option<Session> {
    portal.plane.session(secret).await.expect("the store")
}

async fn signed_in(portal: &TestPortal, agent: &str) -> Session {
    let token = portal.plane.new_link().await.expect("a link");
    let origin = Origin { agent: agent.to_owned(), address: "127.0.0.9".to_owned() };
    let secret = portal.plane.redeem_link(&token, &origin).await.expect("a session");
    session(portal, &secret).await.expect("it lasts")
}
