//! The page of a mishap: written where no page of the portal can be, so without session, database or script.

use leptos::prelude::*;

use super::alone::alone;

/// The document. `again`: the address to try once more; without one it leads home.
pub fn mishap(title: &str, sentence: &str, again: Option<&str>, theme: Option<&'static str>) -> String {
    let way = match again {
        Some(again) => {
            view! { <a class="button primary" href=again.to_owned()>"Try again"</a><a class="button" href="/">"Home"</a> }
                .into_any()
        }
        None => view! { <a class="button primary" href="/">"Home"</a> }.into_any(),
    };
    let content = view! {
        <p role="alert">{sentence.to_owned()}</p>
        <div class="button-row">{way}</div>
    };
    alone(title, theme, content.into_any())
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
