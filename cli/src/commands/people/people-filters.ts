import type { Command } from "commander";
import type { Api, Query } from "../../api/api.ts";
import { integrationId, softwareId } from "../../api/find-by-name.ts";
import { oneOf } from "../verb.ts";

export type PeopleFilters = {
  readonly status?: string;
  readonly archived?: boolean;
  readonly integration?: string;
  readonly software?: string;
};

export function addPeopleFilters(command: Command): Command {
  return command
    .addOption(oneOf("--status <status>", "only active or inactive people", ["active", "inactive", "all"]))
    .option("--archived", "archived people in place of the others")
    .option("--integration <integration>", "only whom this integration (id or name) sees")
    .option("--software <software>", "only users of this SaaS record (id or name)");
}

export async function peopleQuery(api: Api, filters: PeopleFilters): Promise<Query> {
  const { status, archived, integration, software } = filters;
  return {
    status,
    archived: archived === true ? "true" : undefined,
    integrationId: integration === undefined ? undefined : await integrationId(api, integration),
    softwareId: software === undefined ? undefined : await softwareId(api, software),
  };
}
