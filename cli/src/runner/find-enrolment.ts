import { ProductError } from "@rollcall/core/errors.ts";
import type { Environment } from "../session.ts";
import { serverUrl } from "../sign-in/server-url.ts";
import { readSignIn, type SignIn } from "../sign-in/sign-in-file.ts";
import { enrolmentFile } from "./runner-files.ts";

/**
 * Which server this machine is a runner of, with which token: the environment's, else what `rollcall runner enroll` kept.
 *
 * @throws ProductError `runner.not_enrolled`, `cli.wrong_use` for an address that would give the token away
 */
export async function findEnrolment(environment: Environment): Promise<SignIn> {
  const { ROLLCALL_URL: givenUrl, ROLLCALL_RUNNER_TOKEN: givenToken } = environment;
  const kept = givenToken ? null : await readSignIn(enrolmentFile(environment));
  const url = givenToken ? givenUrl : kept?.url;
  const token = givenToken ?? kept?.token;
  if (!url || !token) {
    throw new ProductError("runner.not_enrolled", `There is no enrolment in ${enrolmentFile(environment)}.`);
  }
  return { url: safeServerUrl(url, environment), token };
}

/**
 * The server's address, if nobody on the way can read along: https with certificates that are checked, or this machine.
 *
 * @throws ProductError `cli.wrong_use`
 */
export function safeServerUrl(text: string, environment: Environment): string {
  const url = serverUrl(text);
  const { protocol, hostname } = new URL(url);
  const isHere = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  if (protocol === "http:" && !isHere) {
    throw new ProductError(
      "cli.wrong_use",
      `A runner talks to ${hostname} over https alone: its token and the records could be read on their way.`,
    );
  }
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === "0") {
    throw new ProductError(
      "cli.wrong_use",
      "NODE_TLS_REJECT_UNAUTHORIZED=0 switches the check of certificates off. Remove it, and give Node the authority's file in NODE_EXTRA_CA_CERTS.",
    );
  }
  return url;
}
