import { enrolledRunnerSchema } from "@rollcall/core/contract/runners.ts";
import type { Command } from "commander";
import { programVersion } from "../../program-version.ts";
import { readInput } from "../../read-document.ts";
import { safeServerUrl } from "../../runner/find-enrolment.ts";
import { runnerCalls } from "../../runner/runner-api.ts";
import { enrolmentFile } from "../../runner/runner-files.ts";
import type { Session } from "../../session.ts";
import { defaultUrl } from "../../sign-in/find-server.ts";
import { saveSignIn } from "../../sign-in/sign-in-file.ts";
import { ask } from "../../terminal/ask.ts";
import { printable } from "../../terminal/text.ts";
import { wrongUse } from "../../wrong-use.ts";
import { verb } from "../verb.ts";

type Options = { readonly url?: string; readonly code?: string };

export function addRunnerEnroll(runner: Command, session: Session): void {
  verb(runner, "enroll", "Makes this machine a runner of a server, with the code that the server showed")
    .option("--url <address>", "the server (default ROLLCALL_URL)")
    .option("--code <code>", "the code; asked for, or read from the standard input, when absent")
    .action(async ({ url: given, code: typed }: Options) => {
      const { environment, out } = session;
      const url = safeServerUrl(given ?? (environment.ROLLCALL_URL || defaultUrl), environment);
      const code = (typed ?? (await askForCode(session))).trim();
      if (code === "") throw wrongUse("No code was given. Make one with: rollcall runner create --name <name>");
      const { id, name, token } = await runnerCalls({ url, token: null }).call(
        { method: "POST", path: "/runner/enroll", body: { code, version: programVersion } },
        enrolledRunnerSchema,
      );
      const file = enrolmentFile(environment);
      await saveSignIn(file, { url, token });
      out.result(
        { id, name, url, file },
        () => `This machine is the runner ${printable(name)} of ${url}; kept in ${file}.`,
      );
      out.hint("rollcall runner start    reads what is due");
    });
}

async function askForCode({ input, errorOutput }: Session): Promise<string> {
  return input.isTTY ? await ask({ input, errorOutput }, "Code: ", { secret: true }) : await readInput("-", input);
}
