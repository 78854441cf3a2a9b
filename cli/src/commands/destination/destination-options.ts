import { destinationModes, destinationSyncKeys } from "@rollcall/core/contract/destinations.ts";
import type { Command } from "commander";
import type { Api } from "../../api/api.ts";
import { credentialId, integrationId } from "../../api/find-by-name.ts";
import { readDocument } from "../../read-document.ts";
import type { Session } from "../../session.ts";
import { namedValues } from "../named-values.ts";
import { oneOf, repeated } from "../verb.ts";

/** What can be said about a destination on the command line; everything else comes with --file. */
export type DestinationOptions = {
  readonly file?: string;
  readonly name?: string;
  readonly url?: string;
  readonly credential?: string;
  readonly syncKey?: string;
  readonly follow?: readonly string[];
  readonly followPeople?: readonly string[];
  readonly field?: readonly string[];
  readonly constant?: readonly string[];
  readonly suspendPeople?: boolean;
  readonly enabled?: boolean;
  readonly mode?: string;
  readonly bulkConnector?: string;
};

export function addDestinationOptions(command: Command): Command {
  return command
    .option("--name <name>", "what to call it")
    .option("--url <address>", "of the instance, such as https://example.oomnitza.com")
    .option("--credential <credential>", "id or name of a credential: api-key with the header Authorization2, or basic")
    .addOption(oneOf("--sync-key <field>", "by which field a person is found there first", destinationSyncKeys))
    .addOption(
      repeated(
        "--follow <integration[=application]>",
        "id or name of an integration, and what its SaaS application is called there; all that are to be followed",
      ),
    )
    .addOption(repeated("--follow-people <integration>", "the same, for its people alone"))
    .addOption(repeated("--field <field=name>", "which field of People fills which of the instance; all of them"))
    .addOption(repeated("--constant <name=value>", "what a new person gets besides, such as role=25; all of them"))
    .option("--suspend-people", "suspend people there who are inactive here")
    .option("--no-suspend-people", "never suspend a person")
    .option("--enabled", "push")
    .option("--no-enabled", "let changes wait")
    .addOption(oneOf("--mode <mode>", "how people are sent; bulk is unverified", destinationModes))
    .option("--bulk-connector <number>", "for the mode bulk: the number of an integration of the instance")
    .option("--file <file>", "a JSON document with any settings; - is the standard input; options go before it");
}

/** The document to send: what the file says, and the options before it. */
export async function destinationDocument(
  session: Session,
  api: Api,
  options: DestinationOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const { file, credential, follow, followPeople, field, constant, ...plain } = options;
  const base = file === undefined ? {} : await readDocument(file, session.input);
  const { name, url, syncKey, suspendPeople, enabled, mode, bulkConnector } = plain;
  const given = {
    name,
    url,
    syncKey,
    suspendPeople,
    enabled,
    mode,
    bulkConnector,
    credentialId: credential === undefined ? undefined : await credentialId(api, credential),
    follows: follow === undefined && followPeople === undefined ? undefined : await follows(api, options),
    fields:
      field && Object.entries(namedValues(field, "--field")).map(([from, externalId]) => ({ field: from, externalId })),
    constants: constant && constants(constant),
  };
  return { ...base, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

async function follows(api: Api, { follow = [], followPeople = [] }: DestinationOptions) {
  const withUsers = follow.map(async (typed) => {
    const [integration = "", ...words] = typed.split("=");
    const application = words.length === 0 ? {} : { saasName: words.join("=") };
    return { integrationId: await integrationId(api, integration), ...application };
  });
  const people = followPeople.map(async (typed) => ({
    integrationId: await integrationId(api, typed),
    saasName: null,
  }));
  return await Promise.all([...withUsers, ...people]);
}

/** Whole numbers, true and false as what they are; a text that looks like one comes with --file. */
function constants(pairs: readonly string[]): Readonly<Record<string, string | number | boolean>> {
  const entries = Object.entries(namedValues(pairs, "--constant")).map(([name, text]) => {
    const value = /^-?\d{1,15}$/.test(text) ? Number(text) : text === "true" ? true : text === "false" ? false : text;
    return [name, value] as const;
  });
  return Object.fromEntries(entries);
}
