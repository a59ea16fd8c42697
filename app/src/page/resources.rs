//! What stands around clusters and is made once for many of them: key vaults.

mod databases;
mod vaults;

use leptos::prelude::*;

use crate::part::{Crumbs, PageHead};
pub(crate) use databases::Database;
use databases::Databases;
pub(crate) use vaults::Vault;
use vaults::Vaults;

/// `/resources`: every kind with its list.
#[component]
pub(crate) fn Resources() -> impl IntoView {
    view! {
        <Crumbs above=vec![("Home".to_owned(), "/".to_owned())] here="Resources"/>
        <PageHead title="Resources">
            <p>"What is made once and used by many clusters."</p>
        </PageHead>
        <Vaults/>
        <Databases/>
    }
    .into_any()
}
