-- The newest complete state that was ever seen of the present run (JSON), and whether an update has still to hold.
alter table status add column known text;
alter table status add column on_probation bigint not null default 0;
-- A start without state begins a new line; none for runs of before.
alter table run add column line bigint;
