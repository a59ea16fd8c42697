-- Who may come in. Secrets are stored as SHA-256 only.

create table person (
    id text not null primary key,
    name text not null,
    role text not null,
    created bigint not null
);

create table session (
    hash text not null primary key,
    person text not null references person (id),
    created bigint not null,
    expires bigint not null
);
create index session_of_person on session (person);

create table sign_in_link (
    hash text not null primary key,
    -- None for the link that makes the first owner.
    person text references person (id),
    created bigint not null,
    expires bigint not null,
    used bigint
);

create table draft (
    id text not null primary key,
    person text not null,
    pool text not null references pool (id),
    form text not null,
    errors text not null,
    saved bigint not null
);
create index draft_of_person on draft (person, pool, saved);
