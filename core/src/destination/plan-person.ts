import type { DestinationField } from "../contract/destinations.ts";
import { type FieldType, isSameValue, outgoingValues, type RemoteRecord, type RemoteValue } from "./outgoing-value.ts";

export type PersonSettings = {
  readonly fields: readonly DestinationField[];
  readonly types: Readonly<Record<string, FieldType>>;
  readonly constants: Readonly<Record<string, RemoteValue>>;
  readonly suspendPeople: boolean;
};

export type WantedPerson = {
  /** By the inventory's field names. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly active: boolean;
};

export type PersonPlan =
  | { readonly kind: "create"; readonly body: Readonly<Record<string, RemoteValue>> }
  | {
      readonly kind: "update";
      readonly body: Readonly<Record<string, RemoteValue>>;
      readonly actions: readonly ("updated" | "suspended" | "resumed")[];
    }
  | { readonly kind: "unchanged" }
  /** Nobody is made only to be suspended. */
  | { readonly kind: "not-needed" };

/**
 * What has to be sent so that the instance's person is as the inventory's. Of what is there only what differs is sent; a new
 * person gets everything that is not empty, and the constants. `found` is undefined when there is none.
 */
export function planPerson(
  settings: PersonSettings,
  wanted: WantedPerson,
  found: RemoteRecord | undefined,
): PersonPlan {
  if (found === undefined) return planNewPerson(settings, wanted);
  const fields = settings.fields.filter(({ when }) => when === "always");
  const values = outgoingValues(fields, settings.types, wanted.values);
  const changed = Object.entries(values).filter(([externalId, value]) => !isSameValue(value, found[externalId]));
  const suspends = settings.suspendPeople && !isSameValue(!wanted.active, found.suspended ?? false);
  if (changed.length === 0 && !suspends) return { kind: "unchanged" };
  return {
    kind: "update",
    body: { ...Object.fromEntries(changed), ...(suspends ? { suspended: !wanted.active } : {}) },
    actions: [
      ...(changed.length > 0 ? (["updated"] as const) : []),
      ...(suspends ? [wanted.active ? ("resumed" as const) : ("suspended" as const)] : []),
    ],
  };
}

function planNewPerson({ fields, types, constants }: PersonSettings, wanted: WantedPerson): PersonPlan {
  if (!wanted.active) return { kind: "not-needed" };
  const values = outgoingValues(fields, types, wanted.values);
  const filled = Object.entries(values).filter(([, value]) => value !== null);
  return { kind: "create", body: { ...constants, ...Object.fromEntries(filled) } };
}

/** The columns a list has to tell so that `planPerson` can compare. */
export function comparedColumns({ fields, suspendPeople }: PersonSettings, keyColumn: string): readonly string[] {
  const columns = fields.filter(({ when }) => when === "always").map(({ externalId }) => externalId);
  return [...new Set(["user_id", keyColumn, ...columns, ...(suspendPeople ? ["suspended"] : [])])];
}
