import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { removeSignIn, signInFile } from "../../sign-in/sign-in-file.ts";
import { verb } from "../verb.ts";

export function addLogout(program: Command, { environment, out }: Session): void {
  verb(program, "logout", "Forgets what login kept; the token itself stays valid until it is revoked").action(
    async () => {
      const file = signInFile(environment);
      const removed = await removeSignIn(file);
      out.result({ removed, file }, () => (removed ? `Signed out; ${file} is gone.` : "Nobody was signed in."));
      if (environment.ROLLCALL_TOKEN) out.hint("ROLLCALL_TOKEN is still set.");
    },
  );
}
