create table credential (
  id uuid primary key default uuid7(),
  name text not null,
  kind text not null,
  -- Field name → JWE (RFC 7516) whose protected header binds the row and the field.
  sealed jsonb not null,
  -- Field name → last characters that may be shown, or the whole value of a field that is not secret.
  hints jsonb not null default '{}',
  owner_id uuid references account (id),
  expires_on date,
  last_test jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index credential_name on credential (comparable(name));

-- The vendor's access token, sealed like a credential and shared by all processes.
create table credential_token (
  credential_id uuid not null references credential (id) on delete cascade,
  token_url text not null,
  sealed text not null,
  fingerprint bytea not null,
  expires_at timestamptz,
  minted_at timestamptz not null default now(),
  primary key (credential_id, token_url)
);
