import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { Change, Run, RunError } from "@rollcall/core/contract/runs.ts";
import type { ExplicitUser, JsonObject } from "@rollcall/sandbox/population/ironclad-user.ts";
import {
  type IroncladSandbox,
  type IroncladSandboxOptions,
  startIroncladSandbox,
} from "@rollcall/sandbox/start-ironclad-sandbox.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { rows } from "@rollcall/server/postgres/query.ts";
import { must, type RollcallClient } from "./rollcall-client.ts";

/**
 * A vendor of its own with a launched integration, for one test. The tests of a file share the product and so its people: each
 * takes a mail domain of its own.
 */
export type VendorWorld = AsyncDisposable & {
  readonly sandbox: IroncladSandbox;
  readonly integration: Integration;
  readonly run: (body?: unknown) => Promise<Run>;
  /** Changes the integration's settings. */
  readonly set: (settings: Readonly<Record<string, unknown>>) => Promise<Integration>;
  /** What is known, by the vendor's key. */
  readonly known: () => Promise<Readonly<Record<string, KnownUser>>>;
  readonly errors: (run: Run) => Promise<RunError[]>;
  readonly changes: (run: Run) => Promise<Change[]>;
};

/** A link with its person and SaaS user, as the tables have them. */
export type KnownUser = {
  readonly personId: string;
  readonly email: string;
  readonly username: string;
  readonly name: string | null;
  readonly person: "active" | "inactive";
  readonly personBy: "run" | "person";
  readonly personReason: string | null;
  readonly archivedBy: string | null;
  readonly saas: "active" | "deactivated" | null;
  readonly saasReason: string | null;
  readonly saasUserId: string | null;
  readonly role: string | null;
  readonly link: boolean;
};

export type VendorWorldOptions = {
  readonly users: NonNullable<IroncladSandboxOptions["users"]>;
  /** Of the sandbox. */
  readonly sandbox?: Omit<IroncladSandboxOptions, "users">;
  /** Of the integration; deactivating without a guard when not said otherwise. */
  readonly settings?: Readonly<Record<string, unknown>>;
};

/** The product that a vendor is connected to: in this process, or in another one with its database at hand. */
export type VendorProduct = RollcallClient & { readonly database: Database };

export async function aVendor(rollcall: VendorProduct, options: VendorWorldOptions): Promise<VendorWorld> {
  await using starting = new AsyncDisposableStack();
  const { inputs, ...settings } = options.settings ?? {};
  const sandbox = starting.use(
    await startIroncladSandbox({ rateLimits: false, ...options.sandbox, users: options.users }),
  );
  const integration = await rollcall.launch({
    deactivate: true,
    guard: { enabled: false },
    ...settings,
    inputs: { baseUrl: sandbox.url, ...(inputs as object) },
  });
  const running = starting.move();
  return {
    sandbox,
    integration,
    run: (body) => rollcall.run(integration.id, body),
    set: (changed) => must(rollcall.api<Integration>("PATCH", `/integrations/${integration.id}`, changed)),
    known: () => knownUsers(rollcall.database, integration.id),
    errors: (run) => rollcall.all<RunError>(`/runs/${run.id}/errors`),
    changes: (run) => rollcall.all<Change>(`/runs/${run.id}/changes`),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export async function knownUsers(database: Database, integrationId: string): Promise<Record<string, KnownUser>> {
  const found = await rows<KnownUser & { key: string }>(
    database,
    `select l.vendor_key as key, p.id as "personId", p.email, p.username, p.full_name as name, p.status as person,
            p.status_by as "personBy", p.status_reason as "personReason", p.archived_by as "archivedBy", u.status as saas,
            u.deactivated_reason as "saasReason", u.id as "saasUserId", u.role, l.active as link
     from link l join person p on p.id = l.person_id left join saas_user u on u.id = l.saas_user_id
     where l.integration_id = $1 order by l.vendor_key`,
    [integrationId],
  );
  return Object.fromEntries(found.map(({ key, ...user }) => [key, user]));
}

/** User `n` of a mail domain: id n, a member of the first site. */
export function aUser(domain: string, n: number, changes: JsonObject = {}): ExplicitUser {
  return {
    user: {
      id: n,
      email: `user${n}@${domain}`,
      name: `User ${n}`,
      locale: "en-US",
      time_zone: "UTC",
      verified: true,
      verified_time: "2026-01-02T03:04:05.000Z",
      profiles: [
        { id: `p${n}`, provider: "local", displayName: `User ${n}`, emails: [`user${n}@${domain}`], photos: [] },
      ],
      ...changes,
    },
    memberships: [{ site: 11, role: "member" }],
  };
}

/** Users 1 to `count` of a mail domain. */
export function users(domain: string, count: number): ExplicitUser[] {
  return Array.from({ length: count }, (_, index) => aUser(domain, index + 1));
}

/** Every row of an integration's people, SaaS users and links, without the time of the last write. */
export async function recordsOf(database: Database, integrationId: string): Promise<readonly string[]> {
  const found = await rows<{ row: string }>(
    database,
    `select row from (
       select 1 as kind, p.id, (to_jsonb(p) - 'updated_at')::text as row from person p
       where p.id in (select person_id from link where integration_id = $1)
       union all
       select 2, u.id, (to_jsonb(u) - 'updated_at')::text from saas_user u
       where u.id in (select saas_user_id from link where integration_id = $1)
       union all
       select 3, l.person_id, to_jsonb(l)::text from link l where l.integration_id = $1) r
     order by kind, id, row`,
    [integrationId],
  );
  return found.map(({ row }) => row);
}

/** The counts of a run that are not zero. */
export function countsOf(run: Run): Partial<Run["counts"]> {
  return Object.fromEntries(Object.entries(run.counts).filter(([, count]) => count !== 0));
}
