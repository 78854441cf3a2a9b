-- An older program can live with this.
-- To find what was told long ago. A delivery's due_at is the time of its end once it has one.
create index outbox_ended on outbox (due_at) where state in ('sent', 'failed', 'skipped');
create index notification_read on notification (read_at) where read_at is not null;
create index message_at on message (at);
