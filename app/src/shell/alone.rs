//! A document that stands alone: without session, database or script, in the portal's look.

use leptos::prelude::*;

/// The document; `content` comes below its title.
pub(super) fn alone(title: &str, theme: Option<&'static str>, content: AnyView) -> String {
    let document = view! {
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href="/pkg/penstock.css"/>
                <title>{format!("{title} · Penstock")}</title>
            </head>
            <body class="alone">
                <main class="alone-card" id="content">
                    <svg class="mark" aria-hidden="true"><use href="/icons.svg#mark"></use></svg>
                    <h1>{title.to_owned()}</h1>
                    {content}
                </main>
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", document.to_html())
}
