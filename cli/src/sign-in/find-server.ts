import { ProductError } from "@rollcall/core/errors.ts";
import type { Environment } from "../session.ts";
import { serverUrl } from "./server-url.ts";
import { readSignIn, type SignIn, signInFile } from "./sign-in-file.ts";

export const defaultUrl = "http://localhost:4600";

/**
 * Which server to ask, with which token: the environment's, else the one signed in to. A kept token goes to the server that it
 * was kept for and to no other.
 *
 * @throws ProductError `cli.not_signed_in`, `cli.wrong_use` for an address that is none
 */
export async function findServer(environment: Environment): Promise<SignIn> {
  const given = { url: environment.ROLLCALL_URL || undefined, token: environment.ROLLCALL_TOKEN || undefined };
  const kept = given.url !== undefined && given.token !== undefined ? null : await readSignIn(signInFile(environment));
  const url = serverUrl(given.url ?? kept?.url ?? defaultUrl);
  const token = given.token ?? (kept !== null && serverUrl(kept.url) === url ? kept.token : undefined);
  if (token === undefined) throw new ProductError("cli.not_signed_in", `There is no token for ${url}.`);
  if (!isToken(token)) {
    throw new ProductError("cli.not_signed_in", `The token for ${url} is damaged: it holds spaces or line breaks.`);
  }
  return { url, token };
}

/** Whether it can be sent in a header. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
