-- An older program can live with this.
-- Who left the company and may still have a seat, for the removal lists: everybody who is inactive and has an active seat is here, and
-- others for a while. Without it, all who ever left are looked up among all seats.
--
-- Writers enter people and never take them out, so that they need not wait for each other: whoever makes people inactive, those, and
-- whoever makes seats active, theirs who are inactive. One who does either while another does the other may not see it. That is why
-- who takes people out (server/src/features/saas/leaver-store.ts) locks them first, so that nobody is at it: against making them
-- inactive by their own lock, against making a seat active by a key share lock of the seat's writer.
create table leaver (
  person_id bigint primary key
);

create function note_leavers() returns trigger
language plpgsql
as $$
begin
  insert into leaver select id from new_rows where status = 'inactive' order by id on conflict do nothing;
  return null;
end
$$;

create function note_seats_of_leavers() returns trigger
language plpgsql
as $$
declare
  people bigint[];
begin
  if tg_op = 'INSERT' then
    -- The foreign key has locked the people by now: it is checked row by row, before what is done for the statement.
    select array_agg(person_id) into people from new_rows where status = 'active' and archived_at is null;
  else
    select array_agg(n.person_id) into people from new_rows n join old_rows o on o.id = n.id
    where n.status = 'active' and n.archived_at is null
      and (o.status <> 'active' or o.archived_at is not null or o.person_id <> n.person_id);
    perform from person where id = any (people) order by id for key share;
  end if;
  insert into leaver select id from person where id = any (people) and status = 'inactive' order by id on conflict do nothing;
  return null;
end
$$;

-- Nobody writes between what is entered here and the triggers.
lock table person, saas_user in share row exclusive mode;
insert into leaver
  select p.id from person p where p.status = 'inactive'
    and exists (select from saas_user u where u.person_id = p.id and u.status = 'active' and u.archived_at is null);

create trigger person_left_update after update on person
  referencing new table as new_rows for each statement execute function note_leavers();
create trigger saas_user_left_insert after insert on saas_user
  referencing new table as new_rows for each statement execute function note_seats_of_leavers();
create trigger saas_user_left_update after update on saas_user
  referencing old table as old_rows new table as new_rows for each statement execute function note_seats_of_leavers();
