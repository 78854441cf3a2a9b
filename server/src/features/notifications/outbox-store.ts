import type { Database, Queryable, Transaction } from "../../postgres/database.ts";
import { affected, one, rows } from "../../postgres/query.ts";
import { storableText } from "../../postgres/storable.ts";

/**
 * What leaves the house. A delivery is claimed and committed before it is sent and marked after the other side took it. All
 * times are the database's, since the processes' clocks may differ by more than a claim lives.
 *
 * A process that dies between the two leaves a claim that runs out, and the delivery is sent again under the same id
 * (Message-ID, webhook-id). So nothing is lost, and nothing is sent twice unless a process dies, or the connection breaks, within
 * the moment in which the other side has taken it and its yes is not committed here (RFC 5321 §6.1 has the same moment). Then the
 * id is the same, by which receivers recognise it. The other choice, to give up what is in doubt, could lose the one message
 * that says that nothing works.
 */
export type Claimed = {
  readonly id: string;
  readonly claim: string;
  /** This one included. */
  readonly attempts: number;
  readonly message: ClaimedMessage;
};

export type ClaimedMessage = {
  readonly id: string;
  readonly kind: "raised" | "recovered" | "test";
  readonly trigger: string;
  readonly subjectName: string;
  readonly title: string;
  readonly reason: string;
  readonly nextStep: string;
  readonly path: string;
  readonly integrationId: string | null;
  readonly credentialId: string | null;
  readonly destinationId: string | null;
  readonly runId: string | null;
  readonly at: Date;
};

type ClaimedRow = Omit<Claimed, "message"> & Omit<ClaimedMessage, "id"> & { readonly messageId: string };

export type ClaimedEmail = Claimed & {
  readonly to: { readonly name: string; readonly address: string } | null;
};

export type ClaimedWebhook = Claimed & {
  readonly endpointId: string;
  readonly enabled: boolean;
  readonly url: string;
  readonly sealedSecret: string;
  /** Null when there is none, or its time is over. */
  readonly sealedPrevious: string | null;
};

/** Longer than any attempt may take, so that a claim which is older belongs to a dead process. */
export const claimMinutes = 2;

const messageColumns = `m.id as "messageId", m.kind, m.trigger, m.subject_name as "subjectName", m.title, m.reason,
  m.next_step as "nextStep", m.path, m.integration_id as "integrationId", m.credential_id as "credentialId",
  m.destination_id as "destinationId",
  m.run_id as "runId", m.at`;

const claimDue = `with due as (
    select id from outbox where channel = $1 and due_at <= now()
      and (state = 'waiting' or state = 'sending' and claimed_at < now() - interval '${claimMinutes} minutes')
    order by due_at, id limit $2 for update skip locked),
  claimed as (
    update outbox o set state = 'sending', claim = gen_random_uuid(), claimed_at = now(), attempts = attempts + 1
    from due where o.id = due.id returning o.*)`;

/** Claims e-mails that are due; without an address when the account has none any more, is disabled, or unsubscribed. */
export async function claimEmails(database: Database, limit: number): Promise<readonly ClaimedEmail[]> {
  const found = await rows<ClaimedRow & { name: string; address: string | null }>(
    database,
    `${claimDue} select c.id, c.claim, c.attempts, ${messageColumns}, a.name,
       case when a.status = 'active' and coalesce(p.email, true) then a.email end as address
     from claimed c join message m on m.id = c.message_id join account a on a.id = c.account_id
     left join notification_preference p on p.account_id = a.id order by c.id`,
    ["email", limit],
  );
  return found.map(({ name, address, ...row }) => ({
    ...toClaimed(row),
    to: address === null ? null : { name, address },
  }));
}

/** Claims webhooks that are due. */
export async function claimWebhooks(database: Database, limit: number): Promise<readonly ClaimedWebhook[]> {
  const found = await rows<ClaimedRow & Omit<ClaimedWebhook, keyof Claimed>>(
    database,
    `${claimDue} select c.id, c.claim, c.attempts, ${messageColumns}, e.id as "endpointId", e.enabled, e.url,
       e.sealed_secret as "sealedSecret", case when e.previous_expires_at > now() then e.sealed_previous end as "sealedPrevious"
     from claimed c join message m on m.id = c.message_id join webhook_endpoint e on e.id = c.endpoint_id order by c.id`,
    ["webhook", limit],
  );
  return found.map(({ endpointId, enabled, url, sealedSecret, sealedPrevious, ...row }) => {
    return { ...toClaimed(row), endpointId, enabled, url, sealedSecret, sealedPrevious };
  });
}

export type AttemptLog = {
  readonly ok: boolean;
  readonly status: number | null;
  readonly detail: string;
  readonly milliseconds: number;
};

export type DeliveryEnd =
  | { readonly kind: "sent" }
  /** Tried again after so many seconds. */
  | { readonly kind: "later"; readonly seconds: number; readonly problem: string }
  | { readonly kind: "failed"; readonly problem: string }
  /** Nobody to send it to any more. */
  | { readonly kind: "skipped"; readonly problem: string };

/** Writes down how an attempt ended, unless the claim ran out meanwhile and the delivery is another's. */
export async function endAttempt(
  transaction: Transaction,
  { id, claim }: Pick<Claimed, "id" | "claim">,
  end: DeliveryEnd,
  log: AttemptLog | null,
): Promise<void> {
  const ended = await affected(
    transaction,
    `update outbox set state = $3, claim = null, claimed_at = null, last_error = $4,
       sent_at = case when $3 = 'sent' then now() else sent_at end, due_at = now() + $5 * interval '1 second'
     where id = $1 and claim = $2`,
    [
      id,
      claim,
      end.kind === "later" ? "waiting" : end.kind,
      end.kind === "sent" ? null : storableText(end.problem),
      end.kind === "later" ? end.seconds : 0,
    ],
  );
  if (ended === 1 && log !== null) {
    await transaction.query(
      "insert into delivery_attempt (outbox_id, ok, status, detail, milliseconds) values ($1, $2, $3, $4, $5)",
      [id, log.ok, log.status, storableText(log.detail), Math.round(log.milliseconds)],
    );
  }
}

/** Gives a claim back untried: the delivery waits, behind the others, in case it is to blame. */
export async function releaseClaim(on: Queryable, claim: string, problem: string): Promise<void> {
  await affected(
    on,
    `update outbox set state = 'waiting', claim = null, claimed_at = null, attempts = attempts - 1, last_error = $2, due_at = now()
     where claim = $1`,
    [claim, problem],
  );
}

/**
 * Gives up e-mails that have waited for a day while no process had a mail server: whoever sets one up later is not flooded
 * with what is long past. A server that is down is another matter; for that e-mails wait.
 */
export async function skipUnsendable(on: Queryable, beat: string): Promise<number> {
  return await affected(
    on,
    `update outbox set state = 'skipped', last_error = 'E-mail is not set up.'
     where channel = 'email' and state = 'waiting' and created_at < now() - interval '1 day'
       and not exists (select from beat where name = $1 and at > now() - interval '1 day')`,
    [beat],
  );
}

/** For the settings page. */
export async function readMailState(
  on: Queryable,
): Promise<{ readonly waiting: number; readonly problem: string | null }> {
  return await one(
    on,
    `select count(*)::int as waiting,
       (array_agg(last_error order by id desc) filter (where last_error is not null))[1] as problem
     from outbox where channel = 'email' and state in ('waiting', 'sending')`,
  );
}

function toClaimed({ id, claim, attempts, messageId, ...message }: ClaimedRow): Claimed {
  return { id, claim, attempts, message: { ...message, id: messageId } };
}
