-- Restarts of the job since somebody asked for its launch, by Flink and by the portal: all of them for the grid, and (JSON)
-- what tells whether it counts as failing.
alter table status add column restarts bigint not null default 0;
alter table status add column restarted text;
create index status_restarts on status (restarts, cluster);
-- When the cluster was last seen, as of this row's last change.
alter table status add column seen_at bigint;
drop index figure_restarts;
