create table integration (
  id uuid primary key default uuid7(),
  name text not null,
  connector text not null,
  status text not null default 'draft' check (status in ('draft', 'active', 'paused', 'archived')),
  credential_id uuid references credential (id),
  mode text not null default 'user-only' check (mode in ('user-only', 'user-plus-saas')),
  software_id uuid references software (id),
  -- How software_id came to be: chosen by a person, found by its catalog entry, or created from it.
  software_outcome text check (software_outcome in ('chosen', 'found', 'created')),
  deactivate boolean not null default false,
  person_deactivation text not null default 'when-unseen' check (person_deactivation in ('when-unseen', 'never')),
  installation text not null default 'cloud' check (installation in ('cloud', 'local')),
  preference text not null default 'create-update' check (preference in ('create-update', 'create-only', 'update-only')),
  integration_user uuid references account (id),
  inputs jsonb not null default '{}',
  schedule jsonb not null,
  mapping jsonb not null,
  filter jsonb not null,
  guard jsonb not null,
  revision integer not null default 1,
  -- What the last complete run saw; the tracking fields are derived from these.
  last_complete_run_id uuid,
  last_complete_started_at timestamptz,
  last_complete_credential text,
  last_test jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index integration_name on integration (comparable(name)) where status <> 'archived';
create index integration_credential on integration (credential_id);
create index integration_software on integration (software_id);

create table integration_contact (
  integration_id uuid not null references integration (id) on delete cascade,
  account_id uuid not null references account (id),
  primary key (integration_id, account_id)
);

create table integration_revision (
  integration_id uuid not null references integration (id) on delete cascade,
  number integer not null,
  document jsonb not null,
  changed_by uuid references account (id),
  changed_at timestamptz not null default now(),
  primary key (integration_id, number)
);

-- What "known" means: the lasting tie between a vendor's key and our records.
create table link (
  integration_id uuid not null,
  vendor_key text not null,
  person_id bigint not null references person (id),
  saas_user_id bigint references saas_user (id),
  -- Of the mapped values and the mapping's revision; null makes the next run compare field by field.
  content_hash bytea,
  active boolean not null default true,
  missing_runs integer not null default 0,
  -- Start of the last complete run that saw it; only kept once it is missing, before that it is the integration's own.
  last_seen_at timestamptz,
  first_run_id uuid,
  primary key (integration_id, vendor_key)
);
create index link_person on link (person_id);
create index link_saas_user on link (saas_user_id);
