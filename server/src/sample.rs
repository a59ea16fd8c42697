//! The sample cluster: a small counting job, so that the first thing a newcomer sees is real Flink running.

use domain::form::ClusterForm;
use domain::refusal::Refusal;
use futures::{StreamExt, TryStreamExt};
use orchestrator::{ControlPlane, Desk};
use tokio_util::io::ReaderStream;

const NAME: &str = "sample-counter";
const JAR: &str = "samples/penstock-samples.jar";

/// Creates the sample cluster if nothing was ever asked in this data folder.
pub(crate) async fn create_once(plane: ControlPlane) {
    match create(&plane).await {
        Ok(true) => tracing::info!("The sample cluster {NAME} is being created."),
        Ok(false) => {}
        Err(refusal) => tracing::warn!("The sample cluster was not created: {refusal}"),
    }
}

async fn create(plane: &ControlPlane) -> Result<bool, Refusal> {
    let desk = plane.own_desk("Penstock");
    if !desk.home().await?.operations.is_empty() {
        return Ok(false);
    }
    let Some(pool) = desk.pools().await?.into_iter().next() else { return Ok(false) };
    let offered = desk.create_context(&pool.path).await?;
    let defaults = offered.defaults;
    let jar = upload(plane, &desk, &defaults.account, &defaults.container).await?;
    let form = ClusterForm { name: NAME.to_owned(), jar, args: "--rate 200".to_owned(), ..defaults };
    desk.create(&pool.path, &form, None, Some(NAME.to_owned())).await?;
    Ok(true)
}

async fn upload(
    plane: &ControlPlane,
    desk: &Desk,
    account: &str,
    container: &str,
) -> Result<String, Refusal> {
    let file = tokio::fs::File::open(plane.jars().join("penstock-samples.jar"))
        .await
        .map_err(|error| Refusal::Unavailable(format!("The samples' jar cannot be read: {error}")))?;
    let bytes = ReaderStream::new(file).map_err(std::io::Error::other).boxed();
    Ok(desk.upload(account, container, JAR, true, bytes).await?.address)
}
