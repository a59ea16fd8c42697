//! The pages behind the first one. Their code is a file of its own, which the browser fetches when the first page is
//! there or when one of them is opened, so that the first page is light.

use leptos::prelude::*;
use leptos_router::{Lazy, LazyRoute};

use crate::page;

/// Makes a route of each page, and one function, of one file, that draws them all.
macro_rules! later {
    ($($page:ident)*) => {
        #[derive(Clone, Copy)]
        enum Page { $($page),* }

        #[lazy]
        fn draw(page: Page) -> AnyView {
            match page { $(Page::$page => page::$page().into_any()),* }
        }

        $(
            pub(crate) struct $page;

            impl $page {
                pub(crate) fn route() -> Lazy<Self> {
                    Lazy::new()
                }
            }

            impl LazyRoute for $page {
                fn data() -> Self {
                    Self
                }

                async fn view(_: Self) -> AnyView {
                    draw(Page::$page).await
                }

                /// The router waits for it before it takes over what the server wrote.
                async fn preload() {
                    #[cfg(target_arch = "wasm32")]
                    __preload_draw().await;
                }
            }
        )*
    };
}

/// Fetches that file, so that the page opened next is there at once.
pub(crate) fn fetch() {
    // What it gives changes when the file is there; whoever needs it waits for it.
    let _ = lazy_preload!(draw);
}

later! {
    Accounts Activity Again Ask ClusterActivity Configuration Create DeleteFile DeleteSnapshot Deployment Details Jobs
    JsonView Logs NewCluster Operations Overview Pool Pools Savepoints Settings Storage Update
}
