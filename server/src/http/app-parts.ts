import type { IncomingMessage, ServerResponse } from "node:http";
import type { Permission } from "@rollcall/core/contract/access.ts";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Config } from "../config/config.ts";
import type { Actor } from "../features/access/find-actor.ts";
import type { DestinationProbe } from "../features/destinations/destination-probe.ts";
import type { ConnectorCatalog } from "../features/integrations/connector-catalog.ts";
import type { VendorProbe } from "../features/integrations/vendor-probe.ts";
import type { RunnerIdentity, RunnerIntake } from "../features/runners/runner-intake.ts";
import type { PlanActions } from "../features/runs/plan-actions.ts";
import type { Database } from "../postgres/database.ts";
import type { RunQueue } from "../queue/run-queue.ts";
import type { Vault } from "../vault/vault.ts";

/** What the routes work with; made in main.ts alone. */
export type AppParts = {
  readonly database: Database;
  readonly vault: Vault;
  readonly connectors: ConnectorCatalog;
  readonly queue: RunQueue;
  readonly plans: PlanActions;
  readonly vendor: VendorProbe;
  readonly intake: RunnerIntake;
  readonly destinations: DestinationProbe;
  readonly config: Config;
  readonly now: () => Date;
};

/** The HTTP application, whose handlers know their body, query and answer from the route's zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module "fastify" {
  /** Every route says who may call it and what the audit log says of it; `app.ts` refuses a route that does not. */
  interface FastifyContextConfig {
    permission: Permission | "public" | "runner";
    audit: `${string}.${string}` | "none";
  }
  interface FastifyRequest {
    /** Who is asking; an error on a public route. */
    actor: Actor;
    /** Which runner is asking; an error on every route that is not for runners. */
    runner: RunnerIdentity;
  }
}
