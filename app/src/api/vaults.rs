//! Key vaults. No answer holds a value.

use domain::vault::{VaultLine, VaultView};
use leptos::prelude::*;

use super::ApiError;
use super::codec::Json;
#[cfg(feature = "ssr")]
use super::desk;

/// Every vault.
#[server(prefix = "/api/ui", endpoint = "vaults", input = Json, output = Json)]
pub(crate) async fn vaults() -> Result<Vec<VaultLine>, ApiError> {
    Ok(desk().await?.vaults().await?)
}

/// One vault, by name.
#[server(prefix = "/api/ui", endpoint = "vault", input = Json, output = Json)]
pub(crate) async fn vault(name: String) -> Result<VaultView, ApiError> {
    Ok(desk().await?.vault(&name).await?)
}

/// Makes a vault. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "new-vault", output = Json)]
pub(crate) async fn new_vault(name: String, #[server(default)] back: String) -> Result<(), ApiError> {
    desk().await?.new_vault(&name).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Deletes a vault. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "delete-vault", output = Json)]
pub(crate) async fn delete_vault(name: String, #[server(default)] back: String) -> Result<(), ApiError> {
    desk().await?.delete_vault(&name).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Writes the next version of a secret. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "write-secret", output = Json)]
pub(crate) async fn write_secret(
    vault: String,
    secret: String,
    value: String,
    #[server(default)] expires: String,
    #[server(default)] back: String,
) -> Result<u32, ApiError> {
    let version = desk().await?.write_secret(&vault, &secret, &value, &expires).await?;
    crate::navigation::go_on(&back);
    Ok(version)
}

/// Enables or disables a version of a secret and sets its end. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "change-secret", output = Json)]
pub(crate) async fn change_secret(
    vault: String,
    secret: String,
    version: u32,
    enabled: bool,
    #[server(default)] expires: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.change_secret(&vault, &secret, version, enabled, &expires).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Deletes a secret. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "delete-secret", output = Json)]
pub(crate) async fn delete_secret(
    vault: String,
    secret: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.delete_secret(&vault, &secret).await?;
    crate::navigation::go_on(&back);
    Ok(())
}
