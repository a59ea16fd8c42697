-- By which key the secrets of this database are sealed, and how far those of an older portal, which kept them in the
-- open, were looked after (`store/scrub.rs`). One row.

create table portal_key (
    id bigint not null primary key,
    -- The public half: it tells whether a key is the right one, and opens nothing.
    recipient text not null,
    created bigint not null,
    -- When rows of before were converted.
    sealed bigint,
    -- When what they held before was overwritten.
    scrubbed bigint
);
