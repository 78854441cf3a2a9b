-- An older program can live with this.
-- An id carries its time to a quarter of a microsecond (RFC 9562 section 6.2, method 3), not to a millisecond: what one process writes
-- one after the other is then ordered by id as it was written.
create or replace function uuid7() returns uuid
language sql volatile parallel safe
as $$
  select (
    overlay(lpad(to_hex((extract(epoch from clock_timestamp()) * 4096000)::bigint), 15, '0') placing '7' from 13 for 0)
    || substr(gen_random_uuid()::text, 20)
  )::uuid
$$;
