//! The keys that the portal sets itself, and why a person cannot.

/// A key, or with a `*` at one end all keys that begin or end so, and the reason.
const OWNED: &[(&str, &str)] = &[
    ("jobmanager.rpc.*", ADDRESS),
    ("taskmanager.rpc.*", ADDRESS),
    ("taskmanager.data.*port", ADDRESS),
    ("taskmanager.host", ADDRESS),
    ("taskmanager.resource-id", ADDRESS),
    ("*.bind-host", ADDRESS),
    ("*.bind-port", ADDRESS),
    ("*.bind-address", ADDRESS),
    ("rest.*", ADDRESS),
    ("blob.server.port", ADDRESS),
    ("metrics.internal.query-service.port", ADDRESS),
    ("taskmanager.collect-sink.port", ADDRESS),
    ("resourcemanager.rpc.port", ADDRESS),
    ("queryable-state.*", OPEN),
    ("query.server.*", OPEN),
    ("query.proxy.*", OPEN),
    ("jmx.server.port", OPEN),
    ("sql-gateway.*", OPEN),
    ("local.start-webserver", OPEN),
    ("taskmanager.data.ssl.enabled", KEYS),
    ("blob.service.ssl.enabled", KEYS),
    ("pekko.ssl.enabled", KEYS),
    ("akka.ssl.enabled", KEYS),
    ("web.ssl.enabled", KEYS),
    ("web.access-control-allow-origin", "no page of another origin may read what Flink answers"),
    ("jobmanager.web.*", ADDRESS),
    ("web.address", ADDRESS),
    ("web.port", ADDRESS),
    (
        "web.submit.enable",
        "jobs are started and stopped through the portal, so that nothing happens behind its back",
    ),
    (
        "web.cancel.enable",
        "jobs are started and stopped through the portal, so that nothing happens behind its back",
    ),
    ("web.rescale.enable", "jobs are changed through the portal, so that nothing happens behind its back"),
    ("web.refresh-interval", "the portal sets how fresh Flink's own figures are"),
    ("web.upload.dir", FOLDER),
    ("web.tmpdir", FOLDER),
    ("web.log.path", FOLDER),
    ("taskmanager.log.path", FOLDER),
    ("io.tmp.dirs", FOLDER),
    ("taskmanager.tmp.dirs", FOLDER),
    ("process.*working-dir", FOLDER),
    ("blob.storage.directory", FOLDER),
    ("state.backend.rocksdb.localdir", FOLDER),
    ("state.backend.rocksdb.log.dir", FOLDER),
    ("taskmanager.state.local.root-dirs", FOLDER),
    ("execution.checkpointing.local-backup.dirs", FOLDER),
    ("jobmanager.archive.fs.dir", FOLDER),
    ("historyserver.*", "the portal keeps the history of every run itself"),
    ("state.savepoints.dir", SAVEPOINTS),
    ("execution.checkpointing.savepoint-dir", SAVEPOINTS),
    ("savepoints.state.backend.fs.dir", STATE),
    ("state.checkpoints.dir", STATE),
    ("execution.checkpointing.dir", STATE),
    ("state.backend.fs.checkpointdir", STATE),
    ("state.checkpoint-storage", STATE),
    ("execution.checkpointing.storage", STATE),
    (
        "execution.checkpointing.externalized-checkpoint-retention",
        "checkpoints are kept, so that a lost job can start from the last one",
    ),
    ("execution.savepoint.path", "use the Savepoint field"),
    ("execution.state-recovery.path", "use the Savepoint field"),
    ("execution.savepoint-restore-mode", "savepoints belong to you and are never taken over by a run"),
    ("execution.state-recovery.claim-mode", "savepoints belong to you and are never taken over by a run"),
    ("execution.target", "a cluster runs exactly one job, in application mode"),
    ("execution.attached", "a cluster runs exactly one job, in application mode"),
    ("execution.shutdown-on-attached-exit", "a cluster runs exactly one job, in application mode"),
    (
        "execution.shutdown-on-application-finish",
        "the portal ends the processes when the job has ended and its end was seen",
    ),
    ("execution.submit-failed-job-on-application-error", "the portal needs it to explain a failed launch"),
    ("cluster.intercept-user-system-exit", "the portal needs it to explain a failed launch"),
    ("high-availability*", "the portal itself starts a lost job manager again, from the last checkpoint"),
    ("jobmanager.memory.process.size", "use Job manager memory"),
    ("jobmanager.memory.flink.size", "use Job manager memory; its parts can be set one by one"),
    ("jobmanager.heap.*", "use Job manager memory; its parts can be set one by one"),
    ("taskmanager.memory.process.size", "use Task manager memory"),
    ("taskmanager.memory.flink.size", "use Task manager memory; its parts can be set one by one"),
    ("taskmanager.heap.*", "use Task manager memory; its parts can be set one by one"),
    ("taskmanager.memory.size", "it is an old name; use taskmanager.memory.managed.size"),
    ("taskmanager.memory.fraction", "it is an old name; use taskmanager.memory.managed.fraction"),
    ("taskmanager.network.numberOfBuffers", "it is an old name; use taskmanager.memory.network.min and .max"),
    ("taskmanager.network.memory.fraction", "it is an old name; use taskmanager.memory.network.fraction"),
    ("taskmanager.network.memory.min", "it is an old name; use taskmanager.memory.network.min"),
    ("taskmanager.network.memory.max", "it is an old name; use taskmanager.memory.network.max"),
    ("taskmanager.cpu.cores", "use Task manager CPU"),
    ("external-resources", "nodes of this pool have no such resources to give"),
    ("external-resource.*", "nodes of this pool have no such resources to give"),
    ("cluster.id", ADDRESS),
    ("cluster.registration.*", "the portal sets how fast processes find each other"),
    ("kubernetes.*", "the pool decides where a cluster runs"),
    ("yarn.*", "the pool decides where a cluster runs"),
    ("pipeline.name", "the job has the cluster's name"),
    ("pipeline.jars", "use the Jar path; one jar holds the whole job"),
    ("pipeline.classpaths", "use the Jar path; one jar holds the whole job"),
    ("$internal.*", "it is Flink's own and not meant to be set"),
    ("env.*", "the portal starts Java itself, with flags that fit the memory of the form"),
    ("security.module.factory.classes", "it would run other code in Flink's processes"),
    ("security.context.factory.classes", "it would run other code in Flink's processes"),
    ("security.ssl.*", KEYS),
];

const ADDRESS: &str = "the portal gives every cluster an address of its own";
const OPEN: &str = "it would open a port that asks nobody for a key";
const KEYS: &str =
    "every run has keys of its own that the portal makes, and whoever has none is not answered";
const FOLDER: &str = "the portal gives every run a folder of its own";
const STATE: &str = "checkpoints go to the cluster's container; choose that on Basics";
const SAVEPOINTS: &str = "use the Savepoint directory field";

/// Why nobody but the portal sets this key; nothing if anybody may.
pub fn why_owned(key: &str) -> Option<&'static str> {
    OWNED.iter().find(|(pattern, _)| matches(pattern, key)).map(|(_, why)| *why)
}

fn matches(pattern: &str, key: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == key,
        Some((head, tail)) => {
            key.len() >= head.len() + tail.len() && key.starts_with(head) && key.ends_with(tail)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_the_portal_sets_are_owned() {
        for key in [
            "jobmanager.rpc.address",
            "jobmanager.bind-host",
            "rest.bind-port",
            "taskmanager.data.bind-port",
            "taskmanager.data.port",
            "process.jobmanager.working-dir",
            "high-availability",
            "high-availability.type",
            "$internal.pipeline.job-id",
            "env.java.opts.all",
            "execution.savepoint.path",
            "security.ssl.rest.enabled",
            "security.ssl.internal.keystore",
            "taskmanager.data.ssl.enabled",
            "blob.service.ssl.enabled",
            "pekko.ssl.enabled",
            "web.access-control-allow-origin",
            "queryable-state.enable",
            "jmx.server.port",
        ] {
            assert!(why_owned(key).is_some(), "{key}");
        }
    }

    #[test]
    fn keys_that_people_need_are_free() {
        for key in [
            "parallelism.default",
            "execution.checkpointing.interval",
            "execution.savepoint.ignore-unclaimed-state",
            "state.backend.type",
            "state.backend.rocksdb.memory.managed",
            "taskmanager.numberOfTaskSlots",
            "taskmanager.memory.managed.fraction",
            "taskmanager.memory.network.max",
            "security.kerberos.login.principal",
            "table.exec.state.ttl",
            "restart-strategy.type",
            "web.checkpoints.history",
            "my.own.key",
        ] {
            assert_eq!(why_owned(key), None, "{key}");
        }
    }
}
