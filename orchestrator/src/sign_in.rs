//! Sign-in: one-time links and the sessions that they begin. Secrets are 256 random bits; only their SHA-256 is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::id::PrincipalId;
use domain::policy::Actor;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::store::link::Redeemed;
use crate::store::{Store, StoreError};

/// A link from a running portal is used at once.
const LINK: SignedDuration = SignedDuration::from_mins(15);
/// The link of the first start may wait for its reader.
const FIRST_LINK: SignedDuration = SignedDuration::from_hours(24);
/// Longer than any browser calls itself; the rest tells nobody anything.
const LONGEST_AGENT: usize = 200;

/// How long a session lasts.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// In all, however it is used; as long as the cookie.
    pub longest: SignedDuration,
    /// Without being used.
    pub idle: SignedDuration,
}

impl Default for SessionLimits {
    /// 30 days, of which it may rest for 7.
    fn default() -> Self {
        Self { longest: SignedDuration::from_hours(24 * 30), idle: SignedDuration::from_hours(24 * 7) }
    }
}

/// Where a session is begun.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The browser, as it calls itself.
    pub agent: String,
    /// Its network address.
    pub address: String,
}

/// A new link's token. The first one that is redeemed makes the first owner.
pub(crate) async fn new_link(store: &Store, now: Timestamp) -> Result<String, StoreError> {
    let owner = store.first_owner().await?;
    let valid = if owner.is_some() { LINK } else { FIRST_LINK };
    let token = secret();
    store.keep_link(&hash(&token), owner.map(|owner| owner.id), (now, later(now, valid))).await?;
    Ok(token)
}

/// A session's secret for a token; none if it is unknown, used or too old.
pub(crate) async fn redeem(
    store: &Store,
    token: &str,
    origin: &Origin,
    (now, longest): (Timestamp, SignedDuration),
) -> Result<Option<String>, StoreError> {
    // Looked at before anything is written: guesses do not hold up who writes.
    if !store.link_holds(&hash(token), now).await? {
        return Ok(None);
    }
    let secret = secret();
    let first = Actor::person(PrincipalId(Uuid::now_v7()), "Owner");
    let agent: String = origin.agent.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect();
    let said = serde_json::json!({ "agent": agent, "address": origin.address }).to_string();
    let session = hash(&secret);
    let link = Redeemed {
        token: &hash(token),
        session: &session,
        expires: later(now, longest),
        first: &first,
        agent: &agent,
        address: &origin.address,
        name: name(&session),
        said: &said,
    };
    Ok(store.redeem(&link, now).await?.map(|_| secret))
}

/// What a session is called where it is listed and in the audit trail: enough of its hash to tell it from any other.
pub(crate) fn name(hash: &str) -> &str {
    hash.get(..16).unwrap_or(hash)
}

/// What is stored of a secret.
pub(crate) fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// A new access token's secret, and what is stored of it.
pub(crate) fn new_token() -> (String, String) {
    let secret = format!("{}{}", domain::token::PREFIX, URL_SAFE_NO_PAD.encode(random()));
    let hash = hash(&secret);
    (secret, hash)
}

fn secret() -> String {
    hex::encode(random())
}

fn random() -> [u8; 32] {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).expect("the system has random bytes, or nothing is safe");
    bytes
}

pub(crate) fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}
