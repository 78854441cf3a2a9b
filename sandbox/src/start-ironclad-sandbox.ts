import type { FaultRule } from "./faults/fault-schedule.ts";
import { deliver } from "./http/deliver.ts";
import { listen } from "./http/listen.ts";
import { answerRequest } from "./ironclad/answer-request.ts";
import { answerControl, controlPrefix } from "./ironclad/control-routes.ts";
import { createIroncladControl, type IroncladControl } from "./ironclad/ironclad-control.ts";
import { createIroncladState, type PopulationOptions } from "./ironclad/ironclad-state.ts";
import { type IroncladModes, readModes } from "./ironclad/modes.ts";

export type IroncladSandboxOptions = PopulationOptions &
  Partial<IroncladModes> & {
    /** Default 0: any free port. */
    readonly port?: number;
    readonly host?: string;
    readonly clientId?: string;
    readonly clientSecret?: string;
    readonly faults?: readonly FaultRule[];
    /** Milliseconds since 1970; for rate-limit windows and token lifetimes. */
    readonly now?: () => number;
  };

export type IroncladSandbox = IroncladControl &
  AsyncDisposable & {
    /** The base address, without version and without a slash at the end: `http://127.0.0.1:4700`. */
    readonly url: string;
    readonly clientId: string;
    readonly clientSecret: string;
    /** Drops every connection and stops. */
    readonly close: () => Promise<void>;
  };

/**
 * A simulator of the Ironclad Clickwrap REST API over real HTTP, on the loopback interface. Throws BadInput when an
 * option, mode or fault rule cannot be used.
 */
export async function startIroncladSandbox(options: IroncladSandboxOptions = {}): Promise<IroncladSandbox> {
  const {
    users,
    population,
    seed,
    port = 0,
    host = "127.0.0.1",
    clientId,
    clientSecret,
    faults,
    now,
    ...modes
  } = options;
  const state = createIroncladState({
    modes: readModes(modes),
    credentials: { clientId: clientId ?? "sandbox-client", clientSecret: clientSecret ?? "sandbox-secret" },
    population: {
      ...(users === undefined ? {} : { users }),
      ...(population === undefined ? {} : { population }),
      ...(seed === undefined ? {} : { seed }),
    },
    faults: faults ?? [],
    now: now ?? Date.now,
  });
  const control = createIroncladControl(state);
  const listener = await listen({
    port,
    host,
    onConnection: () => state.traffic.count("connections"),
    answer: async (request, response) => {
      if (!request.url?.startsWith(controlPrefix)) return answerRequest(state, request, response);
      await deliver(response, await answerControl(control, request), {}, []);
    },
  });
  return {
    ...control,
    get url() {
      return listener.origin + (state.modes.basePath ?? "");
    },
    get clientId() {
      return state.credentials.clientId;
    },
    get clientSecret() {
      return state.credentials.clientSecret;
    },
    close: listener.close,
    [Symbol.asyncDispose]: listener.close,
  };
}
