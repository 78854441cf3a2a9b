-- An older program can live with this.
-- How people sign in in the browser. Secrets are kept as hashes alone: tokens have 256 random bits, passwords go through scrypt.
create table password (
  account_id uuid primary key references account (id) on delete cascade,
  -- `$scrypt$ln=…,r=…,p=…$salt$hash`, so that the parameters can rise.
  hash text not null,
  changed_at timestamptz not null
);

-- A signed-in browser. It ends when it was not used for a while, or at expires_at; then the row means nothing.
create table session (
  id uuid primary key default uuid7(),
  account_id uuid not null references account (id) on delete cascade,
  token_hash bytea not null unique,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  address text not null,
  user_agent text not null
);
create index session_account on session (account_id);

-- Links that work once: the first start makes an administrator, an invitation lets an account choose its password.
create table one_time_link (
  token_hash bytea primary key,
  purpose text not null check (purpose in ('start', 'invitation')),
  account_id uuid unique references account (id) on delete cascade,
  expires_at timestamptz not null,
  check ((purpose = 'invitation') = (account_id is not null))
);
create unique index one_time_link_start on one_time_link (purpose) where purpose = 'start';

-- Attempts at signing in that did not succeed, counted since started_at. The key is a hash of the e-mail typed and the address.
create table sign_in_attempt (
  key bytea primary key,
  attempts integer not null,
  started_at timestamptz not null
);
