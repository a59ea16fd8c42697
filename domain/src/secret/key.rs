//! The one list of what a secret's key is.

/// Parts of keys whose values Flink itself hides: `GlobalConfiguration.isSensitive` of Flink 1.20.
const FLINKS: [&str; 10] = [
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

/// Parts of keys that name a secret as well, once `-`, `_` and `.` are left out: `s3.access-key` and `ACCESS_KEY` are one.
const OURS: [&str; 17] = [
    "passphrase",
    "passwd",
    "passcode",
    "pwd",
    "credential",
    "private",
    "accesskey",
    "accountkey",
    "apikey",
    "servicekey",
    "sharedkey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "connectionstring",
    "fsazuresas",
    "authorization",
];

/// Whole words of keys that do so: within another word they would mean something else (`compass`, `sauce`).
const WORDS: [&str; 9] = ["pass", "pw", "psw", "jwt", "sas", "bearer", "cookie", "cred", "creds"];

/// Whether the value of this key is a secret: of a Flink option, a flag, a part of an address' query.
pub fn is_secret(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    let squeezed: String = lower.chars().filter(|c| !matches!(c, '-' | '_' | '.')).collect();
    FLINKS.iter().any(|part| lower.contains(part))
        || OURS.iter().any(|part| squeezed.contains(part))
        || words(key).any(|word| WORDS.contains(&&*word))
}

/// The words of a key, in small letters: `db.userPass` has `db`, `user`, `pass`.
fn words(key: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in key.chars() {
        let begins = c.is_ascii_uppercase() && small;
        small = c.is_ascii_lowercase() || c.is_ascii_digit();
        if begins || !c.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
    }
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_flink_hides_and_what_people_call_secrets() {
        for key in FLINKS.into_iter().chain([
            "s3.secret-key",
            "s3.access-key",
            "s3.access.key",
            "AWS_ACCESS_KEY_ID",
            "my.passphrase",
            "my.credential",
            "db.pwd",
            "dbpwd",
            "DB_PASSWD",
            "private-key",
            "ssl.privateKey",
            "fs.azure.account.key.lake.dfs.core.windows.net",
            "fs.azure.sas.lake.container",
            "user.pass",
            "userPass",
            "pass",
            "AccountKey",
            "Authorization",
            "api_key",
        ]) {
            assert!(is_secret(key), "{key}");
        }
    }

    #[test]
    fn what_only_looks_like_one() {
        for key in [
            "parallelism.default",
            "state.backend.type",
            "key.by",
            "topic",
            "compass",
            "pipeline.object-reuse",
            "taskmanager.memory.process.size",
            "passenger.count",
            "sasl.mechanism",
            "bypass.cache",
            "primary-key",
        ] {
            assert!(!is_secret(key), "{key}");
        }
    }
}
