//! The browser side: `frontend` as WebAssembly with the JavaScript that loads it.

use super::split;
use crate::{paths, say, shell, stamp, tools};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// Gives the folder that holds `penstock.js` and `penstock.wasm`, the names that the pages ask for.
pub(super) fn build(release: bool) -> Result<PathBuf> {
    tools::wasm()?;
    let profile = if release { "wasm-release" } else { "dev" };
    // Only this package: with the server in the same command cargo would give both the features of both.
    shell::go(&mut shell::cargo([
        "build",
        "--package=frontend",
        "--target=wasm32-unknown-unknown",
        "--profile",
        profile,
    ]))?;
    let folder = if release { profile } else { "debug" };
    let wasm = paths::cargo_target()?.join("wasm32-unknown-unknown").join(folder).join("frontend.wasm");
    let pkg = paths::made().join("pkg").join(folder);
    let outputs = [pkg.join("penstock.js"), pkg.join("penstock.wasm")];
    let made = stamp::unless_made(
        &format!("bindgen-{folder}"),
        std::slice::from_ref(&wasm),
        &outputs.each_ref().map(PathBuf::as_path),
        || bind(&wasm, &pkg, release),
    )?;
    say::now(if made { "Browser side: built" } else { "Browser side: nothing changed" });
    Ok(pkg)
}

fn bind(wasm: &Path, pkg: &Path, release: bool) -> Result<()> {
    if pkg.exists() {
        fs::remove_dir_all(pkg).with_context(|| format!("cannot empty {}", pkg.display()))?;
    }
    fs::create_dir_all(pkg).with_context(|| format!("cannot make {}", pkg.display()))?;
    let first = split::split(wasm, pkg)?;
    Bindgen::new()
        .input_path(first)
        .out_name("penstock")
        .web(true)?
        .typescript(false)
        // The later files take their functions and memory from the first one.
        .keep_lld_exports(true)
        // Names are two thirds of a development build, and a browser would fetch them with every page.
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(pkg)
        .context("wasm-bindgen could not read the browser side")?;
    // Leptos asks for this name when LEPTOS_OUTPUT_NAME is set (see .cargo/config.toml).
    fs::rename(pkg.join("penstock_bg.wasm"), pkg.join("penstock.wasm"))?;
    let script = pkg.join("penstock.js");
    let text = fs::read_to_string(&script)?.replace("penstock_bg.wasm", "penstock.wasm");
    fs::write(script, text)?;
    if release { optimise(&pkg.join("penstock.wasm")) } else { Ok(()) }
}

/// Binaryen makes the file a sixth smaller for the browser's compiler, and a little larger over the wire, so it is a
/// choice.
fn optimise(wasm: &Path) -> Result<()> {
    let from_npm = paths::workspace().join("end2end/node_modules/.bin/wasm-opt");
    let Some(program) = shell::which("wasm-opt").or_else(|| from_npm.exists().then_some(from_npm)) else {
        say::now("wasm-opt (from binaryen) is not here: the wasm file stays a little larger in memory");
        return Ok(());
    };
    say::now("Optimising the wasm file");
    let smaller = wasm.with_extension("smaller");
    shell::ask(
        std::process::Command::new(program)
            .args(["-Oz", "--enable-bulk-memory", "--enable-nontrapping-float-to-int"])
            .args([wasm, Path::new("-o"), &smaller]),
    )?;
    fs::rename(smaller, wasm).context("cannot put the optimised wasm file in place")
}
