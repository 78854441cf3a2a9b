import { z } from "zod";
import { instantSchema, listQuerySchema } from "./listing.ts";

/** An identity question of an integration: a vendor's record that a run could not tie to one person. */

export const disputeAnswers = ["link", "create", "ignore"] as const;

export const disputeSchema = z.object({
  integrationId: z.uuid(),
  vendorKey: z.string(),
  code: z.string(),
  message: z.string(),
  nextStep: z.string(),
  candidates: z.array(
    z.object({
      personId: z.string(),
      fullName: z.string().nullable(),
      email: z.string(),
      linkedKey: z.string().nullable(),
    }),
  ),
  firstRunId: z.uuid(),
  lastRunId: z.uuid(),
  answer: z
    .object({
      answer: z.enum(disputeAnswers),
      personId: z.string().nullable(),
      by: z.string().nullable(),
      at: instantSchema.nullable(),
    })
    .nullable(),
});
export type Dispute = z.infer<typeof disputeSchema>;

export const listDisputesQuerySchema = listQuerySchema.omit({ q: true }).extend({
  answered: z.enum(["true", "false", "all"]).default("false"),
});

/** `link` ties the record to that person from the next run on and ends the person's tie to another record of the integration. */
export const answerDisputeSchema = z.discriminatedUnion("answer", [
  z.strictObject({ answer: z.literal("link"), personId: z.string().regex(/^\d{1,18}$/, "must be a person's id") }),
  z.strictObject({ answer: z.literal("create") }),
  z.strictObject({ answer: z.literal("ignore") }),
]);
export type AnswerDispute = z.infer<typeof answerDisputeSchema>;

export const disputeParamsSchema = z.object({ id: z.uuid(), key: z.string().min(1).max(1024) });
