//! Questions and deeds of the storage browser.

use domain::account::AccountForm;
use domain::offer::StorageAccount;
use domain::view::{AccountView, Entry, Listing};
use leptos::prelude::*;

use super::ApiError;
use super::codec::Json;
#[cfg(feature = "ssr")]
use super::desk;

/// The accounts that the caller may use.
#[server(prefix = "/api/ui", endpoint = "accounts", input = Json, output = Json)]
pub(crate) async fn accounts() -> Result<Vec<StorageAccount>, ApiError> {
    Ok(desk().await?.accounts().await?)
}

/// What stands at a path of a container, from the page after `after` on where there are pages.
#[server(prefix = "/api/ui", endpoint = "list", input = Json, output = Json)]
pub(crate) async fn list(
    account: String,
    container: String,
    path: String,
    #[server(default)] after: String,
) -> Result<Listing, ApiError> {
    Ok(desk().await?.list_after(&account, &container, &path, &after).await?)
}

/// What is to be deleted, and what stands in it; a file holds nothing.
#[server(prefix = "/api/ui", endpoint = "doomed", input = Json, output = Json)]
pub(crate) async fn doomed(
    account: String,
    container: String,
    path: String,
) -> Result<(Option<Entry>, Option<Listing>), ApiError> {
    let desk = desk().await?;
    let entry = desk.entry(&account, &container, &path).await.ok();
    Ok((entry, desk.list(&account, &container, &path).await.ok()))
}

/// Makes a container. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "new-container", output = Json)]
pub(crate) async fn new_container(
    account: String,
    container: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.new_container(&account, container.trim()).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Sets what an account may hold, GB of a thousand million bytes; nothing for as much as its disk. `back`: where a plain
/// form post goes on.
#[server(prefix = "/api/ui", endpoint = "set-quota", output = Json)]
pub(crate) async fn set_quota(
    account: String,
    #[server(default)] quota: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.set_quota_text(&account, &quota).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Deletes a file, or a folder with everything in it. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "delete-file", output = Json)]
pub(crate) async fn delete_file(
    account: String,
    container: String,
    path: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.delete(&account, &container, &path).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// One storage account: what it is, its containers, who uses it.
#[server(prefix = "/api/ui", endpoint = "account", input = Json, output = Json)]
pub(crate) async fn account(name: String) -> Result<AccountView, ApiError> {
    Ok(desk().await?.account(&name).await?)
}

/// Makes a storage account, a remote one with its first container. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "new-account", output = Json)]
pub(crate) async fn new_account(
    form: AccountForm,
    #[server(default)] container: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.new_account(&form, &container).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Changes how a storage account is reached. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "change-account", output = Json)]
pub(crate) async fn change_account(
    form: AccountForm,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.change_account(&form).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Takes a storage account out of the portal. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "delete-account", output = Json)]
pub(crate) async fn delete_account(name: String, #[server(default)] back: String) -> Result<(), ApiError> {
    desk().await?.delete_account(&name).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Tries a container of a storage account for real. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "test-account", output = Json)]
pub(crate) async fn test_account(
    account: String,
    container: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.test_account(&account, &container).await?;
    crate::navigation::go_on(&back);
    Ok(())
}
