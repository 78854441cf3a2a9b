import type { ConnectorCatalog } from "../features/integrations/connector-catalog.ts";
import type { VendorParts } from "./open-vendor-session.ts";

/** What running a sync needs; made in main.ts alone. */
export type SyncParts = VendorParts & {
  readonly connectors: ConnectorCatalog;
  readonly now: () => Date;
};
