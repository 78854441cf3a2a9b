import { characterCount } from "./storable-text.ts";

/**
 * Why a value of a vendor record could not be used, by stable code. Shown in a run's error list and in the preview of
 * a mapping; the documentation is generated from this table.
 */
export const valueProblemTable = {
  "mapping.wrong_type": {
    meaning: "The value is of another kind than the field (or the function) takes.",
    nextStep: "Choose another source, add a function (join, split, date-parse, boolean), or change the field's type.",
  },
  "mapping.too_long": {
    meaning: "The value has more characters or digits than the field holds.",
    nextStep: "Map it to a longer field, or take a part of it with split.",
  },
  "mapping.not_exact": {
    meaning: "The vendor sent a whole number beyond ±9,007,199,254,740,991, whose last digits JSON does not keep.",
    nextStep: "Map a field in which the vendor sends this number as text.",
  },
  "mapping.not_a_choice": {
    meaning: "The value is none of the field's choices.",
    nextStep: "Add the choice to the field, or translate the value with map-table.",
  },
  "mapping.bad_date": {
    meaning: "The value is not a date of the expected form, or no such day or time exists.",
    nextStep: "Add date-parse with the pattern the vendor uses.",
  },
  "mapping.bad_text": {
    meaning: "The text contains a NUL character or half of a surrogate pair and cannot be stored.",
    nextStep: "Correct the value at the vendor.",
  },
  "mapping.mandatory_empty": {
    meaning: "A mandatory field would be empty, so nothing of the record is written.",
    nextStep: "Fill the value in at the vendor, or add the function default.",
  },
  "mapping.sync_key_empty": {
    meaning: "The first sync key is empty, so no person can be found or created.",
    nextStep: "Fill the value in at the vendor, or choose another first sync key.",
  },
  "mapping.key_missing": {
    meaning: "The record has no readable id: absent, empty, not text or a whole number, or unreasonably long.",
    nextStep:
      "Report the record to the vendor; while it is like this, absence proves nothing and nobody is deactivated.",
  },
  "mapping.unknown_status": {
    meaning:
      "The vendor's status is neither on the connector's list of active nor of inactive ones. It changes nothing.",
    nextStep: "Report the status to the author of the connector.",
  },
  "mapping.not_read": {
    meaning: "The part of the record this field comes from was not read completely in this run.",
    nextStep: "See the gaps of the run; the next complete run writes the field.",
  },
} as const satisfies Record<string, { readonly meaning: string; readonly nextStep: string }>;

export type ValueProblemCode = keyof typeof valueProblemTable;

export type ValueProblem = {
  readonly kind: "problem";
  readonly code: ValueProblemCode;
  /** What would have fitted, in words. */
  readonly expected: string;
  /** What was there, redacted to its kind and length. */
  readonly found: string;
};

/** A problem with `found`, of which only the kind and the length are kept. */
export function valueProblem(code: ValueProblemCode, expected: string, found: unknown): ValueProblem {
  return { kind: "problem", code, expected, found: describeFound(found) };
}

/** The kind and length of a value in words; never the value itself, which may be personal data. */
export function describeFound(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string")
    return value === "" ? "empty text" : `text of ${counted(characterCount(value), "character")}`;
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "true or false";
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (typeof value === "object") return `object with ${counted(Object.keys(value).length, "field")}`;
  return "something that is not JSON";
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
