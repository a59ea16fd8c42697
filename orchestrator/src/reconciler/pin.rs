//! Before a launch: which bytes its revision names. They are there since the revision was made; only one that an earlier
//! portal wrote names none, and is given its bytes here, once.

use domain::artifact::KeptJar;
use domain::lifecycle::{Act, Launch};

use crate::jar::KeepError;
use crate::plane::Inner;
use crate::provider::{ActError, Target};
use crate::store::StoreError;

/// Tells the target which bytes are to be launched, and sees to it that they are there.
pub(super) async fn pin(
    inner: &Inner,
    target: &mut Target,
    act: &Act,
) -> Result<Result<(), ActError>, StoreError> {
    let Act::Launch(launch) = act else { return Ok(Ok(())) };
    let named = inner.store.revision_jar(target.cluster, launch.revision).await?;
    target.jar = named.clone();
    let address = target.spec.job.jar.clone();
    let Some(named) = named else {
        return match earlier(inner, target, launch).await {
            Ok(kept) => {
                let jar = kept.artifact();
                inner.store.pin_jar(target.cluster, launch.revision, (address.as_ref(), jar)).await?;
                target.jar = Some(jar.clone());
                Ok(Ok(()))
            }
            Err(error) => Ok(Err(error.into())),
        };
    };
    if let Err(error) = more(inner, target, launch).await? {
        return Ok(Err(error));
    }
    if inner.jars.holds(&named) {
        return Ok(Ok(()));
    }
    // Somebody took them from the data folder. The file in the storage account may still be the same.
    let again = inner.keep_program(&target.spec.job).await;
    if again.is_ok_and(|kept| kept.artifact().sha256 == named.sha256) {
        return Ok(Ok(()));
    }
    let place = address.map_or_else(|| "the portal".to_owned(), |address| address.to_string());
    Ok(Err(ActError {
        message: format!(
            "The bytes of revision {}'s jar are not in the data folder any more (jars/{}), and {place} does not hold \
             them either. Put that file back, upload the same jar again, or update the job with another one.",
            launch.revision, named.sha256
        ),
        retry: false,
    }))
}

/// The same of more jars in its class path.
async fn more(
    inner: &Inner,
    target: &mut Target,
    launch: &Launch,
) -> Result<Result<(), ActError>, StoreError> {
    for KeptJar { address, artifact } in inner.store.more_jars(target.cluster, launch.revision).await? {
        let there = inner.jars.holds(&artifact)
            || inner.keep_jar(&address).await.is_ok_and(|kept| kept.artifact().sha256 == artifact.sha256);
        if !there {
            return Ok(Err(ActError {
                message: format!(
                    "The bytes of {address}, a jar in the class path of revision {}, are not in the data folder any more \
                     (jars/{}), and that address does not hold them either. Put that file back, upload the same jar \
                     again, or update the job.",
                    launch.revision, artifact.sha256
                ),
                retry: false,
            }));
        }
        target.more_jars.push(artifact);
    }
    Ok(Ok(()))
}

/// The bytes of a revision that names none: what a run that is replaced ran with; otherwise what its address holds now,
/// or, if nothing is there any more, what an earlier run of it ran with.
async fn earlier(inner: &Inner, target: &Target, launch: &Launch) -> Result<crate::jar::Lease, KeepError> {
    let ran = async || {
        let file = inner.provider.earlier_jar(target.cluster, launch.revision).await?;
        let jars = inner.jars.clone();
        tokio::task::spawn_blocking(move || jars.keep(file)).await.ok()?.ok()
    };
    if launch.asked_by.is_none()
        && let Some(kept) = ran().await
    {
        return Ok(kept);
    }
    match inner.keep_program(&target.spec.job).await {
        Err(missing @ KeepError::Missing(_)) => ran().await.ok_or(missing),
        kept => kept,
    }
}

impl From<KeepError> for ActError {
    fn from(error: KeepError) -> Self {
        let retry = match error {
            KeepError::Missing(_) | KeepError::Refused(_) => false,
            KeepError::Changed | KeepError::Full(_) | KeepError::Disk(_) => true,
        };
        Self { message: error.to_string(), retry }
    }
}
