-- What Flink could not read of a snapshot, by the word of a run that was to start from it, and when.
alter table snapshot add column damaged text;
alter table snapshot add column damaged_at bigint;
