//! The pages behind the first one. Their code is a file of its own, which the browser fetches when the first page is
//! there or when one of them is opened, so that the first page is light.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos_meta::Link;
use leptos_router::ChooseView;

use crate::page::{self, Question};

/// Makes a name of each page, and one function, of one file, that draws them all.
macro_rules! later {
    ($($page:ident)*) => {
        /// A page of the later file.
        #[derive(Clone, Copy)]
        pub(crate) enum Page {
            $($page,)*
        }

        #[lazy]
        fn draw(what: Drawn) -> AnyView {
            match what {
                $(Drawn::Page(Page::$page) => page::$page().into_any(),)*
                Drawn::Question(asked, open) => page::question_form(asked, open),
            }
        }
    };
}

later! {
    Accounts Activity Again Ask ClusterActivity Configuration Create DeleteFile DeleteSnapshot Deployment Details Jobs
    JsonView Logs NewCluster Operations Overview Pool Pools Savepoints Settings Storage Update
}

enum Drawn {
    Page(Page),
    Question(Question, RwSignal<bool>),
}

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        #[cfg(feature = "ssr")]
        name();
        draw(Drawn::Page(self)).await
    }

    /// The router waits for it before it takes over what the server wrote.
    async fn preload(&self) {
        #[cfg(target_arch = "wasm32")]
        __preload_draw().await;
    }
}

/// The question in a dialog, which lies in that file too.
pub(crate) async fn question(asked: Question, open: RwSignal<bool>) -> AnyView {
    draw(Drawn::Question(asked, open)).await
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
