//! What Flink must be told of a remote account: its addresses and the options of its plugin. Secrets stand in a run's own
//! configuration and nowhere else.

use domain::account::{Access, AccountKind};
use domain::address::Address;
use domain::name::ContainerName;
use domain::option::FlinkOptions;

use super::Remote;

impl Remote {
    /// The URI by which Flink is given a place.
    pub(crate) fn uri(&self, address: &Address) -> String {
        let (container, secure) = (address.container(), !self.spec.in_clear());
        let root = match self.spec.kind {
            AccountKind::Abfs => {
                format!("abfs{}://{container}@{}", if secure { "s" } else { "" }, self.host())
            }
            AccountKind::Wasb => {
                format!("wasb{}://{container}@{}", if secure { "s" } else { "" }, self.host())
            }
            AccountKind::S3 => format!("s3://{container}"),
            AccountKind::Gs | AccountKind::Local => format!("gs://{container}"),
        };
        if address.path().is_root() { root } else { format!("{root}/{}", address.path()) }
    }

    /// The host in the addresses of an Azure account.
    fn host(&self) -> String {
        let (own, other) = match self.spec.kind {
            AccountKind::Abfs => ("dfs", "blob"),
            _ => ("blob", "dfs"),
        };
        let named = self.spec.endpoint_host().filter(|_| self.spec.emulated().is_none());
        named.map_or_else(
            || format!("{}.{own}.core.windows.net", self.spec.name),
            |host| host.replacen(&format!(".{other}."), &format!(".{own}."), 1),
        )
    }

    /// The options without which Flink does not come to a container, its key among them. `keys`: the file in which the run
    /// has a key that is one.
    pub(crate) fn options(&self, container: &ContainerName, keys: &str) -> Result<FlinkOptions, String> {
        let secret = self.secret.as_deref().map_err(Clone::clone)?.trim();
        let spec = &self.spec;
        let mut options = FlinkOptions::new();
        let mut set = |key: String, value: &str| options.insert(key, value.to_owned());
        let host = self.host();
        match (spec.kind, spec.access) {
            (AccountKind::Wasb, Access::Sas) => {
                set(format!("fs.azure.sas.{container}.{host}"), secret.trim_start_matches('?'));
            }
            (AccountKind::Wasb | AccountKind::Abfs, Access::Identity) => {
                const TOKENS: &str = "org.apache.hadoop.fs.azurebfs.oauth2.MsiTokenProvider";
                set(format!("fs.azure.account.auth.type.{host}"), "OAuth");
                set(format!("fs.azure.account.oauth.provider.type.{host}"), TOKENS);
            }
            (AccountKind::Wasb | AccountKind::Abfs, _) => {
                set(format!("fs.azure.account.key.{host}"), secret);
            }
            (AccountKind::S3, access) => self.s3(access, container, secret, &mut set),
            (AccountKind::Gs, Access::ServiceAccount) if spec.endpoint.is_none() => {
                set("fs.gs.auth.service.account.enable".to_owned(), "true");
                set("fs.gs.auth.service.account.json.keyfile".to_owned(), keys);
            }
            (AccountKind::Gs, _) => {
                if let Some(endpoint) = &spec.endpoint {
                    // What stands in for Google's servers asks nobody who he is.
                    set("fs.gs.storage.root.url".to_owned(), endpoint);
                    set("fs.gs.auth.service.account.enable".to_owned(), "false");
                    set("fs.gs.auth.null.enable".to_owned(), "true");
                }
            }
            (AccountKind::Local, _) => {}
        }
        match spec.kind {
            AccountKind::Abfs => {
                // With its buffer on the disk the plugin would look for a file system that it does not see, and after the
                // first checkpoint never write again.
                set("fs.azure.data.blocks.buffer".to_owned(), "bytebuffer");
                if spec.in_clear() {
                    set("fs.azure.always.use.https".to_owned(), "false");
                }
            }
            AccountKind::Wasb if spec.emulated().is_some() => {
                set("fs.azure.storage.emulator.account.name".to_owned(), &host);
            }
            AccountKind::Wasb | AccountKind::S3 | AccountKind::Gs | AccountKind::Local => {}
        }
        Ok(options)
    }

    /// S3's options are of one bucket: a run may read its state from one account and write it into another.
    fn s3<R>(
        &self,
        access: Access,
        container: &ContainerName,
        secret: &str,
        set: &mut impl FnMut(String, &str) -> R,
    ) {
        let mut of = |key: &str, value: &str| set(format!("s3.bucket.{container}.{key}"), value);
        if let Some(endpoint) = &self.spec.endpoint {
            of("endpoint", endpoint);
        }
        of("endpoint.region", &self.spec.region);
        of("path.style.access", if self.spec.path_style { "true" } else { "false" });
        if access == Access::AccessKey {
            of("access.key", &self.spec.key_id);
            of("secret.key", secret);
        }
    }

    /// The content of the file in which a run has the key; none where it needs no file.
    pub(crate) fn key_file(&self) -> Option<&str> {
        let is_file = self.spec.access == Access::ServiceAccount && self.spec.endpoint.is_none();
        self.secret.as_deref().ok().filter(|_| is_file)
    }
}

#[cfg(test)]
mod tests {
    use domain::account::AccountSpec;

    use super::*;

    fn remote(kind: AccountKind, access: Access, endpoint: Option<&str>) -> Remote {
        let spec = AccountSpec {
            kind,
            access,
            endpoint: endpoint.map(str::to_owned),
            region: "eu-1".to_owned(),
            key_id: "id".to_owned(),
            path_style: true,
            ..AccountSpec::local("lake".try_into().expect("a name"))
        };
        Remote::new(spec, Ok("c2VjcmV0".to_owned()))
    }

    fn told(remote: &Remote) -> Vec<String> {
        let address = Address::parse("lake/flink/a b/1").expect("an address");
        let options = remote.options(address.container(), "/run/key.json").expect("options");
        let mut lines = vec![remote.uri(&address)];
        lines.extend(options.into_iter().map(|(key, value)| format!("{key}: {value}")));
        lines
    }

    #[test]
    fn flink_is_told_of_a_data_lake_by_its_own_host_and_never_buffers_on_the_disk() {
        let azure = told(&remote(AccountKind::Abfs, Access::Key, None));
        assert_eq!(
            azure,
            [
                "abfss://flink@lake.dfs.core.windows.net/a b/1",
                "fs.azure.account.key.lake.dfs.core.windows.net: c2VjcmV0",
                "fs.azure.data.blocks.buffer: bytebuffer",
            ]
        );
        let elsewhere = Some("https://lake.blob.core.chinacloudapi.cn");
        let identity = told(&remote(AccountKind::Abfs, Access::Identity, elsewhere));
        assert_eq!(identity[0], "abfss://flink@lake.dfs.core.chinacloudapi.cn/a b/1");
        assert!(identity.iter().any(|line| line.ends_with("MsiTokenProvider")), "{identity:?}");
        assert!(!identity.iter().any(|line| line.contains("c2VjcmV0")), "{identity:?}");
    }

    #[test]
    fn each_other_kind_is_told_by_the_options_of_its_plugin() {
        let key = told(&remote(AccountKind::Wasb, Access::Key, None));
        assert_eq!(
            key,
            [
                "wasbs://flink@lake.blob.core.windows.net/a b/1",
                "fs.azure.account.key.lake.blob.core.windows.net: c2VjcmV0",
            ]
        );
        let emulated = told(&remote(AccountKind::Wasb, Access::Key, Some("http://127.0.0.1:10000/lake")));
        assert_eq!(emulated[0], "wasb://flink@lake.blob.core.windows.net/a b/1");
        assert!(
            emulated
                .contains(&"fs.azure.storage.emulator.account.name: lake.blob.core.windows.net".to_owned())
        );
        let sas = told(&remote(AccountKind::Wasb, Access::Sas, None));
        assert_eq!(sas[1], "fs.azure.sas.flink.lake.blob.core.windows.net: c2VjcmV0");
        let s3 = told(&remote(AccountKind::S3, Access::AccessKey, Some("http://127.0.0.1:9000")));
        assert_eq!(
            s3,
            [
                "s3://flink/a b/1",
                "s3.bucket.flink.access.key: id",
                "s3.bucket.flink.endpoint: http://127.0.0.1:9000",
                "s3.bucket.flink.endpoint.region: eu-1",
                "s3.bucket.flink.path.style.access: true",
                "s3.bucket.flink.secret.key: c2VjcmV0",
            ]
        );
        let google = remote(AccountKind::Gs, Access::ServiceAccount, None);
        assert_eq!(google.key_file(), Some("c2VjcmV0"));
        let google = told(&google);
        assert!(google.contains(&"fs.gs.auth.service.account.json.keyfile: /run/key.json".to_owned()));
        assert!(!google.iter().any(|line| line.contains("c2VjcmV0")), "{google:?}");
    }

    /// What hides secrets knows all of these options.
    #[test]
    fn no_key_is_shown() {
        for (kind, access) in [
            (AccountKind::Abfs, Access::Key),
            (AccountKind::Wasb, Access::Key),
            (AccountKind::Wasb, Access::Sas),
            (AccountKind::S3, Access::AccessKey),
        ] {
            let address = Address::parse("lake/flink/1").expect("an address");
            let options = remote(kind, access, None).options(address.container(), "").expect("options");
            for (key, value) in options {
                let shown = domain::secret::shown_option(&key, &value);
                assert!(!shown.contains("c2VjcmV0"), "{key}: {shown}");
            }
        }
    }
}
