import type { CreateDestination, UpdateDestination } from "@rollcall/core/contract/destinations.ts";
import { type FieldProblem, ProductError } from "@rollcall/core/errors.ts";
import { suggestNames } from "@rollcall/core/mapping/nearest-names.ts";
import type { Database, Queryable, Transaction } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Actor } from "../access/find-actor.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { findCredentialKind } from "../credentials/credential-queries.ts";
import { listFields } from "../fields/field-queries.ts";
import { settleAlarms } from "../notifications/settle-alarms.ts";
import { listKnownIntegrations } from "./destination-queries.ts";
import {
  deleteDestinationRow,
  insertDestination,
  isDestinationNameTaken,
  type LockedDestination,
  lockDestination,
  queueEverything,
  replaceFollows,
  requeueFailed,
  updateDestinationRow,
} from "./destination-store.ts";

/** @throws ProductError `request.invalid`, `destination.name_taken` */
export async function createDestination(database: Database, actor: Actor, given: CreateDestination): Promise<string> {
  return await inTransaction(database, async (transaction) => {
    await refuseProblems(transaction, given, given);
    const id = await insertDestination(transaction, { ...given, url: new URL(given.url).origin });
    if (id === null) {
      throw nameTaken(given.name);
    }
    await replaceFollows(transaction, id, given.follows);
    await audit(transaction, actor, "create", { id, name: given.name }, { credentialId: given.credentialId });
    return id;
  });
}

/** @throws ProductError `destination.not_found`, `request.invalid`, `destination.name_taken` */
export async function updateDestination(
  database: Database,
  actor: Actor,
  id: string,
  change: UpdateDestination,
  now: Date,
): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const destination = await locked(transaction, id);
    await refuseProblems(transaction, change, { ...destination, ...change });
    if (change.name !== undefined && (await isDestinationNameTaken(transaction, change.name, destination.id))) {
      throw nameTaken(change.name);
    }
    const url = change.url === undefined ? {} : { url: new URL(change.url).origin };
    await updateDestinationRow(transaction, destination.id, { ...change, ...url });
    if (change.enabled === false) await silence(transaction, destination, now);
    if (change.follows !== undefined) {
      await replaceFollows(transaction, destination.id, change.follows);
    }
    await audit(transaction, actor, "update", destination, { changed: Object.keys(change) });
  });
}

/** @throws ProductError `destination.not_found` */
export async function deleteDestination(database: Database, actor: Actor, id: string, now: Date): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const destination = await locked(transaction, id);
    await deleteDestinationRow(transaction, destination.id);
    await silence(transaction, destination, now);
    await audit(transaction, actor, "delete", destination);
  });
}

/** Returns how many records are queued. @throws ProductError `destination.not_found` */
export async function resynchronise(database: Database, actor: Actor, id: string): Promise<number> {
  return await inTransaction(database, async (transaction) => {
    const destination = await locked(transaction, id);
    const queued = await queueEverything(transaction, destination.id);
    await audit(transaction, actor, "resynchronise", destination, { queued });
    return queued;
  });
}

/** Returns how many records are tried again. @throws ProductError `destination.not_found` */
export async function retryFailed(database: Database, actor: Actor, id: string): Promise<number> {
  return await inTransaction(database, async (transaction) => {
    const destination = await locked(transaction, id);
    const queued = await requeueFailed(transaction, destination.id);
    await audit(transaction, actor, "retry", destination, { queued });
    return queued;
  });
}

export function destinationNotFound(id: string): ProductError {
  return new ProductError("destination.not_found", `There is no destination ${id}. List the destinations.`);
}

async function locked(transaction: Transaction, id: string): Promise<LockedDestination> {
  const destination = isUuid(id) ? await lockDestination(transaction, id) : undefined;
  if (destination === undefined) {
    throw destinationNotFound(id);
  }
  return destination;
}

/** @throws ProductError `request.invalid` with everything that is wrong */
async function refuseProblems(on: Queryable, change: UpdateDestination, result: BulkSettings): Promise<void> {
  const problems = [
    ...urlProblems(change.url),
    ...(await credentialProblems(on, change.credentialId)),
    ...(await fieldProblems(on, change.fields)),
    ...(await followProblems(on, change.follows)),
    ...bulkProblems(result),
  ];
  const [first] = problems;
  if (first !== undefined) {
    throw new ProductError("request.invalid", `The field ${first.pointer} ${first.message}.`, { problems });
  }
}

type BulkSettings = Pick<UpdateDestination, "mode" | "bulkConnector">;

function bulkProblems({ mode, bulkConnector }: BulkSettings): readonly FieldProblem[] {
  return mode !== "bulk" || typeof bulkConnector === "string"
    ? []
    : [
        {
          pointer: "/bulkConnector",
          message:
            "must be the number of an integration of the instance, or a basic connector's name, for the mode bulk",
        },
      ];
}

function urlProblems(url: string | undefined): readonly FieldProblem[] {
  if (url === undefined) {
    return [];
  }
  const { username, password, pathname, search, hash } = new URL(url);
  return username !== "" || password !== "" || pathname !== "/" || search !== "" || hash !== ""
    ? [{ pointer: "/url", message: "must be the address of the instance alone, such as https://example.oomnitza.com" }]
    : [];
}

async function credentialProblems(on: Queryable, id: string | undefined): Promise<readonly FieldProblem[]> {
  if (id === undefined) {
    return [];
  }
  const kind = await findCredentialKind(on, id);
  return kind === "api-key" || kind === "basic"
    ? []
    : [{ pointer: "/credentialId", message: "must be the id of a credential of the kind api-key or basic" }];
}

async function fieldProblems(on: Queryable, fields: UpdateDestination["fields"]): Promise<readonly FieldProblem[]> {
  if (fields === undefined) {
    return [];
  }
  const names = (await listFields(on, "person")).data.map(({ name }) => name);
  return fields.flatMap(({ field, externalId }, at) => [
    ...(names.includes(field)
      ? []
      : [{ pointer: `/fields/${at}/field`, message: `is no field of People. ${suggestNames(field, names)}` }]),
    ...(fields.findIndex((other) => other.externalId === externalId) === at
      ? []
      : [{ pointer: `/fields/${at}/externalId`, message: "is filled from another field already" }]),
  ]);
}

async function followProblems(on: Queryable, follows: UpdateDestination["follows"]): Promise<readonly FieldProblem[]> {
  if (follows === undefined) {
    return [];
  }
  const ids = follows.map(({ integrationId }) => integrationId);
  const known = await listKnownIntegrations(on, ids);
  return ids.flatMap((id, at) => {
    const message = !known.includes(id)
      ? "must be the id of an integration that is not archived"
      : ids.indexOf(id) === at
        ? null
        : "is followed already";
    return message === null ? [] : [{ pointer: `/follows/${at}/integrationId`, message }];
  });
}

function nameTaken(name: string): ProductError {
  return new ProductError("destination.name_taken", `Another destination is called "${name}". Choose another name.`, {
    problems: [{ pointer: "/name", message: "belongs to another destination" }],
  });
}

/** What is wrong with a destination that is switched off or gone is nobody's concern any more. */
async function silence(transaction: Transaction, { id, name }: LockedDestination, at: Date): Promise<void> {
  const subject = { kind: "destination", id } as const;
  await settleAlarms(transaction, { subject, subjectName: name, at, clear: ["push_stopped"] });
}

async function audit(
  transaction: Transaction,
  actor: Actor,
  verb: string,
  { id, name }: Pick<LockedDestination, "id" | "name">,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await recordAudit(transaction, {
    actorId: actor.accountId,
    action: `destination.${verb}`,
    target: "destination",
    targetId: id,
    details: { name, ...details },
  });
}
