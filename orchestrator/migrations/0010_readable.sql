-- Folders that a pool lets its jobs read, beside their own: absolute paths, a JSON list.
alter table pool add column readable text not null default '[]';
