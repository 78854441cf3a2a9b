import { connectorSchema } from "@rollcall/core/contract/connectors.ts";
import { integrationModes, preferences } from "@rollcall/core/contract/integrations.ts";
import type { Command } from "commander";
import type { Api } from "../../api/api.ts";
import { apiPath } from "../../api/api-path.ts";
import { credentialId, softwareId } from "../../api/find-by-name.ts";
import { readDocument } from "../../read-document.ts";
import type { Session } from "../../session.ts";
import { oneOf, repeated } from "../verb.ts";
import { parseInputs } from "./parse-inputs.ts";
import { parseSchedule } from "./parse-schedule.ts";

/** What can be said about an integration on the command line; everything else comes with --file. */
export type IntegrationOptions = {
  readonly file?: string;
  readonly name?: string;
  readonly credential?: string;
  readonly mode?: string;
  readonly software?: string;
  readonly deactivate?: boolean;
  readonly preference?: string;
  readonly installation?: string;
  readonly integrationUser?: string;
  readonly contact?: readonly string[];
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly input?: readonly string[];
};

export function addIntegrationOptions(command: Command): Command {
  return command
    .option("--name <name>", "what to call it")
    .option("--credential <credential>", "id or name of the credential")
    .addOption(oneOf("--mode <mode>", "People alone, or People and SaaS users", integrationModes))
    .option("--software <software>", "id or name of the SaaS record to fill")
    .option("--deactivate", "deactivate who is missing or inactive at the vendor")
    .option("--no-deactivate", "never change a status")
    .addOption(oneOf("--preference <preference>", "what to do with records", preferences))
    .addOption(oneOf("--installation <kind>", "where it runs", ["cloud", "local"]))
    .option("--integration-user <account>", "id of the account that writes are recorded for")
    .addOption(repeated("--contact <account>", "id of an account that is told when something is wrong"))
    .option("--schedule <when>", '"manual", "every 60", "daily 02:00", "weekly mon,fri 02:00" or "cron 0 2 * * *"')
    .option("--time-zone <zone>", "of the schedule, such as Europe/Berlin (default UTC)")
    .addOption(repeated("--input <name=value>", "an input of the connector, such as baseUrl=https://…"))
    .option("--file <file>", "a JSON document with any settings; - is the standard input; options go before it");
}

/** The document to send. `connectorOf` tells whose inputs they are, when inputs are given. */
export async function integrationDocument(
  session: Session,
  api: Api,
  options: IntegrationOptions,
  connectorOf: (document: Readonly<Record<string, unknown>>) => Promise<string>,
): Promise<Readonly<Record<string, unknown>>> {
  const { file, credential, software, contact, schedule, timeZone, input, ...plain } = options;
  const base = file === undefined ? {} : await readDocument(file, session.input);
  const { name, mode, deactivate, preference, installation, integrationUser } = plain;
  const given = {
    name,
    mode,
    deactivate,
    preference,
    installation,
    integrationUser,
    contacts: contact,
    schedule: parseSchedule(schedule, timeZone),
    credentialId: credential === undefined ? undefined : await credentialId(api, credential),
    softwareId: software === undefined ? undefined : await softwareId(api, software),
  };
  const document = { ...base, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
  if (input === undefined) return document;
  const path = apiPath`/connectors/${await connectorOf(document)}`;
  const connector = await api.call({ method: "GET", path }, connectorSchema);
  const inputs = "inputs" in base && typeof base.inputs === "object" ? base.inputs : {};
  return { ...document, inputs: { ...inputs, ...parseInputs(connector, input) } };
}
