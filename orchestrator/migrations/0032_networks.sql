-- Where the clusters of a pool listen: its virtual networks, and the subnets of each.
create table network (
    id text not null primary key,
    pool text not null references pool (id),
    name text not null,
    -- `127.4.0.0/16`
    addresses text not null,
    created bigint not null
);
create unique index network_name on network (pool, lower(name));

create table subnet (
    id text not null primary key,
    network text not null references network (id),
    name text not null,
    addresses text not null,
    created bigint not null
);
create unique index subnet_name on subnet (network, lower(name));

-- The range that a pool had is its first network with one subnet; both are called by the pool's id.
insert into network (id, pool, name, addresses, created) select id, id, 'default', subnet, created from pool;
insert into subnet (id, network, name, addresses, created) select id, id, 'default', subnet, created from pool;
alter table cluster add column subnet text;
update cluster set subnet = pool;
create index cluster_subnet on cluster (subnet) where deleted is null;
alter table pool drop column subnet;
