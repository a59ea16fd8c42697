-- The end of a run tells which state Flink could not read, also of one that has no row here.
alter table snapshot drop column damaged;
alter table snapshot drop column damaged_at;
