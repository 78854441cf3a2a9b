/** When a request that failed is sent again. Times are milliseconds. */
export type RetryPolicy = {
  /** How often a request is sent at most, the first time included. */
  readonly maxAttempts: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** A vendor that asks for a longer wait is not waited for. */
  readonly maxWaitMs: number;
  /** The longest time from the first sending to the last, waits included. */
  readonly budgetMs: number;
};

export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 5,
  baseMs: 500,
  capMs: 30_000,
  maxWaitMs: 10 * 60_000,
  budgetMs: 30 * 60_000,
};

export type RetryDecision =
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "give-up"; readonly why: "attempts" | "wait-too-long" | "budget" };

/** What is known after an attempt failed in a way that may pass. */
export type FailedAttempt = {
  /** How often the request has been sent, 1 or more. */
  readonly attempts: number;
  /** Milliseconds since it was first sent. */
  readonly elapsedMs: number;
  /** What the vendor asks for (`readRetryHint`), or `null`. */
  readonly hintMs: number | null;
};

/**
 * Decides on the next wait: full jitter over the exponential step, so that many clients that failed together do not return
 * together, and never less than what the vendor asks for. `random` is a number from 0 up to 1.
 */
export function decideRetry(policy: RetryPolicy, failed: FailedAttempt, random: () => number): RetryDecision {
  if (failed.attempts >= policy.maxAttempts) return { kind: "give-up", why: "attempts" };
  const ms = Math.ceil(Math.max(backoffMs(policy, failed.attempts, random), failed.hintMs ?? 0));
  if (ms > policy.maxWaitMs) return { kind: "give-up", why: "wait-too-long" };
  if (failed.elapsedMs + ms > policy.budgetMs) return { kind: "give-up", why: "budget" };
  return { kind: "wait", ms };
}

/** Full jitter (random over the whole step): 0 up to min(cap, base × 2^(attempts − 1)). */
export function backoffMs(policy: RetryPolicy, attempts: number, random: () => number): number {
  return random() * Math.min(policy.capMs, policy.baseMs * 2 ** (attempts - 1));
}

/** Statuses that may pass by themselves: 408 and 425 (RFC 9110 §15.5.9, RFC 8470), 429, and every server error. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}
