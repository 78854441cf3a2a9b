import { suggestNames } from "@rollcall/core/mapping/nearest-names.ts";
import { readDocument } from "../../read-document.ts";
import type { Session } from "../../session.ts";
import { ask } from "../../terminal/ask.ts";
import { wrongUse } from "../../wrong-use.ts";
import { namedValues } from "../named-values.ts";
import type { CredentialForm } from "./credential-form.ts";

export type ValueSources = {
  /** `name=value`; never for secrets, which would stay in the shell's history and in the list of processes. */
  readonly value?: readonly string[];
  readonly valuesFromEnv?: string;
  readonly valuesFile?: string;
};

/**
 * The values of a credential, from a file or the standard input, the environment, the command line, and for what is still
 * missing from the person at the terminal.
 *
 * @throws ProductError `cli.wrong_use` when a value is missing and nobody can be asked; `cli.cancelled`
 */
export async function gatherValues(
  session: Session,
  { fields }: CredentialForm,
  { value = [], valuesFromEnv, valuesFile }: ValueSources,
): Promise<Readonly<Record<string, string>>> {
  const typed = namedValues(value, "--value");
  for (const name of Object.keys(typed)) {
    const field = fields.find((candidate) => candidate.name === name);
    const names = fields.map((candidate) => candidate.name);
    if (field === undefined) throw wrongUse(`There is no value called "${name}". ${suggestNames(name, names)}`);
    if (field.secret) {
      throw wrongUse(
        `${name} is secret and does not belong on the command line. Leave it away to be asked for it, or use --values-from-env or --values-file -.`,
      );
    }
  }
  const values: Record<string, string> = {
    ...(valuesFile === undefined ? {} : await fromFile(valuesFile, session)),
    ...(valuesFromEnv === undefined ? {} : fromEnvironment(session, fields, valuesFromEnv)),
    ...typed,
  };
  const missing = fields.filter(({ name, optional }) => !optional && !Object.hasOwn(values, name));
  if (missing.length > 0 && !(session.input.isTTY && valuesFile !== "-")) {
    const names = missing.map(({ name }) => name).join(", ");
    throw wrongUse(`Missing: ${names}. Without a terminal, use --values-from-env <prefix> or --values-file -.`);
  }
  for (const { name, label, secret } of missing) {
    values[name] = await ask(session, `${label}: `, { secret });
  }
  return values;
}

/** The environment variable of a value: prefix `CLICKWRAP` and `clientId` give CLICKWRAP_CLIENT_ID. */
function variableName(prefix: string, name: string): string {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return `${prefix}${prefix === "" || prefix.endsWith("_") ? "" : "_"}${snake}`;
}

function fromEnvironment({ environment }: Session, fields: CredentialForm["fields"], prefix: string) {
  const found = fields.flatMap(({ name }) => {
    const value = environment[variableName(prefix, name)];
    return value === undefined || value === "" ? [] : [[name, value] as const];
  });
  if (found.length === 0) {
    const names = fields.map(({ name }) => variableName(prefix, name)).join(", ");
    throw wrongUse(`None of these environment variables is set: ${names}.`);
  }
  return Object.fromEntries(found);
}

async function fromFile(file: string, { input }: Session): Promise<Readonly<Record<string, string>>> {
  const document = await readDocument(file, input);
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => {
      if (typeof value !== "string") throw wrongUse(`The value ${name} must be a text.`);
      return [name, value];
    }),
  );
}
