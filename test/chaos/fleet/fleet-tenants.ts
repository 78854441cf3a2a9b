import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { type IroncladSandbox, startIroncladSandbox } from "@rollcall/sandbox/start-ironclad-sandbox.ts";
import { aUser } from "@rollcall/server/test/vendor-world.ts";
import type { Fleet } from "./fleet-processes.ts";
import { pick, type Random } from "./seeded.ts";

/** A vendor with one credential, whose budget all of its tenants share. */
export type FleetVendor = {
  readonly sandbox: IroncladSandbox;
  readonly requestsPerMinute: number;
  readonly tenants: readonly Tenant[];
};

/** An account at the vendor with people of its own, and the integration that reads it. */
export type Tenant = {
  readonly integrationId: string;
  readonly account: number;
  readonly domain: string;
  readonly sandbox: IroncladSandbox;
  readonly present: number[];
  readonly gone: number[];
};

export type TenantsOptions = {
  /** One for each vendor. */
  readonly requestsPerMinute: readonly number[];
  readonly usersPerTenant: number;
  /** The accounts that are told. */
  readonly contacts: readonly string[];
};

/** As many accounts as the sandbox has. */
const tenantsPerVendor = 2;

/** The schedule of every tenant: the shortest there is. */
export const everyMinute = { kind: "cron", expression: "* * * * *", timeZone: "UTC" } as const;

export async function openTenants(
  fleet: Fleet,
  options: TenantsOptions,
): Promise<AsyncDisposable & { readonly vendors: readonly FleetVendor[]; readonly tenants: readonly Tenant[] }> {
  await using opening = new AsyncDisposableStack();
  const vendors: FleetVendor[] = [];
  for (const [index, requestsPerMinute] of options.requestsPerMinute.entries()) {
    const sandbox = opening.use(
      await startIroncladSandbox({
        rateLimits: false,
        accounts: tenantsPerVendor,
        sites: tenantsPerVendor,
        users: [],
      }),
    );
    const { id: credentialId } = await fleet.ask<{ id: string }>("POST", "/credentials", {
      name: `Vendor ${index}`,
      kind: "ironclad-clickwrap",
      values: { clientId: sandbox.clientId, clientSecret: sandbox.clientSecret },
    });
    const tenants: Tenant[] = [];
    for (let place = 0; place < tenantsPerVendor; place += 1) {
      const number = index * tenantsPerVendor + place;
      const tenant = { account: 501 + place, domain: `tenant${number}.example`, sandbox, present: [], gone: [] };
      const integration = await fleet.ask<Integration>("POST", "/integrations", {
        name: `Tenant ${number}`,
        connector: "ironclad-clickwrap",
        credentialId,
        mode: "user-plus-saas",
        contacts: options.contacts,
        deactivate: true,
        guard: { enabled: false },
        schedule: everyMinute,
        inputs: { baseUrl: sandbox.url, accountId: tenant.account, requestsPerMinute },
      });
      for (let user = 1; user <= options.usersPerTenant; user += 1) join(tenant, number * 100_000 + user);
      await fleet.ask("POST", `/integrations/${integration.id}/launch`);
      tenants.push({ ...tenant, integrationId: integration.id });
    }
    vendors.push({ sandbox, requestsPerMinute, tenants });
  }
  const open = opening.move();
  return {
    vendors,
    tenants: vendors.flatMap(({ tenants }) => tenants),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

type Population = Pick<Tenant, "account" | "domain" | "sandbox" | "present" | "gone">;

/** Somebody comes, goes, comes back or is renamed. */
export function change(tenant: Population, random: Random): void {
  const { sandbox, present, gone } = tenant;
  switch (Math.floor(random() * 4)) {
    case 0:
      join(tenant, Math.max(...present, ...gone) + 1);
      break;
    case 1:
      move(pick(random, present), present, gone, (id) => sandbox.removeUsers({ ids: [id] }));
      break;
    case 2:
      move(pick(random, gone), gone, present, (id) => sandbox.restoreUsers([id]));
      break;
    default:
      rename(sandbox, pick(random, present), `Renamed ${Math.floor(random() * 1e9)}`);
  }
}

function join({ account, domain, sandbox, present }: Population, id: number): void {
  const { user } = aUser(domain, id);
  sandbox.addUsers([{ user, account, memberships: [{ site: account - 490, role: "member" }] }]);
  present.push(id);
}

function rename(sandbox: IroncladSandbox, id: number | undefined, name: string): void {
  if (id !== undefined) sandbox.changeUser(id, { set: { name } });
}

function move(id: number | undefined, from: number[], to: number[], happen: (id: number) => void): void {
  if (id === undefined) return;
  happen(id);
  from.splice(from.indexOf(id), 1);
  to.push(id);
}
