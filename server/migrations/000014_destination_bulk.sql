-- An older program can live with this, as long as no push stops: its lists of messages cannot tell one about a destination.
-- How people reach an instance: a request each, or the bulk protocol of Oomnitza's own connector, which is not documented.
alter table destination add column mode text not null default 'requests' check (mode in ('requests', 'bulk'));
-- In whose name the bulk upload is made there: the number of an integration, or a basic connector's name.
alter table destination add column bulk_connector text;
alter table destination add constraint destination_bulk_connector check (mode <> 'bulk' or bulk_connector is not null);
-- The last upload that was finalised and of which the outcome is not known yet.
alter table destination add column bulk_portion uuid, add column bulk_portion_at timestamptz;

-- A push that stops is told to people.
alter table alarm drop constraint alarm_subject_check;
alter table alarm add constraint alarm_subject_check
  check (subject in ('integration', 'credential', 'scheduler', 'destination'));
alter table alarm drop constraint alarm_trigger_check;
alter table alarm add constraint alarm_trigger_check check (trigger in (
  'failed', 'incomplete', 'timed_out', 'did_not_start', 'needs_review', 'stale', 'credential_expiring', 'scheduler_dead',
  'push_stopped'));
alter table message add column destination_id uuid;

-- Whom an integration of an instance was sent in bulk uploads, written before each upload. Every later upload in its name names
-- them all, since what the end of an upload does to those it leaves out is not known. Outlives the destination for that reason.
create table bulk_sent (
  url text not null,
  connector text not null,
  -- The value of the sync key, as it was sent.
  sent_key text not null,
  -- Null until the person was found there.
  remote_id text,
  primary key (url, connector, sent_key)
);
