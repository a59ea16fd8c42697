//! The form of a storage account, as it is typed.

use serde::{Deserialize, Serialize};

use super::{Access, AccountKind, AccountSpec};
use crate::name::AccountName;
use crate::refusal::Finding;

/// A storage account as a person types it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    /// Its name.
    pub name: String,
    /// The word of its kind.
    pub kind: String,
    /// Where it answers; empty where its name says it.
    pub endpoint: String,
    /// S3's region.
    pub region: String,
    /// `true` where a container stands in the path.
    pub path_style: String,
    /// The word of what it is signed in by.
    pub access: String,
    /// S3's access key.
    pub key_id: String,
    /// The key, signature, secret or file; empty keeps the one that is there.
    pub secret: String,
}

/// What is secret in it is nobody's to read, in a log least of all.
impl std::fmt::Debug for AccountForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountForm")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl From<&AccountSpec> for AccountForm {
    fn from(spec: &AccountSpec) -> Self {
        Self {
            name: spec.name.to_string(),
            kind: spec.kind.name().to_owned(),
            endpoint: spec.endpoint.clone().unwrap_or_default(),
            region: spec.region.clone(),
            path_style: if spec.path_style { "true".to_owned() } else { String::new() },
            access: spec.access.name().to_owned(),
            key_id: spec.key_id.clone(),
            secret: String::new(),
        }
    }
}

impl AccountForm {
    /// The account that it means. `keeps_secret`: an empty secret is the one that is there.
    ///
    /// # Errors
    /// Everything that is wrong with it, field by field.
    pub fn read(&self, keeps_secret: bool) -> Result<AccountSpec, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut refuse = |field: &str, value: &str, message: String| {
            findings.push(Finding { field: field.to_owned(), message, value: value.to_owned() });
        };
        let name = AccountName::try_from(self.name.trim());
        if let Err(rule) = &name {
            refuse("name", &self.name, rule.clone());
        }
        let kind = AccountKind::named(&self.kind).unwrap_or_else(|| {
            refuse(
                "kind",
                &self.kind,
                "There is no such kind of account. Choose one of the list.".to_owned(),
            );
            AccountKind::Local
        });
        if matches!(kind, AccountKind::Abfs | AccountKind::Wasb)
            && name.as_ref().is_ok_and(|name| !is_azures(name.as_str()))
        {
            let rule =
                "Azure's accounts have 3 to 24 small letters and digits. Write the account's name at Azure.";
            refuse("name", &self.name, rule.to_owned());
        }
        let usual = kind.accesses().first().copied().unwrap_or_default();
        let access = if self.access.is_empty() { Some(usual) } else { Access::named(&self.access) };
        let access = access.filter(|access| kind.accesses().contains(access)).unwrap_or_else(|| {
            refuse(
                "access",
                &self.access,
                format!("{} is not signed in to by that. Choose one of the list.", kind.title()),
            );
            usual
        });
        let endpoint = match endpoint(&self.endpoint) {
            Ok(endpoint) => endpoint.filter(|_| kind.is_remote()),
            Err(rule) => {
                refuse("endpoint", &self.endpoint, rule);
                None
            }
        };
        let key_id = self.key_id.trim();
        if access == Access::AccessKey && key_id.is_empty() {
            refuse("key_id", "", "An access key has an id. Write it.".to_owned());
        }
        let secret = self.secret.trim();
        if let Some(rule) = secret_rule(access, secret, keeps_secret) {
            refuse("secret", "", rule);
        }
        let region = self.region.trim();
        if region.len() > 64 || !region.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            refuse(
                "region",
                region,
                "A region has letters, digits and hyphens, such as eu-central-1.".to_owned(),
            );
        }
        let (true, Ok(name)) = (findings.is_empty(), name) else { return Err(findings) };
        let s3 = kind == AccountKind::S3;
        Ok(AccountSpec {
            name,
            kind,
            endpoint,
            region: if s3 && region.is_empty() { "us-east-1".to_owned() } else { region.to_owned() },
            path_style: s3 && matches!(self.path_style.trim(), "true" | "on"),
            access,
            key_id: if s3 { key_id.to_owned() } else { String::new() },
        })
    }
}

/// Why a secret cannot be one; none if it can.
fn secret_rule(access: Access, secret: &str, keeps: bool) -> Option<String> {
    if !access.has_secret() || (secret.is_empty() && keeps) {
        return None;
    }
    if secret.is_empty() {
        return Some(format!("{}: paste it here. It is kept sealed and shown to nobody.", access.title()));
    }
    if secret.chars().any(char::is_control) && access != Access::ServiceAccount {
        return Some("It has a line break or another control character in it. Paste it without.".to_owned());
    }
    match access {
        Access::Key if !is_base64(secret) => Some(
            "An account key is base64: letters, digits, + and /. Copy it from Azure's Access keys."
                .to_owned(),
        ),
        Access::Sas if !secret.contains("sig=") => Some(
            "A shared access signature has parts such as sv=, sp= and sig=. Copy the SAS token from Azure."
                .to_owned(),
        ),
        Access::ServiceAccount => {
            let has_mail = serde_json::from_str::<serde_json::Value>(secret)
                .is_ok_and(|json| json.get("client_email").is_some() && json.get("private_key").is_some());
            (!has_mail).then(|| {
                "It is no service account: a JSON file with client_email and private_key. Paste the file's content."
                    .to_owned()
            })
        }
        Access::None | Access::Key | Access::Sas | Access::AccessKey | Access::Identity => None,
    }
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.chars().all(|c| c.is_ascii_alphanumeric() || c == '+' || c == '/')
}

fn is_azures(name: &str) -> bool {
    (3..=24).contains(&name.len()) && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

/// An endpoint as it is kept: scheme, host, port, and a path without its last slash.
fn endpoint(text: &str) -> Result<Option<String>, String> {
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return Ok(None);
    }
    let rule = || {
        format!(
            "“{text}” is no endpoint. Write https:// or http://, the host and perhaps a port, such as http://127.0.0.1:9000."
        )
    };
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or_else(rule)?;
    let host = rest.split('/').next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:[]".contains(c);
    let port_fits = match host.rsplit_once(':') {
        Some((_, port)) if !port.ends_with(']') => port.parse::<u16>().is_ok_and(|port| port > 0),
        Some(_) | None => true,
    };
    let dots = rest.split('/').any(|part| part == "." || part == "..");
    let good = !host.is_empty() && !host.starts_with(':') && rest.chars().all(plain) && port_fits && !dots;
    if good && text.len() <= 255 { Ok(Some(text.to_owned())) } else { Err(rule()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> AccountForm {
        AccountForm {
            name: "lake".to_owned(),
            kind: "s3".to_owned(),
            endpoint: "http://127.0.0.1:9000/".to_owned(),
            path_style: "true".to_owned(),
            key_id: "id".to_owned(),
            secret: "secret".to_owned(),
            ..AccountForm::default()
        }
    }

    #[test]
    fn what_is_typed_becomes_an_account() {
        let spec = form().read(false).expect("it is one");
        assert_eq!(spec.endpoint.as_deref(), Some("http://127.0.0.1:9000"));
        assert_eq!(
            (spec.region.as_str(), spec.path_style, spec.access),
            ("us-east-1", true, Access::AccessKey)
        );
        assert!(spec.in_clear() && spec.emulated().is_none());
        let kept = AccountForm { secret: String::new(), ..form() };
        assert!(kept.read(true).is_ok() && kept.read(false).is_err());
        assert!(!format!("{:?}", form()).contains("secret: "), "a secret is shown to nobody");
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let wrong = |change: fn(&mut AccountForm)| {
            let mut form = form();
            change(&mut form);
            let fields: Vec<String> =
                form.read(false).expect_err("it is wrong").into_iter().map(|found| found.field).collect();
            fields.join(" ")
        };
        assert_eq!(wrong(|form| form.name = "-".to_owned()), "name");
        assert_eq!(wrong(|form| form.kind = "hdfs".to_owned()), "kind");
        assert_eq!(wrong(|form| form.endpoint = "ftp://x".to_owned()), "endpoint");
        assert_eq!(wrong(|form| form.endpoint = "http://a b".to_owned()), "endpoint");
        assert_eq!(wrong(|form| form.endpoint = "http://a:0".to_owned()), "endpoint");
        assert_eq!(wrong(|form| form.endpoint = "http://user@host".to_owned()), "endpoint");
        assert_eq!(wrong(|form| form.access = "sas".to_owned()), "access");
        assert_eq!(wrong(|form| form.key_id.clear()), "key_id");
        assert_eq!(wrong(|form| form.secret.clear()), "secret");
        assert_eq!(wrong(|form| form.region = "a/b".to_owned()), "region");
        assert_eq!(
            wrong(|form| (form.kind, form.access, form.secret) = ("wasb".into(), "sas".into(), "x".into())),
            "secret"
        );
        assert_eq!(wrong(|form| (form.kind, form.secret) = ("abfs".into(), "no key".into())), "secret");
        assert_eq!(wrong(|form| (form.kind, form.secret) = ("gs".into(), "{}".into())), "secret");
        assert_eq!(
            wrong(
                |form| (form.kind, form.name, form.secret) = ("wasb".into(), "my-lake".into(), "abcd".into())
            ),
            "name"
        );
    }
}
