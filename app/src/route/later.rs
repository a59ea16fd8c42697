//! The pages behind the first one. Their code is a file of its own, which the browser fetches when the first page is
//! there or when one of them is opened, so that the first page is light.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos_meta::Link;
use leptos_router::{Lazy, LazyRoute};

use crate::page::{self, Question};

/// Makes a route of each page, and one function, of one file, that draws them all.
macro_rules! later {
    ($($page:ident)*) => {
        enum Page {
            $($page,)*
            Question(Question, RwSignal<bool>),
        }

        #[lazy]
        fn draw(page: Page) -> AnyView {
            match page {
                $(Page::$page => page::$page().into_any(),)*
                Page::Question(asked, open) => page::question_form(asked, open),
            }
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
                    #[cfg(feature = "ssr")]
                    name();
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

/// The question in a dialog, which lies in that file too.
pub(crate) async fn question(asked: Question, open: RwSignal<bool>) -> AnyView {
    draw(Page::Question(asked, open)).await
}

/// The address of that file, which the server knows.
#[derive(Clone, Copy, Debug)]
pub struct LaterFile(pub &'static str);

/// Has the document name that file, so that the browser fetches it along with the first one.
#[cfg(feature = "ssr")]
fn name() {
    if let Some(LaterFile(address)) = use_context() {
        // Written out, a link of leptos_meta stands in the document's head.
        let _ = view! {
            <Link rel="preload" href=address as_="fetch" type_="application/wasm" crossorigin="anonymous"/>
        }
        .to_html();
    }
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
