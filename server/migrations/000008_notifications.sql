-- An older program can live with this.
-- What is wrong now, or was: one row per thing and trigger, whose changes of state are what people are told. The subject is
-- no foreign key, because telling that something is wrong with an integration must not wait for a run that holds it locked.
create table alarm (
  subject text not null check (subject in ('integration', 'credential', 'scheduler')),
  subject_id text not null,
  trigger text not null check (trigger in (
    'failed', 'incomplete', 'timed_out', 'did_not_start', 'needs_review', 'stale', 'credential_expiring', 'scheduler_dead')),
  open boolean not null,
  -- The lower, the more urgent; a lower one is a change of state. Days that are left, for a credential.
  level integer not null default 0,
  run_id uuid,
  changed_at timestamptz not null,
  primary key (subject, subject_id, trigger)
);
create index alarm_open on alarm (trigger) where open;

-- One change of state, told to everybody whom it concerns. It outlives what it is about.
create table message (
  id uuid primary key default uuid7(),
  kind text not null check (kind in ('raised', 'recovered', 'test')),
  trigger text not null,
  integration_id uuid,
  credential_id uuid,
  run_id uuid,
  subject_name text not null,
  title text not null,
  reason text not null,
  next_step text not null,
  -- Of the page to look at, below the public address.
  path text not null,
  at timestamptz not null default now()
);
create index message_integration on message (integration_id, id);

create table notification (
  id uuid primary key default uuid7(),
  message_id uuid not null references message (id) on delete cascade,
  account_id uuid not null references account (id) on delete cascade,
  read_at timestamptz,
  unique (message_id, account_id)
);
create index notification_account on notification (account_id, id);
create index notification_unread on notification (account_id) where read_at is null;

create table notification_preference (
  account_id uuid primary key references account (id) on delete cascade,
  email boolean not null default true,
  changed_at timestamptz not null default now()
);

create table webhook_endpoint (
  id uuid primary key default uuid7(),
  name text not null,
  url text not null,
  -- Empty: every event.
  events text[] not null default '{}',
  enabled boolean not null default true,
  -- Why the product itself switched it off.
  disabled_reason text,
  sealed_secret text not null,
  -- The secret before the last rotation; signs as well until it expires.
  sealed_previous text,
  previous_expires_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index webhook_endpoint_name on webhook_endpoint (comparable(name));

-- What has to leave the house, queued in the transaction of its cause. Its id is the e-mail's Message-ID.
create table outbox (
  id uuid primary key default uuid7(),
  channel text not null check (channel in ('email', 'webhook')),
  message_id uuid not null references message (id) on delete cascade,
  account_id uuid references account (id) on delete cascade,
  endpoint_id uuid references webhook_endpoint (id) on delete cascade,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed', 'skipped')),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  claim uuid,
  claimed_at timestamptz,
  sent_at timestamptz,
  last_error text,
  created_at timestamptz not null default now(),
  check ((channel = 'email') = (account_id is not null) and (channel = 'webhook') = (endpoint_id is not null)),
  unique (message_id, account_id),
  unique (message_id, endpoint_id)
);
create index outbox_due on outbox (channel, due_at) where state in ('waiting', 'sending');
create index outbox_endpoint on outbox (endpoint_id, id) where endpoint_id is not null;
create index outbox_account on outbox (account_id) where account_id is not null;

create table delivery_attempt (
  id bigint generated always as identity primary key,
  outbox_id uuid not null references outbox (id) on delete cascade,
  at timestamptz not null default now(),
  ok boolean not null,
  -- Of an HTTP or SMTP answer; null when there was none.
  status integer,
  detail text not null,
  milliseconds integer not null
);
create index delivery_attempt_outbox on delivery_attempt (outbox_id, id);
