import { type Environment, readEnvironment } from "./environment.ts";

/** How this process was told to run. Holds no secret, so it may be logged whole; secrets are in `secrets.ts`. */
export type Config = {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly dataDir: string;
  readonly role: "all" | "server" | "worker";
  /** Hosts, addresses or CIDRs that outgoing requests may reach although they are private. */
  readonly egressAllow: readonly string[];
  /** Whether there is a mail server to send with; its address is a secret. */
  readonly emailSetUp: boolean;
  readonly mailFrom: string | null;
  /** How many days deliveries are kept after their end, and notifications after they were read. */
  readonly keepMessagesDays: number;
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  readonly otlpEndpoint: string | null;
};

/** @throws ProductError `config.invalid`, naming the variable */
export function loadConfig(environment: Environment): Config {
  const variables = readEnvironment(environment);
  return {
    port: variables.PORT,
    host: variables.HOST,
    publicUrl: variables.ROLLCALL_PUBLIC_URL ?? `http://localhost:${variables.PORT}`,
    dataDir: variables.ROLLCALL_DATA_DIR,
    role: variables.ROLLCALL_ROLE,
    egressAllow: variables.ROLLCALL_EGRESS_ALLOW,
    emailSetUp: variables.SMTP_URL !== undefined,
    mailFrom: variables.MAIL_FROM ?? null,
    keepMessagesDays: variables.ROLLCALL_KEEP_MESSAGES_DAYS,
    logLevel: variables.LOG_LEVEL,
    otlpEndpoint: variables.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
  };
}
