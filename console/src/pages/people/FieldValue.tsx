import type { Field } from "@rollcall/core/contract/fields.ts";
import { formatDateTime, formatNumber } from "../../ui/format-time.ts";
import { Nothing } from "../../ui/Nothing.tsx";

/** A value as its field's type says: `007` in a text field stays `007`. */
export function FieldValue({ value, type }: { readonly value: unknown; readonly type: Field["type"] | undefined }) {
  if (value === null || value === undefined || value === "") return <Nothing />;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (type === "number" && typeof value === "number") return formatNumber(value);
  if (type === "date-time" && typeof value === "string" && !Number.isNaN(Date.parse(value))) {
    return <time dateTime={value}>{formatDateTime(value)}</time>;
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
