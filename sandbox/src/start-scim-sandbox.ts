import { createFaultSchedule, type FaultRule } from "./faults/fault-schedule.ts";
import { listen } from "./http/listen.ts";
import { type Counters, createTraffic, type RequestLogEntry } from "./http/traffic.ts";
import type { JsonObject } from "./population/ironclad-user.ts";
import { answerScimRequest, type ScimState } from "./scim/answer-scim-request.ts";

export type ScimSandboxOptions = {
  /** The user resources, answered exactly as they are; `scimUser` makes ordinary ones. */
  readonly users: readonly JsonObject[];
  readonly port?: number;
  readonly token?: string;
  /** Also the page size when `count` is absent. Default 100. */
  readonly maxPageSize?: number;
  /** Whether an empty list has an empty `Resources` (default) or none, which RFC 7644 allows. */
  readonly emptyResources?: "array" | "absent";
  readonly faults?: readonly FaultRule[];
};

export type ScimSandbox = AsyncDisposable & {
  /** The base address: `http://127.0.0.1:4701/scim/v2`. */
  readonly url: string;
  readonly token: string;
  readonly users: () => readonly JsonObject[];
  readonly setUsers: (users: readonly JsonObject[]) => void;
  /** Calls are named `users`, `user` and `config`. */
  readonly addFaults: (rules: readonly FaultRule[]) => void;
  readonly clearFaults: () => void;
  readonly requests: () => readonly RequestLogEntry[];
  readonly counters: () => Counters;
  readonly close: () => Promise<void>;
};

/** A generic SCIM 2.0 service provider with users to list (RFC 7644 §3.4.2). */
export async function startScimSandbox(options: ScimSandboxOptions): Promise<ScimSandbox> {
  const state: ScimState = {
    users: [...options.users],
    token: options.token ?? "scim-sandbox-token",
    maxPageSize: options.maxPageSize ?? 100,
    emptyResources: options.emptyResources ?? "array",
    faults: createFaultSchedule(options.faults ?? []),
    traffic: createTraffic(),
  };
  const listener = await listen({
    port: options.port ?? 0,
    host: "127.0.0.1",
    onConnection: () => state.traffic.count("connections"),
    answer: (request, response) => answerScimRequest(state, request, response),
  });
  return {
    url: `${listener.origin}/scim/v2`,
    token: state.token,
    users: () => state.users,
    setUsers: (users) => {
      state.users = [...users];
    },
    addFaults: state.faults.add,
    clearFaults: state.faults.clear,
    requests: state.traffic.log,
    counters: state.traffic.counters,
    close: listener.close,
    [Symbol.asyncDispose]: listener.close,
  };
}
