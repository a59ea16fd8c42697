-- Storage accounts that are no folder of the portal's machine: where one answers, and by what it is signed in to.
alter table account add column endpoint text;
alter table account add column region text not null default '';
-- 1 where a container stands in the path of an address.
alter table account add column path_style bigint not null default 0;
-- `none`, `key`, `sas`, `access-key`, `service-account`, `identity`
alter table account add column access text not null default 'none';
alter table account add column key_id text not null default '';
-- Sealed.
alter table account add column secret text;

-- Containers of such accounts. Those of a folder are folders.
create table container (
    account text not null references account (name),
    name text not null,
    created bigint not null,
    primary key (account, name)
);
