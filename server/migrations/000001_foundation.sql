-- An older program cannot live with this: it is the first.
create extension if not exists pg_trgm;

create schema if not exists stage;

-- RFC 9562 version 7: time-ordered, so that primary keys grow at one end. PostgreSQL 18 has its own; 14 to 17 do not.
create function uuid7() returns uuid
language sql volatile parallel safe
as $$
  select encode(
    set_bit(
      set_bit(
        overlay(uuid_send(gen_random_uuid())
          placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
        52, 1),
      53, 1),
    'hex')::uuid
$$;

-- The one way to compare sync keys: trimmed and case-insensitive.
create function comparable(value text) returns text
language sql immutable parallel safe
as $$ select lower(btrim(value, E' \t\n\r\f\v\u00a0')) $$;

create table account (
  id uuid primary key default uuid7(),
  kind text not null default 'person' check (kind in ('person', 'service')),
  email text,
  name text not null,
  role text not null default 'viewer',
  status text not null default 'active' check (status in ('active', 'disabled')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index account_email on account (comparable(email)) where email is not null;
create index account_name on account (name, id);

create table api_token (
  id uuid primary key default uuid7(),
  account_id uuid not null references account (id) on delete cascade,
  name text not null,
  token_hash bytea not null unique,
  scopes text[] not null default '{*}',
  expires_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);
create index api_token_account on api_token (account_id);

create table audit_event (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor_id uuid references account (id),
  action text not null,
  target text not null,
  target_id text,
  details jsonb not null default '{}'
);
create index audit_event_target on audit_event (target, target_id, id);
