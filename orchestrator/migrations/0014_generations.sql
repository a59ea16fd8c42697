-- The words that Kubernetes has for it.
alter table status rename column settled to completed_generation;
alter table status rename column noticed to observed_generation;
