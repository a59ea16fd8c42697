//! Cluster pools.

use domain::pool::{PoolForm, PoolPath};
use domain::view::{self, NetworkView, PoolName, PoolView, SubscriptionView};
use leptos::prelude::*;

use super::ApiError;
use super::codec::Json;
#[cfg(feature = "ssr")]
use super::desk;

/// Every pool.
#[server(prefix = "/api/ui", endpoint = "pools", input = Json, output = Json)]
pub(crate) async fn pools() -> Result<Vec<PoolView>, ApiError> {
    Ok(desk().await?.pools().await?)
}

/// Every pool, for the frame.
#[server(prefix = "/api/ui", endpoint = "pool-names", input = Json, output = Json)]
pub(crate) async fn pool_names() -> Result<Vec<PoolName>, ApiError> {
    Ok(desk().await?.pool_names().await?)
}

/// One pool.
#[server(prefix = "/api/ui", endpoint = "pool", input = Json, output = Json)]
pub(crate) async fn pool(path: PoolPath) -> Result<PoolView, ApiError> {
    Ok(desk().await?.pool(&path).await?)
}

/// Lets the jobs of a pool read these folders, separated by commas. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "let-read", output = Json)]
pub(crate) async fn let_read(
    pool: PoolPath,
    folders: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.let_read(&pool, &folders).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// One pool with everything that its page shows.
#[server(prefix = "/api/ui", endpoint = "pool-details", input = Json, output = Json)]
pub(crate) async fn pool_details(path: PoolPath) -> Result<view::PoolDetails, ApiError> {
    Ok(desk().await?.pool_details(&path).await?)
}

/// What the form of a pool begins with: of a new one, or of one that is there.
#[server(prefix = "/api/ui", endpoint = "pool-edit", input = Json, output = Json)]
pub(crate) async fn pool_edit(path: Option<PoolPath>) -> Result<view::PoolEdit, ApiError> {
    let desk = desk().await?;
    Ok(match path {
        Some(path) => desk.pool_edit(&path).await?,
        None => desk.new_pool_edit().await?,
    })
}

/// Makes a pool of a group, `subscription/group`, or changes the one that is named; goes on with its page.
#[server(prefix = "/api/ui", endpoint = "save-pool", output = Json)]
pub(crate) async fn save_pool(
    #[server(default)] group: String,
    #[server(default)] pool: Option<PoolPath>,
    #[server(default)] form: PoolForm,
) -> Result<(), ApiError> {
    let desk = desk().await?;
    let path = match pool {
        Some(path) => {
            desk.change_pool(&path, &form).await?;
            path
        }
        None => {
            let (subscription, group) = group.split_once('/').unwrap_or_default();
            desk.new_pool(subscription, group, &form).await?
        }
    };
    crate::navigation::go(&crate::paths::pool(&path));
    Ok(())
}

/// Deletes a pool. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "delete-pool", output = Json)]
pub(crate) async fn delete_pool(pool: PoolPath, #[server(default)] back: String) -> Result<(), ApiError> {
    desk().await?.delete_pool(&pool).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// The virtual networks of a pool.
#[server(prefix = "/api/ui", endpoint = "networks", input = Json, output = Json)]
pub(crate) async fn networks(path: PoolPath) -> Result<Vec<NetworkView>, ApiError> {
    Ok(desk().await?.networks(&path).await?)
}

/// Makes a virtual network, or a subnet of the one that is named. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "new-network", output = Json)]
pub(crate) async fn new_network(
    pool: PoolPath,
    #[server(default)] network: String,
    #[server(default)] name: String,
    #[server(default)] range: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    let desk = desk().await?;
    if network.is_empty() {
        desk.new_network(&pool, &name, &range).await?;
    } else {
        desk.new_subnet(&pool, &network, &name, &range).await?;
    }
    crate::navigation::go_on(&back);
    Ok(())
}

/// Gives a subnet another range. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "change-subnet", output = Json)]
pub(crate) async fn change_subnet(
    pool: PoolPath,
    network: String,
    subnet: String,
    #[server(default)] range: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.change_subnet(&pool, &network, &subnet, &range).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Deletes a subnet, or a whole network where none is named. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "delete-network", output = Json)]
pub(crate) async fn delete_network(
    pool: PoolPath,
    network: String,
    #[server(default)] subnet: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    let subnet = Some(subnet).filter(|subnet| !subnet.is_empty());
    desk().await?.delete_network(&pool, &network, subnet.as_deref()).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// The subscriptions and resource groups that the caller sees.
#[server(prefix = "/api/ui", endpoint = "scopes", input = Json, output = Json)]
pub(crate) async fn scopes() -> Result<Vec<SubscriptionView>, ApiError> {
    Ok(desk().await?.scopes().await?)
}

/// Makes a subscription, or gives the one that is named another name. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "save-subscription", output = Json)]
pub(crate) async fn save_subscription(
    #[server(default)] subscription: String,
    #[server(default)] name: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    let desk = desk().await?;
    if subscription.is_empty() {
        desk.new_subscription(&name).await?;
    } else {
        desk.rename_subscription(&subscription, &name).await?;
    }
    crate::navigation::go_on(&back);
    Ok(())
}

/// Makes a resource group. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "new-group", output = Json)]
pub(crate) async fn new_group(
    subscription: String,
    #[server(default)] name: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.new_group(&subscription, &name).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Deletes a subscription, or a resource group of it. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "delete-scope", output = Json)]
pub(crate) async fn delete_scope(
    subscription: String,
    #[server(default)] group: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    let group = Some(group).filter(|group| !group.is_empty());
    desk().await?.delete_scope(&subscription, group.as_deref()).await?;
    crate::navigation::go_on(&back);
    Ok(())
}
