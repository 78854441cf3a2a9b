import type { JsonObject, JsonValue } from "../population/ironclad-user.ts";

/** A field of People: its name in the REST API, its internal id, its type. */
export type PersonField = {
  readonly uid: string;
  readonly internalId: string;
  readonly label: string;
  readonly type: "text" | "number" | "yes-no" | "date" | "dropdown";
  readonly editable: boolean;
  readonly mandatory?: boolean;
  readonly unique?: boolean;
  readonly length?: number;
  readonly choices?: readonly string[];
};

function text(uid: string, internalId: string, label: string, more: Partial<PersonField> = {}): PersonField {
  return { uid, internalId, label, type: "text", editable: true, length: 256, ...more };
}

/** The built-in fields, and three made by a customer, whose internal ids are 32 hex digits. */
export const personFields: readonly PersonField[] = [
  text("username", "USER", "User Name", { mandatory: true, unique: true }),
  text("email", "EMAIL", "Email", { mandatory: true, unique: true }),
  text("first_name", "FIRST_NAME", "First Name"),
  text("last_name", "LAST_NAME", "Last Name"),
  text("full_name", "FULL_NAME", "Full Name"),
  text("phone_number", "PHONE", "Phone"),
  text("address", "ADDRESS", "Address"),
  text("position", "POSITION", "Position"),
  text("external_id", "EXTERNAL_ID", "External Id"),
  { uid: "role", internalId: "PERMISSIONS_ID", label: "Role", type: "number", editable: true, mandatory: true },
  { uid: "suspended", internalId: "SUSPENDED", label: "Restrict Access", type: "yes-no", editable: true },
  { uid: "user_id", internalId: "USER_ID", label: "Id", type: "text", editable: false, unique: true },
  { uid: "uid", internalId: "UID", label: "Number", type: "number", editable: false, unique: true },
  { uid: "creation_date", internalId: "CREATION_DATE", label: "Created", type: "date", editable: false },
  { uid: "change_date", internalId: "CHANGE_DATE", label: "Changed", type: "date", editable: false },
  { uid: "version", internalId: "VERSION", label: "Version", type: "number", editable: false },
  text("locale", "0123456789abcdef0123456789abcdef", "Locale", { length: 32 }),
  { uid: "hire_date", internalId: "fedcba9876543210fedcba9876543210", label: "Hired", type: "date", editable: true },
  {
    uid: "department",
    internalId: "00112233445566778899aabbccddeeff",
    label: "Department",
    type: "dropdown",
    editable: true,
    choices: ["Legal", "Sales"],
  },
];

/** The metadata of People; numbers and booleans are texts there (docs/MetadataField.md of a generated client). */
export function personMeta(): readonly JsonObject[] {
  return personFields.map((field) => ({
    internal_id: field.internalId,
    uid: field.uid,
    label: field.label,
    data_type: dataTypes[field.type],
    subtype: field.type === "dropdown" ? "dropdown" : null,
    length: field.length ?? null,
    editable: field.editable ? "1" : "0",
    optional: field.mandatory === true ? "0" : "1",
    default_value: null,
    unique: field.unique === true ? "1" : "0",
    searchhelp: (field.choices ?? []).map((choice) => ({ id: choice, value: choice })),
    dependencies: null,
    flags: {},
  }));
}

const dataTypes = { text: "str", number: "int", "yes-no": "bool", date: "date", dropdown: "str" } as const;

export type ReadFields =
  | { readonly kind: "fields"; readonly fields: Record<string, JsonValue> }
  | { readonly kind: "refused"; readonly errors: readonly string[] };

/** The fields of a body as they are stored, or everything that is wrong with them. */
export function readPersonFields(body: JsonValue, ignoresEditable: boolean): ReadFields {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return { kind: "refused", errors: ["The body must be an object."] };
  }
  const errors: string[] = [];
  const fields: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(body as JsonObject)) {
    const field = personFields.find(({ uid }) => uid === name);
    if (field === undefined) errors.push(`${name}: there is no such field`);
    else if (!field.editable && !ignoresEditable) errors.push(`${name}: the field is not editable`);
    else {
      const stored = storedValue(field, value);
      if (stored === undefined) errors.push(`${name}: wrong value`);
      else fields[name] = stored;
    }
  }
  return errors.length > 0 ? { kind: "refused", errors } : { kind: "fields", fields };
}

/** Undefined when the value cannot be stored. A dropdown takes only what is listed (introduction of the public specification). */
function storedValue(field: PersonField, value: JsonValue): JsonValue | undefined {
  if (value === null || value === "") return field.mandatory === true ? undefined : null;
  switch (field.type) {
    case "text":
      if (typeof value !== "string" && typeof value !== "number") return undefined;
      return String(value).length > (field.length ?? 256) ? undefined : String(value);
    case "number":
      return /^-?\d+$/.test(String(value)) ? Number(value) : undefined;
    case "yes-no":
      return typeof value === "boolean" ? value : undefined;
    case "dropdown":
      return field.choices?.includes(String(value)) === true ? value : undefined;
    case "date":
      return readSeconds(value);
  }
}

/** UTC whatever the text says: an offset is ignored (introduction of the public specification). */
export function readSeconds(value: JsonValue): number | undefined {
  if (typeof value === "number") return Math.floor(value);
  const found = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?$/.exec(String(value));
  if (found === null) return undefined;
  const milliseconds = Date.parse(`${found[1]}T${found[2] ?? "00:00:00"}Z`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
