-- What happened and how an operation ended are data; their sentences are made where they are shown. Rows of before keep
-- the sentences that were written then (`event.title` and `detail`, `operation.message` and `reason`).
alter table event add column data text;
-- What a search looks through, never what is shown.
alter table event add column words text not null default '';
alter table operation add column outcome text;
