import { setTimeout as sleep } from "node:timers/promises";
import type { LeasedDestination } from "../features/destinations/push-store.ts";
import type { Ledger } from "./open-ledger.ts";
import type { DestinationParts, Oomnitza, OomnitzaRequest } from "./open-oomnitza.ts";

/** What every step of a push works with. */
export type PushContext = {
  readonly parts: DestinationParts;
  readonly leased: LeasedDestination;
  readonly oomnitza: Oomnitza;
  readonly ledger: Ledger;
  /** Fires when the process stops or the lease is lost. */
  readonly signal: AbortSignal;
  /** Milliseconds of the steady clock until which the lease is held for certain. */
  readonly leasedUntil: () => number;
};

/** Sends something that writes, unless the lease may be another's by now. */
export async function write(context: PushContext, request: OomnitzaRequest): Promise<unknown> {
  context.signal.throwIfAborted();
  if (performance.now() > context.leasedUntil()) throw new Error("The lease of the destination ran out.");
  return (await context.oomnitza.ask(request)).body;
}

/** Before something is looked up and tried again: half a second, a second, two. */
export async function waitBeforeAgain({ parts, signal }: PushContext, attempt: number): Promise<void> {
  await sleep((parts.retry?.baseMs ?? 500) * 2 ** (attempt - 1), undefined, { signal });
}
