//! Sign-in: one-time links and sessions. Secrets are 256 random bits; only their SHA-256 is stored.

use domain::id::PersonId;
use domain::policy::{Actor, Role};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::store::link::Redeemed;
use crate::store::{Store, StoreError};

/// A link from a running portal is used at once.
const LINK: SignedDuration = SignedDuration::from_mins(15);
/// The link of the first start may wait for its reader.
const FIRST_LINK: SignedDuration = SignedDuration::from_hours(24);
/// As long as the cookie.
const SESSION: SignedDuration = SignedDuration::from_hours(24 * 30);

/// A new link's token. The first one that is redeemed makes the first owner.
pub(crate) async fn new_link(store: &Store, now: Timestamp) -> Result<String, StoreError> {
    let owner = store.first_owner().await?;
    let valid = if owner.is_some() { LINK } else { FIRST_LINK };
    let token = secret();
    store.keep_link(&hash(&token), owner.map(|owner| owner.id), (now, later(now, valid))).await?;
    Ok(token)
}

/// A session's secret for a token; none if it is unknown, used or too old.
pub(crate) async fn redeem(store: &Store, token: &str, now: Timestamp) -> Result<Option<String>, StoreError> {
    let secret = secret();
    let first = Actor { id: PersonId(Uuid::now_v7()), name: "Owner".to_owned(), role: Role::Owner };
    let link = Redeemed {
        token: &hash(token),
        session: &hash(&secret),
        expires: later(now, SESSION),
        first: &first,
    };
    Ok(store.redeem(&link, now).await?.map(|_| secret))
}

/// What is stored of a secret.
pub(crate) fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

fn secret() -> String {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).expect("the system has random bytes, or nothing is safe");
    hex::encode(bytes)
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}
