import { type RunnerKeyFile, runnerKeyFileSchema } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { type KeychainStore, openKeychain } from "./keychain.ts";
import { parseJson } from "./parse-json.ts";

/** A credential as it is in a key file: its values, and the only hosts it is sent to. */
export type KeychainEntry = RunnerKeyFile[string];

/** An entry as the text that the keychain keeps. */
export function keychainEntry(entry: KeychainEntry): string {
  return JSON.stringify(entry);
}

/**
 * What the keychain has for the first of the names for which it has anything.
 *
 * @throws ProductError `runner.no_keychain`; `runner.no_credential` for an entry that is none of ours
 */
export async function findInKeychain(
  store: KeychainStore,
  names: readonly string[],
): Promise<KeychainEntry | undefined> {
  const keychain = await openKeychain(store);
  for (const name of names) {
    const text = await keychain.read(name);
    if (text === null) continue;
    const parsed = runnerKeyFileSchema.safeParse({ [name]: parseJson(text) });
    if (parsed.success) return parsed.data[name];
    // Nothing of what it holds is repeated.
    throw new ProductError(
      "runner.no_credential",
      `What the keychain has for ${name} was not put there by rollcall runner store-credential.`,
    );
  }
  return undefined;
}
