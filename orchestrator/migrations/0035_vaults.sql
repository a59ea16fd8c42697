-- Key vaults. The value of a version is sealed by the portal's key, as secrets of specifications are.
create table vault (
    id text not null primary key,
    name text not null unique,
    made bigint not null,
    made_by_name text not null
);

create table secret (
    id text not null primary key,
    vault text not null,
    name text not null,
    unique (vault, name)
);

create table secret_version (
    secret text not null,
    number bigint not null,
    value text not null,
    enabled bigint not null,
    -- None for one that does not expire.
    expires bigint,
    made bigint not null,
    made_by_name text not null,
    primary key (secret, number)
);

-- Which secrets a revision names, by their names: a specification whose own secrets are sealed does not tell.
create table secret_use (
    cluster text not null,
    revision bigint not null,
    vault text not null,
    secret text not null,
    primary key (cluster, revision, vault, secret)
);
create index secret_use_of_secret on secret_use (vault, secret);

-- Who read a secret is looked up by the secret.
create index audit_of_target on audit (target, at);
