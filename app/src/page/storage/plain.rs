//! Uploading by forms: files where no script runs, and a savepoint.

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

/// The form for a savepoint: its archive, as it was downloaded or packed, or all of its files. It leads back to the
/// folder that it is put into.
#[component]
pub(super) fn UploadSavepoint(
    /// Where to.
    place: Memo<Path>,
) -> impl IntoView {
    let account = move || place.with(|(account, ..)| account.clone());
    let container = move || place.with(|(_, container, _)| container.clone());
    let path = move || place.with(|(.., path)| path.clone());
    view! {
        <section class="card" id="upload-savepoint">
            <header><h2>"Upload a savepoint"</h2></header>
            <form class="stack" method="post" action="/archives" enctype="multipart/form-data">
                <input type="hidden" name="account" value=account/>
                <input type="hidden" name="container" value=container/>
                <input type="hidden" name="path" value=path/>
                <Field id="savepoint-name" label="Name" optional=true
                    hint="Of its folder here. Empty takes that of the archive.">
                    <input class="input code" id="savepoint-name" name="name" autocomplete="off" spellcheck="false"/>
                </Field>
                <Field id="savepoint-files" label="Archive (.tar), or all of its files"
                    hint="Its _metadata is read before it is kept. Jobs start from it by “Another savepoint”.">
                    <input class="file" id="savepoint-files" type="file" name="file" multiple=true required=true/>
                </Field>
                <div class="button-row"><button class="button"><Icon name="upload"/>"Upload savepoint"</button></div>
            </form>
        </section>
    }
}
