import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";

/**
 * What features ask of a vendor; implemented where sockets may be opened and handed in by main. None of the three may be called
 * inside a transaction: each waits for somebody else's network.
 */
export type VendorProbe = {
  /** Tries a credential by itself. `connector` is null for a kind that belongs to no connector. */
  readonly testCredential: (input: {
    readonly connector: Manifest | null;
    readonly kind: string;
    readonly credentialId: string;
    readonly inputs: Readonly<Record<string, unknown>>;
  }) => Promise<TestOutcome>;
  /** Tries what a run of the integration would do first. A refusal by the vendor is an outcome, not an error. */
  readonly testIntegration: (integrationId: string, signal: AbortSignal) => Promise<TestOutcome>;
  /**
   * Up to `limit` records as a run would map them, joined parts included.
   *
   * @throws ProductError `vendor.…` when the vendor gives none
   */
  readonly sampleRecords: (
    integrationId: string,
    limit: number,
    signal: AbortSignal,
  ) => Promise<{ readonly fetchedAt: Date; readonly records: readonly unknown[] }>;
};
