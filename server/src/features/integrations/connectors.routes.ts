import { connectorListSchema, connectorSchema, listConnectorsQuerySchema } from "@rollcall/core/contract/connectors.ts";
import { idParamsSchema } from "@rollcall/core/contract/listing.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { suggestNames } from "@rollcall/core/mapping/nearest-names.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import { describeConnector, listConnectors } from "./describe-connector.ts";

export async function connectorRoutes(app: App, { connectors }: AppParts): Promise<void> {
  app.get(
    "/connectors",
    {
      schema: { querystring: listConnectorsQuerySchema, response: { 200: connectorListSchema } },
      config: { permission: "connector.read", audit: "none" },
    },
    async (request) => listConnectors(connectors.list(), request.query.q ?? ""),
  );

  app.get(
    "/connectors/:id",
    {
      schema: { params: idParamsSchema, response: { 200: connectorSchema } },
      config: { permission: "connector.read", audit: "none" },
    },
    async (request) => {
      const manifest = connectors.get(request.params.id);
      if (manifest === undefined) {
        const ids = connectors.list().map(({ id }) => id);
        throw new ProductError(
          "connector.not_found",
          `There is no connector ${JSON.stringify(request.params.id)}. ${suggestNames(request.params.id, ids)}`,
          { details: { known: ids } },
        );
      }
      return describeConnector(manifest);
    },
  );
}
