-- An older program can live with this.
-- What a search looks for, in lower case: made once for every row that is written, where a search made it again for every row it looked
-- at. PostgreSQL writes both tables and their indexes anew, and nobody reads or writes them meanwhile.
drop index person_search;
alter table person add column search_text text not null
  generated always as (lower(coalesce(full_name, '') || ' ' || email || ' ' || username)) stored;
create index person_search on person using gin (search_text gin_trgm_ops)
  with (fastupdate = on, gin_pending_list_limit = 16384);

drop index saas_user_search;
alter table saas_user add column search_text text not null
  generated always as (lower(coalesce(name, '') || ' ' || coalesce(email, ''))) stored;
create index saas_user_search on saas_user using gin (search_text gin_trgm_ops)
  with (fastupdate = on, gin_pending_list_limit = 16384);

-- The planner knows how selective a search is from statistics of the column, which a new one does not have yet.
analyze person, saas_user;
