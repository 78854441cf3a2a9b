import type { InstanceField } from "../contract/destinations.ts";
import type { AssignedUser } from "./plan-saas-users.ts";

type Members = Readonly<Record<string, unknown>>;

/** A JSON object's members; none of anything else. */
export function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** An id, which some answers give as a number. */
export function idOf(value: unknown): string | undefined {
  return (typeof value === "string" && value !== "") || typeof value === "number" ? String(value) : undefined;
}

/**
 * The errors of the elements of a partly successful answer, by the id that names the element. The forms are those of
 * oomnitza-api.md §5: `[{"saas_user_id", "error": null | text}]`, or the same by `user_id`.
 */
export function elementErrors(body: unknown): ReadonlyMap<string, string> {
  const elements = Array.isArray(body) ? body.map(membersOf) : [];
  return new Map(
    elements.flatMap((element) => {
      const id = idOf(element.saas_user_id) ?? idOf(element.user_id);
      const error = firstError(element);
      return id === undefined || error === null ? [] : [[id, error] as const];
    }),
  );
}

/** `error` or `errors` of an object; null when there is none. */
export function firstError(body: unknown): string | null {
  const { error, errors } = membersOf(body);
  const found = [error, errors].flat().find((each) => each !== null && each !== undefined && each !== "");
  return found === undefined ? null : (typeof found === "string" ? found : JSON.stringify(found)).slice(0, 300);
}

/** Undefined for an element without a person's id. */
export function readAssignedUser(value: unknown): AssignedUser | undefined {
  const { user_id, saas_user_id, user_external_id, roles } = membersOf(value);
  const userId = idOf(user_id);
  if (userId === undefined) return undefined;
  // The specification shows one object of roles, public pages a list of them.
  const labels = [roles].flat().flatMap((role) => {
    const { role_external_label, role_external_id } = membersOf(role);
    const label = idOf(role_external_label) ?? idOf(role_external_id);
    return label === undefined ? [] : [label];
  });
  return {
    userId,
    stateId: idOf(saas_user_id) ?? userId,
    externalId: idOf(user_external_id) ?? null,
    roles: labels,
  };
}

/** The metadata of a field; booleans come as texts there. Undefined when it has no name in the REST API. */
export function readInstanceField(value: unknown): InstanceField | undefined {
  const { uid, label, data_type, length, editable, optional, unique, searchhelp } = membersOf(value);
  const externalId = idOf(uid);
  if (externalId === undefined) return undefined;
  const size = Number(length ?? Number.NaN);
  return {
    externalId,
    label: idOf(label) ?? externalId,
    type: idOf(data_type) ?? null,
    length: Number.isInteger(size) ? size : null,
    editable: isYes(editable, true),
    mandatory: !isYes(optional, true),
    unique: isYes(unique, false),
    choices: (Array.isArray(searchhelp) ? searchhelp : []).flatMap((each) => {
      const choice = idOf(membersOf(each).value) ?? idOf(membersOf(each).id);
      return choice === undefined ? [] : [choice];
    }),
  };
}

function isYes(value: unknown, otherwise: boolean): boolean {
  return value === null || value === undefined ? otherwise : /^(1|true|yes|y)$/i.test(String(value));
}
