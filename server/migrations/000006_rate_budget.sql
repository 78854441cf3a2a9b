-- Permissions to send requests, given out in small blocks, so that all processes together keep a vendor's limit.
create table rate_grant (
  bucket text not null,
  id bigint generated always as identity,
  granted_at timestamptz not null default clock_timestamp(),
  permissions integer not null check (permissions > 0),
  primary key (bucket, id)
);
