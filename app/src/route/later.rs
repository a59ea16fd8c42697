//! The pages behind the first one. Their code is a file of its own, which the browser fetches when the first page is
//! there or when one of them is opened, so that the first page is light.

use std::future::pending;

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::ChooseView;
use leptos_router::hooks::use_url;

use crate::page::{self, Question};

/// Makes a name of each page, and one function, of one file, that draws them all.
macro_rules! later {
    ($($page:ident)*) => {
        /// A page of the later file.
        #[derive(Clone, Copy)]
        pub(crate) enum Page {
            $($page,)*
        }

        #[wasm_split(later, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
        fn draw(what: Drawn) -> Result<AnyView, SplitLoaderError> {
            Ok(match what {
                $(Drawn::Page(Page::$page) => page::$page().into_any(),)*
                Drawn::Question(asked, open) => page::question_form(asked, open),
            })
        }
    };
}

later! {
    Accounts Activity Again Ask ClusterActivity Compare Configuration Create Database DeleteFile DeleteSnapshot Deployment Details Jobs
    JsonView Logs NewCluster Operations Overview Pool Pools Resources Savepoints Settings Storage Update Vault
}

enum Drawn {
    Page(Page),
    Question(Question, RwSignal<bool>),
}

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        #[cfg(feature = "ssr")]
        name();
        drawn(Drawn::Page(self), address()).await
    }

    /// The router waits for it before it leaves a page for this one.
    async fn preload(&self) {
        let address = address();
        if load().await.is_err() {
            open_anew(&address).await
        }
    }
}

/// The question in a dialog, which lies in that file too.
pub(crate) async fn question(asked: Question, open: RwSignal<bool>) -> AnyView {
    let address = asked.address(&address());
    drawn(Drawn::Question(asked, open), address).await
}

/// What that file draws, or else what the server writes at the address.
async fn drawn(what: Drawn, address: String) -> AnyView {
    let view = draw(what).await.ok();
    match view {
        Some(view) => view,
        None => open_anew(&address).await,
    }
}

/// The address that is being opened, or stands open.
fn address() -> String {
    use_url().with_untracked(|url| match url.search() {
        "" => url.path().to_owned(),
        search => format!("{}?{search}", url.path()),
    })
}

/// The file cannot be had: the network fails, or the portal is a newer one by now. The browser leaves this page and
/// asks the server for a whole one.
async fn open_anew<T>(address: &str) -> T {
    // It can only refuse what is no address.
    let _ = window().location().assign(address);
    pending().await
}

/// Fetches that file if the server named it as part of this page; false if the page needs it and it cannot be had.
pub async fn ready() -> bool {
    let named =
        document().query_selector("link[rel=preload][as=fetch][type='application/wasm'][href*='/later-']");
    !matches!(named, Ok(Some(_))) || load().await.is_ok()
}

/// The address of that file, which the server knows.
#[derive(Clone, Copy, Debug)]
pub struct LaterFile(pub &'static str);

/// Has the document name that file, so that the browser fetches it along with the first one.
#[cfg(feature = "ssr")]
fn name() {
    use leptos_meta::Link;

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
    leptos::task::spawn_local(async {
        // Whoever needs it asks again, and does without it.
        let _ = load().await;
    });
}
