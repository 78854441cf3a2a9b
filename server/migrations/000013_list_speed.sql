-- An older program can live with this.
-- How many people and SaaS users there are, so that no list has to count a million rows. A write adds what it changed and folds in
-- the rows that nobody else is folding, so writers never wait for each other and the rows stay few; the count is their sum.
create table inventory_count (
  -- Null for people.
  software_id uuid,
  status text not null,
  archived boolean not null,
  rows bigint not null
);
create index inventory_count_software on inventory_count (software_id);

insert into inventory_count (software_id, status, archived, rows)
  select null::uuid, status, archived_at is not null, count(*) from person group by 1, 2, 3
  union all
  select software_id, status, archived_at is not null, count(*) from saas_user group by 1, 2, 3;

-- Folds the changes of a statement, given as rows of {software_id, status, archived, rows}.
create function count_inventory(changes jsonb) returns void
language sql
as $$
  with changed as (
    select * from jsonb_to_recordset(changes) as c (software_id uuid, status text, archived boolean, rows bigint)
    where c.rows <> 0),
  folded as (
    delete from inventory_count where ctid = any (array(
      select i.ctid from inventory_count i
      where exists (select from changed c where c.software_id is not distinct from i.software_id)
      for update skip locked))
    returning software_id, status, archived, rows)
  insert into inventory_count (software_id, status, archived, rows)
  select software_id, status, archived, sum(rows)
  from (select * from changed union all select * from folded) as parts
  group by 1, 2, 3
  having sum(rows) <> 0
$$;

create function count_people() returns trigger
language plpgsql
as $$
declare
  changes jsonb;
begin
  if tg_op = 'INSERT' then
    select jsonb_agg(c) into changes from (
      select status, archived_at is not null as archived, count(*) as rows from new_rows group by 1, 2) c;
  elsif tg_op = 'DELETE' then
    select jsonb_agg(c) into changes from (
      select status, archived_at is not null as archived, -count(*) as rows from old_rows group by 1, 2) c;
  else
    select jsonb_agg(c) into changes from (
      select status, archived, sum(rows) as rows from (
        select status, archived_at is not null as archived, count(*) as rows from new_rows group by 1, 2
        union all
        select status, archived_at is not null, -count(*) from old_rows group by 1, 2) both_sides
      group by 1, 2 having sum(rows) <> 0) c;
  end if;
  if changes is not null then
    perform count_inventory(changes);
  end if;
  return null;
end
$$;
create trigger person_counted_insert after insert on person
  referencing new table as new_rows for each statement execute function count_people();
create trigger person_counted_update after update on person
  referencing old table as old_rows new table as new_rows for each statement execute function count_people();
create trigger person_counted_delete after delete on person
  referencing old table as old_rows for each statement execute function count_people();

create function count_saas_users() returns trigger
language plpgsql
as $$
declare
  changes jsonb;
begin
  if tg_op = 'INSERT' then
    select jsonb_agg(c) into changes from (
      select software_id, status, archived_at is not null as archived, count(*) as rows from new_rows group by 1, 2, 3) c;
  elsif tg_op = 'DELETE' then
    select jsonb_agg(c) into changes from (
      select software_id, status, archived_at is not null as archived, -count(*) as rows from old_rows group by 1, 2, 3) c;
  else
    select jsonb_agg(c) into changes from (
      select software_id, status, archived, sum(rows) as rows from (
        select software_id, status, archived_at is not null as archived, count(*) as rows from new_rows group by 1, 2, 3
        union all
        select software_id, status, archived_at is not null, -count(*) from old_rows group by 1, 2, 3) both_sides
      group by 1, 2, 3 having sum(rows) <> 0) c;
  end if;
  if changes is not null then
    perform count_inventory(changes);
  end if;
  return null;
end
$$;
create trigger saas_user_counted_insert after insert on saas_user
  referencing new table as new_rows for each statement execute function count_saas_users();
create trigger saas_user_counted_update after update on saas_user
  referencing old table as old_rows new table as new_rows for each statement execute function count_saas_users();
create trigger saas_user_counted_delete after delete on saas_user
  referencing old table as old_rows for each statement execute function count_saas_users();

-- The expression is that of saas-user-queries.ts. A search reads all that is pending, so little may be: 16 MB cost a first run of
-- 100,000 users 6 % of its time, and leaves a search beside it an eighth of the reading that 128 MB did.
create index saas_user_search on saas_user
  using gin ((coalesce(name, '') || ' ' || coalesce(email, '')) gin_trgm_ops)
  with (fastupdate = on, gin_pending_list_limit = 16384);
alter index person_search set (gin_pending_list_limit = 16384);
-- The few who are archived, in the order of the list.
create index person_archived on person ((coalesce(full_name, '')), id) where archived_at is not null;

-- The planner knows how selective a search is from statistics of the expression, which a new index does not have yet.
analyze saas_user;
