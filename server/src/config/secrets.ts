import { type Environment, readEnvironment } from "./environment.ts";

/** What must never be logged; a type of its own, so that code which logs configuration cannot be handed one. */
export type Secrets = {
  /** Null: the embedded database. */
  readonly databaseUrl: string | null;
  /** Null: no token is made at the first start. */
  readonly apiToken: string | null;
  /** `id:base64,…`; null: the key file in the data folder. */
  readonly encryptionKeys: string | null;
  /** Null: e-mail is not set up. */
  readonly smtpUrl: string | null;
};

/** @throws ProductError `config.invalid`, naming the variable */
export function loadSecrets(environment: Environment): Secrets {
  const variables = readEnvironment(environment);
  return {
    databaseUrl: variables.DATABASE_URL ?? null,
    apiToken: variables.ROLLCALL_API_TOKEN ?? null,
    encryptionKeys: variables.ROLLCALL_ENCRYPTION_KEYS ?? null,
    smtpUrl: variables.SMTP_URL ?? null,
  };
}
