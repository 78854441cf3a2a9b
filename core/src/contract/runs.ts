import { z } from "zod";
import { instantSchema, listQuerySchema } from "./listing.ts";

export const runStatuses = [
  "queued",
  "running",
  "completed",
  "completed_with_errors",
  "incomplete",
  "needs_review",
  "empty",
  "failed",
  "cancelled",
  "timed_out",
] as const;
export const runTriggers = ["manual", "schedule", "catch-up", "undo", "retry"] as const;
export const runStages = ["waiting", "fetching", "planning", "applying", "finished"] as const;

export const runCountsSchema = z.object({
  fetched: z.number().int().default(0),
  created: z.number().int().default(0),
  updated: z.number().int().default(0),
  unchanged: z.number().int().default(0),
  skippedByPreference: z.number().int().default(0),
  skippedByFilter: z.number().int().default(0),
  disputed: z.number().int().default(0),
  rejected: z.number().int().default(0),
  deactivated: z.number().int().default(0),
  reactivated: z.number().int().default(0),
  withheld: z.number().int().default(0),
});
export type RunCounts = z.infer<typeof runCountsSchema>;

export const runSchema = z.object({
  id: z.uuid(),
  integrationId: z.uuid(),
  integrationName: z.string(),
  kind: z.enum(["sync", "undo"]),
  ofRunId: z.uuid().nullable(),
  trigger: z.enum(runTriggers),
  requestedBy: z.string().nullable().describe("The name of the account that asked for the run."),
  status: z.enum(runStatuses),
  stage: z.enum(runStages),
  dryRun: z.boolean(),
  reader: z.enum(["server", "runner"]).describe("Who reads the vendor: the server, or a runner on your machine."),
  runner: z
    .object({ id: z.uuid(), name: z.string() })
    .nullable()
    .describe("The runner that read it last; null before one took it, and when it was removed."),
  attempt: z.number().int(),
  queuedAt: instantSchema,
  startedAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
  cancelRequestedAt: instantSchema.nullable(),
  coverage: z
    .object({
      complete: z.boolean(),
      gaps: z.array(z.object({ code: z.string(), detail: z.string(), nextStep: z.string() })),
    })
    .nullable(),
  counts: runCountsSchema,
  progress: z.object({
    pages: z.number().int().default(0),
    records: z.number().int().default(0),
    expected: z.number().int().nullable().default(null).describe("What the vendor says there is, when it says so."),
    ratePerSecond: z.number().nullable().default(null),
    secondsLeft: z.number().nullable().default(null),
  }),
  plan: z.enum(["none", "open", "applied", "approved", "rejected", "stale", "expired", "undone"]),
  planExpiresAt: instantSchema.nullable(),
  guard: z
    .object({
      reasons: z.array(z.object({ rule: z.string(), detail: z.string() })),
      knownActive: z.number().int(),
      wouldDeactivate: z.number().int(),
    })
    .nullable(),
  decision: z
    .object({
      by: z.string().nullable().describe("The name of the account."),
      at: instantSchema,
      reason: z.string().nullable(),
    })
    .nullable(),
  error: z.object({ code: z.string(), message: z.string(), nextStep: z.string() }).nullable(),
});
export type Run = z.infer<typeof runSchema>;

export const startRunSchema = z.strictObject({ dryRun: z.boolean().default(false) }).nullish();
export const runCommandSchema = z.strictObject({}).nullish().describe("A call with nothing to say.");
export const approveRunSchema = z.strictObject({ reason: z.string().trim().min(3).max(1000) });
export const rejectRunSchema = z.strictObject({ reason: z.string().trim().max(1000).optional() }).nullish();

export const listRunsQuerySchema = listQuerySchema.extend({
  integrationId: z.uuid().optional(),
  status: z.enum(runStatuses).optional(),
});

export const changeKinds = ["create", "update", "reactivate", "deactivate", "restore", "archive", "edit"] as const;

export const changeSchema = z.object({
  id: z.string(),
  runId: z.uuid().nullable(),
  actor: z.string().nullable().describe("Who did it by hand; null when a run did."),
  kind: z.enum(changeKinds),
  vendorKey: z.string().nullable(),
  personId: z.string().nullable(),
  saasUserId: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  fields: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
  reason: z.string().nullable(),
  withheld: z.string().nullable(),
  at: instantSchema,
});
export type Change = z.infer<typeof changeSchema>;

export const listChangesQuerySchema = listQuerySchema.extend({
  kind: z.enum(changeKinds).optional(),
  withheld: z.enum(["true", "false"]).optional(),
});

export const runErrorSchema = z.object({
  id: z.string(),
  kind: z.enum(["rejected", "field", "disputed", "skipped"]),
  vendorKey: z.string().nullable(),
  code: z.string(),
  pointer: z.string().nullable(),
  field: z.string().nullable(),
  expected: z.string().nullable(),
  found: z.string().nullable(),
  message: z.string(),
  nextStep: z.string(),
});
export type RunError = z.infer<typeof runErrorSchema>;
export const listRunErrorsQuerySchema = listQuerySchema.extend({
  kind: z.enum(["rejected", "field", "disputed", "skipped"]).optional(),
});

/** A trigger that found a run of the integration under way, so that no second one was started. */
export const runSkipSchema = z.object({
  id: z.string(),
  activeRunId: z.uuid(),
  trigger: z.enum(runTriggers),
  requestedBy: z.string().nullable().describe("The name of the account."),
  at: instantSchema,
});
export type RunSkip = z.infer<typeof runSkipSchema>;
export const listSkippedRunsQuerySchema = listQuerySchema.omit({ q: true });
