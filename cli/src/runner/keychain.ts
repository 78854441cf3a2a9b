import { ProductError } from "@rollcall/core/errors.ts";
import { untilAborted } from "@rollcall/vendor-http/abort.ts";

/**
 * `system`: the macOS Keychain, the Windows Credential Manager, or on Linux the Secret Service of the desktop (GNOME Keyring, KWallet,
 * KeePassXC). `keyutils`: the Linux kernel's memory, which forgets when the machine is started anew.
 */
export const keychainStores = ["system", "keyutils"] as const;
export type KeychainStore = (typeof keychainStores)[number];

/** Texts by the name of what they are for, kept by the operating system for this user. */
export type Keychain = {
  readonly read: (name: string) => Promise<string | null>;
  readonly write: (name: string, text: string) => Promise<void>;
  /** False when there was nothing. */
  readonly remove: (name: string) => Promise<boolean>;
};

/**
 * Opens the operating system's keychain. Its library is loaded only here, since most machines need none.
 *
 * @throws ProductError `runner.no_keychain`, as every use of what is returned
 */
export async function openKeychain(store: KeychainStore): Promise<Keychain> {
  const { AsyncEntry } = await unlessSilent(() => import("@napi-rs/keyring"));
  // On Linux the library would fall back to the kernel's memory in silence, and the credential be gone after a restart.
  const linux = { store: store === "keyutils" ? ("keyutils" as const) : ("secret-service" as const) };
  const entry = (name: string) => new AsyncEntry(service, name, { linux });
  return {
    read: (name) => unlessSilent(() => entry(name).getPassword()),
    write: (name, text) => unlessSilent(() => entry(name).setPassword(text)),
    remove: (name) => unlessSilent(() => entry(name).deletePassword()),
  };
}

const service = "rollcall-runner";

/** Long enough for a person who has to unlock it. */
const patienceMilliseconds = 120_000;

/** The library cannot end a call that has begun, so this stops waiting for it. */
async function unlessSilent<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await untilAborted(work(), AbortSignal.timeout(patienceMilliseconds));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProductError("runner.no_keychain", `The keychain of this machine does not answer: ${reason}`, { cause });
  }
}
