//! Uploading where no script runs: a form.

use leptos::prelude::*;

use super::Path;
use crate::part::{Check, Field, Icon};

/// The form. It leads back to the folder.
#[component]
pub(super) fn PlainUpload(
    /// Where to.
    place: Memo<Path>,
) -> impl IntoView {
    let (account, container, path) = place.get_untracked();
    view! {
        <section class="card">
            <header><h2>"Upload"</h2></header>
            <form class="stack" method="post" action="/files" enctype="multipart/form-data">
                <input type="hidden" name="account" value=account/>
                <input type="hidden" name="container" value=container/>
                <input type="hidden" name="path" value=path/>
                <Check name="replace" label="Replace what is there" ticked=RwSignal::new(false)/>
                // The portal passes a file on while it is sent, so what belongs to it comes before.
                <Field id="upload" label="Files">
                    <input class="file" id="upload" type="file" name="file" multiple=true required=true/>
                </Field>
                <div class="button-row"><button class="button primary"><Icon name="upload"/>"Upload"</button></div>
            </form>
        </section>
    }
}
