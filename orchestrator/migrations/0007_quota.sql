-- How much a storage account may hold, bytes; none for as much as its disk.

alter table account add column quota bigint;
