-- The directory in which a revision's savepoints are written, where it names one: what clusters need of it is found by it.
alter table revision add column savepoint_directory text;
