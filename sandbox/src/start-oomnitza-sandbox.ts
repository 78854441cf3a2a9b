import type { FaultRule } from "./faults/fault-schedule.ts";
import { deliver } from "./http/deliver.ts";
import { listen } from "./http/listen.ts";
import type { Counters, RequestLogEntry } from "./http/traffic.ts";
import { answerOomnitzaControl } from "./oomnitza/answer-oomnitza-control.ts";
import { answerOomnitzaRequest } from "./oomnitza/answer-oomnitza-request.ts";
import {
  type Application,
  createOomnitzaState,
  type OomnitzaSeed,
  type OomnitzaState,
  type ReceivedWrite,
} from "./oomnitza/oomnitza-state.ts";
import type { JsonObject } from "./population/ironclad-user.ts";

export type OomnitzaSandboxOptions = OomnitzaSeed & { readonly port?: number; readonly host?: string };

export type OomnitzaSandbox = AsyncDisposable & {
  /** Of the instance, without a path: `http://127.0.0.1:4702`. */
  readonly url: string;
  readonly token: string;
  readonly people: () => readonly JsonObject[];
  readonly applications: () => readonly Application[];
  /** Everything that came to be written, in its order. */
  readonly received: () => readonly ReceivedWrite[];
  readonly requests: () => readonly RequestLogEntry[];
  readonly counters: () => Counters;
  /** Forgets counters, log and what was received; the people stay. */
  readonly resetRecord: () => void;
  /** Calls are named as in `oomnitza-call.ts`. */
  readonly addFaults: (rules: readonly FaultRule[]) => void;
  readonly clearFaults: () => void;
  /** Cancels a run of the bulk protocol, as a person does in the instance. */
  readonly cancelBulkRun: (id: string) => void;
  readonly state: OomnitzaState;
  readonly close: () => Promise<void>;
};

/** A simulator of an Oomnitza instance: its public REST API, and the bulk protocol of its connector. */
export async function startOomnitzaSandbox(options: OomnitzaSandboxOptions = {}): Promise<OomnitzaSandbox> {
  const { port = 0, host = "127.0.0.1", ...seed } = options;
  const state = createOomnitzaState(seed);
  const listener = await listen({
    port,
    host,
    onConnection: () => state.traffic.count("connections"),
    answer: async (request, response) => {
      if (!request.url?.startsWith("/_sandbox")) return answerOomnitzaRequest(state, request, response);
      await deliver(response, await answerOomnitzaControl(state, request), {}, []);
    },
  });
  return {
    url: listener.origin,
    token: state.credentials.token,
    people: () => [...state.people.values()],
    applications: () => [...state.applications.values()],
    received: () => state.received,
    requests: state.traffic.log,
    counters: state.traffic.counters,
    resetRecord: () => {
      state.traffic.reset();
      state.received.length = 0;
    },
    addFaults: state.faults.add,
    clearFaults: state.faults.clear,
    cancelBulkRun: (id) => {
      const run = state.bulkRuns.get(id);
      if (run !== undefined) run.isCanceled = true;
    },
    state,
    close: listener.close,
    [Symbol.asyncDispose]: listener.close,
  };
}
