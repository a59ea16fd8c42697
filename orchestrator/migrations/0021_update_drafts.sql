-- The cluster that a draft updates; none for one of a new cluster.
alter table draft add column cluster text;
