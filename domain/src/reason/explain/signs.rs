//! How failures look and what is said about them: one table, the most telling sign first.

use crate::reason::code;

/// What a kind of failure looks like, and what is said about it.
pub(super) struct Sign {
    /// One of these stands in the exception.
    pub(super) any: &'static [&'static str],
    pub(super) code: &'static str,
    /// What happened and what to do. `{}` stands for the detail.
    pub(super) says: &'static str,
    /// Where the detail stands: after the first text, up to one of the second; the exception's own cause otherwise.
    pub(super) detail: Option<(&'static str, &'static [char])>,
}

/// The table.
pub(super) const SIGNS: &[Sign] = &[
    Sign {
        any: &["Max parallelism mismatch between checkpoint/savepoint state"],
        code: code::STATE_INCOMPATIBLE,
        says: "The savepoint does not fit the new settings: an operator's maximum parallelism has changed, which its state \
               cannot follow. Set it (pipeline.max-parallelism) to what it was, or start without this state.",
        detail: None,
    },
    Sign {
        any: &["Cannot map checkpoint/savepoint state for operator", "There is no operator for the state"],
        code: code::STATE_INCOMPATIBLE,
        says: "The savepoint does not fit the new jar. The operator {} of the old run has state that the new jar does not \
               claim: its uid was changed or it was removed. Give the operator its old uid; or, to leave that state behind, set \
               execution.state-recovery.ignore-unclaimed-state to true.",
        detail: Some(("for operator ", &[' ', ',', '\n'])),
    },
    Sign {
        any: &["StateMigrationException", "must not be incompatible", "serializer must be compatible"],
        code: code::STATE_INCOMPATIBLE,
        says: "The savepoint does not fit the new jar. The type of a state was changed in a way that its stored form cannot \
               follow: {}. Change it back, or start without this state.",
        detail: None,
    },
    Sign {
        any: &[
            "Cannot find checkpoint or savepoint file/directory",
            "Cannot find meta data file '_metadata'",
        ],
        code: code::SAVEPOINT_NOT_FOUND,
        says: "There is no savepoint at {}. Choose another one, or start without state.",
        detail: Some(("directory '", &['\''])),
    },
    Sign {
        any: &[
            "CheckpointException: Unexpected magic number",
            "Unexpected magic number",
            "Cannot load checkpoint/savepoint",
        ],
        code: code::SAVEPOINT_UNREADABLE,
        says: "The savepoint cannot be read; it is damaged, incomplete, or of another kind: {}. Choose another one.",
        detail: None,
    },
    Sign {
        any: &[
            "The application contains no execute() calls",
            "No jobs included in application",
            "No job was submitted",
        ],
        code: code::NO_JOB,
        says: "The application contains no execute() calls: its main method ended without submitting a job. End it with \
               env.execute(), or choose another entry class.",
        detail: None,
    },
    Sign {
        any: &[
            "Multiple environment instances",
            "Cannot have more than one execute() or executeAsync() call",
        ],
        code: code::SEVERAL_JOBS,
        says: "The main method submits more than one job, and a cluster runs exactly one. Put everything before one \
               env.execute() (in Table API, one statement set).",
        detail: None,
    },
    Sign {
        any: &["UnsupportedClassVersionError", "more recent version of the Java Runtime"],
        code: code::UNSUPPORTED_CLASS_VERSION,
        says: "The jar was built for a newer Java than the one that runs it: {}. Build it for the cluster version's Java.",
        detail: None,
    },
    Sign {
        any: &["UserSystemExitException"],
        code: code::MAIN_EXITED,
        says: "The job's code called System.exit. Remove the call; let the main method return or throw an exception.",
        detail: None,
    },
    Sign {
        any: &[
            "Invalid signature file digest",
            "signer information does not match signer information",
            "digest error for ",
            "has been tampered with",
        ],
        code: code::SIGNATURE,
        says: "A signature in the jar does not fit it, and Java loads nothing from such a jar: {}. Leave META-INF/*.SF, \
               *.RSA, *.DSA and *.EC out when you build it; or sign it last.",
        detail: None,
    },
    Sign {
        any: &["was not found in the jar file"],
        code: code::CLASS_NOT_FOUND,
        says: "The entry class {} is not in the jar. Choose one that the jar offers.",
        detail: Some(("entry point class '", &['\''])),
    },
    Sign {
        any: &["does not have a main(String[]) method"],
        code: code::NO_MAIN,
        says: "The entry class has no public static main(String[]). Choose one that the jar offers.",
        detail: None,
    },
    Sign {
        any: &[
            "Could not find any jar",
            "The job jar could not be found",
            "Could not find the provided job class",
        ],
        code: code::CLASS_NOT_FOUND,
        says: "The jar has no entry class that can be found: {}. Name one that the jar offers.",
        detail: None,
    },
    Sign {
        any: &[
            "NoSuchMethodError",
            "NoSuchFieldError",
            "AbstractMethodError",
            "IncompatibleClassChangeError",
            "VerifyError",
        ],
        code: code::CLASS_MISMATCH,
        says: "A class in the jar does not fit the classes around it ({}): the jar was built for another Flink, or brings a \
               library in two versions. Build it for the cluster version's Flink, with Flink itself as “provided”.",
        detail: None,
    },
    Sign {
        any: &["NoClassDefFoundError", "ClassNotFoundException"],
        code: code::CLASS_NOT_FOUND,
        says: "The class {} is not in the jar and not in Flink. Put the library that has it into the jar.",
        detail: Some(("ClassNotFoundException: ", &[' ', '\n'])),
    },
    Sign {
        any: &["entry point class '"],
        code: code::CLASS_BROKEN,
        says: "The entry class cannot be loaded: {}.",
        detail: None,
    },
    Sign {
        any: &["OutOfMemoryError: Metaspace"],
        code: code::OUT_OF_MEMORY,
        says: "The process ran out of memory for classes (metaspace). Raise taskmanager.memory.jvm-metaspace.size, or \
               jobmanager.memory.jvm-metaspace.size.",
        detail: None,
    },
    Sign {
        any: &["OutOfMemoryError: Direct buffer memory", "OutOfMemoryError: Cannot reserve"],
        code: code::OUT_OF_MEMORY,
        says: "The process ran out of direct memory. Raise taskmanager.memory.task.off-heap.size.",
        detail: None,
    },
    Sign {
        any: &[
            "OutOfMemoryError: unable to create native thread",
            "OutOfMemoryError: unable to create new native thread",
        ],
        code: code::TOO_MANY_THREADS,
        says: "The system allows no more threads. Let the job use fewer, or raise the system's limit for processes.",
        detail: None,
    },
    Sign {
        any: &["OutOfMemoryError"],
        code: code::OUT_OF_MEMORY,
        says: "The process ran out of memory: {}. Give the task managers more memory, or the heap a larger part of it \
               (less taskmanager.memory.managed.fraction).",
        detail: None,
    },
    Sign {
        any: &["Insufficient number of network buffers"],
        code: code::NETWORK_MEMORY,
        says: "The task managers have too little network memory for this parallelism: {}. Raise \
               taskmanager.memory.network.fraction (and .max).",
        detail: None,
    },
    Sign {
        any: &["Read-only file system", "ReadOnlyFileSystemException"],
        code: code::READ_ONLY,
        says: "A disk that has to be written is read-only: {}. Make it writable; then try again.",
        detail: None,
    },
    Sign {
        any: &["Failed to create savepoint directory", "Mkdirs failed to create"],
        code: code::NOT_WRITABLE,
        says: "Storage could not be written: {}. See whether it is read-only, or closed to the processes of the job.",
        detail: None,
    },
    Sign {
        any: &["No space left on device", "Disk quota exceeded", "DISK_FULL"],
        code: code::DISK_FULL,
        says: "The disk is full. Make room where the portal keeps its data; then start the job again.",
        detail: None,
    },
    Sign {
        any: &["NoResourceAvailableException", "Could not acquire the minimum required resources"],
        code: code::NO_SLOTS,
        says: "There were not enough free slots for the job's parallelism. Take more worker nodes or slots, or less \
               parallelism; if the sum is right, see whether every task manager has registered.",
        detail: None,
    },
    Sign {
        any: &[
            "java.net.BindException",
            "Address already in use",
            "Could not start actor system on any port",
        ],
        code: code::ADDRESS_IN_USE,
        says: "A port of the cluster's address is taken by another process ({}). End that process; then start the job again.",
        detail: None,
    },
    Sign {
        any: &[
            "AccessDeniedException",
            "Permission denied",
            "AuthorizationPermissionMismatch",
            "403 Forbidden",
        ],
        code: code::PERMISSION_DENIED,
        says: "Access was denied: {}. Give the processes the right to it, or choose another place.",
        detail: None,
    },
    Sign {
        any: &["Exceeded checkpoint tolerable failure threshold"],
        code: code::CHECKPOINTS_FAIL,
        says: "Too many checkpoints failed one after the other, so Flink ended the job's tasks; it starts them again as long \
               as its restart strategy lets it. The logs say why each failed; often storage does not answer, or backpressure makes them time out.",
        detail: None,
    },
    Sign {
        any: &[
            "Checkpoint Coordinator is suspending",
            "Stop-with-savepoint",
            "StopWithSavepointStoppingException",
        ],
        code: code::SAVEPOINT_FAILED,
        says: "The savepoint was not taken: {}. Try again, or look into the logs for the reason.",
        detail: None,
    },
    Sign {
        any: &["IllegalConfigurationException", "Could not parse value '"],
        code: code::CONFIGURATION,
        says: "Flink does not accept the configuration: {}. Change it in Flink job configuration.",
        detail: None,
    },
    Sign {
        any: &[
            "is no longer reachable",
            "RemoteTransportException",
            "The heartbeat of TaskManager",
            "TaskManager was lost",
        ],
        code: code::TASK_MANAGER_LOST,
        says: "A task manager was lost while the job ran: {}. It is started again; if it keeps happening, its log says why \
               (often memory).",
        detail: None,
    },
    Sign {
        any: &[
            "UnknownHostException",
            "ConnectException",
            "Connection refused",
            "SocketTimeoutException",
            "TimeoutException: Timed out",
        ],
        code: code::UNREACHABLE,
        says: "Something that the job needs does not answer: {}. See whether it is up and can be reached from here.",
        detail: None,
    },
    Sign {
        any: &["ProgramInvocationException", "The main method caused an error"],
        code: code::MAIN_THREW,
        says: "The job's main method threw an exception: {}. The cause is in the job's own code or in its arguments.",
        detail: None,
    },
];
