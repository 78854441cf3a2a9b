import { z } from "zod";
import { instantSchema } from "./listing.ts";

/**
 * What a runner on the customer's machine and the server say to each other. The runner reads the vendor, filters and maps; what it
 * uploads is for each page the evidence of paging, and for each record the mapped values or only its key. The server judges.
 */

/** Goes up with every change that an older or newer side would misunderstand; both sides send and check it. */
export const runnerContract = 1;

/** The header with `runnerContract`, on every call of a runner. */
export const runnerContractHeader = "rollcall-runner-contract";

/** A run whose runner was silent for longer is given to another one. */
export const silentAfterSeconds = 20;

export const uploadLimits = {
  /** Of one upload, before it is compressed. */
  bytes: 8 * 1024 * 1024,
  pages: 2_000,
  records: 20_000,
  /** Of what paging reads of one page, as JSON. */
  envelopeBytes: 32 * 1024,
} as const;

const name = z.string().trim().min(1).max(128);
const version = z.string().min(1).max(64);

const integrationIds = z
  .array(z.uuid())
  .min(1)
  .max(500)
  .nullable()
  .describe("The local integrations it may run; null for all of them, those made later included.");

export const createRunnerSchema = z.strictObject({ name, integrationIds: integrationIds.default(null) });
export type CreateRunner = z.infer<typeof createRunnerSchema>;

export const updateRunnerSchema = z.strictObject({ name, integrationIds }).partial();
export type UpdateRunner = z.infer<typeof updateRunnerSchema>;

export const runnerSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  integrationIds: z.array(z.uuid()).nullable(),
  state: z.enum(["waiting", "expired", "enrolled"]).describe("Waiting for its code to be used; the code has expired."),
  codeExpiresAt: instantSchema.nullable(),
  enrolledAt: instantSchema.nullable(),
  lastSeenAt: instantSchema.nullable(),
  version: z.string().nullable().describe("Of the program that it runs."),
  runId: z.uuid().nullable().describe("The run that it reads at the moment."),
  createdAt: instantSchema,
});
export type Runner = z.infer<typeof runnerSchema>;

export const createdRunnerSchema = runnerSchema.extend({
  code: z
    .string()
    .describe("For `rollcall runner enroll`; works once, for 15 minutes. In this answer and never again."),
});

export const enrollRunnerSchema = z.strictObject({ code: z.string().min(1).max(128), version });
export const enrolledRunnerSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  token: z.string().describe("In this answer and never again."),
});

/** What a runner is told of itself. */
export const runnerStatusSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  serverVersion: z.string(),
  integrations: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      connector: z.string(),
      status: z.string(),
      lastRun: z.object({ id: z.uuid(), status: z.string(), finishedAt: instantSchema.nullable() }).nullable(),
    }),
  ),
});
export type RunnerStatus = z.infer<typeof runnerStatusSchema>;

export const askForWorkSchema = z.strictObject({ version, waitSeconds: z.int().min(0).max(25) });

const streamPlanSchema = z.object({
  name: z.string(),
  primary: z.boolean(),
  mayBeEmpty: z.boolean(),
  parent: z.string().nullable(),
});

/** A run to read, with everything that it takes but the credential. */
export const runnerWorkSchema = z.object({
  runId: z.uuid(),
  lease: z.uuid().describe("Proves with every call that the run is still this runner's."),
  integration: z.object({ id: z.uuid(), name: z.string() }),
  startedAt: instantSchema.describe("What the filter counts the last N days from."),
  manifest: z.record(z.string(), z.unknown()).describe("The connector."),
  inputs: z.record(z.string(), z.unknown()).describe("Never a secret."),
  mode: z.enum(["user-only", "user-plus-saas"]),
  mapping: z.record(z.string(), z.unknown()),
  filter: z.record(z.string(), z.unknown()),
  targetFields: z.array(z.record(z.string(), z.unknown())),
  plan: z.array(streamPlanSchema).describe("The streams to read, in order."),
  onlyKeys: z.array(z.string()).nullable(),
  maxPages: z.int(),
  generation: z
    .int()
    .describe("How often the joined streams were begun anew; rows kept of an earlier time are worth nothing."),
  accepted: z.int().describe("Uploads the server has; the next one is numbered one higher."),
  reading: z.record(z.string(), z.unknown()).describe("Where the reading stands after them."),
  unavailable: z.array(z.string()).nullable(),
});
export type RunnerWork = z.infer<typeof runnerWorkSchema>;

export const runnerWorkAnswerSchema = z.object({ work: runnerWorkSchema.nullable() });

const key = z.string().min(1).max(1024);
const problemSchema = z.strictObject({
  code: z.string().max(64),
  target: z.string().max(256),
  source: z.string().max(512),
  expected: z.string().max(200),
  found: z.string().max(80),
});
const value = z.union([z.string().max(4096), z.number(), z.boolean(), z.null()]);
const values = z.record(z.string().max(128), value);

/** One record of a page: mapped, or so much that the server knows it was there. */
export const uploadedRecordSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("mapped"),
    key,
    person: values,
    saas: values,
    syncKeys: z.array(z.string().max(4096).nullable()).max(9),
    activity: z.enum(["active", "inactive", "unknown"]),
    problems: z.array(problemSchema).max(400),
    notCreatable: z.array(problemSchema).max(200).optional(),
  }),
  z.strictObject({ kind: z.literal("filtered"), key }),
  z.strictObject({
    kind: z.literal("rejected"),
    key,
    keyFits: z.boolean().describe("False when the mapping cannot use the key."),
    problem: problemSchema,
    others: z.array(problemSchema).max(600),
  }),
  z
    .strictObject({
      kind: z.literal("present"),
      key,
      unjoined: z
        .array(z.strictObject({ join: z.string().max(64), found: z.string().max(80) }))
        .max(20)
        .optional(),
    })
    .describe("A record of another stream than the users', or a user whom the run is not about."),
  z
    .strictObject({ kind: z.literal("unreadable"), at: z.enum(["record", "key"]), found: z.string().max(80) })
    .describe("A record without a readable key."),
]);
export type UploadedRecord = z.infer<typeof uploadedRecordSchema>;

export const uploadedPageSchema = z.strictObject({
  listing: z.int().min(0).describe("Which listing it belongs to; the server knows which one is due."),
  failure: z.string().max(64).nullable().describe("The code of the error in place of an answer."),
  status: z.int().min(0).max(999),
  envelope: z.unknown().describe("What paging reads of the body, without the records."),
  records: z.array(uploadedRecordSchema).max(uploadLimits.records).nullable().describe("Null: no list in the answer."),
  parents: z.record(
    z.string().max(64),
    z.strictObject({
      values: z.array(z.string().min(1).max(1024)).max(uploadLimits.records),
      unreadable: z.int().min(0),
    }),
  ),
});
export type UploadedPage = z.infer<typeof uploadedPageSchema>;

/** One upload: pages of one stream in order. Sent again under the same number it is acknowledged and changes nothing. */
export const uploadSchema = z.strictObject({
  lease: z.uuid(),
  number: z.int().min(1),
  pages: z.array(uploadedPageSchema).min(1).max(uploadLimits.pages),
});
export type Upload = z.infer<typeof uploadSchema>;

export const uploadAnswerSchema = z.object({
  accepted: z.int(),
  cancel: z.boolean().describe("Somebody cancelled the run, which has ended; the runner stops reading."),
  unavailable: z
    .array(z.string())
    .nullable()
    .describe("Fields to leave alone, because their streams were not read completely; null until the users are due."),
});
export type UploadAnswer = z.infer<typeof uploadAnswerSchema>;

export const runnerCallSchema = z.strictObject({ lease: z.uuid() });
export const beatAnswerSchema = z.object({ cancel: z.boolean() });
export const restartedJoinsSchema = runnerWorkSchema.pick({ generation: true, reading: true, unavailable: true });

export const endReadingSchema = z.strictObject({
  lease: z.uuid(),
  end: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("read"), accepted: z.int().min(0) }),
    z.strictObject({ kind: z.literal("stopped") }).describe("Gives the run back; another runner goes on."),
    z.strictObject({ kind: z.literal("failed"), code: z.string().max(64) }),
  ]),
});
export type EndReading = z.infer<typeof endReadingSchema>;

export const runnerRunParamsSchema = z.object({ id: z.string().min(1).max(64) });

/** What a runner's key file holds; it stays on the runner's machine. */
export const runnerKeyFileSchema = z
  .record(
    z.string().describe("An integration's id or name, or a connector's id."),
    z.strictObject({
      values: z.record(z.string(), z.string().min(1)).describe("The credential's values, such as clientId."),
      hosts: z.array(z.string().min(1)).optional().describe("The only hosts it is sent to."),
    }),
  )
  .describe("Credentials by what they are for.");
export type RunnerKeyFile = z.infer<typeof runnerKeyFileSchema>;
