import { readFile, stat } from "node:fs/promises";
import { type RunnerKeyFile, runnerKeyFileSchema } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { LocalCredential } from "@rollcall/vendor-http/run-locally/open-local-session.ts";
import type { LocalWork } from "@rollcall/vendor-http/run-locally/parse-work.ts";
import type { Environment } from "../session.ts";
import type { KeychainStore } from "./keychain.ts";
import { findInKeychain } from "./keychain-entry.ts";
import { parseJson } from "./parse-json.ts";

export type CredentialSource = {
  readonly environment: Environment;
  readonly keyFile: string | null;
  /** Null: no keychain is asked. */
  readonly keychain: KeychainStore | null;
};

/**
 * The credential for an integration: of the key file, then of the keychain, what is named by the integration's id, its name, or its
 * connector, in this order; else what the environment says.
 *
 * @throws ProductError `runner.no_credential`, also for a key file that others can read; `runner.no_keychain` when one is wanted and
 *   does not answer, since another credential in its place could reach the wrong vendor
 */
export async function findCredential(
  { environment, keyFile, keychain }: CredentialSource,
  { integration, manifest }: Pick<LocalWork, "integration" | "manifest">,
): Promise<LocalCredential> {
  const entries = keyFile === null ? {} : await readKeyFile(keyFile);
  const names = [integration.id, integration.name, manifest.id];
  for (const name of names) {
    const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
    if (entry !== undefined) return { values: entry.values, hosts: entry.hosts ?? null };
  }
  const kept = keychain === null ? undefined : await findInKeychain(keychain, names);
  if (kept !== undefined) return { values: kept.values, hosts: kept.hosts ?? null };
  const fields = [...new Set(manifest.authorization.flatMap((each) => Object.keys(each.fields)))];
  const values = Object.fromEntries(
    fields.flatMap((field) => {
      const value = environment[variableOf(field)];
      return value === undefined || value === "" ? [] : [[field, value]];
    }),
  );
  if (Object.keys(values).length === 0) {
    const variables = fields.map(variableOf).join(", ");
    const elsewhere = [
      keyFile === null ? "no key file is given" : `${keyFile} does not name it`,
      keychain === null ? "the keychain is not asked (--keychain)" : "the keychain does not have it",
    ].join(", and ");
    throw new ProductError(
      "runner.no_credential",
      `There is no credential for ${integration.name}: none of ${variables} is set, ${elsewhere}.`,
    );
  }
  const hosts = (environment.ROLLCALL_CREDENTIAL_HOSTS ?? "").split(",").map((host) => host.trim());
  const named = hosts.filter((host) => host !== "");
  return { values, hosts: named.length === 0 ? null : named };
}

/** `clientId` as ROLLCALL_CREDENTIAL_CLIENT_ID. */
function variableOf(field: string): string {
  return `ROLLCALL_CREDENTIAL_${field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

async function readKeyFile(file: string): Promise<RunnerKeyFile> {
  const text = await readPrivate(file);
  const parsed = runnerKeyFileSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  // Nothing of what it holds is repeated.
  throw unusable(file, 'is not a JSON object such as {"ironclad-clickwrap": {"values": {"clientId": "…"}}}');
}

async function readPrivate(file: string): Promise<string> {
  try {
    const { mode } = await stat(file);
    // Windows has no such bits.
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw unusable(file, "can be read by other users of this machine; run chmod 600 on it");
    }
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof ProductError) throw error;
    throw unusable(file, "cannot be read");
  }
}

function unusable(file: string, why: string): ProductError {
  return new ProductError("runner.no_credential", `The key file ${file} ${why}.`);
}
