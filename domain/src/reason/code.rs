//! The codes of reasons: what programs tell them apart by. Each is stored, and is never given another meaning. What the
//! probe answers has kinds of its own (`flink/probe`).

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        pub const $name: &str = stringify!($name);
    )+};
}

codes! {
    /// An address that a process listens on is taken.
    ADDRESS_IN_USE,
    /// What a batch job cannot do.
    BATCH_JOB,
    /// Flink gave up on checkpoints.
    CHECKPOINTS_FAIL,
    /// A class is damaged.
    CLASS_BROKEN,
    /// Two versions of a class meet.
    CLASS_MISMATCH,
    /// A class is missing.
    CLASS_NOT_FOUND,
    /// Flink does not take its configuration.
    CONFIGURATION,
    /// The disk is full.
    DISK_FULL,
    /// Somebody cancelled the job past the portal.
    JOB_CANCELED,
    /// The job ended in a way that nobody asked for.
    JOB_ENDED,
    /// The job failed.
    JOB_FAILED,
    /// The job did not come up in time.
    JOB_LAUNCH_DEADLINE,
    /// The job's processes could not be started.
    JOB_LAUNCH_FAILED,
    /// The job manager's process ended.
    JOB_MANAGER_ENDED,
    /// The job manager was lost too often.
    JOB_MANAGER_LOST,
    /// The job manager lives and does not answer.
    JOB_MANAGER_SILENT,
    /// The program's `main` ended the process.
    MAIN_EXITED,
    /// The program's `main` threw.
    MAIN_THREW,
    /// Flink has too little memory for its network.
    NETWORK_MEMORY,
    /// The phase does not allow what was asked.
    NOT_ALLOWED,
    /// The program began no job.
    NO_JOB,
    /// The class has no `main`.
    NO_MAIN,
    /// A file or folder that has to be written cannot be.
    NOT_WRITABLE,
    /// There are too few slots.
    NO_SLOTS,
    /// Memory ran out.
    OUT_OF_MEMORY,
    /// The portal's account may not do what is needed.
    PERMISSION_DENIED,
    /// An update did not hold.
    PROBATION_FAILED,
    /// A disk that has to be written is read-only.
    READ_ONLY,
    /// The job is restarted so often that it counts as failing.
    RESTARTS,
    /// A run is gone without a trace.
    RUN_VANISHED,
    /// A savepoint was not complete in time.
    SAVEPOINT_DEADLINE,
    /// A savepoint failed.
    SAVEPOINT_FAILED,
    /// The savepoint to start from is not there.
    SAVEPOINT_NOT_FOUND,
    /// The savepoint to start from cannot be read.
    SAVEPOINT_UNREADABLE,
    /// The program began several jobs.
    SEVERAL_JOBS,
    /// A jar's signature does not fit its content.
    SIGNATURE,
    /// The job cannot go on from that state.
    STATE_INCOMPATIBLE,
    /// Another operation took its place.
    SUPERSEDED,
    /// A task manager was lost.
    TASK_MANAGER_LOST,
    /// A task manager lives and is not registered.
    TASK_MANAGER_SILENT,
    /// No further thread could be started.
    TOO_MANY_THREADS,
    /// The portal could not act; it is tried again.
    TRIED_AGAIN,
    /// Nobody answers.
    UNREACHABLE,
    /// The jar is made for a newer Java.
    UNSUPPORTED_CLASS_VERSION,
    /// The run waits for the state that it goes on from.
    WAITING_FOR_STATE,
    /// An update did not hold, and what ran before runs again.
    WENT_BACK,
    /// An update did not hold, and neither did what ran before.
    WENT_BACK_AND_FAILED,
}
