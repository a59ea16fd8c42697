-- A role holds in a scope and in everything within it. The scope is named by the id of its row, so that nobody has a role
-- for what takes the name of something that is gone; `/` is everything.
create table role_assignment (
    id text not null primary key,
    -- `person`, `token`
    principal_kind text not null,
    principal text not null,
    role text not null,
    scope text not null,
    -- Who gave it, and as what histories call them.
    given_by text not null,
    given_by_name text not null,
    given bigint not null,
    unique (principal, scope, role)
);

-- Whoever had a role had it everywhere.
insert into role_assignment (id, principal_kind, principal, role, scope, given_by, given_by_name, given)
    select id, 'person', id, role, '/', '00000000-0000-0000-0000-000000000000', 'Penstock', created from person;

alter table person drop column role;
