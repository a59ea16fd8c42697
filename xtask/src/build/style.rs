//! One style sheet out of many: `style/main.css` with every local `@import` put in its place.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// The whole style sheet, without comments and indentation.
pub(super) fn bundle(main: &Path) -> Result<String> {
    let mut open = Vec::new();
    inline(main, &mut open)
}

/// `open` holds the files around this one, so that a circle is seen.
fn inline(file: &Path, open: &mut Vec<std::path::PathBuf>) -> Result<String> {
    let file = file.canonicalize().with_context(|| format!("there is no style sheet {}", file.display()))?;
    if open.contains(&file) {
        bail!("{} imports itself", file.display());
    }
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    open.push(file.clone());
    let mut sheet = String::new();
    for line in without_comments(&text).lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.strip_prefix("@import ") {
            Some(import) => sheet.push_str(&imported(import, &file, open)?),
            None => {
                sheet.push_str(line);
                sheet.push('\n');
            }
        }
    }
    open.pop();
    Ok(sheet)
}

/// `"tokens.css";` or `url("tokens.css") layer(base);`
fn imported(import: &str, from: &Path, open: &mut Vec<std::path::PathBuf>) -> Result<String> {
    let path = import.split(['"', '\'']).nth(1);
    let Some(path) = path.filter(|path| !path.contains("//") && import.ends_with(';')) else {
        bail!("{}: only local files in quotes can be imported, not {import}", from.display());
    };
    let sheet = inline(&from.with_file_name(path), open)?;
    let layer = import.split_once("layer(").and_then(|(_, rest)| rest.split_once(')')).map(|(name, _)| name);
    Ok(match layer {
        Some(name) => format!("@layer {name} {{\n{sheet}}}\n"),
        None => sheet,
    })
}

/// Text in quotes is left alone, whatever it holds.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        let length = match from.as_bytes()[0] {
            b'/' if from.starts_with("/*") => {
                rest = from[2..].find("*/").map_or("", |end| &from[end + 4..]);
                continue;
            }
            b'/' => 1,
            quote => string_length(from, quote),
        };
        kept.push_str(&from[..length]);
        rest = &from[length..];
    }
    kept.push_str(rest);
    kept
}

/// How long the string in quotes is with which `text` begins.
fn string_length(text: &str, quote: u8) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn comments_go_and_strings_stay() {
        let sheet = "a { content: \"/* \\\" */\" } /* b \" */ c { background: url('/x/y') }";
        assert_eq!(without_comments(sheet), "a { content: \"/* \\\" */\" }  c { background: url('/x/y') }");
    }

    #[test]
    fn an_open_comment_ends_with_the_file() {
        assert_eq!(without_comments("a {} /* never closed"), "a {} ");
    }
}
