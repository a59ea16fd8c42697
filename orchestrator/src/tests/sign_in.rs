//! Sign-in: links are used once and in time, sessions end.

use domain::policy::Role;
use domain::refusal::Refusal;
use jiff::SignedDuration;

use super::Portal;
use super::database::on_both;

on_both!(a_link_is_used_once, links_grow_old, secrets_are_not_stored);

async fn a_link_is_used_once(portal: Portal) {
    let token = portal.plane.new_link().await.expect("a link");
    let secret = portal.plane.redeem_link(&token).await.expect("a session");
    let owner = portal.plane.session(&secret).await.expect("the store").expect("the first owner");
    assert_eq!((owner.name.as_str(), owner.role), ("Owner", Role::Owner));
    assert!(matches!(portal.plane.redeem_link(&token).await, Err(Refusal::NotFound(_))));

    let second = portal.plane.new_link().await.expect("a link");
    let secret2 = portal.plane.redeem_link(&second).await.expect("a session");
    let again = portal.plane.session(&secret2).await.expect("the store").expect("the same owner");
    assert_eq!(again.id, owner.id);

    portal.plane.sign_out(&secret).await.expect("signed out");
    assert_eq!(portal.plane.session(&secret).await.expect("the store"), None);
    assert!(portal.plane.session(&secret2).await.expect("the store").is_some());
}

async fn links_grow_old(portal: Portal) {
    let first = portal.plane.new_link().await.expect("a link");
    portal.clock.advance(SignedDuration::from_hours(23));
    let secret = portal.plane.redeem_link(&first).await.expect("the first link waits for a day");
    let later = portal.plane.new_link().await.expect("a link");
    portal.clock.advance(SignedDuration::from_mins(16));
    assert!(portal.plane.redeem_link(&later).await.is_err());
    assert!(portal.plane.redeem_link("no such token").await.is_err());
    portal.clock.advance(SignedDuration::from_hours(24 * 31));
    assert_eq!(portal.plane.session(&secret).await.expect("the store"), None);
}

async fn secrets_are_not_stored(portal: Portal) {
    let token = portal.plane.new_link().await.expect("a link");
    let secret = portal.plane.redeem_link(&token).await.expect("a session");
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
