import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { one, rows } from "@rollcall/server/postgres/query.ts";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import { aContact } from "../features/notifications/notification-fixtures.ts";
import { pruneTurn } from "./prune-messages.ts";

const going = new AbortController().signal;

type Told = {
  readonly title: string;
  /** Days ago. */
  readonly at: number;
  /** Days ago; null: not read. Absent: nobody was notified. */
  readonly read?: number | null;
  /** State and days since its end, or since it was last due. */
  readonly email?: readonly [state: string, days: number];
};

async function tell(database: Database, account: string, { title, at, read, email }: Told): Promise<void> {
  const { id } = await one<{ id: string }>(
    database,
    `insert into message (kind, trigger, subject_name, title, reason, next_step, path, at)
     values ('raised', 'failed', 'Legal', $1, '', '', '/', now() - $2 * interval '1 day') returning id`,
    [title, at],
  );
  if (read !== undefined) {
    await database.query(
      "insert into notification (message_id, account_id, read_at) values ($1, $2, now() - $3 * interval '1 day')",
      [id, account, read],
    );
  }
  if (email !== undefined) {
    await database.query(
      `with sent as (
         insert into outbox (channel, message_id, account_id, state, due_at, created_at)
         values ('email', $1, $2, $3, now() - $4 * interval '1 day', now() - $5 * interval '1 day') returning id)
       insert into delivery_attempt (outbox_id, ok, detail, milliseconds) select id, true, '', 1 from sent`,
      [id, account, ...email, at],
    );
  }
}

const countAll = `select
  (select count(*)::int from message) as messages, (select count(*)::int from notification) as notifications,
  (select count(*)::int from outbox) as deliveries, (select count(*)::int from delivery_attempt) as attempts`;

test("what was told and is over for longer than the days to keep goes, and nothing that is pending", async () => {
  await using test = await createTestDatabase();
  const { database } = test;
  const account = await aContact(database);
  const over: readonly Told[] = [
    { title: "over", at: 200, read: 150, email: ["sent", 199] },
    { title: "over and given up", at: 200, read: 150, email: ["failed", 100] },
    { title: "told to nobody", at: 91 },
  ];
  const kept: readonly Told[] = [
    { title: "young", at: 80, read: 79, email: ["sent", 80] },
    { title: "read lately", at: 200, read: 10, email: ["sent", 199] },
    { title: "not read", at: 200, read: null, email: ["skipped", 199] },
    { title: "waits", at: 200, read: 150, email: ["waiting", 199] },
    { title: "is being sent", at: 200, read: 150, email: ["sending", 199] },
    { title: "ended lately", at: 200, read: 150, email: ["sent", 10] },
  ];
  for (const each of [...over, ...kept]) await tell(database, account, each);

  assert.equal(await pruneTurn({ database, keepDays: 365 }, going), 0);
  await pruneTurn({ database, keepDays: 90 }, going);

  const left = await rows<{ title: string; notified: boolean; email: string | null }>(
    database,
    `select m.title, n.id is not null as notified, o.state as email from message m
     left join notification n on n.message_id = m.id left join outbox o on o.message_id = m.id order by m.title`,
  );
  assert.deepEqual(left, [
    { title: "ended lately", notified: false, email: "sent" },
    { title: "is being sent", notified: false, email: "sending" },
    { title: "not read", notified: true, email: null },
    { title: "read lately", notified: true, email: null },
    { title: "waits", notified: false, email: "waiting" },
    { title: "young", notified: true, email: "sent" },
  ]);
  assert.equal((await one<{ attempts: number }>(database, countAll)).attempts, 4);
});

test("old messages go in batches, by several processes at once", async () => {
  await using test = await createTestDatabase();
  const { database } = test;
  const account = await aContact(database);
  for (let index = 0; index < 25; index += 1) {
    await tell(database, account, { title: "over", at: 200, read: 150, email: ["sent", 199] });
  }
  const turns = await Promise.all([1, 2, 3].map(() => pruneTurn({ database, keepDays: 90 }, going, 2)));
  const last = await pruneTurn({ database, keepDays: 90 }, going, 2);
  assert.equal(last + turns.reduce((sum, count) => sum + count, 0), 75);
  assert.deepEqual(await one(database, countAll), { messages: 0, notifications: 0, deliveries: 0, attempts: 0 });
});
