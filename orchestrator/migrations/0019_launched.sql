-- What is shown and counted is what the last launch launched (before the first one: what it is to launch): the
-- reconciler writes it with the phase. A size is counted as long as the cluster is not at rest.
alter table status add column revision bigint not null default 1;
alter table status add column flink text not null default '';
alter table status add column tags text not null default '{}';
-- `;team:orders;tier:2;`: what the tag filter searches.
alter table status add column tag_words text not null default ';';
alter table status add column cpu_milli bigint not null default 0;
alter table status add column memory_mb bigint not null default 0;
-- What an operation in progress needs room for, if it launches; it counts until the operation has ended.
alter table cluster add column reserved_cpu_milli bigint;
alter table cluster add column reserved_memory_mb bigint;

update cluster set reserved_cpu_milli = cpu_milli, reserved_memory_mb = memory_mb;
-- Tags and sizes are as far as they were known: the first pass says what they are, so every cluster is due.
update status set
    revision = coalesce((select r.revision from run r where r.cluster = status.cluster order by r.run desc limit 1), 1),
    flink = (select c.flink from cluster c where c.id = status.cluster),
    tags = (select c.tags from cluster c where c.id = status.cluster),
    tag_words = (select c.tag_words from cluster c where c.id = status.cluster),
    due_at = 0;
update status set
    cpu_milli = (select c.cpu_milli from cluster c where c.id = status.cluster),
    memory_mb = (select c.memory_mb from cluster c where c.id = status.cluster)
    where phase not in ('accepted', 'stopped', 'canceled', 'finished', 'failed', 'deleted');

drop index cluster_flink;
drop index cluster_tags;
alter table cluster drop column cpu_milli;
alter table cluster drop column memory_mb;
alter table cluster drop column flink;
alter table cluster drop column version_name;
alter table cluster drop column tags;
alter table cluster drop column tag_words;
create index status_flink on status (flink);
create index status_tags on status (tags);
