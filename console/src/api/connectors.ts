import type { Connector, ConnectorList } from "@rollcall/core/contract/connectors.ts";
import { itemOptions } from "./list-options.ts";

export const connectorsOptions = () => itemOptions<ConnectorList>("/connectors");
export const connectorOptions = (id: string) => itemOptions<Connector>(`/connectors/${encodeURIComponent(id)}`);
