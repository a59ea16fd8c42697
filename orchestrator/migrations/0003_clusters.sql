-- Two rows, one writer each: commands write `cluster`, the reconciler writes `status`.

create table cluster (
    id text not null primary key,
    pool text not null references pool (id),
    name text not null,
    owner text not null,
    owner_name text not null,
    address text not null,
    version_name text not null,
    flink text not null,
    tags text not null,
    -- `;team:orders;tier:2;`: what the tag filter searches.
    tag_words text not null,
    cpu_milli bigint not null,
    memory_mb bigint not null,
    revision bigint not null,
    intent text not null,
    operation text not null,
    action text not null,
    generation bigint not null,
    version bigint not null,
    created bigint not null,
    -- Set by the reconciler when nothing of the cluster is left: name and address are free again.
    deleted bigint
);
create unique index cluster_name on cluster (pool, name) where deleted is null;
create unique index cluster_address on cluster (pool, address) where deleted is null;
create index cluster_flink on cluster (flink) where deleted is null;
create index cluster_owner on cluster (owner_name) where deleted is null;
create index cluster_tags on cluster (tags) where deleted is null;

create table revision (
    cluster text not null references cluster (id),
    revision bigint not null,
    spec text not null,
    actor_name text not null,
    created bigint not null,
    primary key (cluster, revision)
);

create table operation (
    id text not null primary key,
    cluster text not null references cluster (id),
    action text not null,
    actor text not null,
    actor_name text not null,
    idempotency_key text,
    arguments text not null,
    asked bigint not null,
    ended bigint,
    steps text not null,
    -- 1 or 0, null while in progress
    succeeded bigint,
    message text not null,
    reason text,
    downtime_ms bigint
);
create unique index operation_key on operation (actor, idempotency_key);
create index operation_of_cluster on operation (cluster, asked);
create index operation_by_time on operation (asked);
-- Whoever was asked something has one of these: the reconciler finds them without looking at every cluster.
create index operation_open on operation (cluster) where ended is null;

create table status (
    cluster text not null primary key references cluster (id),
    -- The cluster's, which never change: the grid's indexes need them beside the state.
    pool text not null references pool (id),
    name text not null,
    version bigint not null,
    -- The generation whose operation has ended: below `cluster.generation` one is in progress.
    settled bigint not null,
    -- The newest generation that a pass has read.
    noticed bigint not null,
    phase text not null,
    phase_data text not null,
    seen text not null,
    state text not null,
    state_group text not null,
    -- What needs a person first.
    attention bigint not null,
    since bigint not null,
    note text not null,
    reason text,
    step text not null,
    step_detail text not null,
    result_operation text,
    result_action text,
    result_succeeded bigint,
    result_at bigint,
    result_message text,
    job_id text,
    run bigint,
    savepoint_at bigint,
    savepoint_why text not null,
    -- When the job was last seen running, for the downtime of an update.
    running_at bigint,
    failures bigint not null,
    due_at bigint not null
);
create index status_due on status (due_at);
create index status_attention on status (attention, name, cluster);
create index status_name on status (name, cluster);
create index status_since on status (since, cluster);
-- All that counts and sums read: they look at every row, so they should look at small ones.
create index status_group on status (pool, state_group, state, settled, cluster);

create table run (
    cluster text not null references cluster (id),
    run bigint not null,
    revision bigint not null,
    job_id text not null,
    from_path text,
    started bigint not null,
    running bigint,
    ended bigint,
    why text not null,
    configuration text not null,
    primary key (cluster, run)
);

create table snapshot (
    id text not null primary key,
    cluster text not null references cluster (id),
    kind text not null,
    path text not null,
    at bigint not null,
    size bigint,
    run bigint not null,
    why text not null,
    actor_name text not null,
    unique (cluster, path)
);
create index snapshot_of_cluster on snapshot (cluster, at);
