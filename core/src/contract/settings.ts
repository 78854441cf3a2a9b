import { z } from "zod";

/** How this installation was set up. Holds no secret. */
export const settingsSchema = z.object({
  publicUrl: z.string().describe("Where links in messages lead."),
  email: z.object({
    setUp: z.boolean().describe("False: SMTP_URL is not set, and nobody gets e-mail."),
    from: z.string().nullable(),
    waiting: z.number().int().describe("E-mails that have not been sent yet."),
    problem: z.string().nullable().describe("What the mail server said last, while e-mails wait."),
  }),
});
export type Settings = z.infer<typeof settingsSchema>;
