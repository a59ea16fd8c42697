-- What an operation asked and how a run ended are data; their words are made where they are shown. Rows of before keep
-- the words that were written then (`operation.arguments`, `run.why`).
alter table operation add column intent text;
alter table run add column outcome text;
