//! Access tokens: shown once, kept as a hash, bounded by whoever made them, over when they are revoked, expired or for
//! something that is gone.

use std::pin::pin;
use std::task::Poll;

use domain::action::Action;
use domain::policy::Role;
use domain::refusal::Refusal;
use domain::token::{Lifetime, NewToken, PREFIX};
use jiff::SignedDuration;

use super::database::on_both;
use super::roles::{FORGE, LAB, World};
use super::{Arguments, TestPortal, lab};
use crate::{Desk, Session};

on_both!(
    a_token_is_kept_as_a_hash_and_listed_with_its_last_use,
    a_token_may_what_it_was_given_and_never_more_than_its_maker,
    a_token_ends_by_itself_or_is_revoked,
    a_token_for_what_is_gone_is_over,
    whoever_follows_by_a_token_hears_at_once_that_it_is_revoked,
    nobody_makes_a_token_that_may_more,
    a_token_makes_no_tokens,
    what_was_done_to_tokens_is_audited,
);

fn wanted(role: Role, scope: &str) -> NewToken {
    let scope = scope.parse().expect("a scope");
    NewToken { name: "ci".to_owned(), role, scope, lifetime: Lifetime::default() }
}

async fn by(portal: &TestPortal, secret: &str) -> Option<Session> {
    portal.plane.token(secret).await.expect("the store")
}

async fn made(portal: &TestPortal, desk: &Desk, role: Role, scope: &str) -> Desk {
    let (_, secret) = desk.new_token(&wanted(role, scope)).await.expect("made");
    by(portal, &secret).await.expect("it holds").desk
}

async fn a_token_is_kept_as_a_hash_and_listed_with_its_last_use(portal: TestPortal) {
    let (token, secret) = portal.desk.new_token(&wanted(Role::Reader, "/")).await.expect("made");
    assert!(secret.starts_with(PREFIX) && secret.len() == PREFIX.len() + 43, "256 bits: {secret}");
    let rows: Vec<(String, String)> = sqlx::query_as("select hash, name from token")
        .fetch_all(&mut *portal.plane.store().reading().await.expect("a connection"))
        .await
        .expect("rows");
    assert_eq!(rows.len(), 1);
    assert!(rows[0].0.len() == 64 && !rows[0].0.contains(&secret));
    let listed = async || portal.desk.tokens().await.expect("a list").remove(0);
    assert_eq!((listed().await, token.used), (token.clone(), None));
    portal.clock.advance(SignedDuration::from_mins(2));
    assert!(by(&portal, &secret).await.is_some());
    assert_eq!(listed().await.used, Some(portal.plane.now()));
    assert!(by(&portal, "penstock_none").await.is_none() && by(&portal, "").await.is_none());
    // Another person sees nothing of it; an owner of everything revokes it all the same.
    let ben = portal.person("Ben", Role::Contributor).await;
    assert!(ben.tokens().await.expect("a list").is_empty());
    assert!(matches!(ben.revoke_token(token.id).await, Err(Refusal::NotFound(_))));
}

async fn a_token_may_what_it_was_given_and_never_more_than_its_maker(portal: TestPortal) {
    let world = World::of(portal).await;
    let cid = world.portal.nobody("Cid").await;
    let (lab, forge) = (LAB.parse().expect("a scope"), FORGE.parse().expect("a scope"));
    let of_lab = world.portal.desk.give_role(cid.actor().id, Role::Contributor, &lab).await.expect("given");
    world.portal.desk.give_role(cid.actor().id, Role::Reader, &forge).await.expect("given");
    let a1 = format!("{LAB}/clusters/a1");
    let (runs, reads) = (
        made(&world.portal, &cid, Role::Contributor, &a1).await,
        made(&world.portal, &cid, Role::Reader, FORGE).await,
    );
    let savepoint =
        async |desk: &Desk, id| desk.act(id, Action::Savepoint, Arguments::default()).await.map(drop);
    savepoint(&runs, world.a1).await.expect("asked");
    assert!(matches!(savepoint(&runs, world.b1).await, Err(Refusal::NotFound(_))), "not its scope");
    assert!(matches!(savepoint(&reads, world.b1).await, Err(Refusal::Forbidden(_))), "not its role");
    let operation = world.portal.desk.operations(world.a1).await.expect("seen").remove(0);
    assert_eq!(operation.actor, "ci");
    // Its maker has less from now on, and so has the token.
    let reader = world.portal.desk.give_role(cid.actor().id, Role::Reader, &lab).await.expect("given");
    world.portal.desk.take_role(of_lab).await.expect("taken");
    assert!(matches!(savepoint(&runs, world.a1).await, Err(Refusal::Forbidden(_))));
    assert_eq!(runs.jobs(&Default::default()).await.expect("the grid").total, 1);
    world.portal.desk.take_role(reader).await.expect("taken");
    assert!(matches!(savepoint(&runs, world.a1).await, Err(Refusal::NotFound(_))));
    assert_eq!(runs.jobs(&Default::default()).await.expect("the grid").total, 0);
    assert_eq!(reads.jobs(&Default::default()).await.expect("the grid").total, 2);
}

async fn a_token_ends_by_itself_or_is_revoked(portal: TestPortal) {
    let short = NewToken { lifetime: Lifetime::parse("12h").expect("a time"), ..wanted(Role::Reader, "/") };
    let (_, short) = portal.desk.new_token(&short).await.expect("made");
    let (token, usual) = portal.desk.new_token(&wanted(Role::Reader, "/")).await.expect("made");
    let never = NewToken { lifetime: Lifetime::Unlimited, ..wanted(Role::Reader, "/") };
    let (_, never) = portal.desk.new_token(&never).await.expect("made");
    portal.clock.advance(SignedDuration::from_hours(13));
    assert!(by(&portal, &short).await.is_none() && by(&portal, &usual).await.is_some());
    assert_eq!(portal.desk.tokens().await.expect("a list").len(), 2);
    let held = by(&portal, &usual).await.expect("it holds").desk;
    portal.desk.revoke_token(token.id).await.expect("revoked");
    assert!(by(&portal, &usual).await.is_none());
    assert!(matches!(held.cluster_named(&lab(), "none").await, Err(Refusal::NotFound(_))));
    assert!(held.pools().await.expect("a list").is_empty(), "also for who was let in before");
    assert!(matches!(portal.desk.revoke_token(token.id).await, Err(Refusal::NotFound(_))));
    portal.clock.advance(SignedDuration::from_hours(24 * 365 * 20));
    assert!(by(&portal, &never).await.is_some());
}

async fn a_token_for_what_is_gone_is_over(portal: TestPortal) {
    let world = World::of(portal).await;
    let b1 = format!("{FORGE}/clusters/b1");
    let (token, secret) = world.portal.desk.new_token(&wanted(Role::Owner, &b1)).await.expect("made");
    assert!(by(&world.portal, &secret).await.is_some());
    world.portal.act(world.b1, Action::Delete).await.expect("asked");
    while world.portal.desk.cluster(world.b1).await.is_ok() {
        world.portal.pass().await;
    }
    assert!(by(&world.portal, &secret).await.is_none());
    let listed = world.portal.desk.tokens().await.expect("a list").remove(0);
    assert_eq!((listed.id, listed.role), (token.id, None), "it is listed until it is revoked");
}

async fn whoever_follows_by_a_token_hears_at_once_that_it_is_revoked(portal: TestPortal) {
    let (token, secret) = portal.desk.new_token(&wanted(Role::Reader, "/")).await.expect("made");
    let session = by(&portal, &secret).await.expect("it holds");
    let mut followed = pin!(portal.plane.over(&session));
    let still =
        std::future::poll_fn(|context| Poll::Ready(followed.as_mut().poll(context).is_pending())).await;
    assert!(still);
    portal.desk.revoke_token(token.id).await.expect("revoked");
    followed.await;
}

async fn nobody_makes_a_token_that_may_more(portal: TestPortal) {
    let world = World::of(portal).await;
    let cid = world.portal.person_at("Cid", Role::Contributor, LAB).await;
    let refused = async |role, scope: &str| cid.new_token(&wanted(role, scope)).await.map(drop);
    let why = refused(Role::Owner, LAB).await.expect_err("more than Cid is").to_string();
    assert!(why.starts_with("Your role for the pool lab is Contributor, and this takes Owner."), "{why}");
    assert!(matches!(refused(Role::Reader, FORGE).await, Err(Refusal::NotFound(_))));
    assert!(matches!(refused(Role::Reader, "/").await, Err(Refusal::NotFound(_))));
    refused(Role::Contributor, LAB).await.expect("as much as Cid is");
    let nameless = NewToken { name: " ".to_owned(), ..wanted(Role::Reader, LAB) };
    let refused = cid.new_token(&nameless).await;
    assert!(matches!(&refused, Err(Refusal::InvalidArgument(wrong)) if wrong.field == "name"), "{refused:?}");
}

async fn a_token_makes_no_tokens(portal: TestPortal) {
    let (token, secret) = portal.desk.new_token(&wanted(Role::Owner, "/")).await.expect("made");
    let desk = by(&portal, &secret).await.expect("it holds").desk;
    assert!(matches!(desk.new_token(&wanted(Role::Reader, "/")).await, Err(Refusal::Forbidden(_))));
    assert!(matches!(desk.revoke_token(token.id).await, Err(Refusal::Forbidden(_))));
}

async fn what_was_done_to_tokens_is_audited(portal: TestPortal) {
    let (token, secret) = portal.desk.new_token(&wanted(Role::Reader, "/")).await.expect("made");
    portal.desk.revoke_token(token.id).await.expect("revoked");
    let rows: Vec<(String, String, String, String, String)> = sqlx::query_as(
        "select actor_name, action, target, before_json, after_json from audit where action like 'token/%' order by id",
    )
    .fetch_all(&mut *portal.plane.store().reading().await.expect("a connection"))
    .await
    .expect("rows");
    let told: Vec<_> = rows.iter().map(|(who, what, which, ..)| (&**who, &**what, &**which)).collect();
    let id = token.id.to_string();
    assert_eq!(told, [("Ada", "token/CREATE", &*id), ("Ada", "token/REVOKE", &*id)]);
    assert!(rows[0].4.contains("\"Reader\"") && rows[0].4.contains("\"ci\""), "{}", rows[0].4);
    assert!(!format!("{rows:?}").contains(&secret));
}
