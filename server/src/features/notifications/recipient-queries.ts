import type { ContactProblem } from "@rollcall/core/contract/notifications.ts";
import type { Queryable } from "../../postgres/database.ts";
import { rows } from "../../postgres/query.ts";
import { permissionsOf } from "../access/find-actor.ts";
import type { AlarmSubject } from "./alarm-store.ts";

/** An account as somebody who may be told something. */
export type Contact = {
  readonly accountId: string;
  readonly name: string;
  readonly email: string | null;
  readonly problems: readonly ContactProblem[];
  readonly inApp: boolean;
  readonly byEmail: boolean;
};

type AccountFacts = Pick<Contact, "accountId" | "name" | "email"> & {
  readonly role: string;
  readonly active: boolean;
  readonly wantsEmail: boolean;
};

const accountFacts = `a.id as "accountId", a.name, a.email, a.role, a.status = 'active' as active,
  coalesce(p.email, true) as "wantsEmail"`;
const accounts = "account a left join notification_preference p on p.account_id = a.id";

/** The contacts of an integration, by name. */
export async function listContacts(on: Queryable, integrationId: string): Promise<readonly Contact[]> {
  const found = await rows<AccountFacts>(
    on,
    `select ${accountFacts} from ${accounts} join integration_contact c on c.account_id = a.id
     where c.integration_id = $1 order by a.name, a.id`,
    [integrationId],
  );
  return found.map(toContact);
}

/**
 * Who is told about a subject: the contacts of the integration, of the integrations that use the credential with its owner, or of
 * those that the destination follows, as far as they can be told anything; the administrators when there is nobody.
 */
export async function listRecipients(on: Queryable, subject: AlarmSubject): Promise<readonly Contact[]> {
  const own = (await listConcerned(on, subject)).filter(({ inApp }) => inApp);
  return own.length > 0 ? own : (await listAdministrators(on)).filter(({ inApp }) => inApp);
}

async function listConcerned(on: Queryable, { kind, id }: AlarmSubject): Promise<readonly Contact[]> {
  switch (kind) {
    case "integration":
      return await listContacts(on, id);
    case "scheduler":
      return [];
    case "destination": {
      const found = await rows<AccountFacts>(
        on,
        `select ${accountFacts} from ${accounts} where a.id in (
           select c.account_id from integration_contact c
           join destination_integration f on f.integration_id = c.integration_id
           join integration i on i.id = c.integration_id
           where f.destination_id = $1 and i.status in ('active', 'paused'))
         order by a.name, a.id`,
        [id],
      );
      return found.map(toContact);
    }
    case "credential": {
      const found = await rows<AccountFacts>(
        on,
        `select ${accountFacts} from ${accounts} where a.id in (
           select c.account_id from integration_contact c join integration i on i.id = c.integration_id
           where i.credential_id = $1 and i.status in ('active', 'paused')
           union select owner_id from credential where id = $1)
         order by a.name, a.id`,
        [id],
      );
      return found.map(toContact);
    }
  }
}

async function listAdministrators(on: Queryable): Promise<readonly Contact[]> {
  const found = await rows<AccountFacts>(
    on,
    `select ${accountFacts} from ${accounts} where a.role = 'administrator' and a.status = 'active' order by a.name, a.id`,
  );
  return found.map(toContact);
}

function toContact({ accountId, name, email, role, active, wantsEmail }: AccountFacts): Contact {
  const permitted = permissionsOf(role, ["*"]);
  const problems: ContactProblem[] = [
    ...(active ? [] : ["disabled" as const]),
    ...(permitted.includes("notification.read") && permitted.includes("run.read") ? [] : ["restricted" as const]),
    ...(wantsEmail ? [] : ["unsubscribed" as const]),
    ...(email === null ? ["no-email" as const] : []),
  ];
  const inApp = !problems.includes("disabled") && !problems.includes("restricted");
  return { accountId, name, email, problems, inApp, byEmail: inApp && wantsEmail && email !== null };
}
