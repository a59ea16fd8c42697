-- A revision names bytes: which its jar has, how many, when the file was written that they were read from, and where
-- that lay. None of it for a revision of before, until it is launched once more.
alter table revision add column jar_sha256 text;
alter table revision add column jar_size bigint;
alter table revision add column jar_modified bigint;
alter table revision add column jar_account text;
alter table revision add column jar_address text;
create index revision_jar on revision (jar_sha256) where jar_sha256 is not null;

-- A snapshot that is being deleted: not tried again before when, who asked, and why its files are still there.
alter table snapshot add column deleting bigint;
alter table snapshot add column deleting_by text;
alter table snapshot add column deleting_failed text;
create index snapshot_deleting on snapshot (deleting) where deleting is not null;
