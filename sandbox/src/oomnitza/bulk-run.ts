import type { JsonObject, JsonValue } from "../population/ironclad-user.ts";
import { members } from "./oomnitza-request.ts";
import { addPerson, changePersonRecord, findPerson, hexId, type OomnitzaState, takenField } from "./oomnitza-state.ts";
import { personFields, readPersonFields } from "./person-fields.ts";

type Outcome = "added" | "updated" | "unchanged" | "skipped" | "failed";

type Portion = { readonly at: number; readonly document: Readonly<Record<string, JsonValue>> };

/** One run of the bulk protocol: portions that wait, and what became of the records of those that were looked at. */
export type BulkRun = {
  readonly id: string;
  readonly connector: string;
  readonly startedAt: number;
  readonly waiting: Portion[];
  readonly outcomes: { readonly outcome: Outcome; readonly message: string | null }[];
  /** Ids of the people whom it has sent. */
  readonly seen: Set<string>;
  finalizedAt: number | null;
  /** Whether what is done at its end was done. */
  isSettled: boolean;
  isCanceled: boolean;
  fatal: string | null;
};

/** The run of a portion, which begins with its first one. */
export function bulkRunOf(state: OomnitzaState, id: string, connector: string): BulkRun {
  const known = state.bulkRuns.get(id);
  if (known !== undefined) return known;
  const run: BulkRun = {
    id,
    connector,
    startedAt: state.now(),
    waiting: [],
    outcomes: [],
    seen: new Set(),
    finalizedAt: null,
    isSettled: false,
    isCanceled: false,
    fatal: null,
  };
  state.bulkRuns.set(id, run);
  return run;
}

/** Portions are looked at some time after they came; the client is not told what became of them but by the run log. */
export function processPortions(state: OomnitzaState): void {
  for (const run of state.bulkRuns.values()) {
    if (state.modes.bulkStart === "finalized" && run.finalizedAt === null) continue;
    while (run.waiting[0] !== undefined && state.now() - run.waiting[0].at >= state.modes.bulkMilliseconds) {
      const { document } = run.waiting.shift() as Portion;
      if (state.modes.bulkOutcome === "failed") run.fatal = "The portion could not be worked through.";
      else if (document.error_type === "Fatal Error") run.fatal = String(document.error ?? "");
      else if (document.error !== null && document.error !== undefined) {
        run.outcomes.push({ outcome: "failed", message: String(document.error) });
      } else {
        for (const record of Array.isArray(document.records) ? document.records : []) {
          run.outcomes.push(takeRecord(state, run, document, members(record)));
        }
      }
    }
    settle(state, run);
  }
}

/** Once, when everything of a finalized run was looked at. */
function settle(state: OomnitzaState, run: BulkRun): void {
  if (run.isSettled || run.finalizedAt === null || run.waiting.length > 0 || run.fatal !== null) return;
  run.isSettled = true;
  const before = state.bulkSeen.get(run.connector) ?? new Set();
  state.bulkSeen.set(run.connector, new Set([...before, ...run.seen]));
  if (state.modes.bulkAbsent === "kept") return;
  for (const userId of [...before].filter((each) => !run.seen.has(each))) {
    const person = findPerson(state, userId);
    if (person !== undefined) changePersonRecord(state, person, { suspended: true });
    for (const { users } of state.applications.values()) {
      const user = users.get(userId);
      if (user !== undefined) user.active = false;
    }
  }
}

function takeRecord(
  state: OomnitzaState,
  run: BulkRun,
  document: Readonly<Record<string, JsonValue>>,
  record: Readonly<Record<string, JsonValue>>,
): BulkRun["outcomes"][number] {
  const { SAAS: saas, ...byInternalId } = record;
  const body: Record<string, JsonValue> = {};
  for (const [internalId, value] of Object.entries(byInternalId)) {
    const field = personFields.find((each) => each.internalId === internalId);
    if (field === undefined) return { outcome: "failed", message: `${internalId}: there is no such field` };
    body[field.uid] =
      field.type === "number" && typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  }
  const read = readPersonFields(body, false);
  if (read.kind === "refused") return { outcome: "failed", message: read.errors.join("; ") };
  const [key = "USER"] = Array.isArray(document.sync_field) ? document.sync_field.map(String) : ["USER"];
  const keyField = personFields.find((each) => each.internalId === key)?.uid ?? "username";
  const person = state.people.values().find((each) => each[keyField] === read.fields[keyField]);
  if (person === undefined) {
    if (document.update_only === true) return { outcome: "skipped", message: "update only" };
    if (takenField(state, read.fields, undefined) !== undefined)
      return { outcome: "failed", message: "a value is taken" };
    const userId = String(addPerson(state, read.fields).user_id);
    run.seen.add(userId);
    assign(state, saas, userId);
    return { outcome: "added", message: null };
  }
  run.seen.add(String(person.user_id));
  if (document.insert_only === true) return { outcome: "skipped", message: "insert only" };
  const isChanged = Object.entries(read.fields).some(([name, value]) => person[name] !== value);
  if (isChanged) changePersonRecord(state, person, read.fields);
  assign(state, saas, String(person.user_id));
  return { outcome: isChanged ? "updated" : "unchanged", message: null };
}

function assign(state: OomnitzaState, saas: JsonValue | undefined, userId: string): void {
  const { selected_saas_id, sync_key } = members(saas);
  const application = state.applications.get(String(selected_saas_id ?? ""));
  const person = findPerson(state, userId);
  if (application === undefined || person === undefined) return;
  const known = application.users.get(userId);
  const ownId = hexId(Number(application.id) * 1_000_000 + Number(person.uid));
  application.users.set(userId, {
    userId,
    ownId,
    roles: known?.roles ?? [],
    externalId: typeof sync_key === "string" ? sync_key : (known?.externalId ?? null),
    active: true,
  });
}

/** A line of the run log. */
export function describeBulkRun(run: BulkRun): JsonObject {
  const count = (outcome: Outcome) => run.outcomes.filter((each) => each.outcome === outcome).length;
  return {
    portion_id: run.id,
    portion_correlation_id: run.id,
    connector: run.connector,
    start_time: Math.floor(run.startedAt / 1000),
    end_time: run.finalizedAt === null ? null : Math.floor(run.finalizedAt / 1000),
    status: statusOf(run),
    test_run: false,
    added_records_count: count("added"),
    updated_records_count: count("updated"),
    skipped_records_count: count("skipped"),
    error_logs_count: count("failed") + (run.fatal === null ? 0 : 1),
    logs: {
      ...Object.fromEntries(
        (["added", "updated", "unchanged", "skipped", "failed"] as const).map((each) => [each, count(each)]),
      ),
      canceled: run.isCanceled ? 1 : 0,
      processing: run.waiting.length,
      messages: run.outcomes.flatMap(({ message }) => (message === null ? [] : [message])),
      ...(run.fatal === null ? {} : { "Fatal Error": run.fatal }),
    },
  };
}

function statusOf(run: BulkRun): string {
  if (run.fatal !== null) return "failed";
  if (run.isCanceled) return "canceled";
  if (run.finalizedAt === null || run.waiting.length > 0) return "processing";
  return run.outcomes.length === 0 ? "completed with empty response" : "completed";
}
