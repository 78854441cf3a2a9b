import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Contacts, ListNotificationsQuery, Notification } from "@rollcall/core/contract/notifications.ts";
import { sql } from "kysely";
import type { Database, Queryable } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { maybeOne, one } from "../../postgres/query.ts";
import { readPage } from "../../postgres/read-page.ts";
import { listContacts } from "./recipient-queries.ts";

type NotificationRow = Omit<Notification, "at" | "readAt" | "account" | "email"> & {
  readonly at: Date;
  readonly readAt: Date | null;
  readonly accountId: string;
  readonly accountName: string;
  readonly emailState: NonNullable<Notification["email"]>["state"] | null;
  readonly emailSentAt: Date | null;
  readonly emailProblem: string | null;
};

const columns = `n.id, n.message_id as "messageId", m.at, m.kind, m.trigger, m.title, m.reason, m.next_step as "nextStep",
  m.integration_id as "integrationId", m.credential_id as "credentialId",
  m.destination_id as "destinationId", m.run_id as "runId", m.path,
  n.read_at as "readAt", n.account_id as "accountId", a.name as "accountName", o.state as "emailState",
  o.sent_at as "emailSentAt", o.last_error as "emailProblem"`;
const tables = `notification n join message m on m.id = n.message_id join account a on a.id = n.account_id
  left join outbox o on o.message_id = n.message_id and o.account_id = n.account_id`;

/** A notification's id begins with the time at which it was made, so that order by id is order by time. */
const keyset: Keyset = {
  list: "notifications",
  sorts: { at: { value: sql`n.id`, type: "uuid" } },
  defaultSort: "-at",
  id: { value: sql`n.id`, type: "uuid" },
};

/** Notifications of one account, or everybody's when `accountId` is null; the latest first. */
export async function listNotifications(
  database: Database,
  { all: _all, ...query }: ListNotificationsQuery,
  accountId: string | null,
): Promise<ListOf<Notification>> {
  const { unread, integrationId, trigger } = query;
  const pattern = containsPattern(query.q);
  const list = await readPage<NotificationRow>(
    database,
    keyset,
    { ...query, accountId },
    {
      columns: sql.raw(columns),
      from: sql.raw(tables),
      countFrom: sql`notification n join message m on m.id = n.message_id`,
      where: [
        ...(accountId === null ? [] : [sql`n.account_id = ${accountId}`]),
        ...(unread === undefined ? [] : [unread === "true" ? sql`n.read_at is null` : sql`n.read_at is not null`]),
        ...(integrationId === undefined ? [] : [sql`m.integration_id = ${integrationId}`]),
        ...(trigger === undefined ? [] : [sql`m.trigger = ${trigger}`]),
        ...(pattern === null ? [] : [sql`(m.title ilike ${pattern} or m.reason ilike ${pattern})`]),
      ],
    },
  );
  return { ...list, data: list.data.map(toNotification) };
}

/** A notification of the account; undefined when it is another's, or nobody's. */
export async function findNotification(
  on: Queryable,
  id: string,
  accountId: string,
): Promise<Notification | undefined> {
  const row = isUuid(id)
    ? await maybeOne<NotificationRow>(on, `select ${columns} from ${tables} where n.id = $1 and n.account_id = $2`, [
        id,
        accountId,
      ])
    : undefined;
  return row === undefined ? undefined : toNotification(row);
}

export async function countUnread(on: Queryable, accountId: string): Promise<number> {
  const text = "select count(*)::int as unread from notification where account_id = $1 and read_at is null";
  return (await one<{ unread: number }>(on, text, [accountId])).unread;
}

export async function wantsEmail(on: Queryable, accountId: string): Promise<boolean> {
  const row = await maybeOne<{ email: boolean }>(
    on,
    "select email from notification_preference where account_id = $1",
    [accountId],
  );
  return row?.email ?? true;
}

/** Whether the contacts of an integration will hear of trouble; undefined when there is no such integration. */
export async function findContacts(
  on: Queryable,
  integrationId: string,
  emailSetUp: boolean,
): Promise<Contacts | undefined> {
  const known =
    isUuid(integrationId) &&
    (await maybeOne(on, "select from integration where id = $1", [integrationId])) !== undefined;
  if (!known) {
    return undefined;
  }
  const contacts = await listContacts(on, integrationId);
  return {
    contacts: contacts.map(({ problems, ...contact }) => ({ ...contact, problems: [...problems] })),
    administratorsInstead: !contacts.some(({ inApp }) => inApp),
    emailSetUp,
  };
}

function toNotification(row: NotificationRow): Notification {
  const { at, readAt, accountId, accountName, emailState, emailSentAt, emailProblem, ...facts } = row;
  return {
    ...facts,
    at: at.toISOString(),
    readAt: readAt?.toISOString() ?? null,
    account: { id: accountId, name: accountName },
    email:
      emailState === null
        ? null
        : { state: emailState, sentAt: emailSentAt?.toISOString() ?? null, problem: emailProblem },
  };
}
