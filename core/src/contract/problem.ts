import { z } from "zod";

/** The one form of every error answer: RFC 9457 problem details with our code, request id and field problems. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  nextStep: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })),
  details: z.record(z.string(), z.unknown()).optional().describe("Facts about this one case, such as who uses it."),
});
export type Problem = z.infer<typeof problemSchema>;
