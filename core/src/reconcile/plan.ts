import type { FieldPolicy, TargetValue } from "../mapping/mapping-schema.ts";

/** The plan of a run as plain data: what is known, what was seen, what the settings allow, and what would change. */

export type ValueDocument = Readonly<Record<string, TargetValue>>;

/** A vendor key we know, and whether its owner was active there when last seen. */
export type KnownLink = {
  readonly key: string;
  readonly personId: string;
  readonly saasUserId: string | null;
  readonly contentHash: string | null;
  readonly active: boolean;
  /** Complete runs in a row that did not see it. */
  readonly missingRuns: number;
};

export type KnownPerson = {
  readonly id: string;
  readonly document: ValueDocument;
  readonly status: "active" | "inactive";
  /** Who set the status last: a run never reactivates what a person deactivated. */
  readonly statusBy: "run" | "person";
  readonly protected: boolean;
  readonly manualFields: readonly string[];
  readonly archivedBy: "undo" | "person" | null;
  /** Another integration's link sees this person as active. */
  readonly activeElsewhere: boolean;
};

export type KnownSaasUser = {
  readonly id: string;
  readonly document: ValueDocument;
  readonly status: "active" | "deactivated";
  readonly statusBy: "run" | "person";
};

/** A staged record. `uniques` are the values of `PlanPolicy.uniqueFields`, in that order. */
export type SeenRecord = {
  readonly key: string;
  readonly outcome: "mapped" | "filtered" | "rejected";
  readonly activity: "active" | "inactive" | "unknown";
  readonly person: ValueDocument;
  readonly saas: ValueDocument;
  readonly uniques: readonly (string | null)[];
  readonly contentHash: string;
};

/** The remembered answer to an earlier dispute about a key. */
export type DisputeAnswer =
  | { readonly key: string; readonly answer: "link"; readonly personId: string }
  | { readonly key: string; readonly answer: "create" | "ignore" };

export type PlanPolicy = {
  readonly mode: "user-only" | "user-plus-saas";
  readonly preference: "create-update" | "create-only" | "update-only";
  readonly deactivate: boolean;
  readonly personDeactivation: "when-unseen" | "never";
  readonly restoreArchived: boolean;
  /** By target name, with the `saas.` prefix for SaaS-user fields; absent means always. */
  readonly fieldPolicies: Readonly<Record<string, FieldPolicy>>;
  /** Unique People fields that the mapping fills: the sync keys in order of priority, then the others. */
  readonly uniqueFields: readonly string[];
  readonly syncKeyCount: number;
  /** People fields without which nobody is created; a stream that was not read may leave them out. */
  readonly mandatoryFields: readonly string[];
  /** Verdict of `judgeCoverage`: only then is absence a proof. */
  readonly complete: boolean;
  /** False for a run over chosen keys: what it did not ask for is not missing. */
  readonly judgesAbsence: boolean;
  readonly guard: GuardLimits;
};

export type GuardLimits = {
  readonly enabled: boolean;
  readonly maxPercent: number;
  readonly minCount: number;
  readonly windowPercent: number;
  readonly confirmRuns: number;
  /** Deactivations applied by this integration within its window, not undone. */
  readonly windowDeactivated: number;
  /** Lists of users that an applied run read and this one did not find: an account, say, that the credential no longer sees. */
  readonly goneLists: readonly string[];
};

export type PlannedKind = "create" | "update" | "reactivate" | "deactivate" | "restore";
export type WithheldReason = "guard" | "coverage" | "protected";

/** One record's change. Fields that stay are absent; `saas: created` means that the SaaS user row is new. */
export type PlannedChange = {
  readonly key: string;
  readonly kind: PlannedKind;
  /** Null for a person that the plan creates. */
  readonly personId: string | null;
  readonly person: ValueDocument;
  readonly personStatus: "active" | "inactive" | null;
  readonly saas: ValueDocument;
  readonly saasCreated: boolean;
  readonly saasStatus: "active" | "deactivated" | null;
  readonly linkCreated: boolean;
  readonly linkActive: boolean;
  readonly reason: string | null;
  readonly withheld: WithheldReason | null;
};

/** A record that is left alone, with the code that says why (record-outcomes.ts). */
export type LeftAlone = { readonly key: string; readonly code: string; readonly candidates: readonly string[] };

export type GuardReason = { readonly rule: "per-run" | "window" | "to-zero" | "list-gone"; readonly detail: string };

export type PlanCounts = {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly skippedByPreference: number;
  readonly skippedByFilter: number;
  readonly disputed: number;
  readonly rejected: number;
  readonly deactivated: number;
  readonly reactivated: number;
  readonly withheld: number;
};

export type Plan = {
  readonly changes: readonly PlannedChange[];
  readonly disputed: readonly LeftAlone[];
  readonly skipped: readonly LeftAlone[];
  readonly guardReasons: readonly GuardReason[];
  readonly counts: PlanCounts;
};
