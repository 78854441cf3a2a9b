import { Agent, Pool } from "undici";
import { underSignals } from "./abort.ts";
import { type Proof, proofFor } from "./authenticate.ts";
import { type Clock, steadyClock, systemClock } from "./clock.ts";
import { egressConnector, egressDenied, type ResolveName } from "./egress-connect.ts";
import type { EgressPolicy } from "./egress-policy.ts";
import { fairQueue } from "./fair-queue.ts";
import { noLimit, pausingAfterRefusal, type RateLimit } from "./rate-limit.ts";
import { redactText, secretsInHeaders } from "./redact.ts";
import {
  decideRetry,
  defaultRetryPolicy,
  isTransientStatus,
  type RetryDecision,
  type RetryPolicy,
} from "./retry-timing.ts";
import { type Attempt, type Sender, sendAttempt } from "./send-attempt.ts";
import { productErrorOf, type Where } from "./vendor-failure.ts";
import { defaultVendorLimits, type VendorAnswer, type VendorLimits, type VendorRequest } from "./vendor-request.ts";

export type VendorClientOptions = {
  readonly policy: EgressPolicy;
  readonly limits?: Partial<VendorLimits>;
  readonly retry?: Partial<RetryPolicy>;
  /** The budget of the credential this client works with; none by default. */
  readonly rateLimit?: RateLimit;
  /** Requests in flight at once, and connections to one origin at most; default 4. */
  readonly maxConcurrent?: number;
  readonly userAgent?: string;
  /** Injected in tests; it then serves for dates and for spans. */
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly log?: (entry: VendorLogEntry) => void;
  /** How names are resolved; `dns.lookup` by default. */
  readonly resolve?: ResolveName;
};

export type VendorClient = AsyncDisposable & {
  /**
   * Asks the vendor and resolves with a 2xx answer. Waits for its turn and the rate limit, retries what may pass, renews an OAuth token
   * once after a 401. Rejects with a `ProductError` (`vendor.*`, `egress.*`) that tells no secret and no text of a body, or with the
   * signal's own reason when it is aborted.
   */
  readonly requestJson: (request: VendorRequest) => Promise<VendorAnswer>;
  /** Counts since the client was opened. */
  readonly statistics: () => VendorStatistics;
};

export type VendorStatistics = {
  /** Requests sent, retries and redirects included. */
  readonly requests: number;
  readonly retries: number;
  /** Bytes of bodies as they came over the wire. */
  readonly receivedBytes: number;
  /** Milliseconds requests spent waiting: for the rate limit and between attempts. Waits at the same time add up. */
  readonly waitedMs: number;
};

export type VendorLogEntry = Where & { readonly attempt: number; readonly ms: number } & (
    | { readonly event: "answered"; readonly status: number; readonly receivedBytes: number }
    | { readonly event: "refused"; readonly status: number; readonly retryInMs: number | null }
    | { readonly event: "failed"; readonly code: string; readonly retryInMs: number | null }
  );

/**
 * Opens the one door to vendors: one agent with kept connections, every address checked, every wait ended by a signal. Dispose it:
 * requests in flight are aborted, connections closed.
 *
 * The retries are a loop here and not undici's retry interceptor: each attempt needs its own turn of the rate limit and may need a
 * new token, a body that breaks off counts as a failure of the attempt, and the interceptor takes its waits from `Date.now` and
 * real timers, without full jitter and with no answer that a wait is too long.
 */
export function openVendorClient(options: VendorClientOptions): VendorClient {
  const limits = { ...defaultVendorLimits, ...options.limits };
  const retry = { ...defaultRetryPolicy, ...options.retry };
  const clock = options.clock ?? steadyClock;
  const random = options.random ?? Math.random;
  const maxConcurrent = options.maxConcurrent ?? 4;
  const queue = fairQueue(maxConcurrent);
  const rateLimit = pausingAfterRefusal(options.rateLimit ?? noLimit, clock);
  const closing = new AbortController();
  const counts = { requests: 0, retries: 0, receivedBytes: 0, waitedMs: 0 };

  const waiting = async (wait: () => Promise<void>): Promise<void> => {
    const since = clock.now();
    await wait();
    counts.waitedMs += clock.now() - since;
  };
  const agent = openAgent(options, limits, maxConcurrent);
  const sender: Sender = {
    dispatcher: agent,
    policy: options.policy,
    limits,
    rateLimit: { acquire: (signal) => waiting(() => rateLimit.acquire(signal)) },
    userAgent: options.userAgent ?? "Rollcall/0.1",
    now: (options.clock ?? systemClock).now,
    onSent: () => {
      counts.requests += 1;
    },
    onReceived: (bytes) => {
      counts.receivedBytes += bytes;
    },
  };

  const run = async (request: VendorRequest, signal: AbortSignal): Promise<VendorAnswer> => {
    const url = urlOf(request);
    const secrets = new Set([...(request.secrets ?? []), ...secretsInHeaders(request.headers ?? {})]);
    let firstTurn: number | undefined;
    let renewed = false;
    for (let attempts = 1; ; attempts += 1) {
      const proof = await proofFor(request.auth, signal);
      for (const secret of proof.secrets) secrets.add(secret);
      const sent = clock.now();
      // First the place, then the rate limit's permission: permissions collected in front of a full queue would be used all at once.
      const outcome = await queue(async () => {
        firstTurn ??= clock.now();
        const result = await sendAttempt(sender, request, url, proof, [...secrets], signal);
        // Before the place is handed on, so that who comes next waits too.
        if (result.kind === "refused" && result.status === 429) {
          await rateLimit.slowDown(Math.min(result.hintMs ?? retry.baseMs, retry.maxWaitMs));
        }
        return result;
      }, signal);
      const path = redactText(outcome.where.path, [...secrets]);
      const about = { ...outcome.where, path, attempt: attempts, ms: clock.now() - sent };
      if (outcome.kind === "answered") {
        const { status, receivedBytes } = outcome.answer;
        options.log?.({ event: "answered", ...about, status, receivedBytes });
        return outcome.answer;
      }

      const renew = renewed ? null : renewalFor(request, proof, outcome);
      const elapsedMs = clock.now() - (firstTurn ?? sent);
      const decision = decide(retry, request, outcome, attempts, elapsedMs, random);
      const retryInMs = renew !== null ? 0 : decision.kind === "wait" ? decision.ms : null;
      if (outcome.kind === "refused") options.log?.({ event: "refused", ...about, status: outcome.status, retryInMs });
      else options.log?.({ event: "failed", ...about, code: outcome.code, retryInMs });

      if (retryInMs === null) throw productErrorOf(outcome, attempts, [...secrets]);
      counts.retries += 1;
      if (renew !== null) {
        renewed = true;
        await renew(signal);
      } else {
        await waiting(() => clock.sleep(retryInMs, signal));
      }
    }
  };

  return {
    requestJson: (request) => underSignals([request.signal, closing.signal], (signal) => run(request, signal)),
    statistics: () => ({ ...counts }),
    async [Symbol.asyncDispose]() {
      closing.abort(new Error("The vendor client was closed."));
      await agent.destroy();
    },
  };
}

function openAgent(options: VendorClientOptions, limits: VendorLimits, connections: number): Agent {
  const { policy, resolve } = options;
  return new Agent({
    factory: (origin, inherited) =>
      new Pool(origin, {
        ...inherited,
        connections,
        connect: egressConnector({
          policy,
          origin: String(origin),
          timeoutMs: limits.connectMs,
          ...(resolve === undefined ? {} : { resolve }),
        }),
      }),
  });
}

type Fruitless = Exclude<Attempt, { readonly kind: "answered" }>;

/** How to get a fresh token, if that is what the failed attempt needs. */
function renewalFor(request: VendorRequest, proof: Proof, outcome: Fruitless) {
  const { auth } = request;
  const refused = proof.accessToken;
  if (auth?.kind !== "oauth2" || refused === undefined) return null;
  if (outcome.kind !== "refused" || outcome.status !== 401) return null;
  return (signal: AbortSignal): Promise<string> => auth.tokens.renew(refused, signal);
}

function decide(
  policy: RetryPolicy,
  request: VendorRequest,
  outcome: Fruitless,
  attempts: number,
  elapsedMs: number,
  random: () => number,
): RetryDecision | { readonly kind: "final" } {
  const passing = outcome.kind === "refused" ? isTransientStatus(outcome.status) : outcome.passing;
  const untouched = outcome.kind === "refused" ? outcome.status === 429 : !outcome.mayBeProcessed;
  const idempotent = request.idempotent ?? request.method === "GET";
  const repeatable = idempotent === "unless-processed" ? untouched : idempotent;
  if (!passing || !repeatable) return { kind: "final" };
  return decideRetry(
    policy,
    { attempts, elapsedMs, hintMs: outcome.kind === "refused" ? outcome.hintMs : null },
    random,
  );
}

function urlOf(request: VendorRequest): URL {
  const url = URL.parse(String(request.url));
  // Node's own error would repeat the address, query and all.
  if (url === null) throw egressDenied("an address that is not a URL", "it has no scheme and host");
  for (const [name, value] of Object.entries(request.query ?? {})) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) url.searchParams.append(name, String(item));
    }
  }
  return url;
}
