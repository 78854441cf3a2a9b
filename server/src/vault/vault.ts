import { createHmac } from "node:crypto";
import { ProductError } from "@rollcall/core/errors.ts";
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from "jose";
import type { EncryptionKey } from "./encryption-keys.ts";

/** The one place a sealed value belongs to. It is part of the value, so that a copy in another row does not open. */
export type Binding = { readonly table: string; readonly row: string; readonly field: string };

export type Vault = {
  /** The key new values are sealed with. */
  readonly currentKeyId: string;
  readonly keyIds: readonly string[];
  /** `text` as a compact JWE: a fresh data key, wrapped by the current key, AES-256-GCM for both (RFC 7518, 4.7 and 5.3). */
  readonly seal: (binding: Binding, text: string) => Promise<string>;
  /** @throws ProductError `vault.key_missing`, `vault.cannot_open` */
  readonly open: (binding: Binding, sealed: string) => Promise<string>;
  /** Recognises a secret without keeping it: keyed, so that a stolen database does not help in guessing short ones. */
  readonly fingerprint: (text: string) => Buffer;
};

/** A vault over `keys`; the first seals, all open. */
export function openVault({ keys }: { readonly keys: readonly [EncryptionKey, ...EncryptionKey[]] }): Vault {
  const [current] = keys;
  const byId = new Map(keys.map((key) => [key.id, key.bytes]));

  return {
    currentKeyId: current.id,
    keyIds: keys.map(({ id }) => id),

    seal: (binding, text) =>
      new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: "A256GCMKW", enc: "A256GCM", kid: current.id, rc: { ...binding } })
        .encrypt(current.bytes),

    open: async (binding, sealed) => {
      const key = keyOf(sealed, byId, binding);
      try {
        const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
          keyManagementAlgorithms: ["A256GCMKW"],
          contentEncryptionAlgorithms: ["A256GCM"],
        });
        if (!isBoundTo(binding, protectedHeader.rc)) {
          throw new Error("The value belongs to another row or field.");
        }
        return new TextDecoder().decode(plaintext);
      } catch (error) {
        throw cannotOpen(binding, error);
      }
    },

    fingerprint: (text) => createHmac("sha256", current.bytes).update("fingerprint\0").update(text).digest(),
  };
}

/** The id of the key a value is sealed with; undefined when it is not a sealed value. */
export function keyIdOf(sealed: string): string | undefined {
  try {
    return decodeProtectedHeader(sealed).kid;
  } catch {
    return undefined;
  }
}

function keyOf(sealed: string, keys: ReadonlyMap<string, Uint8Array>, binding: Binding): Uint8Array {
  const id = keyIdOf(sealed);
  if (id === undefined) {
    throw cannotOpen(binding, new Error("Not a sealed value."));
  }
  const key = keys.get(id);
  if (key === undefined) {
    throw new ProductError(
      "vault.key_missing",
      `The value of ${describe(binding)} is encrypted with the key "${id}", which this program was not given. ` +
        "Give the key back in ROLLCALL_ENCRYPTION_KEYS or in the key file, or enter the value again.",
      { details: { keyId: id } },
    );
  }
  return key;
}

function isBoundTo(binding: Binding, header: unknown): boolean {
  const claimed = header as Partial<Binding> | undefined;
  return claimed?.table === binding.table && claimed.row === binding.row && claimed.field === binding.field;
}

function cannotOpen(binding: Binding, cause: unknown): ProductError {
  return new ProductError(
    "vault.cannot_open",
    `The sealed value of ${describe(binding)} was changed or moved, and is not used. Enter the value again.`,
    { cause },
  );
}

function describe({ table, row, field }: Binding): string {
  return `${table} ${row}, field ${field}`;
}
