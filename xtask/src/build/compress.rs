//! `.br` and `.gz` beside each file of a release site, so that the portal never compresses the same bytes twice.

use crate::{say, stamp};
use anyhow::Result;
use flate2::{Compression, write::GzEncoder};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Below this a header costs more than is won.
const WORTH_IT: usize = 512;

/// Packs what a browser gets and what is not packed already; gives the paths that it made, below the site folder.
pub(super) fn beside<'a>(site: &Path, files: impl Iterator<Item = &'a PathBuf>) -> Result<Vec<PathBuf>> {
    let mut made = Vec::new();
    for path in files.filter(|path| is_text_like(path)) {
        let file = site.join(path);
        if file.metadata()?.len() < WORTH_IT as u64 {
            continue;
        }
        let [br, gz] = ["br", "gz"].map(|kind| PathBuf::from(format!("{}.{kind}", path.display())));
        let [to_br, to_gz] = [&br, &gz].map(|path| site.join(path));
        let name = format!("packed-{}", path.display().to_string().replace('/', "-"));
        stamp::unless_made(&name, std::slice::from_ref(&file), &[&to_br, &to_gz], || {
            say::now(&format!("Compressing {}", path.display()));
            let content = fs::read(&file)?;
            stamp::write_if_other(&to_br, &brotli(&content)?)?;
            stamp::write_if_other(&to_gz, &gzip(&content)?)?;
            Ok(())
        })?;
        made.extend([br, gz]);
    }
    Ok(made)
}

fn is_text_like(path: &Path) -> bool {
    let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"].contains(&kind)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut packed, &parameters)?;
    Ok(packed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(content)?;
    Ok(packer.finish()?)
}
