//! Says where the site folder is that the server shows from disk (dev) or takes inside (release).
//! `cargo xtask build` fills it first; `xtask/src/place.rs` names the same two folders.

use std::path::Path;

fn main() {
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let folder = if release { "site-release" } else { "site" };
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target").join(folder);
    println!("cargo::rustc-env=PENSTOCK_SITE={}", site.display());
    println!("cargo::rerun-if-changed=build.rs");
    if release {
        println!("cargo::rerun-if-changed={}", site.display());
    }
}
