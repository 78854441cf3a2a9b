import { ProductError } from "@rollcall/core/errors.ts";
import { z } from "zod";

/** The environment as a process sees it; a parameter, so that tests give their own. */
export type Environment = Readonly<Record<string, string | undefined>>;

const minTokenLength = 32;

const port = z.coerce.number({ error: "must be a port number" }).int().min(0).max(65_535);
const httpUrl = z.url({
  protocol: /^https?$/,
  error: "must be an http or https address such as https://rollcall.example.com",
});
const words = z.string().transform((text) =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== ""),
);

/** Every variable the server reads. An empty variable is the same as none. */
export const environmentSchema = z.object({
  PORT: port.default(4600),
  HOST: z.string().max(255).default("127.0.0.1"),
  ROLLCALL_PUBLIC_URL: httpUrl.transform((url) => url.replace(/\/+$/, "")).optional(),
  ROLLCALL_DATA_DIR: z.string().default("./.rollcall"),
  ROLLCALL_ROLE: z.enum(["all", "server", "worker"], { error: "must be all, server or worker" }).default("all"),
  ROLLCALL_EGRESS_ALLOW: words.default([]),
  ROLLCALL_ENCRYPTION_KEYS: z.string().optional(),
  ROLLCALL_API_TOKEN: z
    .string()
    .min(minTokenLength, `must have at least ${minTokenLength} characters`)
    .max(512, "must have at most 512 characters")
    .regex(/^[\x21-\x7e]+$/, "must hold printable ASCII characters without spaces only")
    .optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//, "must start with postgres://")
    .optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, "must start with smtp:// or smtps://")
    .optional(),
  MAIL_FROM: z.string().max(320).optional(),
  ROLLCALL_KEEP_MESSAGES_DAYS: z.coerce
    .number({ error: "must be a number of days" })
    .int()
    .min(1, "must be 1 day or more")
    .max(36_500, "must be at most 36500 days")
    .default(90),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
      error: "must be fatal, error, warn, info, debug, trace or silent",
    })
    .default("info"),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
});

/**
 * The variables, checked. The value of a bad one is never repeated: it may be a secret put into the wrong variable.
 *
 * @throws ProductError `config.invalid`, one line that names the variable
 */
export function readEnvironment(environment: Environment): z.infer<typeof environmentSchema> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const result = environmentSchema.safeParse(given);
  if (result.success) {
    return result.data;
  }
  const [issue] = result.error.issues;
  const variable = String(issue?.path[0]);
  throw new ProductError("config.invalid", `${variable} ${sentence(issue?.message)}.`, { details: { variable } });
}

function sentence(message = "has a value that cannot be used"): string {
  return message.startsWith("must") ? message : `has a value that cannot be used: ${message}`;
}
