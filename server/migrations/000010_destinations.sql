-- An older program can live with this.
-- An Oomnitza instance that is kept in step with what runs apply.
create table destination (
  id uuid primary key default uuid7(),
  name text not null,
  url text not null,
  credential_id uuid not null references credential (id),
  enabled boolean not null default true,
  sync_key text not null default 'username' check (sync_key in ('username', 'email')),
  -- [{field, externalId, when}]
  fields jsonb not null,
  -- External id → value that a new person gets.
  constants jsonb not null default '{}',
  suspend_people boolean not null default false,
  -- One worker pushes at a time; it renews the lease while it does.
  lease uuid,
  leased_until timestamptz,
  next_push_at timestamptz not null default now(),
  failures integer not null default 0,
  -- Why the last push came to nothing as a whole.
  problem text,
  last_push jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index destination_name on destination (comparable(name));
create index destination_credential on destination (credential_id);

create table destination_integration (
  destination_id uuid not null references destination (id) on delete cascade,
  integration_id uuid not null references integration (id) on delete cascade,
  -- Null: people only. The id is found by the name, or made, with the first push.
  saas_name text,
  saas_id text,
  primary key (destination_id, integration_id)
);
create index destination_integration_integration on destination_integration (integration_id);

-- By which id the instance knows our records; a renamed person is followed by it.
create table destination_person (
  destination_id uuid not null references destination (id) on delete cascade,
  person_id bigint not null,
  remote_id text not null,
  primary key (destination_id, person_id)
);
create index destination_person_remote on destination_person (destination_id, remote_id);

-- The state that was last pushed, since the instance's own is not among what its lists are known to tell; and the id by which
-- it is changed, since a deactivated user may be gone from the list.
create table destination_saas_user (
  destination_id uuid not null references destination (id) on delete cascade,
  saas_user_id bigint not null,
  state_id text not null,
  active boolean not null,
  primary key (destination_id, saas_user_id)
);

-- A record that has to be brought to the state of the inventory, queued in the transaction of its change.
create table destination_delivery (
  id bigint generated always as identity primary key,
  destination_id uuid not null references destination (id) on delete cascade,
  integration_id uuid not null,
  -- Both null: asked for by a full re-synchronisation.
  run_id uuid,
  change_id bigint,
  person_id bigint not null,
  saas_user_id bigint,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  -- What was done about it: created, updated, assigned, …
  actions text[] not null default '{}',
  code text,
  problem text,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index destination_delivery_waiting on destination_delivery (destination_id, due_at) where state = 'waiting';
create index destination_delivery_state on destination_delivery (destination_id, state, id);
create index destination_delivery_list on destination_delivery (destination_id, id);
create index destination_delivery_failed on destination_delivery (destination_id, person_id) where state = 'failed';
create index destination_delivery_ended on destination_delivery (destination_id, ended_at) where state = 'done';
