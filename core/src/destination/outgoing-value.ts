import type { DestinationField } from "../contract/destinations.ts";
import type { Field } from "../contract/fields.ts";

export type FieldType = Field["type"];
export type RemoteValue = string | number | boolean | null;
export type RemoteRecord = Readonly<Record<string, unknown>>;

/** The values of a person as the REST API is sent them, by external id. */
export function outgoingValues(
  fields: readonly DestinationField[],
  types: Readonly<Record<string, FieldType>>,
  person: Readonly<Record<string, unknown>>,
): Readonly<Record<string, RemoteValue>> {
  return Object.fromEntries(
    fields.map(({ field, externalId }) => [externalId, outgoingValue(types[field] ?? "short-text", person[field])]),
  );
}

/** Dates are sent in UTC with a Z and whole seconds, because an offset in the text is ignored (oomnitza-api.md §1). */
export function outgoingValue(type: FieldType, value: unknown): RemoteValue {
  if (value === null || value === undefined || value === "") return null;
  switch (type) {
    case "date-time": {
      const milliseconds = Date.parse(String(value));
      return Number.isNaN(milliseconds) ? String(value) : `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
    }
    case "number":
    case "decimal": {
      const number = Number(value);
      return Number.isFinite(number) && String(number) === String(value) ? number : String(value);
    }
    case "yes-no":
      return typeof value === "boolean" ? value : String(value);
    case "short-text":
    case "long-text":
    case "choice":
      return String(value);
  }
}

/**
 * Whether what the instance has is what we would send: nothing is null, absent or empty; a date may come back in seconds; a number
 * or a boolean as a text.
 */
export function isSameValue(sent: RemoteValue, found: unknown): boolean {
  if (found === null || found === undefined || found === "") return sent === null || sent === "";
  if (sent === null) return false;
  if (sent === found || String(sent) === String(found)) return true;
  if (typeof sent === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(sent)) {
    return secondsOf(found) === Date.parse(sent) / 1000;
  }
  return typeof sent === "boolean" && (found === Number(sent) || String(found) === String(Number(sent)));
}

/** Seconds, or a date whose offset, if there is one, means nothing. */
function secondsOf(value: unknown): number | undefined {
  if (typeof value === "number") return Math.floor(value);
  const text = String(value);
  if (/^\d{1,12}$/.test(text)) return Number(text);
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d))?/.exec(text);
  return found === null ? undefined : Date.parse(`${found[1]}T${found[2] ?? "00:00:00"}Z`) / 1000;
}
