-- Where clusters live. Columns are text or bigint only: the one SQL text serves SQLite and PostgreSQL.
-- Times are microseconds since 1970, ids and JSON are text, cores are thousandths.

create table subscription (
    id text not null primary key,
    name text not null unique,
    created bigint not null
);

create table resource_group (
    id text not null primary key,
    subscription text not null references subscription (id),
    name text not null,
    created bigint not null,
    unique (subscription, name)
);

create table pool (
    id text not null primary key,
    resource_group text not null references resource_group (id),
    name text not null unique,
    region text not null,
    version text not null,
    provider text not null,
    -- `127.4.0.0/24`
    subnet text not null,
    cpu_milli bigint not null,
    memory_mb bigint not null,
    created bigint not null
);

create table node_size (
    pool text not null references pool (id),
    name text not null,
    cpu_milli bigint not null,
    memory_mb bigint not null,
    -- thousandths of the currency per hour
    price_milli bigint,
    primary key (pool, name)
);

create table cluster_version (
    pool text not null references pool (id),
    version text not null,
    flink text not null,
    java bigint not null,
    primary key (pool, version)
);

create table account (
    id text not null primary key,
    name text not null unique,
    kind text not null,
    created bigint not null
);
