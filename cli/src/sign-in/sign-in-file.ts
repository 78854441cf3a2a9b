import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Environment } from "../session.ts";

/** What `rollcall login` keeps. */
export type SignIn = { readonly url: string; readonly token: string };

/** ~/.config/rollcall/credentials.json, or where https://specifications.freedesktop.org/basedir-spec says. */
export function signInFile({ XDG_CONFIG_HOME: folder }: Environment): string {
  // The specification: a path that is not absolute is to be ignored.
  const base = folder !== undefined && isAbsolute(folder) ? folder : join(homedir(), ".config");
  return join(base, "rollcall", "credentials.json");
}

/** The kept sign-in; null when there is none. Throws ProductError `cli.not_signed_in` when the file cannot be read. */
export async function readSignIn(file: string): Promise<SignIn | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new ProductError("cli.not_signed_in", `${file} cannot be read.`, { cause });
  }
  const kept = parse(text);
  if (kept === null) throw new ProductError("cli.not_signed_in", `${file} does not hold a sign-in.`);
  return kept;
}

/** Keeps the sign-in, for the owner's eyes only. */
export async function saveSignIn(file: string, { url, token }: SignIn): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify({ url, token }, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  await rename(draft, file);
}

/** True when there was one. */
export async function removeSignIn(file: string): Promise<boolean> {
  try {
    await rm(file);
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return false;
    throw cause;
  }
}

// Why it is no JSON is not told: the message of the parser repeats what it read, the token included.
function parse(text: string): SignIn | null {
  try {
    const { url, token } = JSON.parse(text) as Partial<Record<string, unknown>>;
    return typeof url === "string" && typeof token === "string" ? { url, token } : null;
  } catch {
    return null;
  }
}
