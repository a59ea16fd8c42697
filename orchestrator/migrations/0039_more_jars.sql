-- The jars beside the job's own in a revision's class path, by their bytes, in their order.
create table more_jar (
    cluster text not null,
    revision bigint not null,
    position bigint not null,
    address text not null,
    sha256 text not null,
    size bigint not null,
    modified bigint,
    primary key (cluster, revision, position)
);
