import {
  type CreateDestination,
  type Destination,
  type DestinationField,
  defaultDestinationFields,
} from "@rollcall/core/contract/destinations.ts";

/** A destination's settings as a form holds them, and back. */

export type ConstantKind = "text" | "number" | "yes-no";
export type Constant = { readonly name: string; readonly kind: ConstantKind; readonly value: string };
export type Follow = {
  readonly integrationId: string;
  readonly peopleOnly: boolean;
  readonly saasName: string;
  readonly saasId: string;
};
export type DestinationValues = {
  name: string;
  url: string;
  credentialId: string | null;
  enabled: boolean;
  mode: Destination["mode"];
  bulkConnector: string;
  syncKey: Destination["syncKey"];
  fields: DestinationField[];
  constants: Constant[];
  suspendPeople: boolean;
  follows: Follow[];
};

export const newDestinationValues: DestinationValues = {
  name: "Oomnitza",
  url: "",
  credentialId: null,
  enabled: true,
  mode: "requests",
  bulkConnector: "",
  syncKey: "username",
  fields: [...defaultDestinationFields],
  constants: [{ name: "role", kind: "number", value: "" }],
  suspendPeople: false,
  follows: [],
};

export function valuesOf(destination: Destination): DestinationValues {
  const { name, url, credentialId, enabled, mode, bulkConnector, syncKey, fields, constants, suspendPeople, follows } =
    destination;
  return {
    name,
    url,
    credentialId,
    enabled,
    mode,
    bulkConnector: bulkConnector ?? "",
    syncKey,
    fields: [...fields],
    constants: Object.entries(constants).map(([key, value]) => ({
      name: key,
      kind: kindOf(value),
      value: textOf(value),
    })),
    suspendPeople,
    follows: follows.map(({ integrationId, saasName, saasId }) => ({
      integrationId,
      peopleOnly: saasName === null,
      saasName: saasName ?? "",
      saasId: saasId ?? "",
    })),
  };
}

/** What the API is sent; lines that were left empty are left out. */
export function bodyOf(values: DestinationValues): CreateDestination {
  const { bulkConnector, fields, constants, follows, credentialId } = values;
  return {
    ...values,
    credentialId: credentialId ?? "",
    bulkConnector: bulkConnector.trim() === "" ? null : bulkConnector.trim(),
    fields: fields.filter(({ field, externalId }) => field !== "" || externalId !== ""),
    constants: Object.fromEntries(
      constants.filter(({ name, value }) => name.trim() !== "" && value.trim() !== "").map(constantOf),
    ),
    follows: follows
      .filter(({ integrationId }) => integrationId !== "")
      .map(({ integrationId, peopleOnly, saasName, saasId }) => ({
        integrationId,
        ...(peopleOnly ? { saasName: null } : saasName.trim() === "" ? {} : { saasName }),
        saasId: peopleOnly || saasId.trim() === "" ? null : saasId.trim(),
      })),
  };
}

function constantOf({ name, kind, value }: Constant): readonly [string, string | number | boolean] {
  const typed = kind === "number" ? Number(value) : kind === "yes-no" ? value === "yes" : value;
  return [name.trim(), typed];
}

function kindOf(value: string | number | boolean): ConstantKind {
  if (typeof value === "boolean") return "yes-no";
  return typeof value === "number" ? "number" : "text";
}

function textOf(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}
