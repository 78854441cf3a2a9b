import { type LookupAddress, lookup as resolveName } from "node:dns";
import type { LookupFunction } from "node:net";
import { ProductError } from "@rollcall/core/errors.ts";
import { buildConnector } from "undici";
import { checkUrl, type EgressPolicy, hostOf, portOf, whyAnswerDenied } from "./egress-policy.ts";

/** Resolves a name to all its addresses, as `dns.lookup` does. Injected in tests. */
export type ResolveName = (
  host: string,
  options: { readonly all: true; readonly family?: number; readonly hints?: number },
  callback: (error: Error | null, answers: readonly LookupAddress[]) => void,
) => void;

type ConnectOptions = {
  readonly policy: EgressPolicy;
  readonly origin: string;
  readonly timeoutMs: number;
  readonly resolve?: ResolveName;
};

/**
 * The connect function of one origin. It refuses what `checkUrl` refuses (a second door behind the client's own check) and
 * connects only to addresses that were checked, in the same look-up: between check and connect nothing is resolved again.
 */
export function egressConnector(options: ConnectOptions): buildConnector.connector {
  const { policy, origin, timeoutMs } = options;
  const verdict = checkUrl(policy, origin);
  const connect = buildConnector({
    timeout: timeoutMs,
    // HTTP/1.1 only: one request a connection keeps the bound on connections a bound on requests.
    allowH2: false,
    lookup: guardedLookup(policy, portOf(new URL(origin)), options.resolve),
  });
  return (target, callback) => {
    if (verdict.kind === "denied") callback(egressDenied(hostOf(new URL(origin)), verdict.reason), null);
    else connect(target, callback);
  };
}

/**
 * A `lookup` for sockets that lets a name through only when every one of its answers may be connected to. One bad answer
 * refuses the name: a host that answers with public and private addresses is how rebinding starts.
 */
export function guardedLookup(policy: EgressPolicy, port: number, resolve: ResolveName = resolveAll): LookupFunction {
  return (host, options, callback) => {
    const family = options.family === "IPv4" ? 4 : options.family === "IPv6" ? 6 : (options.family ?? 0);
    resolve(host, { all: true, family, hints: options.hints ?? 0 }, (error, answers) => {
      if (error !== null) return callback(error, "");
      for (const { address } of answers) {
        const reason = whyAnswerDenied(policy, host, port, address);
        if (reason !== null) return callback(egressDenied(host, `it resolves to ${reason}`), "");
      }
      const [first] = answers;
      if (first === undefined) return callback(new Error(`No address for ${host}`), "");
      return options.all === true ? callback(null, [...answers]) : callback(null, first.address, first.family);
    });
  };
}

export function egressDenied(host: string, reason: string): ProductError {
  return new ProductError(
    "egress.denied",
    `Outgoing requests to ${host} are not allowed: ${reason}. Use a public https address, or allow the host by name in ROLLCALL_EGRESS_ALLOW.`,
    { details: { host, reason } },
  );
}

const resolveAll: ResolveName = (host, options, callback) => {
  resolveName(host, options, callback);
};
