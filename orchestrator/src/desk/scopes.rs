//! Subscriptions and resource groups: what owns things, and on which roles are given.

use domain::event::Around;
use domain::name::{GroupName, SubscriptionName};
use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::scope::Scope;
use domain::view::{GroupView, SubscriptionView};

use super::Desk;
use crate::store::At;

impl Desk {
    /// Every subscription and resource group that the caller has a role for, or sees a pool in.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn scopes(&self) -> Result<Vec<SubscriptionView>, Refusal> {
        let sight = self.sight().await?;
        let pools = self.pool_names().await?;
        let mut all = Vec::new();
        for subscription in self.plane.store().subscriptions().await? {
            let scope = Scope::of([&*subscription.id]);
            let group = |name: &String| {
                let inside = pools.iter().map(|pool| &pool.path);
                let inside =
                    inside.filter(|path| path.subscription() == subscription.name && path.group() == name);
                let pools: Vec<String> = inside.map(|path| path.name().to_owned()).collect();
                let role = sight.role_at(&scope.within(name));
                (role.is_some() || !pools.is_empty()).then(|| GroupView { name: name.clone(), role, pools })
            };
            let groups: Vec<GroupView> = subscription.groups.iter().filter_map(group).collect();
            let role = sight.role_at(&scope);
            if role.is_some() || !groups.is_empty() {
                let (id, name) = (subscription.id, subscription.name);
                all.push(SubscriptionView { id, name, role, groups });
            }
        }
        Ok(all)
    }

    /// Makes a subscription.
    ///
    /// # Errors
    /// `Forbidden`; `InvalidArgument` for its name; `Exists`.
    pub async fn new_subscription(&self, name: &str) -> Result<(), Refusal> {
        let permit = self.authorize(Permission::Administer, At::Portal).await?;
        let name = subscription_name(name)?;
        let event = self.plane.store().new_subscription(&permit, &name, self.plane.now()).await?;
        self.plane.changed(event, None);
        Ok(())
    }

    /// Gives a subscription another name. Addresses of what is in it change with it, roles do not.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `InvalidArgument` for its name; `Exists`.
    pub async fn rename_subscription(&self, subscription: &str, name: &str) -> Result<(), Refusal> {
        let scope = Scope::of([subscription]);
        let permit = self.authorize(Permission::Administer, At::Scope(&scope)).await?;
        let name = subscription_name(name)?;
        let store = self.plane.store();
        let event = store.rename_subscription(&permit, (subscription, &name), self.plane.now()).await?;
        self.plane.changed(event, None);
        Ok(())
    }

    /// Makes a resource group.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `InvalidArgument` for its name; `Exists`.
    pub async fn new_group(&self, subscription: &str, name: &str) -> Result<(), Refusal> {
        let scope = Scope::of([subscription]);
        let permit = self.authorize(Permission::Administer, At::Scope(&scope)).await?;
        let name = GroupName::try_from(name.trim()).map_err(|rule| Refusal::field("group", name, rule))?;
        let event = self.plane.store().new_group(&permit, &name, self.plane.now()).await?;
        self.plane.changed(event, None);
        Ok(())
    }

    /// Deletes a subscription, or a resource group of it, that holds nothing.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `InUse` with the names of what is in it.
    pub async fn delete_scope(&self, subscription: &str, group: Option<&str>) -> Result<(), Refusal> {
        let scope = Scope::of(std::iter::once(subscription).chain(group));
        let permit = self.authorize(Permission::Administer, At::Scope(&scope)).await?;
        let what = match group {
            Some(group) => (Around::ResourceGroup, group),
            None => (Around::Subscription, subscription),
        };
        let event = self.plane.store().delete_above(&permit, what, self.plane.now()).await?;
        self.plane.changed(event, None);
        Ok(())
    }
}

fn subscription_name(name: &str) -> Result<SubscriptionName, Refusal> {
    SubscriptionName::try_from(name.trim()).map_err(|rule| Refusal::field("name", name, rule))
}
