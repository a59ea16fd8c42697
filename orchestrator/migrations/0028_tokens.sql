-- Access tokens. What one may is a row of `role_assignment`; it never may more than whoever made it. Of its secret only the
-- SHA-256 is kept.
create table token (
    id text not null primary key,
    name text not null,
    hash text not null unique,
    -- `person`, `portal`
    made_by_kind text not null,
    made_by text not null,
    made_by_name text not null,
    made bigint not null,
    -- None for one that ends when it is revoked.
    expires bigint,
    used bigint,
    revoked bigint
);
create index token_of_maker on token (made_by, made);
