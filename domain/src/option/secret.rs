//! Options whose values nobody is shown.

use std::collections::BTreeMap;

/// What stands in place of a secret value.
pub const HIDDEN: &str = "******";

/// Parts of keys whose values are secret: Flink's own rule, `GlobalConfiguration.isSensitive`.
const SECRETS: [&str; 10] = [
    "password",
    "secret",
    "fs.azure.account.key",
    "apikey",
    "auth-params",
    "service-key",
    "token",
    "basic-auth",
    "jaas.config",
    "http-headers",
];

/// Whether the value of this key is a secret.
fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    SECRETS.iter().any(|secret| key.contains(secret))
}

/// Puts [`HIDDEN`] in place of every secret value.
pub fn hide_secrets(options: &mut BTreeMap<String, String>) {
    for (_, value) in options.iter_mut().filter(|(key, _)| is_secret(key)) {
        HIDDEN.clone_into(value);
    }
}
