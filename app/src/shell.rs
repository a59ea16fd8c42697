//! The HTML document around every page.

mod alone;
mod made;
mod mishap;

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::clock::cookie;
use crate::route::App;

pub use made::made_token;
pub use mishap::mishap;

/// The whole document. The theme's choice is a cookie, so that the first paint is right.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = cookie("theme").filter(|theme| theme == "light" || theme == "dark");
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="description" content="Flink clusters that each run one job"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="preload" href="/fonts/ibm-plex-sans-latin.woff2" r#as="font" type="font/woff2"
                    crossorigin="anonymous"/>
                <HashedStylesheet options=options.clone()/>
                <HydrationScripts options=options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
