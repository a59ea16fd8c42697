//! The pages behind the first one. Their code lies in files of their own, by what people do, and the browser fetches one
//! when a page of it is opened: what nobody opens weighs nothing.

use std::collections::HashMap;
use std::future::pending;

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::ChooseView;
use leptos_router::hooks::use_url;

use crate::page::{self, Question};

/// Makes a name of each page, and of each file one function that draws its pages.
macro_rules! files {
    ($($file:ident $File:ident: $($page:ident)*;)*) => {
        $(
            pub(super) mod $file {
                use super::*;

                #[doc = concat!("The pages of the file `", stringify!($file), "`.")]
                #[derive(Clone, Copy)]
                pub(crate) enum Pages {
                    $($page,)*
                }

                impl From<Pages> for Page {
                    fn from(page: Pages) -> Page {
                        Page::$File(page)
                    }
                }

                #[wasm_split($file, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
                pub(super) fn draw(page: Pages) -> Result<AnyView, SplitLoaderError> {
                    Ok(match page {
                        $(Pages::$page => page::$page().into_any(),)*
                    })
                }
            }
        )*

        /// A page behind the first one, in its file.
        #[derive(Clone, Copy)]
        pub(crate) enum Page {
            $(#[doc = concat!("Of the file `", stringify!($file), "`.")] $File($file::Pages),)*
        }

        impl Page {
            async fn draw(self) -> Result<AnyView, SplitLoaderError> {
                match self {
                    $(Page::$File(page) => $file::draw(page).await,)*
                }
            }

            async fn load(self) -> Result<(), SplitLoaderError> {
                match self {
                    $(Page::$File(_) => $file::load().await,)*
                }
            }

            #[cfg(feature = "ssr")]
            fn file(self) -> &'static str {
                match self {
                    $(Page::$File(_) => stringify!($file),)*
                }
            }
        }

        /// Fetches the code of this page, if the server named it; false if the page needs it and it cannot be had.
        pub async fn ready() -> bool {
            $(
                if named(stringify!($file)) {
                    return $file::load().await.is_ok();
                }
            )*
            true
        }
    };
}

files! {
    jobs Jobs: Activity Ask ClusterActivity Compare Configuration DeleteSnapshot Deployment Details Jobs JsonView Logs
        Operations Overview Savepoints;
    create Create: Again Create NewCluster Update;
    around Around: AccountPage Accounts ChangePool Database DeleteFile DeletePool Networks NewAccount NewPool Pool Pools
        Resources Storage Subscriptions Vault;
    settings Settings: Settings;
}

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        #[cfg(feature = "ssr")]
        name(self.file());
        let address = address();
        let view = self.draw().await.ok();
        match view {
            Some(view) => view,
            None => open_anew(&address).await,
        }
    }

    /// The router waits for it before it leaves a page for this one.
    async fn preload(&self) {
        let address = address();
        if self.load().await.is_err() {
            open_anew(&address).await
        }
    }
}

#[wasm_split(jobs, wasm_split_path = ::leptos::wasm_split, fallible)]
fn draw_question(asked: Question, open: RwSignal<bool>) -> Result<AnyView, SplitLoaderError> {
    Ok(page::question_form(asked, open))
}

/// The question in a dialog, which any page can ask; or else what the server writes at its address.
pub(crate) async fn question(asked: Question, open: RwSignal<bool>) -> AnyView {
    let address = asked.address(&address());
    let view = draw_question(asked, open).await.ok();
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

/// The code cannot be had: the network fails, or the portal is a newer one by now. The browser leaves this page and
/// asks the server for a whole one.
async fn open_anew<T>(address: &str) -> T {
    // It can only refuse what is no address.
    let _ = window().location().assign(address);
    pending().await
}

/// Whether the document names that file.
fn named(file: &str) -> bool {
    let link = format!("link[rel=preload][as=fetch][href^='/pkg/{file}-']");
    matches!(document().query_selector(&link), Ok(Some(_)))
}

/// The addresses of the files that each part of the pages lies in, its own one last, which the server knows.
#[derive(Clone, Copy, Debug)]
pub struct LaterFiles(pub &'static HashMap<String, Vec<String>>);

/// Has the document name those files, so that the browser fetches them along with the first one.
#[cfg(feature = "ssr")]
fn name(file: &str) {
    use leptos_meta::Link;

    let Some(LaterFiles(files)) = use_context() else { return };
    for address in files.get(file).into_iter().flatten() {
        // Written out, a link of leptos_meta stands in the document's head.
        let _ = view! {
            <Link rel="preload" href=address.as_str() as_="fetch" type_="application/wasm" crossorigin="anonymous"/>
        }
        .to_html();
    }
}
