import { connectorListSchema } from "@rollcall/core/contract/connectors.ts";
import type { Command } from "commander";
import { createApi } from "../../api/api.ts";
import { ApiRefusal } from "../../api/api-refusal.ts";
import { readInput } from "../../read-document.ts";
import type { Session } from "../../session.ts";
import { defaultUrl, isToken } from "../../sign-in/find-server.ts";
import { serverUrl } from "../../sign-in/server-url.ts";
import { type SignIn, saveSignIn, signInFile } from "../../sign-in/sign-in-file.ts";
import { ask } from "../../terminal/ask.ts";
import { wrongUse } from "../../wrong-use.ts";
import { verb } from "../verb.ts";

export function addLogin(program: Command, session: Session): void {
  verb(program, "login", "Keeps a server's address and an API token for later commands")
    .option("--url <address>", "the server; asked for when absent")
    .addHelpText(
      "after",
      "\nThe token is asked for without echo, or read from the standard input when that is no terminal.",
    )
    .action(async (options: { url?: string }) => {
      const signIn = await gather(session, options.url);
      await check(signIn);
      const file = signInFile(session.environment);
      await saveSignIn(file, signIn);
      session.out.result({ url: signIn.url, file }, () => `Signed in to ${signIn.url}; kept in ${file}.`);
      if (session.environment.ROLLCALL_TOKEN) session.out.hint("ROLLCALL_TOKEN is set and goes before it.");
      if (isExposed(signIn.url)) session.out.hint("This address is not https: the token can be read on its way.");
    });
}

async function gather(session: Session, given: string | undefined): Promise<SignIn> {
  const proposed = given ?? (session.environment.ROLLCALL_URL || undefined);
  if (!session.input.isTTY) {
    const url = serverUrl(proposed ?? defaultUrl);
    return { url, token: usable((await readInput("-", session.input)).trim()) };
  }
  const answer = given ?? (await ask(session, `Address of the server [${proposed ?? defaultUrl}]: `));
  const url = serverUrl(answer === "" ? (proposed ?? defaultUrl) : answer);
  return { url, token: usable(await ask(session, "API token: ", { secret: true })) };
}

function usable(token: string): string {
  if (token === "")
    throw wrongUse("No token was given. Make one in the console, or use the one of ROLLCALL_API_TOKEN.");
  if (!isToken(token)) throw wrongUse("This is no token: it holds spaces or line breaks.");
  return token;
}

/** Makes a call with the token. One that may not list connectors is a valid token all the same. */
async function check(signIn: SignIn): Promise<void> {
  try {
    await createApi(signIn).call({ method: "GET", path: "/connectors" }, connectorListSchema);
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.problem.code !== "access.forbidden") throw error;
  }
}

function isExposed(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && !/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
