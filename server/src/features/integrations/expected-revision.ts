import { ProductError } from "@rollcall/core/errors.ts";
import type { IntegrationRow } from "./integration-row.ts";

/** Which revision a request was made for (`If-Match`); undefined when it does not say, null when it can be none. */
export type ExpectedRevision = number | null | undefined;

/** The entity tag of a revision, RFC 9110 section 8.8.3. */
export function revisionTag(revision: number): string {
  return `"${revision}"`;
}

/** Reads `If-Match` (RFC 9110 section 13.1.1): one tag of ours, or `*` for whatever there is. */
export function expectedRevision(header: string | undefined): ExpectedRevision {
  const text = header?.trim();
  if (text === undefined || text === "" || text === "*") {
    return undefined;
  }
  const digits = /^(?:W\/)?"(\d{1,9})"$/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** @throws ProductError `integration.changed` */
export function refuseOtherRevision({ name, revision }: IntegrationRow, expected: ExpectedRevision): void {
  if (expected !== undefined && expected !== revision) {
    const wanted = expected === null ? "a revision that If-Match does not name readably" : `revision ${expected}`;
    throw new ProductError(
      "integration.changed",
      `The change was made for ${wanted}, but integration ${name} is at revision ${revision}. Read it again and repeat the change.`,
      { details: { revision } },
    );
  }
}
