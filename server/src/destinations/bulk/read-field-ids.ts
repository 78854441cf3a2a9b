import { type InternalIds, readInternalIds } from "@rollcall/core/destination/bulk-records.ts";
import type { PersonSettings } from "@rollcall/core/destination/plan-person.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Oomnitza } from "../open-oomnitza.ts";

/**
 * What the bulk protocol calls the fields that are sent.
 *
 * @throws ProductError `destination.bulk_unusable` when the instance does not tell it of every one
 */
export async function readFieldIds(
  oomnitza: Oomnitza,
  { fields, constants }: PersonSettings,
  keyColumn: string,
): Promise<InternalIds> {
  const { body } = await oomnitza.ask({ kind: "meta", method: "GET", path: "/users/meta" });
  const internalIds = readInternalIds(Array.isArray(body) ? body : []);
  const sent = [keyColumn, ...fields.map(({ externalId }) => externalId), ...Object.keys(constants)];
  const missing = [...new Set(sent)].filter((externalId) => !internalIds.has(externalId));
  if (missing.length > 0) {
    throw new ProductError(
      "destination.bulk_unusable",
      `The instance does not tell the internal id of ${missing.join(", ")}, by which the bulk protocol calls a field.`,
    );
  }
  return internalIds;
}
