-- Of what a pool's provider has its clusters may have so much together; none for as much as there is.
alter table pool add column quota_cpu_milli bigint;
alter table pool add column quota_memory_mb bigint;
alter table pool add column quota_clusters bigint;
-- What prices are in, and the storage accounts that its clusters may use: a JSON list, empty for all.
alter table pool add column currency text not null default '';
alter table pool add column accounts text not null default '[]';

-- Histories outlive what they are of: rows stay, their names are free again. As with pools, the columns that have the old
-- constraints hold the rows' ids from now on. Names are compared without regard to case.
alter table pool add column deleted bigint;
drop index pool_name;
create unique index pool_name on pool (resource_group, lower(name)) where deleted is null;

alter table resource_group rename column name to row_key;
alter table resource_group add column name text not null default '';
alter table resource_group add column deleted bigint;
update resource_group set name = row_key;
update resource_group set row_key = id;
create unique index resource_group_name on resource_group (subscription, lower(name)) where deleted is null;

alter table subscription rename column name to row_key;
alter table subscription add column name text not null default '';
alter table subscription add column deleted bigint;
update subscription set name = row_key;
update subscription set row_key = id;
create unique index subscription_name on subscription (lower(name)) where deleted is null;

-- What a revision is made of, for who asks which clusters need it; none until the portal has read it from the specification.
alter table revision add column node_size text;
alter table revision add column version_name text;
