//! What pages weigh on the wire: all that a browser with an empty cache fetches for one.

use std::collections::BTreeMap;

use super::http::Client;
use anyhow::{Context, Result, bail};

/// What a page fetches: addresses with bytes on the wire.
type Fetched = BTreeMap<String, usize>;

/// Bytes on the wire of the first page, of the heaviest one, and of all of them together, each file once.
pub(super) struct Weights {
    pub(super) first: usize,
    pub(super) heaviest: usize,
    pub(super) together: usize,
}

/// Weighs the first page, and one page of each part of the code.
pub(super) fn weights(client: &Client, later: &[String]) -> Result<Weights> {
    let first = fetched(client, "/")?;
    let (mut heaviest, mut all) = (0, first.clone());
    for page in later {
        let fetched = fetched(client, page)?;
        if !fetched.keys().any(|file| file.ends_with(".wasm") && !first.contains_key(file)) {
            bail!("{page} leads to no code of its own, so its weight would not be the true one");
        }
        heaviest = heaviest.max(fetched.values().sum());
        all.extend(fetched);
    }
    let first = first.values().sum::<usize>();
    Ok(Weights { first, heaviest: heaviest.max(first), together: all.values().sum() })
}

/// The document, everything that it names, and the fonts of its style sheet that it uses.
fn fetched(client: &Client, address: &str) -> Result<Fetched> {
    let page = client.get(address, "identity")?.text();
    let mut files = files(&page);
    let style = files.iter().find(|path| path.ends_with(".css")).context("the page names no style")?;
    let style = client.get(style, "identity")?.text();
    // A browser fetches a font when a character needs it. The sans, one file for all weights, is everywhere; no first
    // page has a word in mono (`end2end/tests/frame.spec.ts`), and every other may.
    let needed = fonts(&style).into_iter().filter(|font| address != "/" || font.contains("sans"));
    let needed = needed.collect::<Vec<_>>();
    let scripts = files.iter().filter(|path| path.ends_with(".js")).cloned().collect::<Vec<_>>();
    add(&mut files, needed);
    for script in &scripts {
        add(&mut files, imports(script, &client.get(script, "identity")?.text()));
    }
    for needed in [".wasm", "sans-latin.woff2", "wasm_split.______________________.js"] {
        if !files.iter().any(|path| path.ends_with(needed)) {
            bail!("{address} leads to no {needed}, so its weight would not be the true one");
        }
    }
    let mut fetched = Fetched::from([(address.to_owned(), client.get(address, "br, gzip")?.wire)]);
    for path in files {
        let wire = client.get(&path, "br, gzip")?.wire;
        fetched.insert(path, wire);
    }
    Ok(fetched)
}

/// The files that a document names, each once.
fn files(page: &str) -> Vec<String> {
    let ends = [".js", ".wasm", ".css", ".woff2", ".svg"];
    let named = page.split(['"', '\'', '#']).filter(|part| part.starts_with('/'));
    let mut files = Vec::new();
    add(&mut files, named.filter(|path| ends.iter().any(|end| path.ends_with(end))).map(str::to_owned));
    files
}

fn add(files: &mut Vec<String>, more: impl IntoIterator<Item = String>) {
    for path in more {
        if !files.contains(&path) {
            files.push(path);
        }
    }
}

/// The scripts beside it that a script imports.
fn imports(script: &str, text: &str) -> Vec<String> {
    let folder = script.rsplit_once('/').map_or("", |(folder, _)| folder);
    let named =
        text.lines().filter_map(|line| line.strip_prefix("import ")?.split_once("\"./")?.1.split('"').next());
    named.map(|name| format!("{folder}/{name}")).collect()
}

/// The fonts that a style sheet names, however it is written.
fn fonts(style: &str) -> Vec<String> {
    let named = style.split("url(").skip(1).filter_map(|rest| rest.split(')').next());
    let plain = named.map(|path| path.trim_matches(['"', '\'']).to_owned());
    plain.filter(|path| path.ends_with(".woff2")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_counted_once_however_often_it_is_named() {
        let page =
            r#"<link href="/pkg/a.css"><use href="/icons.svg#x"/><use href="/icons.svg#y"/><a href="/jobs">"#;
        assert_eq!(files(page), ["/pkg/a.css", "/icons.svg"]);
    }

    #[test]
    fn what_a_script_imports_lies_beside_it() {
        let script = "import * as a from \"./loader.js\"\nexport class A {}\nconst text = \"./b.js\";";
        assert_eq!(imports("/pkg/penstock.js", script), ["/pkg/loader.js"]);
    }

    #[test]
    fn fonts_are_found_in_a_style_sheet_as_written_and_as_packed() {
        let style = r#"src: url("/fonts/a.woff2") format("woff2"); src:url(/fonts/b.woff2)format("woff2");x:url(c.svg)"#;
        assert_eq!(fonts(style), ["/fonts/a.woff2", "/fonts/b.woff2"]);
    }
}
