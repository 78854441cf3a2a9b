-- An older program can live with this.
-- A connection plans what a trigger does once, for the first statement that it sees: a join of the old with the new rows, planned for a
-- seat that a person deactivated, compares each with each when a run updates 100,000 later. A difference of two sets has no such plan.
create or replace function note_seats_of_leavers() returns trigger
language plpgsql
as $$
declare
  people bigint[];
begin
  if tg_op = 'INSERT' then
    -- The foreign key has locked the people by now: it is checked row by row, before what is done for the statement.
    select array_agg(person_id) into people from new_rows where status = 'active' and archived_at is null;
  else
    select array_agg(person_id) into people from (
      select id, person_id from new_rows where status = 'active' and archived_at is null
      except
      select id, person_id from old_rows where status = 'active' and archived_at is null) as became_active;
    perform from person where id = any (people) order by id for key share;
  end if;
  insert into leaver select id from person where id = any (people) and status = 'inactive' order by id on conflict do nothing;
  return null;
end
$$;
