-- An older program can live with this, but would call an edit by hand that this one wrote an edited entry.
-- Who made a change by hand is part of what must not be edited. Changes of a run have no actor, so their digests stay.
create function change_digest(
  run_id uuid, kind text, vendor_key text, person_id bigint, saas_user_id bigint, before jsonb, after jsonb, reason text, withheld text,
  actor_id uuid
) returns bytea
language sql immutable parallel safe
as $$
  select case when actor_id is null
    then change_digest(run_id, kind, vendor_key, person_id, saas_user_id, before, after, reason, withheld)
    else sha256(change_digest(run_id, kind, vendor_key, person_id, saas_user_id, before, after, reason, withheld)
                || uuid_send(actor_id)) end
$$;

update change
set hash = change_digest(run_id, kind, vendor_key, person_id, saas_user_id, before, after, reason, withheld, actor_id)
where actor_id is not null;
