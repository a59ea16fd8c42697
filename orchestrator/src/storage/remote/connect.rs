//! The client of one container: where it asks, by what it signs, and how long it waits.

use std::sync::Arc;
use std::time::Duration;

use domain::account::{Access, AccountKind, AccountSpec};
use domain::name::ContainerName;
use object_store::aws::{AmazonS3Builder, AwsCredential};
use object_store::azure::{AzureAccessKey, AzureCredential, MicrosoftAzureBuilder, split_sas};
use object_store::client::{HttpClient, HttpConnector};
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::list::PaginatedListStore;
use object_store::{ClientOptions, ObjectStore, RetryConfig};
use rustls_platform_verifier::BuilderVerifierExt;

use super::listing::Mended;
use super::sentence;
use crate::storage::StorageError;

/// A server that does not take a connection by then is away.
const CONNECT: Duration = Duration::from_secs(3);
/// One that says nothing for so long is silent. A large file may take as long as it needs, while bytes come.
const SILENCE: Duration = Duration::from_secs(8);
/// Of its own accord a client tries again within this, no longer.
const AGAIN: Duration = Duration::from_secs(4);

/// What asks one container.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// Objects.
    pub(super) store: Arc<dyn ObjectStore>,
    /// Pages of a listing.
    pub(super) pages: Pages,
}

#[derive(Clone)]
pub(super) struct Pages(pub(super) Arc<dyn PaginatedListStore>);

impl std::fmt::Debug for Pages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pages")
    }
}

impl Client {
    pub(super) fn of(
        spec: &AccountSpec,
        secret: &str,
        container: &ContainerName,
        http: reqwest::Client,
    ) -> Result<Self, StorageError> {
        let built = match spec.kind {
            AccountKind::Abfs | AccountKind::Wasb => azure(spec, secret, container, http).map(Self::made),
            AccountKind::S3 => s3(spec, secret, container, http).map(Self::made),
            AccountKind::Gs => google(spec, secret, container, http).map(Self::made),
            AccountKind::Local => {
                return Err(StorageError::Refused(format!("{} is a folder of this machine.", spec.name)));
            }
        };
        built.map_err(|error| sentence::of(&spec.name, &error))
    }

    fn made<S: ObjectStore + PaginatedListStore>(store: S) -> Self {
        let store = Arc::new(store);
        Self { store: store.clone(), pages: Pages(store) }
    }
}

fn azure(
    spec: &AccountSpec,
    secret: &str,
    container: &ContainerName,
    http: reqwest::Client,
) -> object_store::Result<object_store::azure::MicrosoftAzure> {
    let account = spec.emulated().unwrap_or(&spec.name);
    let mut builder = MicrosoftAzureBuilder::new()
        .with_account(account)
        .with_container_name(container.as_str())
        .with_retry(retry())
        .with_allow_http(spec.in_clear())
        .with_http_connector(Connector(http));
    builder = match blob_endpoint(spec) {
        Some(endpoint) => builder.with_endpoint(endpoint),
        None => builder,
    };
    match spec.access {
        Access::Key => builder.with_access_key(secret),
        Access::Sas => builder.with_sas_authorization(split_sas(secret.trim_start_matches('?'))?),
        Access::None | Access::AccessKey | Access::ServiceAccount | Access::Identity => builder,
    }
    .build()
}

/// Where the blobs of an Azure account answer, if its row says it. Data Lake's host has a sister for blobs.
pub(super) fn blob_endpoint(spec: &AccountSpec) -> Option<String> {
    spec.endpoint.as_ref().map(|endpoint| endpoint.replacen(".dfs.", ".blob.", 1))
}

fn s3(
    spec: &AccountSpec,
    secret: &str,
    container: &ContainerName,
    http: reqwest::Client,
) -> object_store::Result<object_store::aws::AmazonS3> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(container.as_str())
        .with_region(&spec.region)
        .with_virtual_hosted_style_request(!spec.path_style)
        .with_retry(retry())
        .with_allow_http(spec.in_clear())
        .with_http_connector(Connector(http));
    if let Some(endpoint) = &spec.endpoint {
        builder = builder.with_endpoint(match spec.path_style {
            true => endpoint.clone(),
            // It is taken as it is, so the bucket belongs to it.
            false => endpoint.replacen("://", &format!("://{container}."), 1),
        });
    }
    match spec.access {
        Access::AccessKey => builder.with_access_key_id(&spec.key_id).with_secret_access_key(secret),
        _ => builder,
    }
    .build()
}

fn google(
    spec: &AccountSpec,
    secret: &str,
    container: &ContainerName,
    http: reqwest::Client,
) -> object_store::Result<object_store::gcp::GoogleCloudStorage> {
    let mut builder = GoogleCloudStorageBuilder::new()
        .with_bucket_name(container.as_str())
        .with_retry(retry())
        .with_client_options(ClientOptions::new().with_allow_http(spec.in_clear()))
        .with_http_connector(Connector(http));
    if let Some(endpoint) = &spec.endpoint {
        builder = builder.with_base_url(endpoint);
    }
    match spec.access {
        Access::ServiceAccount => builder.with_service_account_key(secret),
        _ => builder,
    }
    .build()
}

fn retry() -> RetryConfig {
    RetryConfig { max_retries: 2, retry_timeout: AGAIN, ..RetryConfig::default() }
}

/// Connections of our own making: no redirect that nobody asked for, and an end to every silence.
#[derive(Debug)]
struct Connector(reqwest::Client);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Mended(self.0.clone())))
    }
}

/// What speaks HTTP with one account. Whom the machine trusts is trusted.
pub(super) fn http() -> Result<reqwest::Client, StorageError> {
    let refused = |error: &dyn std::fmt::Display| {
        StorageError::Disk(format!(
            "The machine's certificates cannot be used for storage accounts: {error}."
        ))
    };
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| refused(&error))?
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .build()
        .map_err(|error| refused(&error))
}

/// By what a request to Azure is signed that no client makes; none where the machine's identity would have to.
pub(super) fn azure_credential(
    spec: &AccountSpec,
    secret: &str,
) -> object_store::Result<Option<AzureCredential>> {
    Ok(match spec.access {
        Access::Key => Some(AzureCredential::AccessKey(AzureAccessKey::try_new(secret)?)),
        Access::Sas => Some(AzureCredential::SASToken(split_sas(secret.trim_start_matches('?'))?)),
        Access::None | Access::AccessKey | Access::ServiceAccount | Access::Identity => None,
    })
}

/// The same for S3.
pub(super) fn aws_credential(spec: &AccountSpec, secret: &str) -> Option<AwsCredential> {
    (spec.access == Access::AccessKey).then(|| AwsCredential {
        key_id: spec.key_id.clone(),
        secret_key: secret.to_owned(),
        token: None,
    })
}
