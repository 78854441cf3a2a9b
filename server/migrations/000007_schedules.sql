-- An older program can live with this: it leaves the new columns empty.
-- When each launched integration is due next. The program keeps it in step with the integration.
create table schedule (
  integration_id uuid primary key references integration (id) on delete cascade,
  -- The integration's schedule that next_run_at was worked out from.
  document jsonb not null,
  paused boolean not null default false,
  next_run_at timestamptz,
  last_due_at timestamptz,
  last_fired_at timestamptz,
  -- Since when it has counted without a break: launched, resumed or changed. Before that nothing was promised.
  active_since timestamptz not null
);
create index schedule_due on schedule (next_run_at) where not paused;

-- The time a run was due by its schedule. Unique, so that no clock and no second process can make it fire twice.
alter table run add column due_at timestamptz;
create unique index run_due on run (integration_id, due_at) where due_at is not null;
alter table run_skip add column due_at timestamptz;
create unique index run_skip_due on run_skip (integration_id, due_at) where due_at is not null;

-- Loops that have to go on, each telling so by counting. A count cannot be moved by setting a clock.
create table beat (
  name text primary key,
  count bigint not null default 1,
  at timestamptz not null
);
