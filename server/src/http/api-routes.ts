import { accessRoutes } from "../features/access/access.routes.ts";
import { sessionRoutes } from "../features/access/session.routes.ts";
import { auditRoutes } from "../features/audit/audit.routes.ts";
import { catalogRoutes } from "../features/catalog/catalog.routes.ts";
import { credentialRoutes } from "../features/credentials/credentials.routes.ts";
import { destinationRoutes } from "../features/destinations/destinations.routes.ts";
import { disputeRoutes } from "../features/disputes/disputes.routes.ts";
import { fieldRoutes } from "../features/fields/fields.routes.ts";
import { connectorRoutes } from "../features/integrations/connectors.routes.ts";
import { integrationRoutes } from "../features/integrations/integrations.routes.ts";
import { notificationRoutes } from "../features/notifications/notifications.routes.ts";
import { peopleRoutes } from "../features/people/people.routes.ts";
import { runnerRoutes } from "../features/runners/runners.routes.ts";
import { runsRoutes } from "../features/runs/runs.routes.ts";
import { saasRoutes } from "../features/saas/saas.routes.ts";
import { scheduleRoutes } from "../features/schedules/schedules.routes.ts";
import { webhookRoutes } from "../features/webhooks/webhooks.routes.ts";
import type { App, AppParts } from "./app-parts.ts";

/** Everything under /api/v1. */
export const apiRoutes: readonly ((app: App, parts: AppParts) => Promise<void>)[] = [
  accessRoutes,
  auditRoutes,
  catalogRoutes,
  connectorRoutes,
  credentialRoutes,
  destinationRoutes,
  disputeRoutes,
  fieldRoutes,
  integrationRoutes,
  notificationRoutes,
  peopleRoutes,
  runnerRoutes,
  runsRoutes,
  saasRoutes,
  sessionRoutes,
  scheduleRoutes,
  webhookRoutes,
];
