-- Where a session was begun and when it was last used: people see their sessions and end them, and one that rests for
-- too long ends by itself. Of a session that is older than this, `used` is 0 until it is used again.

alter table session add column used bigint not null default 0;
alter table session add column agent text not null default '';
alter table session add column address text not null default '';
