-- Append-only history, and what was measured.

create table event (
    id text not null primary key,
    at bigint not null,
    cluster text,
    cluster_name text not null,
    kind text not null,
    tone text not null,
    title text not null,
    detail text not null,
    actor text not null
);
create index event_of_cluster on event (cluster, id);

-- One row. Whoever appends to the history updates it first, so that ids are in the order of the commits and a
-- reader that goes by the last id misses nothing.
create table event_order (
    id bigint not null primary key,
    n bigint not null
);
insert into event_order (id, n) values (1, 0);

create table audit (
    id text not null primary key,
    at bigint not null,
    actor text not null,
    actor_name text not null,
    action text not null,
    target text not null,
    before_json text not null,
    after_json text not null
);
create index audit_by_time on audit (at);

-- The newest figures of each cluster, written by the sampler: what the grid shows and sorts by.
create table figure (
    cluster text not null primary key references cluster (id),
    at bigint not null,
    run bigint not null,
    parallelism bigint not null,
    restarts bigint not null,
    -- 0 for none: databases differ in where they sort null.
    checkpoint_at bigint not null,
    checkpoint_ms bigint,
    checkpoint_size bigint,
    records_in_milli bigint
);
create index figure_parallelism on figure (parallelism, cluster);
create index figure_restarts on figure (restarts, cluster);
create index figure_checkpoint on figure (checkpoint_at, cluster);

-- Rates in thousandths per second, shares of time in thousandths, memory in bytes.
create table sample (
    cluster text not null references cluster (id),
    at bigint not null,
    records_in_milli bigint,
    records_out_milli bigint,
    checkpoint_ms bigint,
    checkpoint_size bigint,
    busy bigint,
    idle bigint,
    backpressured bigint,
    heap_job_manager bigint,
    heap_task_managers bigint,
    restarts bigint,
    primary key (cluster, at)
);
create index sample_by_time on sample (at);
