//! Job graphs of programs that were launched, kept as long as the bytes of their jars: what a `main` built for the check
//! before its launch tells later whether a state fits it, and it runs for nobody who only looks.
//!
//! A graph holds what the program was given, its secrets too, so it is sealed.

use std::fs::DirBuilder;
use std::io::{self, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::answers::Key;
use super::{Graph, Program};
use crate::file;
use crate::jar::GRAPHS;
use crate::seal::Seal;

/// Those of a data folder. Cloning it is cheap.
#[derive(Clone, Debug)]
pub(super) struct KeptGraphs {
    folder: PathBuf,
    seal: Seal,
}

/// A program by all that its `main` gets, and its jar.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ProgramKey {
    jar: String,
    key: Key,
}

impl ProgramKey {
    /// Of this program; where its jar lies, and what is lent to it, plays no part.
    pub(crate) fn of(program: &Program) -> Self {
        Self { jar: program.digest.clone(), key: Key::of(program) }
    }
}

impl KeptGraphs {
    pub(super) fn new(data: &Path, seal: Seal) -> Self {
        Self { folder: data.join("jars").join(GRAPHS), seal }
    }

    /// Keeps a graph, unless it is there. One that cannot be kept is only missed by who looks at states.
    pub(super) async fn keep(&self, of: ProgramKey, graph: Graph) {
        let kept = self.clone();
        let written = tokio::task::spawn_blocking(move || kept.write(&of, &graph)).await;
        if let Ok(Err(error)) = written {
            tracing::debug!(%error, "a job graph was not kept");
        }
    }

    /// The graph of a program that was launched.
    pub(super) async fn of(&self, program: &ProgramKey) -> Option<Graph> {
        let (kept, place) = (self.clone(), self.place(program));
        let read = move || {
            let mut sealed = Vec::new();
            file::open(&place).ok()?.read_to_end(&mut sealed).ok()?;
            kept.seal.open_bytes(&sealed).ok()
        };
        tokio::task::spawn_blocking(read).await.ok()?.map(Graph::from)
    }

    fn place(&self, program: &ProgramKey) -> PathBuf {
        self.folder.join(&program.jar).join(program.key.hex())
    }

    fn write(&self, of: &ProgramKey, graph: &[u8]) -> io::Result<()> {
        let place = self.place(of);
        if place.exists() {
            return Ok(());
        }
        let sealed = self.seal.seal_bytes(graph).map_err(io::Error::other)?;
        DirBuilder::new().recursive(true).mode(0o700).create(self.folder.join(&of.jar))?;
        file::write(&place, &sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_graph_is_found_again_by_its_program_alone_and_lies_sealed() {
        let data = tempfile::tempdir().expect("a folder");
        let seal = Seal::of(&data.path().join("portal.key"), None).expect("made");
        let kept = KeptGraphs::new(data.path(), seal.clone());
        let program = |args: &[&str]| Program {
            jar: "/jobs/a.jar".into(),
            digest: "ab12".to_owned(),
            more: Vec::new(),
            readable: Vec::new(),
            entry_class: None,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            options: Vec::new(),
        };
        let key = ProgramKey::of(&program(&["--password", "sesame"]));
        kept.keep(key.clone(), Graph::from(b"holds sesame".to_vec())).await;
        let again = KeptGraphs::new(data.path(), seal);
        assert_eq!(again.of(&key).await.as_deref(), Some(&b"holds sesame"[..]));
        assert_eq!(again.of(&ProgramKey::of(&program(&[]))).await, None);
        let file = std::fs::read(kept.place(&key)).expect("it lies there");
        assert!(!file.windows(6).any(|part| part == b"sesame"));
    }
}
