-- What the present run runs is a batch job, of which Flink takes no savepoint.

alter table status add column batch bigint not null default 0;
