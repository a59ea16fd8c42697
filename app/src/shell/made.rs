//! The page that shows a new token, once: an answer to its form, without script, in no address and in no history.

use domain::token::TokenView;
use leptos::prelude::*;

use super::alone::alone;

/// The document.
pub fn made_token(token: &TokenView, secret: &str, theme: Option<&'static str>) -> String {
    let title = format!("The token {} is made", token.name);
    let may = token.role.as_ref().map(|(role, scope)| format!("{} of {}", role.name(), scope.words()));
    let ends = match token.expires {
        Some(at) => format!("It holds until {}.", at.strftime("%d %b %Y, %H:%M UTC")),
        None => "It holds until it is revoked.".to_owned(),
    };
    let content = view! {
        <p>"Copy it now: the portal keeps no copy, and this page is not to be had again."</p>
        <pre class="code-block wrap" tabindex="0" aria-label="The token"><code>{secret.to_owned()}</code></pre>
        <p>{may.map(|may| format!("{may}. "))}{ends}</p>
        <div class="button-row"><a class="button primary" href="/settings">"Settings"</a></div>
    };
    alone(&title, theme, content.into_any())
}

#[cfg(test)]
mod tests {
    use domain::id::TokenId;

    use super::*;

    #[test]
    fn words_stay_words() {
        let token = TokenView {
            id: TokenId(uuid::Uuid::nil()),
            name: "</title><b>\"'&".to_owned(),
            role: None,
            made_by: String::new(),
            made: jiff::Timestamp::UNIX_EPOCH,
            expires: None,
            used: None,
        };
        let page = made_token(&token, "penstock_x", None);
        assert!(!page.contains("<b>") && page.contains("penstock_x"), "{page}");
        assert!(page.starts_with("<!DOCTYPE html><html"), "{page}");
    }
}
