/**
 * A name made from a label, in camel case: `Cost centre` becomes `costCentre`. Null when the label has no letter of the basic
 * alphabet to begin with.
 */
export function fieldNameOf(label: string): string | null {
  const words = label
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  const name = words
    .map((word, index) => (index === 0 ? lowerStart(word) : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("")
    .slice(0, 64);
  return /^[a-z]/.test(name) ? name : null;
}

// `HR code` is hrCode, `eMail` stays.
function lowerStart(word: string): string {
  return /^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1);
}

/** Names that mean something else in the API's documents, in filters or in a plan. */
export const reservedFieldNames: ReadonlySet<string> = new Set([
  "id",
  "status",
  "statusReason",
  "protected",
  "archived",
  "attributes",
  "integrations",
  "externalId",
  "createdAt",
  "updatedAt",
]);
