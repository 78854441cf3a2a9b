-- An older program can live with this.
-- How many active users an application has by the day of their last activity, so that its statistics need not read a million of them.
-- Kept as inventory_count is: rows of one day are folded by who writes next, their sum counts.
create table seat_activity (
  software_id uuid not null,
  -- In UTC. Who was never active counts from the day the account was first seen. Null: the vendor does not tell.
  active_on date,
  rows bigint not null
);
create index seat_activity_software on seat_activity (software_id, active_on);

create function seat_active_on(activity_known boolean, last_activity timestamptz, created_at timestamptz) returns date
language sql immutable parallel safe
as $$
  select case when activity_known then (coalesce(last_activity, created_at) at time zone 'UTC')::date end
$$;

-- What another process writes between this count and its trigger would never be counted.
lock table saas_user in share row exclusive mode;
insert into seat_activity (software_id, active_on, rows)
  select software_id, seat_active_on(activity_known, last_activity, created_at), count(*)
  from saas_user where status = 'active' and archived_at is null group by 1, 2;

-- The changes may name a key more than once.
create or replace function count_inventory(changes jsonb) returns void
language sql
as $$
  with changed as (
    select software_id, status, archived, sum(rows) as rows
    from jsonb_to_recordset(changes) as c (software_id uuid, status text, archived boolean, rows bigint)
    group by 1, 2, 3 having sum(rows) <> 0),
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

create function count_activity(changes jsonb) returns void
language sql
as $$
  with changed as (
    select software_id, active_on, sum(rows) as rows
    from jsonb_to_recordset(changes) as c (software_id uuid, status text, archived boolean, active_on date, rows bigint)
    where status = 'active' and not archived
    group by 1, 2 having sum(rows) <> 0),
  folded as (
    delete from seat_activity where ctid = any (array(
      select a.ctid from seat_activity a
      where exists (select from changed c where c.software_id = a.software_id and c.active_on is not distinct from a.active_on)
      for update skip locked))
    returning software_id, active_on, rows)
  insert into seat_activity (software_id, active_on, rows)
  select software_id, active_on, sum(rows)
  from (select * from changed union all select * from folded) as parts
  group by 1, 2
  having sum(rows) <> 0
$$;

create or replace function count_saas_users() returns trigger
language plpgsql
as $$
declare
  changes jsonb;
begin
  if tg_op = 'INSERT' then
    select jsonb_agg(c) into changes from (
      select software_id, status, archived_at is not null as archived,
        seat_active_on(activity_known, last_activity, created_at) as active_on, count(*) as rows
      from new_rows group by 1, 2, 3, 4) c;
  elsif tg_op = 'DELETE' then
    select jsonb_agg(c) into changes from (
      select software_id, status, archived_at is not null as archived,
        seat_active_on(activity_known, last_activity, created_at) as active_on, -count(*) as rows
      from old_rows group by 1, 2, 3, 4) c;
  else
    select jsonb_agg(c) into changes from (
      select software_id, status, archived, active_on, sum(rows) as rows from (
        select software_id, status, archived_at is not null as archived,
          seat_active_on(activity_known, last_activity, created_at) as active_on, count(*) as rows
        from new_rows group by 1, 2, 3, 4
        union all
        select software_id, status, archived_at is not null, seat_active_on(activity_known, last_activity, created_at), -count(*)
        from old_rows group by 1, 2, 3, 4) both_sides
      group by 1, 2, 3, 4 having sum(rows) <> 0) c;
  end if;
  if changes is not null then
    perform count_inventory(changes);
    perform count_activity(changes);
  end if;
  return null;
end
$$;

-- The removal list: seats by how long they are idle, and of those who left the company.
create index saas_user_software_idle on saas_user (software_id, (coalesce(last_activity, created_at)), id)
  where status = 'active' and archived_at is null;
drop index saas_user_person;
create index saas_user_person on saas_user (person_id, software_id, status);
