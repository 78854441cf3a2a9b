import { createHash, randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ProductError } from "@rollcall/core/errors.ts";

/** A key that wraps data keys: 32 bytes, named, so that every value says which key opens it. */
export type EncryptionKey = { readonly id: string; readonly bytes: Uint8Array };
export type EncryptionKeys = readonly [EncryptionKey, ...EncryptionKey[]];

/** The key file's name in the data folder. */
export const keyFileName = "encryption-keys";

/**
 * The keys to use: `variable` (ROLLCALL_ENCRYPTION_KEYS) when given, else the key file in `dataDir`, which is made with
 * one random key when there is none.
 *
 * @throws ProductError `config.invalid`, `vault.key_file_unsafe`, `vault.key_file_invalid`
 */
export async function loadEncryptionKeys(variable: string | null, dataDir: string): Promise<EncryptionKeys> {
  if (variable !== null) {
    const keys = parseEncryptionKeys(variable);
    if (typeof keys === "string") {
      throw new ProductError("config.invalid", `ROLLCALL_ENCRYPTION_KEYS ${keys}.`, {
        details: { variable: "ROLLCALL_ENCRYPTION_KEYS" },
      });
    }
    return keys;
  }
  const file = join(dataDir, keyFileName);
  await createKeyFile(dataDir, file);
  return await readKeyFile(file);
}

/** Reads `id:base64` entries, separated by commas or line ends; a sentence that says what is wrong otherwise, without values. */
export function parseEncryptionKeys(text: string): EncryptionKeys | string {
  const keys: EncryptionKey[] = [];
  const entries = text
    .split(/[,\n\r]+/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  for (const [index, entry] of entries.entries()) {
    const [, id, base64] = /^([A-Za-z0-9._-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/.exec(entry) ?? [];
    const bytes = base64 === undefined ? undefined : Buffer.from(base64, "base64");
    if (id === undefined || bytes?.length !== 32) {
      return `must be a list of id:base64, each key being 32 bytes (openssl rand -base64 32); entry ${index + 1} is not`;
    }
    if (keys.some((key) => key.id === id)) {
      return `must name every key once; entry ${index + 1} repeats an id`;
    }
    keys.push({ id, bytes });
  }
  const [first, ...others] = keys;
  return first === undefined ? "must hold at least one id:base64" : [first, ...others];
}

async function readKeyFile(file: string): Promise<EncryptionKeys> {
  await refuseUnsafeFile(file);
  const keys = parseEncryptionKeys(await readFile(file, "utf8"));
  if (typeof keys === "string") {
    throw new ProductError("vault.key_file_invalid", `The key file ${file} ${keys}. Restore it from a backup.`);
  }
  return keys;
}

async function refuseUnsafeFile(file: string): Promise<void> {
  const { mode } = await stat(file);
  // Windows has no such bits: there, the folder's access list protects the file.
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new ProductError(
      "vault.key_file_unsafe",
      `The key file ${file} can be read by other users of this machine (mode ${(mode & 0o777).toString(8)}). Run chmod 600 on it.`,
    );
  }
}

/** Several processes may start at once: the file appears whole, and the first one wins. */
async function createKeyFile(dataDir: string, file: string): Promise<void> {
  if (await exists(file)) {
    return;
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const bytes = randomBytes(32);
  const id = `k${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}`;
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${id}:${bytes.toString("base64")}\n`, { flag: "wx", mode: 0o600, flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) {
      throw error;
    }
  } finally {
    await unlink(draft);
  }
  await syncFolder(dataDir);
}

// A key that is lost with the power makes every credential unreadable, so its name must be on the disk too.
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") {
    return;
  }
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return false;
    }
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
