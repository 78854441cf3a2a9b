import { createFaultSchedule, type FaultRule, type FaultSchedule } from "../faults/fault-schedule.ts";
import { createTraffic, type Traffic } from "../http/traffic.ts";
import type { JsonObject, JsonValue } from "../population/ironclad-user.ts";
import type { BulkRun } from "./bulk-run.ts";

/** What no public page says about Oomnitza's API, as a choice each; the first is the default. */
export type OomnitzaModes = {
  /** Which id `saas_users/activate` and `/deactivate` want; `own` is another one, told by the list of assigned users. */
  readonly saasUserIds: "user-id" | "own";
  /** What a second person of the same username meets; `allowed` shows every blind repetition as a double. */
  readonly duplicates: "refused" | "allowed";
  /** What a successful bulk assignment is answered with. */
  readonly assignAnswer: "elements" | "empty";
  /** Whether a deactivated SaaS user stays in the list of assigned users. */
  readonly deactivatedUsers: "absent" | "listed";
  /** Above it a `limit` counts as this number. */
  readonly maxPageSize: number;
  /** How long a portion of the bulk protocol stays "processing". */
  readonly bulkMilliseconds: number;
  /** Whether a portion is looked at when it comes, or when its run is finalized. */
  readonly bulkStart: "at-once" | "finalized";
  /** Whether portions are worked through, or their run fails after everything was taken with a 200. */
  readonly bulkOutcome: "processed" | "failed";
  /** What becomes, when a run is finalized, of people whom its connector sent before and did not send this time. */
  readonly bulkAbsent: "kept" | "deactivated";
};

export const defaultOomnitzaModes: OomnitzaModes = {
  saasUserIds: "user-id",
  duplicates: "refused",
  assignAnswer: "elements",
  deactivatedUsers: "absent",
  maxPageSize: 500,
  bulkMilliseconds: 0,
  bulkStart: "at-once",
  bulkOutcome: "processed",
  bulkAbsent: "kept",
};

export type SaasUser = {
  readonly userId: string;
  readonly ownId: string;
  externalId: string | null;
  /** Labels of the application's roles. */
  roles: readonly string[];
  active: boolean;
};

export type Application = {
  readonly id: string;
  readonly facts: Record<string, JsonValue>;
  readonly users: Map<string, SaasUser>;
  /** Label → role. */
  readonly roles: Map<string, { readonly id: string; readonly externalId: string; readonly label: string }>;
};

/** One request that writes, as it came. */
export type ReceivedWrite = { readonly call: string; readonly path: string; readonly body: JsonValue; status?: number };

export type PersonRecord = Record<string, JsonValue>;

export type OomnitzaState = {
  readonly modes: OomnitzaModes;
  readonly credentials: { readonly token: string; readonly username: string; readonly password: string };
  /** By user_id. */
  readonly people: Map<string, PersonRecord>;
  /** By the value of a unique field, in lower case. */
  readonly peopleByValue: Map<string, PersonRecord>;
  readonly applications: Map<string, Application>;
  readonly bulkRuns: Map<string, BulkRun>;
  /** By connector: the ids of the people whom its runs have sent. */
  readonly bulkSeen: Map<string, Set<string>>;
  readonly configurations: readonly JsonObject[];
  readonly received: ReceivedWrite[];
  readonly faults: FaultSchedule;
  readonly traffic: Traffic;
  readonly now: () => number;
};

export type OomnitzaSeed = {
  readonly modes?: Partial<OomnitzaModes>;
  readonly credentials?: Partial<OomnitzaState["credentials"]>;
  /** People that are there already; what is missing of a record is filled in. */
  readonly people?: readonly JsonObject[];
  readonly applications?: readonly { readonly saas_name: string }[];
  /** What `check_managed` hands out, once each. */
  readonly configurations?: readonly JsonObject[];
  readonly faults?: readonly FaultRule[];
  readonly now?: () => number;
};

export function createOomnitzaState(seed: OomnitzaSeed): OomnitzaState {
  const state: OomnitzaState = {
    modes: { ...defaultOomnitzaModes, ...seed.modes },
    credentials: {
      token: "oomnitza-sandbox-token",
      username: "sandbox",
      password: "sandbox-password",
      ...seed.credentials,
    },
    people: new Map(),
    peopleByValue: new Map(),
    applications: new Map(),
    bulkRuns: new Map(),
    bulkSeen: new Map(),
    configurations: seed.configurations ?? [],
    received: [],
    faults: createFaultSchedule(seed.faults ?? []),
    traffic: createTraffic(),
    now: seed.now ?? Date.now,
  };
  for (const person of seed.people ?? []) addPerson(state, person);
  for (const application of seed.applications ?? []) addApplication(state, application);
  return state;
}

/** Puts a person into the instance; `user_id` is 32 hex digits, `uid` a number. */
export function addPerson(state: OomnitzaState, given: JsonObject): PersonRecord {
  const uid = state.people.size + 1;
  const seconds = Math.floor(state.now() / 1000);
  const person: PersonRecord = {
    uid,
    user_id: hexId(uid),
    username: null,
    email: null,
    first_name: null,
    last_name: null,
    full_name: null,
    role: null,
    suspended: false,
    creation_date: seconds,
    ...given,
    version: 1,
    change_date: seconds,
  };
  state.people.set(String(person.user_id), person);
  indexPerson(state, person);
  return person;
}

export function changePersonRecord(state: OomnitzaState, person: PersonRecord, fields: JsonObject): void {
  for (const key of valueKeys(person)) if (state.peopleByValue.get(key) === person) state.peopleByValue.delete(key);
  Object.assign(person, fields, {
    version: Number(person.version) + 1,
    change_date: Math.floor(state.now() / 1000),
  });
  indexPerson(state, person);
}

export function removePerson(state: OomnitzaState, person: PersonRecord): void {
  state.people.delete(String(person.user_id));
  for (const key of valueKeys(person)) if (state.peopleByValue.get(key) === person) state.peopleByValue.delete(key);
}

/** By `user_id`, or by `username`, which one public client uses. */
export function findPerson({ people, peopleByValue }: OomnitzaState, ident: string): PersonRecord | undefined {
  return people.get(ident) ?? peopleByValue.get(valueKey("username", ident));
}

/** The unique field of which somebody else has the value already. */
export function takenField(
  { peopleByValue }: OomnitzaState,
  fields: JsonObject,
  except: PersonRecord | undefined,
): string | undefined {
  return uniqueFields.find((name) => {
    const holder = peopleByValue.get(valueKey(name, fields[name] ?? ""));
    return holder !== undefined && holder !== except;
  });
}

const uniqueFields = ["username", "email"] as const;

function indexPerson({ peopleByValue }: OomnitzaState, person: PersonRecord): void {
  for (const key of valueKeys(person)) peopleByValue.set(key, person);
}

function valueKeys(person: PersonRecord): readonly string[] {
  return uniqueFields
    .filter((name) => typeof person[name] === "string")
    .map((name) => valueKey(name, person[name] ?? ""));
}

function valueKey(name: string, value: JsonValue): string {
  return `${name} ${String(value).toLowerCase()}`;
}

export function addApplication(state: OomnitzaState, facts: JsonObject): Application {
  const id = String(state.applications.size + 1);
  const application = { id, facts: { ...facts }, users: new Map(), roles: new Map() };
  state.applications.set(id, application);
  return application;
}

/** Internal ids of records have 32 hex digits, as those of custom fields. */
export function hexId(number: number): string {
  return number.toString(16).padStart(32, "0");
}
