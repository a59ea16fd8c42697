//! Table `revision`: every specification that a cluster ever had, with the bytes of its jar. Immutable, written by
//! commands; of a revision of before the reconciler writes once which bytes it has.

use std::collections::HashSet;

use domain::address::Address;
use domain::artifact::{Artifact, RevisionJars};
use domain::id::ClusterId;
use domain::spec::ClusterSpec;
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::value::{from_json, id, large, micros, signed, time, to_json};
use super::{Store, StoreError, more_jars};

impl Store {
    /// A revision's specification, its secrets sealed.
    ///
    /// # Errors
    /// When the database fails; `Corrupt` when there is no such revision, or it cannot be read.
    pub async fn spec(&self, cluster: ClusterId, revision: u32) -> Result<ClusterSpec, StoreError> {
        let found: Option<(String,)> =
            sqlx::query_as("select spec from revision where cluster = $1 and revision = $2")
                .bind(cluster.to_string())
                .bind(i64::from(revision))
                .fetch_optional(&mut *self.reading().await?)
                .await?;
        let missing = || StoreError::Corrupt(format!("revision.spec of revision {revision} is missing"));
        from_json("revision.spec", &found.ok_or_else(missing)?.0)
    }

    /// The bytes of a revision's jar; none for one of an earlier portal that was not launched since.
    ///
    /// # Errors
    /// When the database fails; `Corrupt` when what stands there is no digest.
    pub async fn revision_jar(
        &self,
        cluster: ClusterId,
        revision: u32,
    ) -> Result<Option<Artifact>, StoreError> {
        let found: Option<(Option<String>, Option<i64>, Option<i64>)> = sqlx::query_as(
            "select jar_sha256, jar_size, jar_modified from revision where cluster = $1 and revision = $2",
        )
        .bind(cluster.to_string())
        .bind(i64::from(revision))
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        let Some((Some(digest), size, modified)) = found else { return Ok(None) };
        let sha256 = id("revision.jar_sha256", &digest)?;
        Ok(Some(Artifact { sha256, size: large(size.unwrap_or(0)), modified: modified.map(time) }))
    }

    /// Names the bytes of a revision that named none. What it names already it keeps.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn pin_jar(
        &self,
        cluster: ClusterId,
        revision: u32,
        (address, jar): (Option<&Address>, &Artifact),
    ) -> Result<(), StoreError> {
        self.write(
            sqlx::query(
                "update revision set jar_sha256 = $1, jar_size = $2, jar_modified = $3, jar_account = $4, \
                 jar_address = $5 where cluster = $6 and revision = $7 and jar_sha256 is null",
            )
            .bind(jar.sha256.to_string())
            .bind(signed(jar.size))
            .bind(jar.modified.map(micros))
            .bind(address.map(|address| address.account().to_string()))
            .bind(address.map(ToString::to_string))
            .bind(cluster.to_string())
            .bind(i64::from(revision)),
        )
        .await?;
        Ok(())
    }

    /// Writes down which node size and cluster version revisions of earlier portals name, as far as they can be read.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn name_parts(&self) -> Result<(), StoreError> {
        let rows: Vec<(String, i64, String)> = sqlx::query_as(
            "select r.cluster, r.revision, r.spec from revision r join cluster c on c.id = r.cluster \
             where r.node_size is null and c.deleted is null",
        )
        .fetch_all(&mut *self.reading().await?)
        .await?;
        for (cluster, revision, spec) in rows {
            let Ok(spec) = from_json::<ClusterSpec>("revision.spec", &spec) else { continue };
            let named = sqlx::query(
                "update revision set node_size = $1, version_name = $2 where cluster = $3 and revision = $4",
            );
            self.write(named.bind(spec.node_size).bind(spec.version).bind(cluster).bind(revision)).await?;
        }
        Ok(())
    }

    /// The digests of all jars that a revision of a cluster names which is not gone, as they stand there.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn needed_jars(&self) -> Result<HashSet<String>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "select r.jar_sha256 from revision r join cluster c on c.id = r.cluster \
             where c.deleted is null and r.jar_sha256 is not null \
             union select m.sha256 from more_jar m join cluster c on c.id = m.cluster where c.deleted is null",
        )
        .fetch_all(&mut *self.reading().await?)
        .await?;
        Ok(rows.into_iter().map(|(digest,)| digest).collect())
    }

    /// The ids of the clusters whose current or running revision has its jar from this address or from below it, in
    /// order, each with that address.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn users_of_jars(&self, place: &Address) -> Result<Vec<(String, Address)>, StoreError> {
        // A revision that names no bytes yet says its address in its specification alone.
        let rows: Vec<(String, Option<String>, Option<String>)> = sqlx::query_as(
            "select distinct c.id, r.jar_address, case when r.jar_address is null then r.spec end \
             from cluster c join status s on s.cluster = c.id join revision r on r.cluster = c.id \
             and (r.revision = c.revision or r.revision = (select l.revision from run l where l.cluster = c.id \
             and l.run = s.run)) where c.deleted is null \
             and (r.jar_address is null or substr(r.jar_address, 1, length($1)) = $1) order by c.id",
        )
        .bind(place.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let address = |address: Option<String>, spec: Option<String>| {
            let named =
                || from_json::<ClusterSpec>("revision.spec", &spec?).ok().and_then(|spec| spec.job.jar);
            address.map_or_else(named, |address| Address::parse(&address).ok())
        };
        let users = rows.into_iter().filter_map(|(cluster, at, spec)| {
            let at = address(at, spec)?;
            place.holds(&at).then_some((cluster, at))
        });
        Ok(users.collect())
    }
}

/// A revision that is about to be.
pub(super) struct NewRevision<'a> {
    pub(super) cluster: ClusterId,
    pub(super) number: u32,
    /// Its secrets are sealed.
    pub(super) spec: &'a ClusterSpec,
    pub(super) jars: &'a RevisionJars,
    pub(super) actor: &'a str,
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    new: &NewRevision<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (address, jar) = (new.spec.job.jar.as_ref(), &new.jars.jar);
    sqlx::query(
        "insert into revision (cluster, revision, spec, actor_name, created, jar_sha256, jar_size, jar_modified, \
         jar_account, jar_address, savepoint_directory, node_size, version_name) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(new.cluster.to_string())
    .bind(i64::from(new.number))
    .bind(to_json(new.spec)?)
    .bind(new.actor)
    .bind(micros(now))
    .bind(jar.sha256.to_string())
    .bind(signed(jar.size))
    .bind(jar.modified.map(micros))
    .bind(address.map(|address| address.account().to_string()))
    .bind(address.map(ToString::to_string))
    .bind(new.spec.job.savepoint_directory.as_ref().map(ToString::to_string))
    .bind(&new.spec.node_size)
    .bind(&new.spec.version)
    .execute(&mut *connection)
    .await?;
    more_jars::insert(connection, (new.cluster, new.number), &new.jars.more).await
}
