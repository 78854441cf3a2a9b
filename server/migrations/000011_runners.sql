-- An older program can live with this, as long as no local integration is run.
-- A program on the customer's machine that reads vendors with a credential of its own.
create table runner (
  id uuid primary key default uuid7(),
  name text not null,
  -- False: only the integrations in runner_integration.
  all_integrations boolean not null,
  -- Secrets are kept as hashes alone. The code is exchanged for the token, once.
  code_hash bytea unique,
  code_expires_at timestamptz,
  token_hash bytea unique,
  enrolled_at timestamptz,
  last_seen_at timestamptz,
  version text,
  created_by uuid references account (id),
  created_at timestamptz not null default now()
);
create unique index runner_name on runner (comparable(name));

create table runner_integration (
  runner_id uuid not null references runner (id) on delete cascade,
  integration_id uuid not null references integration (id) on delete cascade,
  primary key (runner_id, integration_id)
);
create index runner_integration_integration on runner_integration (integration_id);

-- Who reads the vendor: the server's workers, or a runner. Planning and applying are always the server's.
alter table run add column reader text not null default 'server' check (reader in ('server', 'runner'));
-- The runner that read it last.
alter table run add column runner_id uuid references runner (id) on delete set null;
create index run_runner on run (runner_id) where runner_id is not null;
create index run_for_runners on run (id) where reader = 'runner' and status in ('queued', 'running');
