//! Real exceptions of Flink 1.20, as its logs and its REST gave them, and what is said about each.

use proptest::prelude::*;

use super::*;

macro_rules! trace {
    ($name:literal) => {
        include_str!(concat!("../traces/", $name, ".txt"))
    };
}

#[test]
fn real_failures_are_explained() {
    for (exception, code, says) in [
        (
            trace!("state_of_another_job"),
            "STATE_INCOMPATIBLE",
            "The savepoint does not fit the new jar. The operator ca88eee0095684d687a1b6495617f957 of the old run has state \
             that the new jar does not claim",
        ),
        (
            trace!("savepoint_missing"),
            "SAVEPOINT_NOT_FOUND",
            "There is no savepoint at /data/state/savepoints/none.",
        ),
        (trace!("no_job"), "NO_JOB", "The application contains no execute() calls: its main method ended"),
        (
            trace!("class_missing"),
            "CLASS_NOT_FOUND",
            "The entry class penstock.samples.Nothing is not in the jar",
        ),
        (
            "org.apache.flink.client.program.ProgramInvocationException: The program's entry point class 'bugs.Echo' caused \
             an exception during initialization: Invalid signature file digest for Manifest main attributes\n\
             Caused by: java.lang.SecurityException: Invalid signature file digest for Manifest main attributes",
            "SIGNATURE",
            "such a jar: SecurityException: Invalid signature file digest for Manifest main attributes. Leave",
        ),
        (
            "org.apache.flink.client.program.ProgramInvocationException: The program's entry point class 'bugs.Echo' could \
             not be loaded due to a linkage failure.\nCaused by: java.lang.ClassFormatError: Truncated class file",
            "CLASS_BROKEN",
            "The entry class cannot be loaded: ClassFormatError: Truncated class file.",
        ),
        (
            "org.apache.flink.client.program.ProgramInvocationException: The given program class does not have a \
             main(String[]) method.",
            "NO_MAIN",
            "The entry class has no public static main",
        ),
        (
            trace!("main_throws"),
            "MAIN_THREW",
            "The job's main method threw an exception: IllegalStateException: This main throws on purpose.",
        ),
        (trace!("main_exits"), "MAIN_EXITED", "The job's code called System.exit."),
        (
            trace!("job_fails"),
            "JOB_FAILED",
            "IllegalStateException: Failed after 200 numbers, as --fail-after asked.",
        ),
        (
            "java.lang.UnsupportedClassVersionError: penstock/samples/Newer has been compiled by a more recent version of \
             the Java Runtime (class file version 65.0), this version of the Java Runtime only recognizes class file \
             versions up to 61.0\n\tat java.base/java.lang.ClassLoader.defineClass1(Native Method)",
            "UNSUPPORTED_CLASS_VERSION",
            "class file version 65.0",
        ),
        (
            "org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy\n\
             Caused by: java.util.concurrent.CompletionException: org.apache.flink.runtime.jobmanager.scheduler.\
             NoResourceAvailableException: Could not acquire the minimum required resources.",
            "NO_SLOTS",
            "not enough free slots",
        ),
        (
            "java.lang.Exception: Exception while creating StreamOperatorStateContext.\n\
             Caused by: org.apache.flink.util.StateMigrationException: The new state serializer \
             (org.apache.flink.api.common.typeutils.base.IntSerializer@1) must not be incompatible with the old state \
             serializer (org.apache.flink.api.common.typeutils.base.LongSerializer@2).",
            "STATE_INCOMPATIBLE",
            "The type of a state was changed",
        ),
        (
            "java.lang.NoClassDefFoundError: org/apache/kafka/clients/consumer/KafkaConsumer\n\tat A.b(A.java:1)\n\
             Caused by: java.lang.ClassNotFoundException: org.apache.kafka.clients.consumer.KafkaConsumer\n\t... 4 more",
            "CLASS_NOT_FOUND",
            "The class org.apache.kafka.clients.consumer.KafkaConsumer is not in the jar and not in Flink.",
        ),
        (
            "java.lang.NoSuchMethodError: 'void org.apache.flink.api.common.ExecutionConfig.setX()'",
            "CLASS_MISMATCH",
            "built for another Flink",
        ),
        (
            "java.lang.OutOfMemoryError: Java heap space",
            "OUT_OF_MEMORY",
            "OutOfMemoryError: Java heap space.",
        ),
        (
            "java.lang.OutOfMemoryError: Metaspace. The metaspace out-of-memory error has occurred.",
            "OUT_OF_MEMORY",
            "metaspace",
        ),
        (
            "java.io.IOException: Could not flush to file and close the file system output stream\n\
             Caused by: java.io.IOException: No space left on device\n\tat sun.nio.ch.UnixFileDispatcherImpl.write0(Native)",
            "DISK_FULL",
            "The disk is full.",
        ),
        (
            "java.util.concurrent.CompletionException: java.io.IOException: Failed to create savepoint directory at \
             file:/data/flink/savepoints/01a21a44\n\tat java.base/java.lang.Thread.run(Thread.java:840)\n\
             Caused by: java.io.IOException: Failed to create savepoint directory at file:/data/flink/savepoints/01a21a44",
            "NOT_WRITABLE",
            "Storage could not be written: IOException: Failed to create savepoint directory at",
        ),
        (
            "org.apache.flink.util.FlinkRuntimeException: Exceeded checkpoint tolerable failure threshold.\n\
             Caused by: java.nio.file.FileSystemException: /data/flink/chk-7: Read-only file system",
            "READ_ONLY",
            "A disk that has to be written is read-only: FileSystemException: /data/flink/chk-7: Read-only file system.",
        ),
        (
            "java.nio.file.AccessDeniedException: /data/state/chk-1",
            "PERMISSION_DENIED",
            "AccessDeniedException: /data/state/chk-1",
        ),
        (
            "org.apache.flink.runtime.entrypoint.ClusterEntrypointException: Failed to initialize the cluster entrypoint.\n\
             Caused by: java.net.BindException: Could not start actor system on any port in port range 6123",
            "ADDRESS_IN_USE",
            "any port in port range 6123",
        ),
        (
            "org.apache.flink.util.FlinkRuntimeException: Exceeded checkpoint tolerable failure threshold. The latest \
             checkpoint failed due to Checkpoint expired before completing., view the Checkpoint History tab",
            "CHECKPOINTS_FAIL",
            "so Flink ended the job's tasks; it starts them again as long as its restart strategy lets it.",
        ),
        (
            "org.apache.flink.runtime.jobmaster.JobMasterException: TaskManager with id 127.4.0.3:41001-1 is no longer \
             reachable.",
            "TASK_MANAGER_LOST",
            "A task manager was lost",
        ),
        (
            "org.apache.flink.util.FlinkRuntimeException: The state of this thing is odd.",
            "JOB_FAILED",
            "FlinkRuntimeException: The state of this thing is odd. The logs say",
        ),
        (
            "java.util.concurrent.CompletionException: org.apache.flink.runtime.client.JobInitializationException: \
             Could not start the JobMaster.\nCaused by: java.io.EOFException\n\tat \
             java.base/java.io.DataInputStream.readInt(DataInputStream.java:397)\n\tat \
             org.apache.flink.runtime.checkpoint.Checkpoints.loadCheckpointMetadata(Checkpoints.java:101)",
            "SAVEPOINT_UNREADABLE",
            "is damaged, Flink cannot read its _metadata to the end: EOFException. Choose another one.",
        ),
        ("", "JOB_FAILED", "without an exception"),
    ] {
        let reason = explain(exception);
        assert_eq!(reason.code, code, "{exception}");
        assert!(reason.message.contains(says), "{code}: {}", reason.message);
        assert_eq!(reason.exception, exception, "kept whole");
    }
}

#[test]
fn a_stack_frame_is_no_sign() {
    let frames = "java.lang.IllegalStateException: odd\n\tat my.OutOfMemoryError.no(NoResourceAvailableException.java:1)";
    assert_eq!(explain(frames).code, "JOB_FAILED");
}

proptest! {
    #[test]
    fn whatever_comes_is_explained_and_kept(text in "(\\PC{0,20}|Caused by: |: |\n|\tat |for operator |directory '){0,12}") {
        let reason = explain(&text);
        let filled = text.contains("{}") || !reason.message.contains("{}");
        prop_assert!(filled, "{}", reason.message);
        prop_assert!(reason.message.len() < 2000);
        prop_assert_eq!(reason.exception, text);
    }
}
