import type { Field } from "@rollcall/core/contract/fields.ts";
import type { Person, UpdatePerson } from "@rollcall/core/contract/people.ts";

/** The texts of a form by field name; an empty text is no value. */
export type FieldTexts = Record<string, string>;

type FieldOf = Pick<Field, "name" | "builtIn" | "type">;

export function fieldValueOf(person: Person, { name, builtIn }: Pick<Field, "name" | "builtIn">): unknown {
  return builtIn ? (person as Readonly<Record<string, unknown>>)[name] : person.attributes[name];
}

/** What stands in the form's inputs: a date-time as its input wants it, in UTC, everything else as text. */
export function textOf(value: unknown, type: Field["type"]): string {
  if (value === null || value === undefined) return "";
  if (type === "date-time" && typeof value === "string") return value.slice(0, 19);
  return String(value);
}

/** The change a form asks for: only what differs from what the person had. The server types the texts by their fields. */
export function changeOf(person: Person, fields: readonly FieldOf[], texts: FieldTexts): UpdatePerson {
  const changed = fields.flatMap((field): [FieldOf, string | boolean | null][] => {
    const text = texts[field.name] ?? "";
    return text === textOf(fieldValueOf(person, field), field.type) ? [] : [[field, typed(text, field.type)]];
  });
  const own = changed.filter(([{ builtIn }]) => builtIn).map(([{ name }, value]) => [name, value]);
  const custom = changed.filter(([{ builtIn }]) => !builtIn).map(([{ name }, value]) => [name, value]);
  return { ...Object.fromEntries(own), ...(custom.length === 0 ? {} : { attributes: Object.fromEntries(custom) }) };
}

function typed(text: string, type: Field["type"]): string | boolean | null {
  if (text === "") return null;
  if (type === "yes-no") return text === "true";
  return type === "date-time" ? `${text.length === 16 ? `${text}:00` : text}Z` : text;
}
