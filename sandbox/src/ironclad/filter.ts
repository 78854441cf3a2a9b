import type { JsonObject, JsonValue } from "../population/ironclad-user.ts";

export type Condition = { readonly path: string; readonly operator: "==" | ">="; readonly value: string };

/**
 * `field==value` and `field>=value`, joined by ` and `; undefined when the text is anything else.
 * https://clickwrap-developer.ironcladapp.com/docs/retrieving-data-in-bulk
 */
export function readFilter(text: string): readonly Condition[] | undefined {
  if (text.trim() === "") return [];
  const conditions = text.split(" and ").map((part) => {
    const groups = /^\s*(?<path>[\w.]+)\s*(?<operator>==|>=)\s*(?<value>.*?)\s*$/s.exec(part)?.groups;
    if (groups?.path === undefined || groups.value === undefined) return undefined;
    const operator = groups.operator === ">=" ? (">=" as const) : ("==" as const);
    return { path: groups.path, operator, value: groups.value.replace(/^(["'])(.*)\1$/s, "$2") };
  });
  return conditions.every((condition) => condition !== undefined) ? conditions : undefined;
}

export function passesFilter(object: JsonObject, conditions: readonly Condition[]): boolean {
  return conditions.every(({ path, operator, value }) => {
    const found = valueAt(object, path);
    if (operator === "==") return String(found ?? null) === value;
    if (found === undefined || found === null) return false;
    return compareValues(found, typeof found === "number" ? Number(value) : value) >= 0;
  });
}

/** The value behind a dotted path; undefined when there is none. */
export function valueAt(object: JsonObject, path: string): JsonValue | undefined {
  return path.split(".").reduce<JsonValue | undefined>((value, key) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return (value as JsonObject)[key];
  }, object);
}

/** Numbers by size, everything else as text; nothing comes before something. */
export function compareValues(a: JsonValue | undefined, b: JsonValue | undefined): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [textOf(a), textOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function textOf(value: JsonValue | undefined): string {
  return value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
}
