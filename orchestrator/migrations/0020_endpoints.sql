-- Addresses and ports belong to runs: a provider chooses them with each launch and says where the run answers.
alter table run add column endpoint text;
drop index cluster_address;
alter table cluster drop column address;
