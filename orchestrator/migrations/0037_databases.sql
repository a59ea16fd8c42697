-- SQL databases for Hive metastores: where they are. Who signs in, and by which secret, is said where one is used.
create table sql_database (
    id text not null primary key,
    name text not null unique,
    host text not null,
    port bigint not null,
    database_name text not null,
    -- `disable`, `require`, `verify-full`
    tls text not null,
    made bigint not null,
    made_by_name text not null
);
