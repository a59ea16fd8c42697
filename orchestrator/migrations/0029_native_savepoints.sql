-- Whether a savepoint is written in the state backend's own format.
alter table snapshot add column native bigint not null default 0;
