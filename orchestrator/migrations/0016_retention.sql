-- What is old is kept coarser, and then forgotten (`store/fold.rs`).

-- Measurements of a span of time, folded into one: `at` is where it begins, `span` how long it is, microseconds. Rates,
-- shares and heaps are averages, the others the highest.
create table sample_folded (
    cluster text not null references cluster (id),
    span bigint not null,
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
    primary key (cluster, span, at)
);
create index sample_folded_by_time on sample_folded (span, at);

-- When the logs of a run that has ended were removed.
alter table run add column logs_removed bigint;

-- An event's id is its number, in the order of the commits (`event_order.n`): what was a random id with the time in it.
create table event_numbered (
    id bigint not null primary key,
    at bigint not null,
    cluster text,
    cluster_name text not null,
    kind text not null,
    tone text not null,
    title text not null,
    detail text not null,
    actor text not null
);
insert into event_numbered (id, at, cluster, cluster_name, kind, tone, title, detail, actor)
    select row_number() over (order by id), at, cluster, cluster_name, kind, tone, title, detail, actor from event;
drop table event;
alter table event_numbered rename to event;
create index event_of_cluster on event (cluster, id);
create index event_by_time on event (at);
update event_order set n = (select coalesce(max(id), 0) from event);
