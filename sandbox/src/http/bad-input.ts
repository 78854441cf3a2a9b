/** What a caller of the control API, or a test, gave that the sandbox cannot use. */
export class BadInput extends Error {
  override readonly name = "BadInput";
}

export function readObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BadInput(`${capital(what)} must be a JSON object.`);
  }
  return value as Readonly<Record<string, unknown>>;
}

export function readKeys(
  value: Readonly<Record<string, unknown>>,
  what: string,
  needs: readonly string[],
  may: readonly string[],
): void {
  const missing = needs.filter((key) => value[key] === undefined);
  if (missing.length > 0) throw new BadInput(`${capital(what)} needs ${missing.join(", ")}.`);
  const unknown = Object.keys(value).filter((key) => !needs.includes(key) && !may.includes(key));
  if (unknown.length > 0) {
    throw new BadInput(`${capital(what)} has no ${unknown.join(", ")}. Known: ${[...needs, ...may].join(", ")}.`);
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
