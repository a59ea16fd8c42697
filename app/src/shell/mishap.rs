//! The page of a mishap: written where no page of the portal can be, so without session, database or script.

use leptos::prelude::*;

/// The document. `again`: the address to try once more; without one it leads home.
pub fn mishap(title: &str, sentence: &str, again: Option<&str>, theme: Option<&'static str>) -> String {
    let way = match again {
        Some(again) => {
            view! { <a class="button primary" href=again.to_owned()>"Try again"</a><a class="button" href="/">"Home"</a> }
                .into_any()
        }
        None => view! { <a class="button primary" href="/">"Home"</a> }.into_any(),
    };
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
                    <p role="alert">{sentence.to_owned()}</p>
                    <div class="button-row">{way}</div>
                </main>
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", document.to_html())
}

#[cfg(test)]
mod tests {
    use super::mishap;

    #[test]
    fn words_stay_words() {
        let hostile = "</title><b>\"'&";
        let page = mishap(hostile, hostile, Some("/\"><b>"), None);
        assert!(!page.contains("<b>"), "{page}");
        assert!(page.starts_with("<!DOCTYPE html><html"), "{page}");
    }
}
