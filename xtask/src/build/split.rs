//! Splits the browser side: what the first page needs, and files with the code of the pages that are opened later.

use anyhow::{Context, Result, anyhow};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_encoder::{Module, RawSection};
use wasmparser::{Parser, Payload};

/// The script that fetches the later files. The name is fixed: the program imports it.
const LOADER: &str = "__wasm_split.______________________.js";

/// Which files each part of the pages lies in, its own one last: the server names them in its documents.
const PARTS: &str = "parts.json";

/// Writes the later files, their loader and what the server must know of them into `pkg`; gives the first part, which
/// wasm-bindgen is to read.
pub(super) fn split(wasm: &Path, pkg: &Path) -> Result<PathBuf> {
    let whole = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let first = wasm.with_extension("first.wasm");
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = pkg;
    options.main_out_path = &first;
    let import = format!("./{LOADER}");
    options.link_name = &import;
    options.main_module = "./penstock.js";
    let made = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("the browser side cannot be split: {error:?}"))?;
    let names = made.split_modules.iter().map(|part| settle(part)).collect::<Result<Vec<_>>>()?;
    let loader = pkg.join(LOADER);
    let script = names.iter().fold(fs::read_to_string(&loader)?, |script, (old, new)| {
        script.replace(&format!("./{old}.wasm"), &format!("./{new}.wasm"))
    });
    fs::write(&loader, script)?;
    let names: HashMap<_, _> = names.into_iter().collect();
    let mut parts = BTreeMap::new();
    for (part, files) in made.prefetch_map {
        let named = files.iter().map(|file| names.get(file).map(|name| format!("/pkg/{name}.wasm")));
        let files: Option<Vec<_>> = named.collect();
        parts.insert(part, files.context("a part of the pages lies in a file that was not written")?);
    }
    fs::write(pkg.join(PARTS), serde_json::to_string(&parts)?)?;
    Ok(first)
}

/// Gives a later file its name, old and new without the end: one that changes with its content, so that the first
/// part of one build never meets the later part of another.
fn settle(part: &Path) -> Result<(String, String)> {
    let small = without_names(&fs::read(part)?)?;
    let old = part.file_stem().and_then(|name| name.to_str()).context("a later file has no name")?;
    let new = format!(
        "{}-{}",
        old.strip_prefix("split_").unwrap_or(old),
        hex::encode(&Sha256::digest(&small)[..8])
    );
    fs::write(part.with_file_name(&new).with_extension("wasm"), small)?;
    fs::remove_file(part)?;
    Ok((old.to_owned(), new))
}

/// The same program without the names of its functions, which are two thirds of it.
fn without_names(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if matches!(payload, Payload::CustomSection(_)) {
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
            let data = wasm.get(range).context("a section ends behind its file")?;
            module.section(&RawSection { id, data });
        }
    }
    Ok(module.finish())
}
