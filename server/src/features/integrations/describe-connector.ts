import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { Authorization } from "@rollcall/core/connector/manifest-authorization.ts";
import type { Connector, ConnectorList, ConnectorSummary } from "@rollcall/core/contract/connectors.ts";
import { trackingFields } from "@rollcall/core/mapping/compile-sources.ts";

/** The connectors whose name, publisher or category contains `search`, and the console's grouping of them. */
export function listConnectors(manifests: readonly Manifest[], search: string): ConnectorList {
  const wanted = search.trim().toLowerCase();
  const data = manifests
    .filter(({ id, name, publisher, category }) =>
      [id, name, publisher, category].some((text) => text.toLowerCase().includes(wanted)),
    )
    .map(summaryOf);
  const groups = groupLabels.map(({ kind, label }) => ({
    kind,
    label,
    connectors: data.filter((connector) => connector.kind === kind).map(({ id }) => id),
  }));
  return { data, nextCursor: null, total: data.length, groups };
}

/** Everything a form for an integration of this connector needs to know. */
export function describeConnector(manifest: Manifest): Connector {
  return {
    ...summaryOf(manifest),
    credentialKinds: [...credentialKinds(manifest)],
    authorization: manifest.authorization.map(describeAuthorization),
    inputs: Object.entries(manifest.inputs).map(([name, input]) => ({ name, input })),
    fields: [
      ...manifest.fields.map((field) => ({ ...field, tracking: false })),
      ...trackingFields.map(({ id, label }) => ({ id, label, path: null, type: trackingType(id), tracking: true })),
    ],
    notProvided: manifest.notProvided,
    defaultMapping: { rules: manifest.defaultMapping, customFields: [] },
    catalog: manifest.catalog === null ? null : { ...manifest.catalog, logo: manifest.catalog.logo ?? null },
  };
}

/** Kinds of credential that an integration of the connector takes: the connector's own, and the general ones it can use. */
export function credentialKinds(manifest: Manifest): ReadonlySet<string> {
  return new Set([manifest.id, ...manifest.authorization.map(({ kind }) => kind)]);
}

/**
 * Why a runner cannot complete this kind of authorization by itself; null when it can. A browser for the consent, or a
 * signature with keys of the cloud, would be such reasons; a kind added to the vocabulary has to answer here.
 */
export function localRefusal(kind: Authorization["kind"]): string | null {
  return localRefusals[kind];
}

const localRefusals: Readonly<Record<Authorization["kind"], string | null>> = {
  "oauth2-client-credentials": null,
  bearer: null,
  basic: null,
  "api-key": null,
};

const groupLabels = [
  { kind: "users", label: "User integrations" },
  { kind: "assets", label: "Asset integrations" },
] as const;

function summaryOf({ id, name, publisher, category, kind }: Manifest): ConnectorSummary {
  return { id, name, publisher, category, kind };
}

function describeAuthorization({ kind, label, fields }: Authorization): Connector["authorization"][number] {
  const reason = localRefusal(kind);
  return {
    kind,
    label,
    fields: Object.entries(fields).map(([name, field]) => ({
      name,
      label: field.label,
      help: field.help ?? null,
      secret: field.secret,
    })),
    local: { possible: reason === null, reason },
  };
}

function trackingType(id: (typeof trackingFields)[number]["id"]): "text" | "date-time" {
  return id === "connector.syncTime" ? "date-time" : "text";
}
