import { isDeepStrictEqual } from "node:util";
import type { Field } from "@rollcall/core/contract/fields.ts";
import type { UpdatePerson } from "@rollcall/core/contract/people.ts";
import { type FieldProblem, ProductError } from "@rollcall/core/errors.ts";
import type { Database, Transaction } from "../../postgres/database.ts";
import { sqlState } from "../../postgres/database-error.ts";
import { isBigint } from "../../postgres/ids.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Actor } from "../access/find-actor.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { listFields } from "../fields/field-queries.ts";
import { checkFieldValues } from "./check-attributes.ts";
import {
  forgetContentHashes,
  insertHandChange,
  type LockedPerson,
  lockPerson,
  type PersonDocument,
  setUniqueValue,
  updatePersonRow,
} from "./person-store.ts";

/**
 * Changes a person by hand. A value that is the same already counts as not given; when nothing is left, nothing is written.
 *
 * @throws ProductError `person.not_found`, `person.taken` naming the field, `request.invalid`
 */
export async function editPerson(database: Database, actor: Actor, id: string, change: UpdatePerson): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const person = isBigint(id) ? await lockPerson(transaction, id) : undefined;
    if (person === undefined) {
      throw personNotFound(id);
    }
    const fields = (await listFields(transaction, "person")).data;
    const after = whatChanges(person, valuesOf(fields, change), change);
    if (after === undefined) {
      return;
    }
    await naming(() => updatePersonRow(transaction, id, after));
    await keepUniqueValues(transaction, id, fields, after.document);
    await forgetContentHashes(transaction, id);
    await recordHistory(transaction, actor, id, person, after, fields);
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "person.update",
      target: "person",
      targetId: id,
      details: { fields: Object.keys(change) },
    });
  });
}

/** The values of a request by field name, typed; @throws ProductError `request.invalid` */
export function valuesOf(fields: readonly Field[], change: UpdatePerson): PersonDocument {
  const { status: _status, protected: _protected, archived: _archived, attributes = {}, ...builtIn } = change;
  const given = Object.fromEntries(Object.entries(builtIn).filter(([, value]) => value !== undefined));
  const own = checkFieldValues(
    fields.filter((field) => field.builtIn),
    given,
    "",
  );
  const custom = checkFieldValues(
    fields.filter((field) => !field.builtIn),
    attributes,
    "/attributes",
  );
  const problems = [own, custom].flatMap((checked) => (checked.kind === "refused" ? checked.problems : []));
  if (own.kind === "refused" || custom.kind === "refused") {
    throw invalid(problems);
  }
  return { ...own.values, ...custom.values };
}

type PersonAfter = Parameters<typeof updatePersonRow>[2];

/** What is different from the person as it is; undefined when nothing is. */
function whatChanges(person: LockedPerson, values: PersonDocument, change: UpdatePerson): PersonAfter | undefined {
  const document = Object.fromEntries(
    Object.entries(values).filter(([name, value]) => !isDeepStrictEqual(value, person.document[name] ?? null)),
  );
  const status = statusAfter(person.status, change);
  const isProtected = change.protected ?? person.protected;
  const same =
    Object.keys(document).length === 0 && isDeepStrictEqual(status, person.status) && isProtected === person.protected;
  return same ? undefined : { document, status, protected: isProtected };
}

function statusAfter(before: LockedPerson["status"], { status, archived }: UpdatePerson): LockedPerson["status"] {
  const archivedBy = archived === undefined ? before.archivedBy : archived ? (before.archivedBy ?? "person") : null;
  if (status === undefined || status === before.status) {
    return { ...before, archivedBy };
  }
  return { status, by: "person", reason: status === "inactive" ? "by hand" : null, runId: null, archivedBy };
}

/** @throws ProductError `person.taken` */
export async function keepUniqueValues(
  transaction: Transaction,
  id: string,
  fields: readonly Field[],
  document: PersonDocument,
): Promise<void> {
  for (const { name, unique, builtIn } of fields) {
    const value = document[name];
    if (unique && !builtIn && value !== undefined) {
      const set = await naming(
        () => setUniqueValue(transaction, id, name, value === null ? null : String(value)),
        `/attributes/${name}`,
      );
      if (!set) {
        throw taken(`/attributes/${name}`);
      }
    }
  }
}

/** Runs a write, and names the field when its value belongs to another person. */
export async function naming<Result>(write: () => Promise<Result>, pointer?: string): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (sqlState(error) === "23505" && error instanceof Error && "constraint" in error) {
      throw taken(pointer ?? (error.constraint === "person_email_key" ? "/email" : "/username"));
    }
    throw error;
  }
}

function taken(pointer: string): ProductError {
  return new ProductError("person.taken", `Another person has this value in the unique field ${pointer}.`, {
    problems: [{ pointer, message: "belongs to another person" }],
  });
}

/** Old and new of everything whose updates belong into history. */
async function recordHistory(
  transaction: Transaction,
  actor: Actor,
  personId: string,
  before: LockedPerson,
  after: PersonAfter,
  fields: readonly Field[],
): Promise<void> {
  const silent = new Set(fields.filter(({ history }) => !history).map(({ name }) => name));
  const names = Object.keys(after.document).filter((name) => !silent.has(name));
  const isArchived = (status: LockedPerson["status"]): boolean => status.archivedBy !== null;
  const flags = {
    protected: after.protected !== before.protected,
    archived: isArchived(after.status) !== isArchived(before.status),
  };
  const side = (document: PersonDocument, status: LockedPerson["status"], isProtected: boolean) => ({
    ...(names.length > 0 || flags.protected || flags.archived
      ? {
          person: {
            ...Object.fromEntries(names.map((name) => [name, document[name] ?? null])),
            ...(flags.protected ? { protected: isProtected } : {}),
            ...(flags.archived ? { archived: isArchived(status) } : {}),
          },
        }
      : {}),
    ...(isDeepStrictEqual(before.status, after.status) ? {} : { personStatus: status }),
  });
  const old = side(before.document, before.status, before.protected);
  if (Object.keys(old).length > 0) {
    await insertHandChange(transaction, {
      actorId: actor.accountId,
      kind: "edit",
      personId,
      saasUserId: null,
      before: old,
      after: side(after.document, after.status, after.protected),
    });
  }
}

function invalid(problems: readonly FieldProblem[]): ProductError {
  const [first] = problems;
  return new ProductError("request.invalid", `The field ${first?.pointer} ${first?.message}.`, { problems });
}

export function personNotFound(id: string): ProductError {
  return new ProductError("person.not_found", `There is no person ${id}.`);
}
