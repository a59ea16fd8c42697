-- A pool's name is unique in its resource group, and no longer in the whole portal. SQLite takes no constraint from a column,
-- so the column that has it holds the row's id from now on.
alter table pool rename column name to row_key;
alter table pool add column name text not null default '';
update pool set name = row_key;
update pool set row_key = id;
create unique index pool_name on pool (resource_group, name);
