import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import type { InstanceField } from "@rollcall/core/contract/destinations.ts";

/** What features ask of an instance; implemented where sockets may be opened and handed in by main. Never called in a transaction. */
export type DestinationProbe = {
  /** Reads one person and the metadata. A refusal is an outcome, not an error. */
  readonly test: (destinationId: string, signal: AbortSignal) => Promise<TestOutcome>;
  /**
   * The fields of People that the instance has.
   *
   * @throws ProductError `vendor.…`, `destination.not_found`, `destination.wrong_credential`
   */
  readonly readFields: (destinationId: string, signal: AbortSignal) => Promise<readonly InstanceField[]>;
};
