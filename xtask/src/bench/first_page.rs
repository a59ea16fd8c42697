//! What the first page weighs on the wire: all that a browser fetches for it.

use super::http::Client;
use anyhow::{Context, Result, bail};

/// The document, everything that it names, and the fonts of its style sheet that it uses, as a browser with an empty
/// cache fetches them.
pub(super) fn weight(client: &Client) -> Result<usize> {
    let page = client.get("/", "identity")?.text();
    let mut wire = client.get("/", "br, gzip")?.wire;
    let mut files = files(&page);
    let style = files.iter().find(|path| path.ends_with(".css")).context("the first page names no style")?;
    let style = client.get(style, "identity")?.text();
    // A browser fetches a font when a character needs it. The sans, one file for all weights, is everywhere; no first
    // page has a word in mono (`end2end/tests/frame.spec.ts`).
    let needed = fonts(&style).into_iter().filter(|font| font.contains("sans")).collect::<Vec<_>>();
    let scripts = files.iter().filter(|path| path.ends_with(".js")).cloned().collect::<Vec<_>>();
    add(&mut files, needed);
    for script in &scripts {
        add(&mut files, imports(script, &client.get(script, "identity")?.text()));
    }
    for path in &files {
        wire += client.get(path, "br, gzip")?.wire;
    }
    for needed in [".wasm", "sans-latin.woff2", "wasm_split.______________________.js"] {
        if !files.iter().any(|path| path.ends_with(needed)) {
            bail!("the first page leads to no {needed}, so its weight would not be the true one");
        }
    }
    Ok(wire)
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
