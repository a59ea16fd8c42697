//! The folders that a pool lets its jobs read, beside their own.

use std::path::{Component, Path, PathBuf};

use domain::policy::Permission;
use domain::pool::PoolPath;
use domain::refusal::Refusal;

use super::Desk;
use crate::store::At;

const FIELD: &str = "folders";

impl Desk {
    /// Lets the jobs of a pool read these folders, separated by commas, and no others. It holds for every process that
    /// is started from now on.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `InvalidArgument` for what is no folder of this machine or holds what is the portal's own;
    /// `Changed` when somebody was faster.
    pub async fn let_read(&self, pool: &PoolPath, folders: &str) -> Result<(), Refusal> {
        let permit = self.authorize(Permission::Administer, At::Pool(pool)).await?;
        let pool = self.pool_row(pool).await?;
        let data = self.plane.inner.config.data.clone();
        let named = folders.to_owned();
        let looked = tokio::task::spawn_blocking(move || {
            let data = data.canonicalize().unwrap_or(data);
            let names = named.split(',').map(str::trim).filter(|name| !name.is_empty());
            names.map(|name| folder(name, &data)).collect::<Result<Vec<_>, _>>()
        });
        let mut folders =
            looked.await.map_err(|_| Refusal::Unavailable("The portal is ending.".to_owned()))??;
        folders.sort();
        folders.dedup();
        let event = self.plane.store().let_read(&permit, &pool, &folders, self.plane.now()).await?;
        self.plane.changed(event, None);
        Ok(())
    }
}

/// The folder that is named, by its own path: a link that is changed later opens nothing else.
fn folder(name: &str, data: &Path) -> Result<String, Refusal> {
    let refused = |why: String| Refusal::field(FIELD, name, why);
    let path = PathBuf::from(name);
    if !path.is_absolute() || path.components().any(|part| part == Component::ParentDir) {
        return Err(refused(format!("“{name}” is no absolute path. Write it from the root: /srv/data.")));
    }
    let found = path.canonicalize().map_err(|error| {
        refused(format!("{name} cannot be found on this machine: {error}. Make the folder first."))
    })?;
    if !found.is_dir() {
        return Err(refused(format!("{name} is a file. Name the folder that holds it.")));
    }
    if found.starts_with(data) || data.starts_with(&found) {
        return Err(refused(format!(
            "{name} holds, or lies in, the portal's own data folder, which no job may read. Name another folder."
        )));
    }
    let text = found.into_os_string().into_string();
    text.map_err(|_| refused(format!("{name} is not plain text. Give the folder another name.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_folder_that_is_there_and_is_not_the_portals_own_can_be_named() {
        let top = tempfile::tempdir().expect("a folder");
        let top = top.path().canonicalize().expect("it is there");
        let (data, other) = (top.join("data"), top.join("other"));
        for made in [data.join("storage"), other.clone()] {
            std::fs::create_dir_all(made).expect("made");
        }
        std::fs::write(other.join("file"), "x").expect("written");
        std::os::unix::fs::symlink(&data, top.join("link")).expect("linked");
        let named =
            |path: &Path| folder(&path.display().to_string(), &data).map_err(|refused| refused.to_string());
        assert_eq!(named(&other), Ok(other.display().to_string()));
        for (path, says) in [
            (Path::new("other"), "no absolute path"),
            (&other.join("../data"), "no absolute path"),
            (&top.join("none"), "cannot be found"),
            (&other.join("file"), "is a file"),
            (&data, "portal's own"),
            (&data.join("storage"), "portal's own"),
            (&top.join("link"), "portal's own"),
            (Path::new("/"), "portal's own"),
        ] {
            assert!(named(path).is_err_and(|why| why.contains(says)), "{path:?}");
        }
    }
}
