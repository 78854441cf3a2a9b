import { ProductError } from "@rollcall/core/errors.ts";
import type { Command } from "commander";
import { readDocument } from "../../read-document.ts";
import { type KeychainStore, keychainStores, openKeychain } from "../../runner/keychain.ts";
import { keychainEntry } from "../../runner/keychain-entry.ts";
import type { Session } from "../../session.ts";
import { ask } from "../../terminal/ask.ts";
import { printable } from "../../terminal/text.ts";
import { wrongUse } from "../../wrong-use.ts";
import { oneOf, repeated, verb } from "../verb.ts";

type Options = {
  readonly ask?: readonly string[];
  readonly host?: readonly string[];
  readonly valuesFile?: string;
  readonly keychain?: KeychainStore;
  readonly forget?: boolean;
};

export function addRunnerStoreCredential(runner: Command, session: Session): void {
  verb(runner, "store-credential <for>", "Keeps a credential in this machine's keychain; its values are asked for")
    .addOption(repeated("--ask <value>", "a value to ask for, such as token (default clientId and clientSecret)"))
    .option("--values-file <file>", "take the values from a JSON object in a file; - is the standard input")
    .addOption(repeated("--host <host>", "a host that it may be sent to; without any it is sent where the server says"))
    .addOption(oneOf("--keychain <store>", "which keychain (default system)", keychainStores))
    .option("--forget", "remove what is kept")
    .addHelpText("after", help)
    .action(async (name: string, options: Options) => {
      const { out } = session;
      const keychain = await openKeychain(options.keychain ?? "system");
      if (options.forget === true) {
        if (!(await keychain.remove(name))) {
          throw new ProductError("runner.no_credential", `The keychain has no credential for ${name}.`);
        }
        out.result(
          { for: name, forgotten: true },
          () => `The keychain has no credential for ${printable(name)} any more.`,
        );
        return;
      }
      // A keychain that does not answer is found out before anything is typed in vain.
      if (session.input.isTTY) await keychain.read(name);
      const values = await gather(session, options);
      await keychain.write(
        name,
        keychainEntry({ values, ...(options.host === undefined ? {} : { hosts: [...options.host] }) }),
      );
      const names = Object.keys(values);
      out.result({ for: name, values: names }, () => `The keychain has ${names.join(" and ")} for ${printable(name)}.`);
      out.hint(`rollcall runner start --keychain${options.keychain === "keyutils" ? " keyutils" : ""}    uses it`);
    });
}

const help = `
<for> is the integration's id or name, or the connector's id, such as ironclad-clickwrap.`;

/** The values, typed without echo, or as JSON. Never from the command line, which stays in the shell's history. */
async function gather(
  session: Session,
  { ask: names, valuesFile }: Options,
): Promise<Readonly<Record<string, string>>> {
  const { input } = session;
  for (const name of names ?? []) {
    // What is behind the sign may be the secret itself, and is not repeated.
    if (!/^[A-Za-z]\w{0,63}$/.test(name))
      throw wrongUse("--ask takes the name of a value alone; the value is asked for.");
  }
  if (valuesFile === undefined && input.isTTY) {
    const values: Record<string, string> = {};
    for (const name of names ?? ["clientId", "clientSecret"]) {
      const value = await ask(session, `${name}: `, { secret: true });
      if (value === "") throw wrongUse(`No ${name} was given.`);
      values[name] = value;
    }
    return values;
  }
  const document = await readDocument(valuesFile ?? "-", input);
  const entries = Object.entries(document).map(([name, value]) => {
    if (typeof value !== "string" || value === "") throw wrongUse(`The value ${name} must be a text.`);
    return [name, value] as const;
  });
  if (entries.length === 0) throw wrongUse('No value was given; the JSON object looks like {"clientId": "…"}.');
  return Object.fromEntries(entries);
}
