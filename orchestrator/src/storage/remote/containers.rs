//! Containers of a remote account: made by a signed request, and known by the object that they carry, as those of this
//! machine are by their file. Where that object is not, the container is *not there*, whatever else is in it.

use domain::account::{AccountKind, AccountSpec};
use domain::address::{Address, Path};
use domain::name::ContainerName;
use http::{Method, Request};
use object_store::aws::AwsAuthorizer;
use object_store::azure::AzureAuthorizer;
use object_store::client::{HttpRequest, HttpRequestBody, HttpService};
use object_store::path::Path as Key;
use object_store::{ObjectStoreExt, PutPayload};

use super::sentence::{self, Meaning};
use super::{Remote, connect, soon};
use crate::storage::{Fault, StorageError, identity};

impl Remote {
    /// Why the container of an address is not there; none if it is. What was seen a moment ago is believed.
    pub(crate) fn not_there(&self, container: &ContainerName) -> Option<String> {
        if let Some(known) = self.known.container(container) {
            return known;
        }
        let why = self.looked_for(container).err().map(|error| error.to_string());
        self.known.looked_for(container, why.clone());
        why
    }

    /// The same, asked anew.
    ///
    /// # Errors
    /// Why it is not there.
    pub(crate) fn looked_for(&self, container: &ContainerName) -> Result<(), StorageError> {
        let (account, container_name) = (self.spec.name.clone(), container.clone());
        let (client, key, what) =
            (self.client(container)?, Key::from(identity::FILE), format!("{account}/{container}"));
        soon(what.clone(), async move {
            let found = match client.store.get(&key).await {
                Ok(found) => found.bytes().await.map_err(|error| sentence::of(&what, &error))?,
                Err(error) if sentence::meaning(&error) == Meaning::NotFound => {
                    return Err(StorageError::Disk(format!(
                        "The container {container_name} of the storage account {account} is not there: it lacks the \
                         object {} by which it is known. Make the container under Storage; one that is there already \
                         is only given that object.",
                        identity::FILE
                    )));
                }
                Err(error) => return Err(sentence::of(&what, &error)),
            };
            let text = String::from_utf8_lossy(&found);
            let named = text.split_whitespace().next().unwrap_or_default();
            if named == what {
                return Ok(());
            }
            Err(StorageError::Disk(format!(
                "In the place of the container {container_name} of the storage account {account} is another one: its \
                 object {} says that it is {named}. Name the right account or container.",
                identity::FILE
            )))
        })
    }

    /// Makes a container, or takes one that is there already, and gives it the object by which it is known.
    pub(crate) fn make_container(&self, container: &ContainerName) -> Result<(), StorageError> {
        let what = format!("{}/{container}", self.spec.name);
        let (spec, client, name) = (self.spec.clone(), self.client(container)?, container.clone());
        let (http, request) = (self.http()?, self.making(container)?);
        let made = soon(what.clone(), async move {
            let key = Key::from(identity::FILE);
            let mark = |name: &str| {
                PutPayload::from(format!("{name} is a container of Penstock. Leave this file.\n"))
            };
            if let Ok(found) = client.store.get(&key).await
                && let Ok(found) = found.bytes().await
            {
                let text = String::from_utf8_lossy(&found);
                let named = text.split_whitespace().next().unwrap_or_default();
                return Err(match named == what {
                    true => StorageError::Taken(what),
                    false => StorageError::Server(
                        Fault::Container,
                        format!(
                            "The container {name} belongs to another account of a portal: it is known as {named}. Choose \
                         another container, or delete its object {}.",
                            identity::FILE
                        ),
                    ),
                });
            }
            match client.store.put(&key, mark(&what)).await {
                Ok(_) => return Ok(()),
                Err(error) => match sentence::meaning(&error) {
                    Meaning::NoContainer | Meaning::NotFound => {}
                    _ => return Err(sentence::of(&what, &error)),
                },
            }
            let Some(request) = request else {
                return Err(StorageError::Server(
                    Fault::Container,
                    format!(
                        "There is no bucket {name} yet. A bucket of {} belongs to a project: make it there, and then here.",
                        spec.kind.title()
                    ),
                ));
            };
            let answer = HttpService::call(&http, request).await;
            let answer = answer.map_err(|_| sentence::failed(Meaning::Away, &what))?;
            if !answer.status().is_success() {
                let status = answer.status();
                let said = answer.into_body().bytes().await.unwrap_or_default();
                if let Some(meaning) = sentence::in_words(&String::from_utf8_lossy(&said)) {
                    return Err(sentence::failed(meaning, &what));
                }
                return Err(StorageError::Server(
                    Fault::Container,
                    format!(
                        "The storage server of {what} did not make the container: it answers {status}. Look at what \
                     the account's key may do, and at the container's name."
                    ),
                ));
            }
            client.store.put(&key, mark(&what)).await.map(drop).map_err(|error| sentence::of(&what, &error))
        });
        self.known.forget();
        made
    }

    /// The signed request that makes a container; none where it takes more than a name.
    fn making(&self, container: &ContainerName) -> Result<Option<HttpRequest>, StorageError> {
        let refused = |error: &dyn std::fmt::Display| {
            StorageError::Refused(format!("The account {} cannot be asked: {error}.", self.spec.name))
        };
        let secret = self.secret()?;
        let of = |url: String| {
            Request::builder()
                .method(Method::PUT)
                .uri(url)
                .header("content-length", "0")
                .body(HttpRequestBody::empty())
                .map_err(|error| refused(&error))
        };
        match self.spec.kind {
            AccountKind::Abfs | AccountKind::Wasb => {
                let mut request = of(format!("{}/{container}?restype=container", azures(&self.spec)))?;
                let signed =
                    connect::azure_credential(&self.spec, secret).map_err(|error| refused(&error))?;
                let Some(credential) = signed else { return Ok(None) };
                AzureAuthorizer::new(&credential, self.spec.emulated().unwrap_or(&self.spec.name))
                    .try_authorize(&mut request)
                    .map_err(|error| refused(&error))?;
                Ok(Some(request))
            }
            AccountKind::S3 => {
                let Some(credential) = connect::aws_credential(&self.spec, secret) else { return Ok(None) };
                let mut request = of(s3s(&self.spec, container))?;
                AwsAuthorizer::new(&credential, "s3", &self.spec.region)
                    .try_authorize(&mut request, None)
                    .map_err(|error| refused(&error))?;
                Ok(Some(request))
            }
            AccountKind::Gs | AccountKind::Local => Ok(None),
        }
    }

    /// The signed request that deletes what marks a folder in S3: an object by the folder's name with a slash at its end,
    /// which no client here can name. None for other kinds.
    pub(super) fn marker(
        &self,
        container: &ContainerName,
        folder: &str,
    ) -> Result<Option<HttpRequest>, StorageError> {
        let Some(credential) = connect::aws_credential(&self.spec, self.secret()?) else { return Ok(None) };
        let refused = |error: &dyn std::fmt::Display| {
            StorageError::Refused(format!("The account {} cannot be asked: {error}.", self.spec.name))
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        let path: String = folder
            .bytes()
            .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect();
        let root = s3s(&self.spec, container);
        let mut request = Request::builder()
            .method(Method::DELETE)
            .uri(format!("{}/{path}/", root.trim_end_matches('/')))
            .body(HttpRequestBody::empty())
            .map_err(|error| refused(&error))?;
        AwsAuthorizer::new(&credential, "s3", &self.spec.region)
            .try_authorize(&mut request, None)
            .map_err(|error| refused(&error))?;
        Ok(Some(request))
    }

    /// The address of a container.
    pub(super) fn root(&self, container: &ContainerName) -> Address {
        Address::new(self.spec.name.clone(), container.clone(), Path::default())
    }
}

fn azures(spec: &AccountSpec) -> String {
    connect::blob_endpoint(spec).unwrap_or_else(|| format!("https://{}.blob.core.windows.net", spec.name))
}

fn s3s(spec: &AccountSpec, container: &ContainerName) -> String {
    let endpoint =
        spec.endpoint.clone().unwrap_or_else(|| format!("https://s3.{}.amazonaws.com", spec.region));
    match spec.path_style {
        true => format!("{endpoint}/{container}"),
        false => format!("{}/", endpoint.replacen("://", &format!("://{container}."), 1)),
    }
}
