import { z } from "zod";

/** Every background task by name with the schema of its payload. Payloads hold ids alone: their rows are in every dump. */
export const taskTypes = {
  "run.start": z.strictObject({ runId: z.uuid() }),
} as const;

export type TaskName = keyof typeof taskTypes;
export type TaskPayload<Name extends TaskName> = z.infer<(typeof taskTypes)[Name]>;
